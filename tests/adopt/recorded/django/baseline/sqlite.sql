-- Django 5.2.19, SQLite: migrate --fake
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "django_migrations" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "applied" datetime NOT NULL);
INSERT INTO django_migrations VALUES(1,'shop','0001_people','2026-12-01 01:39:03.971769');
INSERT INTO django_migrations VALUES(2,'shop','0002_add_pets','2026-12-01 01:39:03.979854');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('django_migrations',2);
COMMIT;
