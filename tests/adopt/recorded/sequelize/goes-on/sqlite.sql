-- umzug 3.8.3, Sequelize 6.37.8, SQLite: up with two files of SQL and a resolver that reads them; then with a third one
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE `SequelizeMeta` (`name` VARCHAR(255) NOT NULL UNIQUE PRIMARY KEY);
INSERT INTO SequelizeMeta VALUES('20260101090000_people.up.sql');
INSERT INTO SequelizeMeta VALUES('20260102090000_pets.up.sql');
CREATE TABLE people (id integer);
CREATE TABLE pets (id integer);
COMMIT;
