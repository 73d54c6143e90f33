-- golang-migrate 4.20.1, MariaDB: up, then down 1
CREATE TABLE `people` (
  `id` int(11) DEFAULT NULL
);
CREATE TABLE `schema_migrations` (
  `version` bigint(20) NOT NULL,
  `dirty` tinyint(1) NOT NULL,
  PRIMARY KEY (`version`)
);
INSERT INTO `schema_migrations` VALUES (1,0);
