DROP TABLE pets;
DELETE FROM _yoyo_migration WHERE migration_id = '0002_pets';
