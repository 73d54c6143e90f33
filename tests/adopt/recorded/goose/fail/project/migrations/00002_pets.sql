-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE pets (id integer);
INSERT INTO nowhere VALUES (1);

-- +goose Down
DROP TABLE pets;
