CREATE TABLE pets (id integer);
INSERT INTO nowhere VALUES (1);