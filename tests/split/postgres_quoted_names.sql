SELECT 1 AS U&"d\0061t;", u&'\0441;' UESCAPE '!', B'0;1', x'ff;', N'n;';
SELECT "a"";b" FROM "t;"; SELECT 'x'';y';
