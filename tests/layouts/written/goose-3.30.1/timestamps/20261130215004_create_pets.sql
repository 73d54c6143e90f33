-- +goose Up
CREATE TABLE pets (id integer PRIMARY KEY, name text NOT NULL);

-- +goose Down
DROP TABLE pets;
