CREATE FUNCTION grade(points int) RETURNS text LANGUAGE SQL
BEGIN ATOMIC
  SELECT points;
  SELECT CASE WHEN points > 9 THEN CASE points WHEN 10 THEN 'a;' ELSE 'b' END ELSE 'c' END;
END;
create or replace procedure begin(n int) begin atomic insert into t values (1); insert into t select 2 as end; end;
SELECT "end", 'BEGIN ATOMIC' FROM t;
CREATE FUNCTION begin() RETURNS int LANGUAGE sql RETURN 1; SELECT 2;
