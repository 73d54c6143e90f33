-- refinery_cli 0.10.0, SQLite: migrate; then: a third
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE refinery_schema_history(
             version int4 PRIMARY KEY,
             name VARCHAR(255),
             applied_on VARCHAR(255),
             checksum VARCHAR(255));
INSERT INTO refinery_schema_history VALUES(1,'people','2026-12-01T01:54:27.506336518Z','2224657176314084687');
INSERT INTO refinery_schema_history VALUES(2,'add_pets','2026-12-01T01:54:27.506365912Z','9910092986671200406');
CREATE TABLE people (id integer);
CREATE TABLE pets (id integer);
COMMIT;
