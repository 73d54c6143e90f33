CREATE TABLE toys (id integer PRIMARY KEY);
