SELECT 'it\'s; ok', "a\";b", 'twice''; ', "and "" ;", `name``;`;
SELECT '\\'; SELECT "\\";
SELECT N'x;', _utf8mb4'y;', x'3b', b'1', 'a' 'b;';
SELECT $a$, b FROM c$d;
