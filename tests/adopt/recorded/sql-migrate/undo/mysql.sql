-- sql-migrate 1.8.1, MariaDB: up, down, redo
CREATE TABLE `gorp_migrations` (
  `id` varchar(255) NOT NULL,
  `applied_at` datetime DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_general_ci;
INSERT INTO `gorp_migrations` VALUES ('1_people.sql','2026-12-01 01:47:43');
INSERT INTO `gorp_migrations` VALUES ('2_pets.sql','2026-12-01 01:47:45');
CREATE TABLE `people` (
  `id` int(11) DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
CREATE TABLE `pets` (
  `id` int(11) DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
