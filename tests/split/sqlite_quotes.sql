CREATE TABLE t("a;""b", [c;'d], `e;``f`, 'g;''h'); SELECT 1;
SELECT x'ab', X'cd;' , a[1;2] FROM t;
