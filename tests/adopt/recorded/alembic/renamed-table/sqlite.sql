-- Alembic 1.20.1, SQLite: upgrade head, version_table="app_revision"
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE app_revision (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT app_revision_pkc PRIMARY KEY (version_num)
);
INSERT INTO app_revision VALUES('b7c0ffee0002');
CREATE TABLE people (id integer);
CREATE TABLE pets (id integer);
COMMIT;
