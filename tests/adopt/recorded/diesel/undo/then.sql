DROP TABLE pets;
DELETE FROM __diesel_schema_migrations WHERE version = '20260102090000';
