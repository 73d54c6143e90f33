-- // add pets
CREATE TABLE pets (id integer);
-- //@UNDO
DROP TABLE pets;
