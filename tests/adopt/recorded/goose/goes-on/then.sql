DELETE FROM goose_db_version WHERE version_id = 2;
INSERT INTO goose_db_version VALUES(4,2,1,'2026-12-01 01:46:50');
INSERT INTO goose_db_version VALUES(5,3,1,'2026-12-01 01:46:50');
CREATE TABLE toys (id integer);
