CREATE TABLE pets (id integer);
-- later
