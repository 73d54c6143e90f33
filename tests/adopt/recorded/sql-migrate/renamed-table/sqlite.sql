-- sql-migrate 1.8.1, SQLite: up -limit=1 with table: ours
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "ours" ("id" varchar(255) not null primary key, "applied_at" datetime);
INSERT INTO ours VALUES('1_people.sql','2026-12-01 01:47:45.457568165+00:00');
CREATE TABLE people (id integer);
COMMIT;
