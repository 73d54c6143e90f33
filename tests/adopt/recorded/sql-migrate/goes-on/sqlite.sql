-- sql-migrate 1.8.1, SQLite: up with 1 and 3, later with 2
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "gorp_migrations" ("id" varchar(255) not null primary key, "applied_at" datetime);
INSERT INTO gorp_migrations VALUES('1_people.sql','2026-12-01 01:47:46.331067937+00:00');
INSERT INTO gorp_migrations VALUES('3_toys.sql','2026-12-01 01:47:46.337247486+00:00');
CREATE TABLE people (id integer);
CREATE TABLE toys (id integer);
COMMIT;
