-- +goose Up
CREATE TABLE pets (id integer);

-- +goose Down
DROP TABLE pets;
