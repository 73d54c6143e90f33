-- dbmate 2.36.0, SQLite: up with two migrations
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "schema_migrations" (version varchar(128) primary key);
INSERT INTO schema_migrations VALUES('20260101090000');
INSERT INTO schema_migrations VALUES('20260102090000');
CREATE TABLE people (id integer);
CREATE TABLE pets (id integer);
COMMIT;
