-- migrate:up
CREATE TABLE people (id integer);

-- migrate:down
DROP TABLE people;
