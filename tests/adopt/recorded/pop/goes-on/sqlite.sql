-- soda 6.4.1 (pop), SQLite: migrate up with 1 and 3, later with 2 as well
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "schema_migration" (
"version" TEXT PRIMARY KEY
);
INSERT INTO schema_migration VALUES('20260101090000');
INSERT INTO schema_migration VALUES('20260103090000');
CREATE TABLE people (id integer);
CREATE TABLE toys (id integer);
CREATE UNIQUE INDEX "schema_migration_version_idx" ON "schema_migration" (version);
COMMIT;
