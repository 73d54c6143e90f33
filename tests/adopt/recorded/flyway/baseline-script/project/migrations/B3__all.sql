CREATE TABLE people (id integer);
CREATE TABLE pets (id integer);
CREATE TABLE toys (id integer);
