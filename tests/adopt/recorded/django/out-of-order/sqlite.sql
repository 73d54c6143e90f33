-- Django 5.2.19, SQLite: migrate with two, then a branch behind the first and a merge
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "django_migrations" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "applied" datetime NOT NULL);
INSERT INTO django_migrations VALUES(1,'shop','0001_people','2026-12-01 01:39:17.727513');
INSERT INTO django_migrations VALUES(2,'shop','0002_add_pets','2026-12-01 01:39:17.758089');
INSERT INTO django_migrations VALUES(3,'shop','0002_a_branch','2026-12-01 01:39:19.759109');
INSERT INTO django_migrations VALUES(4,'shop','0003_merge','2026-12-01 01:39:19.764094');
CREATE TABLE people (id integer);
CREATE TABLE pets (id integer);
CREATE TABLE visits (id integer);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('django_migrations',4);
COMMIT;
