INSERT INTO seaql_migrations VALUES('m20260103_090000_toys',1796097857);
CREATE TABLE toys (id integer);
