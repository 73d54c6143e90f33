-- Deploy pets:visits to sqlite
-- requires: create_pets

BEGIN;

CREATE TABLE visits (id integer PRIMARY KEY, pet integer REFERENCES pets (id));

COMMIT;
