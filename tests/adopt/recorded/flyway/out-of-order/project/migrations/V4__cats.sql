CREATE TABLE cats (id integer);
