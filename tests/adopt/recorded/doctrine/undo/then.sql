DROP TABLE pets;
DELETE FROM doctrine_migration_versions WHERE version LIKE '%20260102090000';
