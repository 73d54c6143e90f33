-- Flyway 13.12.2: migrate with V1, V2_1 and R__names; V3 came later
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
INSERT INTO flyway_schema_history VALUES(1,'1','people','SQL','V1__people.sql',-1211960875,'','2026-12-01 01:43:39.935',5,1);
INSERT INTO flyway_schema_history VALUES(2,'2.1','add pets','SQL','V2_1__add_pets.sql',1118573003,'','2026-12-01 01:43:40.030',1,1);
INSERT INTO flyway_schema_history VALUES(3,NULL,'names','SQL','R__names.sql',850890117,'','2026-12-01 01:43:40.115',1,1);
CREATE TABLE people (id integer);
INSERT INTO people VALUES(1);
CREATE TABLE pets (id integer);
CREATE INDEX "flyway_schema_history_s_idx" ON "flyway_schema_history" ("success");
COMMIT;
