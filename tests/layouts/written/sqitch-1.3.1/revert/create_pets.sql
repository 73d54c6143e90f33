-- Revert pets:create_pets from sqlite

BEGIN;

DROP TABLE pets;

COMMIT;
