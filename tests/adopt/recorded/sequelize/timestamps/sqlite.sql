-- sequelize-cli 6.6.5 (umzug 2.3.0), Sequelize 6.37.8, SQLite: db:migrate --to the first, db:migrate:schema:timestamps:add, db:migrate with migrationTimestamps
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "SequelizeMetaBackup" (`name` VARCHAR(255) NOT NULL UNIQUE PRIMARY KEY);
INSERT INTO SequelizeMetaBackup VALUES('20260101090000-people.js');
CREATE TABLE `people` (`id` INTEGER PRIMARY KEY);
CREATE TABLE `SequelizeMeta` (`name` VARCHAR(255) NOT NULL UNIQUE PRIMARY KEY, `createdAt` DATETIME NOT NULL, `updatedAt` DATETIME NOT NULL);
INSERT INTO SequelizeMeta VALUES('20260101090000-people.js','2026-12-01 01:55:15.330 +00:00','2026-12-01 01:55:15.330 +00:00');
INSERT INTO SequelizeMeta VALUES('20260102090000-pets.js','2026-12-01 01:55:19.391 +00:00','2026-12-01 01:55:19.391 +00:00');
CREATE TABLE `pets` (`id` INTEGER PRIMARY KEY);
COMMIT;
