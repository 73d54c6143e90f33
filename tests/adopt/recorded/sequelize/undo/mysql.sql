-- sequelize-cli 6.6.5 (umzug 2.3.0), Sequelize 6.37.8, MariaDB 10.11: db:migrate, then db:migrate:undo
CREATE TABLE `SequelizeMeta` (
  `name` varchar(255) NOT NULL,
  PRIMARY KEY (`name`),
  UNIQUE KEY `name` (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_unicode_ci;
INSERT INTO `SequelizeMeta` VALUES ('20260101090000-people.js');
CREATE TABLE `people` (
  `id` int(11) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
