UPDATE schema_version SET version = 3;
CREATE TABLE pets (id integer);
CREATE TABLE toys (id integer);
