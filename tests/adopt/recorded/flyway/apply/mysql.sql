-- Flyway 13.12.2: migrate with V1, V2_1 and R__names; V3 came later
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
INSERT INTO `flyway_schema_history` VALUES (1,'1','people','SQL','V1__people.sql',-1211960875,'tester','2026-12-01 01:43:46',22,1);
INSERT INTO `flyway_schema_history` VALUES (2,'2.1','add pets','SQL','V2_1__add_pets.sql',1118573003,'tester','2026-12-01 01:43:46',19,1);
INSERT INTO `flyway_schema_history` VALUES (3,NULL,'names','SQL','R__names.sql',850890117,'tester','2026-12-01 01:43:46',2,1);
CREATE TABLE `people` (
  `id` int(11) DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
INSERT INTO `people` VALUES (1);
CREATE TABLE `pets` (
  `id` int(11) DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
