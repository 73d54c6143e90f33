-- wrangler 4.164.0: d1 migrations apply --local with 1 and 3, then with 2 as well
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "d1_migrations"(
		id         INTEGER PRIMARY KEY AUTOINCREMENT,
		name       TEXT UNIQUE,
		applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
);
INSERT INTO d1_migrations VALUES(1,'0001_people.sql','2026-12-01 03:06:03');
INSERT INTO d1_migrations VALUES(2,'0003_toys.sql','2026-12-01 03:06:03');
INSERT INTO d1_migrations VALUES(3,'0002_pets.sql','2026-12-01 03:06:06');
CREATE TABLE people (id integer);
CREATE TABLE toys (id integer);
CREATE TABLE pets (id integer);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('d1_migrations',3);
COMMIT;
