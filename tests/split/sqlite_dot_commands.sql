.read other.sql
CREATE TABLE t(a);
  .import data.csv t
SELECT .5
.7;
DELIMITER //
