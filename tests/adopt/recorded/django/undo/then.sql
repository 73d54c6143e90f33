DROP TABLE pets;
DROP TABLE people;
DELETE FROM django_migrations;
