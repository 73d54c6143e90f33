CREATE TABLE toys (id integer);
