-- Deploy pets:visits to sqlite
-- requires: create_pets

BEGIN;

ALTER TABLE pets ADD COLUMN age integer;
CREATE INDEX pets_name ON pets (name);

COMMIT;
