SET lock_timeout = '5s';
CREATE INDEX CONCURRENTLY i ON t (a);
