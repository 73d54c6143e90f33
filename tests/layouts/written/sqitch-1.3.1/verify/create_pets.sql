-- Verify pets:create_pets on sqlite

BEGIN;

SELECT id FROM pets WHERE 0;

ROLLBACK;
