DO $$ BEGIN RAISE NOTICE 'a;b'; END $$;
CREATE INDEX CONCURRENTLY i ON t (a)
-- that is all
