-- +migrate Up
CREATE TABLE people (id integer);

-- +migrate Down
DROP TABLE people;
