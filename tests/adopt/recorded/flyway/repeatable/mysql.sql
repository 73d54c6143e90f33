-- Flyway 13.12.2, MariaDB 10.11: migrate twice, R__names edited in between; then it was edited again and R__new came
CREATE TABLE `flyway_schema_history` (
  `installed_rank` int(11) NOT NULL,
  `version` varchar(50) DEFAULT NULL,
  `description` varchar(200) NOT NULL,
  `type` varchar(20) NOT NULL,
  `script` varchar(1000) NOT NULL,
  `checksum` int(11) DEFAULT NULL,
  `installed_by` varchar(100) NOT NULL,
  `installed_on` timestamp NOT NULL DEFAULT current_timestamp(),
  `execution_time` int(11) NOT NULL,
  `success` tinyint(1) NOT NULL,
  PRIMARY KEY (`installed_rank`),
  KEY `flyway_schema_history_s_idx` (`success`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
INSERT INTO `flyway_schema_history` VALUES (1,'1','people','SQL','V1__people.sql',-1211960875,'tester','2026-12-01 01:47:41',22,1);
INSERT INTO `flyway_schema_history` VALUES (2,NULL,'names','SQL','R__names.sql',850890117,'tester','2026-12-01 01:47:41',7,1);
INSERT INTO `flyway_schema_history` VALUES (3,NULL,'view','SQL','R__view.sql',-1809300336,'tester','2026-12-01 01:47:41',6,1);
INSERT INTO `flyway_schema_history` VALUES (4,NULL,'names','SQL','R__names.sql',821113820,'tester','2026-12-01 01:47:42',12,1);
CREATE TABLE `people` (
  `id` int(11) DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
INSERT INTO `people` VALUES (1);
INSERT INTO `people` VALUES (11);
INSERT INTO `people` VALUES (2);
