-- one; '
CREATE TABLE c (a int); # it's; a comment
INSERT INTO c VALUES (5--1); INSERT INTO c VALUES (5 --
+1); INSERT INTO c VALUES (6 /* ; ' */); --	tab; '
INSERT INTO c VALUES (7--;
);
INSERT INTO c VALUES (8);--
INSERT INTO c VALUES (9);#
INSERT INTO c VALUES (10/* /* ; */);
/*!40101 SET NAMES utf8mb4 */;
/*!50003 INSERT INTO c VALUES (11) */; INSERT INTO c VALUES (12 /*!50001 + 1 */ /*!99999999 + 1000 */);
/*M!100100 INSERT INTO c VALUES (13) */; /*M!999999 nonsense */;
/*! INSERT INTO c VALUES (14) */;
CREATE TABLE d (id int) /*!50100 PARTITION BY HASH (id) PARTITIONS 2 */;
;; ; /* nothing */ ;
INSERT INTO nowhere VALUES ('a;'); INSERT INTO c VALUES (15); INSERT INTO c VALUES (16) -- no line end
