-- Flyway 7.15.0, SQLite: migrate with table=app_changes; V3 came later
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "app_changes" (
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
INSERT INTO app_changes VALUES(1,'1','people','SQL','V1__people.sql',-1211960875,'','2026-12-01 01:44:57.482',6,1);
INSERT INTO app_changes VALUES(2,'2','pets','SQL','V2__pets.sql',1118573003,'','2026-12-01 01:44:57.582',1,1);
CREATE TABLE people (id integer);
CREATE TABLE pets (id integer);
CREATE INDEX "app_changes_s_idx" ON "app_changes" ("success");
COMMIT;
