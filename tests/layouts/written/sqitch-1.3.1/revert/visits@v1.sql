-- Revert pets:visits from sqlite

BEGIN;

DROP TABLE visits;

COMMIT;
