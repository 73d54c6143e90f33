DELETE FROM schema_migrations;
INSERT INTO schema_migrations VALUES(1,0);
DROP TABLE pets;
