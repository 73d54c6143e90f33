-- sql-migrate 1.8.1, SQLite: up, whose second file is notransaction and fails
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "gorp_migrations" ("id" varchar(255) not null primary key, "applied_at" datetime);
INSERT INTO gorp_migrations VALUES('1_people.sql','2026-12-01 01:47:42.914095913+00:00');
CREATE TABLE people (id integer);
CREATE TABLE pets (id integer);
COMMIT;
