INSERT INTO schema_migration VALUES('20260102090000');
CREATE TABLE pets (id integer);
