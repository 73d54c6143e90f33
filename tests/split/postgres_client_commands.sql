\connect other
SELECT 1;
\i schema.sql
SELECT 2 \gexec
  \copy t from program 'sed; rm' 
SELECT 3 \; SELECT 4;
SELECT 5; \restrict x
\.
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
delimiter d//
