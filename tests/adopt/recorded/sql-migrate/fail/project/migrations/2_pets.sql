-- +migrate Up notransaction
CREATE TABLE pets (id integer);
INSERT INTO nowhere VALUES (1);

-- +migrate Down
DROP TABLE pets;
