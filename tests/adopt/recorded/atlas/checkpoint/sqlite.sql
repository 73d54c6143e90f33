-- Atlas of 2026-06-22 (community), SQLite: migrate apply 2, which begins with the checkpoint
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE `atlas_schema_revisions` (`version` text NOT NULL, `description` text NOT NULL, `type` integer NOT NULL DEFAULT (2), `applied` integer NOT NULL DEFAULT (0), `total` integer NOT NULL DEFAULT (0), `executed_at` datetime NOT NULL, `execution_time` integer NOT NULL, `error` text NULL, `error_stmt` text NULL, `hash` text NOT NULL, `partial_hashes` json NULL, `operator_version` text NOT NULL, PRIMARY KEY (`version`));
INSERT INTO atlas_schema_revisions VALUES('20260102120000','checkpoint',2,2,2,'2026-12-01 01:38:23.601436703+00:00',241917,'','','8UJAta41ZuEQD0hD3IyxKnqrjkt6PDs5yMaa9BuaUGw=',X'6e756c6c','Atlas CLI - development');
INSERT INTO atlas_schema_revisions VALUES('20260103090000','toys',2,1,1,'2026-12-01 01:38:23.633509029+00:00',354894,'','','M8sLeJGKJep3wtA/H9FV/XZEyYLekh2up1IkSS8t3RM=',X'6e756c6c','Atlas CLI - development');
CREATE TABLE people (id integer);
CREATE TABLE pets (id integer);
CREATE TABLE toys (id integer);
COMMIT;
