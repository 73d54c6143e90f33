CREATE TABLE s (id int, a text);
INSERT INTO s VALUES (1, 'it''s; $$ /* -- '), (2, E'it\'s; \\'), (3, E'\\\'; -- '), (4, 'c:\'), (5, $$;'$$), (6, $a$;$$;$b$;$a$);
INSERT INTO s VALUES (7, U&'\0441; \\'), (8, U&'!0441;''' UESCAPE '!'), (9, 'a;'
  'b;'), (11, N'n;'), (12, 'é；“');
INSERT INTO s SELECT 13, B'01'::text || x'f;'::text;
INSERT INTO s SELECT 14, B'01'::text || x'ff'::text; INSERT INTO s VALUES (15, 'two
lines;
');
CREATE TABLE "a;b""c;" ("x;" int, U&"d\0061t;" int, "$$" int);
SELECT 1 AS a$$b, 2 AS c$d$; INSERT INTO s VALUES (16, 'e'); SELECT 1 AS x$$; INSERT INTO s VALUES (17, $é$;$é$)
