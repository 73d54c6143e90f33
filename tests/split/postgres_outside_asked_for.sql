-- syncline: no-transaction
-- Syncline: Lock-Timeout=2s
	--syncline:statement-timeout=90m
-- syncline: retries = 5
-- syncline: allow table-lock reason="at night; nobody is there"
SET x = 1;
CREATE INDEX CONCURRENTLY i ON t (a);
COMMIT;
