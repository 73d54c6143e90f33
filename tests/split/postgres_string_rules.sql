CREATE TABLE a (t text);
INSERT INTO a VALUES ('\'), ('x;y');
SET standard_conforming_strings = off;
INSERT INTO a VALUES ('it\'s; --'), (N'\'; '), (E'\'');
INSERT INTO a VALUES ('a'
'\';b');
SET SESSION standard_conforming_strings TO 'on';
INSERT INTO a VALUES ('\'), ('x;y');
SELECT pg_catalog.set_config('standard_conforming_strings', 'off', false);
INSERT INTO a VALUES ('\';');
RESET standard_conforming_strings;
INSERT INTO a VALUES ('\'), ($$\'$$), (U&'\0041;');
SET standard_conforming_strings = 0;
RESET ALL;
INSERT INTO a VALUES ('\'); INSERT INTO a VALUES (';');
