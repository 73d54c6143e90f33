SELECT a$b$c, d$$e FROM t WHERE x = $1; SELECT $tag_1$;$$;$tag_1$; SELECT $é$;$é$;
SELECT $1$2;
