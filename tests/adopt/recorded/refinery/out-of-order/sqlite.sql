-- refinery_cli 0.10.0, SQLite: migrate with the second alone, then with the first as well: refused
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE refinery_schema_history(
             version int4 PRIMARY KEY,
             name VARCHAR(255),
             applied_on VARCHAR(255),
             checksum VARCHAR(255));
INSERT INTO refinery_schema_history VALUES(2,'add_pets','2026-12-01T01:54:26.289637992Z','9910092986671200406');
CREATE TABLE pets (id integer);
COMMIT;
