SELECT 1\G
source x.sql
\. y.sql
SELECT 2;
DELIMITER
