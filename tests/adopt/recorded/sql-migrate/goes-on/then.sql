INSERT INTO gorp_migrations VALUES('2_pets.sql','2026-12-01 01:47:46.367232805+00:00');
CREATE TABLE pets (id integer);
