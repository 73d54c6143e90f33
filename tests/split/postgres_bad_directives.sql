-- syncline: no-tranaction
-- syncline no-transaction
-- syncline: foreign-keys=off
-- syncline: lock-timeout=5
-- syncline: retries=1, empty
/* syncline: empty */
SELECT 1; -- syncline: empty
SELECT
-- syncline: empty
2;
-- syncline: retries=1
-- syncline: retries=2
-- syncline: down
-- syncline: allow x
-- syncline:
# syncline: empty
