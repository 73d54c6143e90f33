-- golang-migrate 4.20.1, SQLite: up 1 with x-migrations-table=ours
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE ours (version uint64,dirty bool);
INSERT INTO ours VALUES(1,0);
CREATE TABLE people (id integer);
CREATE UNIQUE INDEX version_unique ON ours (version);
COMMIT;
