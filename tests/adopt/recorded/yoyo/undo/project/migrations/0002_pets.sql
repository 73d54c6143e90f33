-- depends: 0001_people
CREATE TABLE pets (id integer);
