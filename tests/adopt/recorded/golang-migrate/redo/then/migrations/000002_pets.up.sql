CREATE TABLE pets (id bigint);
