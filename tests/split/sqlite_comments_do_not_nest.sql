/* one /* two; */ SELECT 1; SELECT ';' -- x;
; SELECT 2; /* */
