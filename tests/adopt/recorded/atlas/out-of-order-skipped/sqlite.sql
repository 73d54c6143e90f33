-- Atlas of 2026-06-22 (community), SQLite: migrate apply with 1, 4; then with 2 and 5 as well, and with 3, with --exec-order linear-skip
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE `atlas_schema_revisions` (`version` text NOT NULL, `description` text NOT NULL, `type` integer NOT NULL DEFAULT (2), `applied` integer NOT NULL DEFAULT (0), `total` integer NOT NULL DEFAULT (0), `executed_at` datetime NOT NULL, `execution_time` integer NOT NULL, `error` text NULL, `error_stmt` text NULL, `hash` text NOT NULL, `partial_hashes` json NULL, `operator_version` text NOT NULL, PRIMARY KEY (`version`));
INSERT INTO atlas_schema_revisions VALUES('20260101090000','people',2,1,1,'2026-12-01 01:38:01.525144122+00:00',278256,'','','yI3DcBEYWNwhdKso1a6NJNWkrXNiliWlLq2856vbwVc=',X'6e756c6c','Atlas CLI - development');
INSERT INTO atlas_schema_revisions VALUES('20260104090000','more',2,1,1,'2026-12-01 01:38:01.528628358+00:00',251917,'','','GDHekBHUEArX3kK3QfrXnRCHRREzXAXg+pI853c9m8M=',X'6e756c6c','Atlas CLI - development');
INSERT INTO atlas_schema_revisions VALUES('20260105090000','last',2,1,1,'2026-12-01 01:38:01.58945303+00:00',219892,'','','nE+Ad75JWMqoE7ib3iqk8TdoynEbv5FdhppJHhP8X20=',X'6e756c6c','Atlas CLI - development');
CREATE TABLE people (id integer);
CREATE TABLE more (id integer);
CREATE TABLE last (id integer);
COMMIT;
