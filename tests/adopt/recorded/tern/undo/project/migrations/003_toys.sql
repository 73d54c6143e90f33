CREATE TABLE toys (id integer);

---- create above / drop below ----

DROP TABLE toys;
