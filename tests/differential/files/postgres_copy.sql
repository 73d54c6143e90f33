CREATE TABLE d (id int, a text, b text);
COPY d FROM stdin;
1	x;y	\N
2	it's $$ /*	\\.
3	\.x	\t
\.
INSERT INTO d VALUES (4);COPY d (id, "a") FROM STDIN WITH (FORMAT csv, HEADER); -- the data follow
id,a
5,"a;
""b"" '"
6,\N
\.
copy d from stdin with delimiter ';';
7;--;/*
\.
COPY d FROM stdin;
\.
COPY d FROM stdin;
ten	1	2
\.
INSERT INTO d VALUES (8);
COPY d (id) FROM stdin;
9
