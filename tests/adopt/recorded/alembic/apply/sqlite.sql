-- Alembic 1.20.1, SQLite: upgrade head, two revisions
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO alembic_version VALUES('b7c0ffee0002');
CREATE TABLE people (id integer);
CREATE TABLE pets (id integer);
COMMIT;
