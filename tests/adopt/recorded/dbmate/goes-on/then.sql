INSERT INTO schema_migrations VALUES('20260103090000');
CREATE TABLE toys (id integer);
