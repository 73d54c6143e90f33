INSERT INTO django_migrations VALUES(3,'shop','0001_squashed_0002_add_pets','2026-12-01 01:39:12.626754');
DELETE FROM django_migrations WHERE id IN (1, 2);
