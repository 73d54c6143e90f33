-- Alembic 1.20.1, SQLite: upgrade heads, two branches behind one revision; then: merge, upgrade head
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO alembic_version VALUES('c3d4e5f60003');
INSERT INTO alembic_version VALUES('b7c0ffee0002');
CREATE TABLE people (id integer);
CREATE TABLE visits (id integer);
CREATE TABLE pets (id integer);
COMMIT;
