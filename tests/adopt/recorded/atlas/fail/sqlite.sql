-- Atlas of 2026-06-22 (community), SQLite: migrate apply, whose second file fails
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE `atlas_schema_revisions` (`version` text NOT NULL, `description` text NOT NULL, `type` integer NOT NULL DEFAULT (2), `applied` integer NOT NULL DEFAULT (0), `total` integer NOT NULL DEFAULT (0), `executed_at` datetime NOT NULL, `execution_time` integer NOT NULL, `error` text NULL, `error_stmt` text NULL, `hash` text NOT NULL, `partial_hashes` json NULL, `operator_version` text NOT NULL, PRIMARY KEY (`version`));
INSERT INTO atlas_schema_revisions VALUES('20260101090000','people',2,1,1,'2026-12-01 01:37:11.462480956+00:00',206622,'','','yI3DcBEYWNwhdKso1a6NJNWkrXNiliWlLq2856vbwVc=',X'6e756c6c','Atlas CLI - development');
CREATE TABLE people (id integer);
COMMIT;
