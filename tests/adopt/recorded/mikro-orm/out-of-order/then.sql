INSERT INTO mikro_orm_migrations VALUES(3,'Migration20260102090000_pets',1796090692000);
CREATE TABLE IF NOT EXISTS "pets" ("id" int primary key);
