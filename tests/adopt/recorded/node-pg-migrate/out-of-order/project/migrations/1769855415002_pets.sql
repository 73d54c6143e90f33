-- Up Migration
CREATE TABLE pets (id integer);

-- Down Migration
DROP TABLE pets;
