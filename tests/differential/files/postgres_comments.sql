-- one; '
CREATE TABLE c (a int); /* ; /* ' ; */ $$ ; */ INSERT INTO c VALUES (1);--;
INSERT INTO c VALUES (2 /* ; */ + /*;/*;*/;*/ 1 -- ; '
  + 1);
INSERT INTO c SELECT 3 --;
 - 1;
INSERT INTO c SELECT 3*/*;*/4; INSERT INTO c SELECT 5 @-- ;
 - 3;
CREATE OPERATOR +/-  (LEFTARG = int, RIGHTARG = int, FUNCTION = int4pl);
CREATE OPERATOR </ (LEFTARG = int, RIGHTARG = int, FUNCTION = int4pl);
CREATE OPERATOR /<* (LEFTARG = int, RIGHTARG = int, FUNCTION = int4pl);
INSERT INTO c SELECT 4 /<* 5; INSERT INTO c SELECT 4 </*;*/ 6;
;; ; /* nothing */ ;
/* the end; */ INSERT INTO c VALUES (9) -- no line end
