-- Up Migration
CREATE TABLE people (id integer);

-- Down Migration
DROP TABLE people;
