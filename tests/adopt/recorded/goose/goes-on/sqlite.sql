-- goose 3.30.1, SQLite: up-to 2, later redo and up
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE goose_db_version (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	);
INSERT INTO goose_db_version VALUES(1,0,1,'2026-12-01 01:46:48');
INSERT INTO goose_db_version VALUES(2,1,1,'2026-12-01 01:46:48');
INSERT INTO goose_db_version VALUES(3,2,1,'2026-12-01 01:46:48');
CREATE TABLE people (id integer);
CREATE TABLE pets (id integer);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('goose_db_version',3);
COMMIT;
