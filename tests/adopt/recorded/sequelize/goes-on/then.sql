INSERT INTO SequelizeMeta VALUES('20260103090000_toys.up.sql');
CREATE TABLE toys (id integer);
