CREATE TABLE visits (id integer);
UPDATE alembic_version SET version_num = 'c3d4e5f60003';
