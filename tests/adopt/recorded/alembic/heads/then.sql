DELETE FROM alembic_version WHERE version_num = 'c3d4e5f60003';
UPDATE alembic_version SET version_num = 'd4e5f6070004';
