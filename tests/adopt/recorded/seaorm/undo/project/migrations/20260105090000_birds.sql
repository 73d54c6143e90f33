CREATE TABLE birds (id integer);
