CREATE TABLE visits (id integer);
INSERT INTO doctrine_migration_versions VALUES ('App\Version20260101120000', '2026-12-01 02:46:34', 121);
