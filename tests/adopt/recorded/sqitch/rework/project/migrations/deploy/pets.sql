ALTER TABLE pets ADD name text;
