CREATE TABLE e (a text);
INSERT INTO e VALUES ('a
b;');
-- one;
INSERT INTO e VALUES ($$c
;$$);
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  RETURN 1;
END
$$;
COPY e FROM stdin;
d
\.
INSERT INTO e VALUES ('f')