-- Deploy pets:create_pets to sqlite

BEGIN;

CREATE TABLE pets (id integer PRIMARY KEY, name text NOT NULL);

COMMIT;
