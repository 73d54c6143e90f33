-- sql-migrate 1.8.1, SQLite: skip -limit=1 for what is there, then up -limit=1
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE people (id integer);
CREATE TABLE IF NOT EXISTS "gorp_migrations" ("id" varchar(255) not null primary key, "applied_at" datetime);
INSERT INTO gorp_migrations VALUES('1_people.sql','2026-12-01 01:47:45.380553931+00:00');
INSERT INTO gorp_migrations VALUES('2_pets.sql','2026-12-01 01:47:45.408123836+00:00');
CREATE TABLE pets (id integer);
COMMIT;
