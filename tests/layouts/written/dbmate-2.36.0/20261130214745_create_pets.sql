-- migrate:up
CREATE TABLE pets (id integer PRIMARY KEY, name text NOT NULL);


-- migrate:down
DROP TABLE pets;

