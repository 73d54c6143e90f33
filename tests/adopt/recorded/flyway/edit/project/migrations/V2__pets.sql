CREATE TABLE pets (id integer, name text);
