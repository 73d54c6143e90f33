-- migrate:up
CREATE TABLE pets (id integer);
INSERT INTO nowhere VALUES (1);
-- migrate:down
DROP TABLE pets;
