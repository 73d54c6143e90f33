-- Atlas of 2026-06-22 (community), SQLite: migrate apply 3, whose second file has a delimiter and whose third has txmode none
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE `atlas_schema_revisions` (`version` text NOT NULL, `description` text NOT NULL, `type` integer NOT NULL DEFAULT (2), `applied` integer NOT NULL DEFAULT (0), `total` integer NOT NULL DEFAULT (0), `executed_at` datetime NOT NULL, `execution_time` integer NOT NULL, `error` text NULL, `error_stmt` text NULL, `hash` text NOT NULL, `partial_hashes` json NULL, `operator_version` text NOT NULL, PRIMARY KEY (`version`));
INSERT INTO atlas_schema_revisions VALUES('20260101090000','people',2,1,1,'2026-12-01 01:37:10.657109738+00:00',204166,'','','yI3DcBEYWNwhdKso1a6NJNWkrXNiliWlLq2856vbwVc=',X'6e756c6c','Atlas CLI - development');
INSERT INTO atlas_schema_revisions VALUES('20260102090000','pets',2,2,2,'2026-12-01 01:37:10.667087351+00:00',192020,'','','jdUIrw96R9UQWCic9joP1EsOfLCUwYtePfHqMm5yvtM=',X'6e756c6c','Atlas CLI - development');
INSERT INTO atlas_schema_revisions VALUES('20260103090000','toys',2,2,2,'2026-12-01 01:37:10.685778734+00:00',21925282,'','','TYLABA2KV6keDuzIbVkkCGsiVFf7N1GnJI20DJmLQdU=',X'6e756c6c','Atlas CLI - development');
CREATE TABLE people (id integer);
CREATE TABLE pets (id integer, n integer);
CREATE TABLE toys (id integer);
INSERT INTO toys VALUES(1);
CREATE TRIGGER count_pets AFTER INSERT ON people BEGIN
  INSERT INTO pets VALUES (new.id, 1);
  INSERT INTO pets VALUES (new.id, 2);
END;
COMMIT;
