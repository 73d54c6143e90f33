-- sea-orm-migration 1.1.20, SQLite: up with the first and the third, then up with the second too
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "seaql_migrations" ( "version" varchar NOT NULL PRIMARY KEY, "applied_at" bigint NOT NULL );
INSERT INTO seaql_migrations VALUES('m20260101_090000_people',1796097857);
INSERT INTO seaql_migrations VALUES('m20260103_090000_toys',1796097857);
INSERT INTO seaql_migrations VALUES('m20260102_090000_pets',1796097857);
CREATE TABLE people (id integer);
CREATE TABLE toys (id integer);
CREATE TABLE pets (id integer);
COMMIT;
