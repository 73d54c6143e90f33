-- Deploy pets:visits to sqlite
-- requires: create_pets

BEGIN;

DROP INDEX pets_name;
ALTER TABLE pets DROP COLUMN age;

COMMIT;
