-- Up Migration
CREATE TABLE pets (id integer);
INSERT INTO nowhere VALUES (1);
-- Down Migration
DROP TABLE pets;
