-- Atlas of 2026-06-22 (community), MariaDB: migrate apply with 1, 3, 4; then with 2 and 5 as well: refused, and with --exec-order non-linear
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
INSERT INTO `atlas_schema_revisions` VALUES ('20260101090000','people',2,1,1,'2026-12-01 01:39:53',607021,'','','yI3DcBEYWNwhdKso1a6NJNWkrXNiliWlLq2856vbwVc=','null','Atlas CLI - development');
INSERT INTO `atlas_schema_revisions` VALUES ('20260102090000','pets',2,1,1,'2026-12-01 01:39:54',493258,'','','2ei0MQKyoW4e5PHwNs7ZWtfZY7DXNGwfeqGtm1yimno=','null','Atlas CLI - development');
INSERT INTO `atlas_schema_revisions` VALUES ('20260103090000','toys',2,1,1,'2026-12-01 01:39:53',453115,'','','mPuBKXjW1Wno0rLlUcTP4pBl4UsmxX737TfNXaA/LGs=','null','Atlas CLI - development');
INSERT INTO `atlas_schema_revisions` VALUES ('20260104090000','more',2,1,1,'2026-12-01 01:39:53',565682,'','','BHilkbtwwofALEg5uu7RPtt5E+JUlv2dxc2ZNC39Pps=','null','Atlas CLI - development');
INSERT INTO `atlas_schema_revisions` VALUES ('20260105090000','last',2,1,1,'2026-12-01 01:39:54',496744,'','','8g1EFHWYc+tqdITxsnMz3lfFjGV28ExZMry/40mDNFc=','null','Atlas CLI - development');
CREATE TABLE `last` (
  `id` int(11) DEFAULT NULL
);
CREATE TABLE `more` (
  `id` int(11) DEFAULT NULL
);
CREATE TABLE `people` (
  `id` int(11) DEFAULT NULL
);
CREATE TABLE `pets` (
  `id` int(11) DEFAULT NULL
);
CREATE TABLE `toys` (
  `id` int(11) DEFAULT NULL
);
