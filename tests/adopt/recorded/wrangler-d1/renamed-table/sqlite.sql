-- wrangler 4.164.0: d1 migrations apply --local with migrations_table changes
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "changes"(
		id         INTEGER PRIMARY KEY AUTOINCREMENT,
		name       TEXT UNIQUE,
		applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
);
INSERT INTO changes VALUES(1,'0001_people.sql','2026-12-01 03:06:09');
INSERT INTO changes VALUES(2,'0002_pets.sql','2026-12-01 03:06:09');
CREATE TABLE people (id integer);
CREATE TABLE pets (id integer);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('changes',2);
COMMIT;
