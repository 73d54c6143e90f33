CREATE TABLE visits (id integer PRIMARY KEY, pet integer REFERENCES pets (id));
ALTER TABLE pets ADD COLUMN age integer;
CREATE INDEX pets_name ON pets (name);
