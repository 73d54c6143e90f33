SELECT 'c:\'; SELECT E'x\'; SELECT a \ b; SELECT $a$;$a$;
