CREATE TABLE toys (id integer PRIMARY KEY);
INSERT INTO __diesel_schema_migrations VALUES('20260103090000','2026-12-01 02:17:51');
