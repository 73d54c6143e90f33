-- syncline: empty
SELECT 1;