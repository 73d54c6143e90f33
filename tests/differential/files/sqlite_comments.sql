-- one; '
CREATE TABLE c (a int); /* one /* two; ' */ INSERT INTO c VALUES (1);--;
INSERT INTO c VALUES (2 /* ; */ + /*;*/ 1 -- ; '
 - - 1); INSERT INTO c VALUES (3--;
);
;; ; /* nothing */ ;
INSERT INTO c VALUES (4); INSERT INTO c VALUES (5) /* not closed; INSERT INTO c VALUES (6);*/
