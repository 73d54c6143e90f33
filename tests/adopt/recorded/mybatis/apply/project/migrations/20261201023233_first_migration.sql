-- // First migration.
CREATE TABLE people (id integer);

-- //@UNDO
DROP TABLE people;
