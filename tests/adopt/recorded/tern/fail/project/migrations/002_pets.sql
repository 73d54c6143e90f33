---- tern: disable-tx ----
CREATE TABLE pets (id integer);
INSERT INTO nowhere VALUES (1);

---- create above / drop below ----

DROP TABLE pets;
