SELECT 1;
SELECT 'a
b';
-- syncline: retries=1
