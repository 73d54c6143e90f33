-- diesel_cli 2.3.14, SQLite: migration run, two migrations
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE __diesel_schema_migrations (
       version VARCHAR(50) PRIMARY KEY NOT NULL,
       run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
INSERT INTO __diesel_schema_migrations VALUES('20260101090000','2026-12-01 02:17:50');
INSERT INTO __diesel_schema_migrations VALUES('20260102090000','2026-12-01 02:17:50');
CREATE TABLE people (id integer PRIMARY KEY);
CREATE TABLE pets (id integer PRIMARY KEY);
COMMIT;
