COPY "to" (a, "from") FROM STDIN WITH (FORMAT text);
1	x;y
2	it's $$ /*
\\.
\.x
\.
SELECT 1;
copy t from stdin; -- the data follow
\.
COPY t FROM STDIN;
7
\.
SELECT 2;
