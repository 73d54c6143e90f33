-- golang-migrate 4.20.1, SQLite: up, and later down 1, an edit and up 1
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE schema_migrations (version uint64,dirty bool);
INSERT INTO schema_migrations VALUES(2,0);
CREATE TABLE people (id integer);
CREATE TABLE pets (id integer);
CREATE UNIQUE INDEX version_unique ON schema_migrations (version);
COMMIT;
