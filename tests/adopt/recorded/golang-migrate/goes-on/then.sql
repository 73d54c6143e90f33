DELETE FROM schema_migrations;
INSERT INTO schema_migrations VALUES(3,0);
CREATE TABLE pets (id integer);
CREATE TABLE toys (id integer);
