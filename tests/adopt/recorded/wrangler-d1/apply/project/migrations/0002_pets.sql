CREATE TABLE pets (id integer);
