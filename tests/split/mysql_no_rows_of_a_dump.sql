-- two tables
set autocommit=0; INSERT INTO a VALUES (1); INSERT INTO b VALUES (1); COMMIT;
-- what is no row
set autocommit=0; INSERT INTO a VALUES (1); UPDATE a SET x = 2; COMMIT;
set autocommit=0; INSERT INTO a SELECT 1; COMMIT;
set autocommit=0; CREATE TABLE a (x int); COMMIT;
set autocommit=0; INSERT INTO a VALUES (1); ROLLBACK;
-- another beginning, and another end
START TRANSACTION; INSERT INTO a VALUES (1); COMMIT;
set autocommit=1; INSERT INTO a VALUES (1); COMMIT;
set @autocommit=0; INSERT INTO a VALUES (1); COMMIT;
set autocommit=0; INSERT INTO a VALUES (1); COMMIT AND CHAIN;
SET @OLD_AUTOCOMMIT=@@AUTOCOMMIT, @@AUTOCOMMIT=0; INSERT INTO a VALUES (1); COMMIT; SELECT 1;
COMMIT;
