-- goose 3.30.1, SQLite: up with 1 and 3, then with 2 as well: refused, and up -allow-missing
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE goose_db_version (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	);
INSERT INTO goose_db_version VALUES(1,0,1,'2026-12-01 01:46:46');
INSERT INTO goose_db_version VALUES(2,1,1,'2026-12-01 01:46:46');
INSERT INTO goose_db_version VALUES(3,3,1,'2026-12-01 01:46:46');
INSERT INTO goose_db_version VALUES(4,2,1,'2026-12-01 01:46:46');
CREATE TABLE people (id integer);
CREATE TABLE toys (id integer);
CREATE TABLE pets (id integer);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('goose_db_version',4);
COMMIT;
