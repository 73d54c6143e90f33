INSERT INTO `flyway_schema_history` VALUES (3,'2','pets','SQL','V2__pets.sql',1118573003,'tester','2026-12-01 01:45:25',241,1);
INSERT INTO `flyway_schema_history` VALUES (4,NULL,'names','SQL','R__names.sql',821113820,'tester','2026-12-01 01:45:25',14,1);
INSERT INTO `people` VALUES (2);
CREATE TABLE `pets` (
  `id` int(11) DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
