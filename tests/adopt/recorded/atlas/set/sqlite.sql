-- Atlas of 2026-06-22 (community), SQLite: migrate apply 1, then migrate set to the third file
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE `atlas_schema_revisions` (`version` text NOT NULL, `description` text NOT NULL, `type` integer NOT NULL DEFAULT (2), `applied` integer NOT NULL DEFAULT (0), `total` integer NOT NULL DEFAULT (0), `executed_at` datetime NOT NULL, `execution_time` integer NOT NULL, `error` text NULL, `error_stmt` text NULL, `hash` text NOT NULL, `partial_hashes` json NULL, `operator_version` text NOT NULL, PRIMARY KEY (`version`));
INSERT INTO atlas_schema_revisions VALUES('20260101090000','people',2,1,1,'2026-12-01 01:38:03.183412701+00:00',221586,'','','yI3DcBEYWNwhdKso1a6NJNWkrXNiliWlLq2856vbwVc=',X'6e756c6c','Atlas CLI - development');
INSERT INTO atlas_schema_revisions VALUES('20260102090000','pets',4,0,0,'2026-12-01 01:38:03.257159959+00:00',0,'','','2ei0MQKyoW4e5PHwNs7ZWtfZY7DXNGwfeqGtm1yimno=',X'6e756c6c','Atlas CLI - development');
INSERT INTO atlas_schema_revisions VALUES('20260103090000','toys',4,0,0,'2026-12-01 01:38:03.257586199+00:00',0,'','','+vVYZjvgwyk0B1sjQ75YeMaaBdzJX+rN3XJ5QXBYYUg=',X'6e756c6c','Atlas CLI - development');
CREATE TABLE people (id integer);
CREATE TABLE pets (id integer);
CREATE TABLE toys(id integer);
COMMIT;
