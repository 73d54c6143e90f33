
-- +migrate Up
CREATE TABLE pets (id integer PRIMARY KEY, name text NOT NULL);

-- +migrate Down
DROP TABLE pets;

