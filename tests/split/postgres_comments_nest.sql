/* one /* two; */ still one; */ SELECT 1; -- SELECT 0;
SELECT 2 /* ' */ + /* $$ */ 3 -- ; '
;
SELECT 4 --no line break at the end
