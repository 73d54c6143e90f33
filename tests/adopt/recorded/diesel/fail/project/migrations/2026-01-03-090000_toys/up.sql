CREATE TABLE toys (id integer PRIMARY KEY);
SELECT nothing;
