-- goose 3.30.1, SQLite: up-by-one with -table ours
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE ours (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	);
INSERT INTO ours VALUES(1,0,1,'2026-12-01 01:46:47');
INSERT INTO ours VALUES(2,1,1,'2026-12-01 01:46:47');
CREATE TABLE people (id integer);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('ours',2);
COMMIT;
