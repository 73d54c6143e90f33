-- Verify pets:visits on sqlite

BEGIN;

SELECT id FROM pets WHERE 0;

ROLLBACK;
