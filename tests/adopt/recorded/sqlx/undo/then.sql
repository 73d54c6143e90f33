DROP TABLE pets;
DELETE FROM _sqlx_migrations WHERE version = 2;
