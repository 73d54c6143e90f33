CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  EXECUTE $q$ UPDATE t SET seen = now(); $q$ || ' -- ;';
  RETURN new;
END;
$body$; SELECT touch;
