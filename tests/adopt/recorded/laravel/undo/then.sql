DROP TABLE pets;
DELETE FROM migrations WHERE id = 2;
