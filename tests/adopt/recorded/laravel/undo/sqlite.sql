-- Laravel 8.83.26, SQLite: migrate --step; then: rollback
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "migrations" ("id" integer not null primary key autoincrement, "migration" varchar not null, "batch" integer not null);
INSERT INTO migrations VALUES(1,'2026_01_01_090000_people',1);
INSERT INTO migrations VALUES(2,'2026_01_02_090000_add_pets',2);
CREATE TABLE people (id integer);
CREATE TABLE pets (id integer);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('migrations',2);
COMMIT;
