-- migrate:up
CREATE TABLE toys (id integer);

-- migrate:down
DROP TABLE toys;
