CREATE TABLE people (id integer);

---- create above / drop below ----

DROP TABLE people;
