CREATE TABLE pets (id integer PRIMARY KEY, name text NOT NULL);

---- create above / drop below ----

DROP TABLE pets;
