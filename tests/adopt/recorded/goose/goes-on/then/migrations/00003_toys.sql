-- +goose Up
CREATE TABLE toys (id integer);

-- +goose Down
DROP TABLE toys;
