-- refinery_cli 0.10.0, SQLite: migrate -f -t 1
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE people (id integer);
CREATE TABLE refinery_schema_history(
             version int4 PRIMARY KEY,
             name VARCHAR(255),
             applied_on VARCHAR(255),
             checksum VARCHAR(255));
INSERT INTO refinery_schema_history VALUES(1,'people','2026-12-01T01:54:26.950297808Z','2224657176314084687');
COMMIT;
