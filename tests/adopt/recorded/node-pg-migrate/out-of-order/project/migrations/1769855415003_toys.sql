-- Up Migration
CREATE TABLE toys (id integer);

-- Down Migration
DROP TABLE toys;
