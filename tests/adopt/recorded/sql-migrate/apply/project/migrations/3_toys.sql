-- +migrate Up
CREATE TABLE toys (id integer);

-- +migrate Down
DROP TABLE toys;
