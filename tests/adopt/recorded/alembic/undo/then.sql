DROP TABLE pets;
UPDATE alembic_version SET version_num = 'ae1027a6acf2';
