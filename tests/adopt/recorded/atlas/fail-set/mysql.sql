-- Atlas of 2026-06-22 (community), MariaDB: migrate apply, whose second file fails, mended by hand, then migrate set
SET time_zone = '+00:00';
CREATE TABLE `atlas_schema_revisions` (
  `version` varchar(255) NOT NULL,
  `description` varchar(255) NOT NULL,
  `type` bigint(20) unsigned NOT NULL DEFAULT 2,
  `applied` bigint(20) NOT NULL DEFAULT 0,
  `total` bigint(20) NOT NULL DEFAULT 0,
  `executed_at` timestamp NULL DEFAULT NULL,
  `execution_time` bigint(20) NOT NULL,
  `error` longtext DEFAULT NULL,
  `error_stmt` longtext DEFAULT NULL,
  `hash` varchar(255) NOT NULL,
  `partial_hashes` longtext DEFAULT NULL CHECK (json_valid(`partial_hashes`)),
  `operator_version` varchar(255) NOT NULL,
  PRIMARY KEY (`version`)
);
INSERT INTO `atlas_schema_revisions` VALUES ('20260101090000','people',2,1,1,'2026-12-01 01:37:11',553346,'','','yI3DcBEYWNwhdKso1a6NJNWkrXNiliWlLq2856vbwVc=','null','Atlas CLI - development');
INSERT INTO `atlas_schema_revisions` VALUES ('20260102090000','pets',6,1,3,'2026-12-01 01:37:11',1595959,'Error 1146 (42S02): Table \'hgo_at.nowhere\' doesn\'t exist','INSERT INTO nowhere VALUES (1);','bzt9oJVK7OSBx4y1cJzNR9aoHRLmKBB63DCIv5xtruw=','[\"h1:/ipQPYQtjBqhVGJfUH0vDq1SUaCRLZpXTJT/YmhiARg=\"]','Atlas CLI - development');
CREATE TABLE `last` (
  `id` int(11) DEFAULT NULL
);
CREATE TABLE `people` (
  `id` int(11) DEFAULT NULL
);
CREATE TABLE `pets` (
  `id` int(11) DEFAULT NULL
);
