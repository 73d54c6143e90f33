-- +migrate Up
CREATE TABLE pets (id integer);

-- +migrate Down
DROP TABLE pets;
