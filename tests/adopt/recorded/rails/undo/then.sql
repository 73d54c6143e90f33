DROP TABLE pets;
DELETE FROM schema_migrations WHERE version = '20260102090000';
