\restrict x
-- INSERT INTO t VALUES (1);
/* CREATE TABLE t (a int); /* nested */ */
CREATE INDEX /* INSERT INTO t VALUES (1); */ CONCURRENTLY "i; SELECT 1" ON t (a);
;
-- SELECT 1;
VACUUM t -- SELECT 1;
;
\unrestrict x
