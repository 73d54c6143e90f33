CREATE TABLE toys (id integer);
SELECT nothing;
