-- golang-migrate 4.20.1, SQLite: up 1, and later up
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE schema_migrations (version uint64,dirty bool);
INSERT INTO schema_migrations VALUES(1,0);
CREATE TABLE people (id integer);
CREATE UNIQUE INDEX version_unique ON schema_migrations (version);
COMMIT;
