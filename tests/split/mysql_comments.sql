SELECT 1; # it's; a comment
SELECT 2; -- it's; another
SELECT 5--1;
SELECT 5 --
1;
/* plain; */ SELECT `a;b` FROM t; --	tab; after the dashes
SELECT 3 --
