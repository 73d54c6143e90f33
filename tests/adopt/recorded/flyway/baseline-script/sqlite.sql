-- Flyway 13.12.2, SQLite: migrate on an empty database with B2, V1, V2 and V3; B3 and V4 came later
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "flyway_schema_history" (
    "installed_rank" INT NOT NULL PRIMARY KEY,
    "version" VARCHAR(50),
    "description" VARCHAR(200) NOT NULL,
    "type" VARCHAR(20) NOT NULL,
    "script" VARCHAR(1000) NOT NULL,
    "checksum" INT,
    "installed_by" VARCHAR(100) NOT NULL,
    "installed_on" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    "execution_time" INT NOT NULL,
    "success" BOOLEAN NOT NULL
);
INSERT INTO flyway_schema_history VALUES(1,'2','all','SQL_BASELINE','B2__all.sql',-1570775729,'','2026-12-01 01:44:33.410',16,1);
INSERT INTO flyway_schema_history VALUES(2,'3','toys','SQL','V3__toys.sql',1919048653,'','2026-12-01 01:44:33.478',11,1);
CREATE TABLE people (id integer);
CREATE TABLE pets (id integer);
CREATE TABLE toys (id integer);
CREATE INDEX "flyway_schema_history_s_idx" ON "flyway_schema_history" ("success");
COMMIT;
