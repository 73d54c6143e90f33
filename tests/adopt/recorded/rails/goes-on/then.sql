CREATE TABLE visits (id integer);
INSERT INTO schema_migrations VALUES ('20260101120000');
