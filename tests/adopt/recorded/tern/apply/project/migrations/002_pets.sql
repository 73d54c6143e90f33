CREATE TABLE pets (id integer);

---- create above / drop below ----

DROP TABLE pets;
