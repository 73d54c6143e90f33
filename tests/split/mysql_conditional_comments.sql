/*!40101 SET NAMES utf8 */;
/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`%`*/ /*!50003 TRIGGER `t;x` BEFORE INSERT ON a FOR EACH ROW BEGIN SET NEW.x = 1; SET NEW.y = ';'; END */;
/*M!100100 ALTER TABLE a ADD COLUMN u uuid */;
SELECT 1 /*!99999 , 2 */ /* a comment; with a semicolon */;
CREATE TABLE b (id int) /*!50100 PARTITION BY HASH (id) PARTITIONS 2 */;
