-- migrate:up
CREATE TABLE pets (id integer);

-- migrate:down
DROP TABLE pets;
