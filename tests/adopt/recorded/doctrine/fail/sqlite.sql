-- Doctrine Migrations 3.8.2, SQLite: migrate, the third fails and is rolled back
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE doctrine_migration_versions (version VARCHAR(191) NOT NULL, executed_at DATETIME DEFAULT NULL, execution_time INTEGER DEFAULT NULL, PRIMARY KEY(version));
INSERT INTO doctrine_migration_versions VALUES('App\Version20260101090000','2026-12-01 02:46:35',3);
INSERT INTO doctrine_migration_versions VALUES('App\Version20260102090000','2026-12-01 02:46:35',1);
CREATE TABLE people (id integer);
CREATE TABLE pets (id integer);
COMMIT;
