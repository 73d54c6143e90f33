-- sequelize-cli 6.6.5 (umzug 2.3.0), Sequelize 6.37.8, SQLite: db:migrate with two migrations
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE `SequelizeMeta` (`name` VARCHAR(255) NOT NULL UNIQUE PRIMARY KEY);
INSERT INTO SequelizeMeta VALUES('20260101090000-people.js');
INSERT INTO SequelizeMeta VALUES('20260102090000-pets.js');
CREATE TABLE `people` (`id` INTEGER PRIMARY KEY);
CREATE TABLE `pets` (`id` INTEGER PRIMARY KEY);
COMMIT;
