-- soda 6.4.1 (pop), SQLite: migrate up -s 1 with migration_table_name: ours
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "ours" (
"version" TEXT PRIMARY KEY
);
INSERT INTO ours VALUES('20260101090000');
CREATE TABLE people (id integer);
CREATE UNIQUE INDEX "ours_version_idx" ON "ours" (version);
COMMIT;
