DROP TABLE pets;
CREATE TABLE pets (id bigint);
