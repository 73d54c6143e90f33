-- atlas:txmode none

CREATE TABLE toys (id integer);
INSERT INTO toys VALUES (1);
