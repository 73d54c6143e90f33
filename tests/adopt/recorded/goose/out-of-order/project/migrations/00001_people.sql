-- +goose Up
CREATE TABLE people (id integer);

-- +goose Down
DROP TABLE people;
