CREATE TABLE visits (id integer);
INSERT INTO django_migrations VALUES (3, 'shop', '0003_visits', '2026-12-01 01:38:59.781978+00');
