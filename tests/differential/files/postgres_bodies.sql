CREATE TABLE log (a text);
CREATE FUNCTION grade(points int) RETURNS text LANGUAGE SQL
BEGIN ATOMIC
  SELECT 'begin; end';
  SELECT CASE WHEN points > 9 THEN CASE points WHEN 10 THEN 'a;' ELSE 'b' END ELSE 'c' END;
END;
create or replace procedure begin(n int) language sql begin atomic insert into log values (';'); insert into log select 'x' as "end"; end;
CREATE FUNCTION one() RETURNS int LANGUAGE sql RETURN 1; INSERT INTO log VALUES (grade(10) || one());
CREATE FUNCTION begin() RETURNS int LANGUAGE sql RETURN CASE WHEN true THEN 1 END; INSERT INTO log SELECT begin();
CALL begin(1);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  EXECUTE $q$ INSERT INTO log VALUES ('q;'); $q$ || ' -- ;';
  RETURN new; -- it's;
END;
$body$; CREATE TABLE t (a int);
CREATE TRIGGER touch BEFORE INSERT ON t FOR EACH ROW WHEN (new.a > CASE WHEN true THEN 0 END) EXECUTE FUNCTION touch();
INSERT INTO t VALUES (1);
CREATE RULE twice AS ON DELETE TO t DO ALSO (INSERT INTO log VALUES ('r;'); INSERT INTO log VALUES (old.a::text););
CREATE RULE thrice AS ON DELETE TO t DO ALSO (INSERT INTO log VALUES ('r;'); INSERT INTO log VALUES (old.a::text));
DELETE FROM t;
DO 'BEGIN INSERT INTO log VALUES (''do;''); END'; DO LANGUAGE plpgsql E'BEGIN INSERT INTO log VALUES (\'do;\'); END';
CREATE SCHEMA x CREATE TABLE y (a int) CREATE VIEW z AS SELECT ';' AS a FROM y;
CREATE FUNCTION old() RETURNS text LANGUAGE sql AS 'SELECT ''a;''; SELECT ''b;''';
CREATE TABLE begin (atomic int); CREATE VIEW function AS SELECT atomic AS begin FROM begin; INSERT INTO begin VALUES (1)
