ALTER TABLE people ADD COLUMN email TEXT;
-- syncline: down
ALTER TABLE people DROP COLUMN email;
