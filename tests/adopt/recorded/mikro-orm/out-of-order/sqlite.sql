-- MikroORM 7.2.1, SQLite: up with 1 and 3; then with 2 as well
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE `mikro_orm_migrations` (`id` integer not null primary key autoincrement, `name` text not null, `executed_at` datetime not null default (strftime('%s', 'now') * 1000));
INSERT INTO mikro_orm_migrations VALUES(1,'Migration20260101090000_people',1796090692000);
INSERT INTO mikro_orm_migrations VALUES(2,'Migration20260103090000_toys',1796090692000);
CREATE TABLE IF NOT EXISTS "people" ("id" int primary key);
CREATE TABLE IF NOT EXISTS "toys" ("id" int primary key);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('mikro_orm_migrations',2);
COMMIT;
