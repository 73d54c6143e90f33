-- Up Migration
CREATE TABLE pets (id integer PRIMARY KEY, name text NOT NULL);

-- Down Migration
DROP TABLE pets;
