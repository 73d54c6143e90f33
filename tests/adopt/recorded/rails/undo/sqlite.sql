-- Rails (ActiveRecord 6.1.7.10), SQLite: migrate; then: rollback
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "schema_migrations" ("version" varchar NOT NULL PRIMARY KEY);
INSERT INTO schema_migrations VALUES('20260101090000');
INSERT INTO schema_migrations VALUES('20260102090000');
CREATE TABLE IF NOT EXISTS "ar_internal_metadata" ("key" varchar NOT NULL PRIMARY KEY, "value" varchar, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL);
INSERT INTO ar_internal_metadata VALUES('environment','default_env','2026-12-01 02:28:02.715936','2026-12-01 02:28:02.715936');
CREATE TABLE people (id integer);
CREATE TABLE pets (id integer);
COMMIT;
