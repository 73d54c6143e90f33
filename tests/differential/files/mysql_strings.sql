CREATE TABLE s (id int, a text);
INSERT INTO s VALUES (1, 'it\'s; ok'), (2, "a\";b"), (3, 'twice''; '), (4, "and "" ;"), (5, 'c:\\'), (6, '\\\'; -- '), (7, 'a;' "b;" 'c');
INSERT INTO s VALUES (8, N'x;'), (9, _utf8mb4'y;'), (10, x'3b'), (11, b'111011'), (12, 0x3b27), (13, 'é；“'), (14, '\%\_\0'), (15, 'two
lines;
# no comment
');
CREATE TABLE `a;b``c;` (`x;` int, `$$` int, `"` int, c$d int); SELECT 1 AS $a$, 2 AS `;`; INSERT INTO s VALUES (16, '$$;$$');
SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES';
CREATE TABLE "n;""m" ("o;" int); INSERT INTO s ("id", a) VALUES (17, 'c:\'); INSERT INTO s VALUES (18, '\'';');
SET sql_mode = 'ANSI_QUOTES'; INSERT INTO s ("id", a) VALUES (19, '\';');
SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES'; INSERT INTO s VALUES (20, "\"), (21, '\'), (22, "a"";");
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='STRICT_TRANS_TABLES' */; INSERT INTO s VALUES (23, "\";");
SET @@session.sql_mode = 'ANSI'; INSERT INTO s ("id", "a") VALUES (24, 'a;' || 'b'); SET sql_mode = '';
INSERT INTO s VALUES (25, "a;")
