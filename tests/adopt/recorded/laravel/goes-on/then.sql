CREATE TABLE visits (id integer);
INSERT INTO migrations VALUES (3, '2026_01_01_120000_visits', 2);
