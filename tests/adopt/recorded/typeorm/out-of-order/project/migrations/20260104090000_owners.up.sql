CREATE TABLE owners (id integer);
