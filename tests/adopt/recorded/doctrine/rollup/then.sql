DELETE FROM doctrine_migration_versions;
INSERT INTO doctrine_migration_versions VALUES('App\Version20260103000000',NULL,NULL);
