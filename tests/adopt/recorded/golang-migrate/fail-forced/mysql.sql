-- golang-migrate 4.20.1, MariaDB: up, whose second file fails, then force 2; the file was mended
CREATE TABLE `people` (
  `id` int(11) DEFAULT NULL
);
CREATE TABLE `pets` (
  `id` int(11) DEFAULT NULL
);
CREATE TABLE `schema_migrations` (
  `version` bigint(20) NOT NULL,
  `dirty` tinyint(1) NOT NULL,
  PRIMARY KEY (`version`)
);
INSERT INTO `schema_migrations` VALUES (2,0);
