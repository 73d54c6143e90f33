CREATE TABLE s (id int, a text);
INSERT INTO s VALUES (1, 'it''s; $$ /* -- '), (2, 'c:\'), (3, "d;"), (4, x'3b'), (5, X'3B27'), (6, '$a$'), (7, 'é；“'), (8, 'two
lines;
');
CREATE TABLE t ("a;""b", [c;'d], `e;``f`, 'g;''h'); INSERT INTO t VALUES (1, 2, 3, 4); INSERT INTO s SELECT 9, [c;'d] || `e;``f` FROM t;
CREATE TABLE trigger (begin, [end;]); CREATE INDEX end ON trigger (begin); INSERT INTO trigger VALUES (';', 1);
INSERT INTO s VALUES (10, 'no semicolon')
