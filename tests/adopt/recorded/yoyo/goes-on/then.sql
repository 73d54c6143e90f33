CREATE TABLE toys (id integer);
INSERT INTO public._yoyo_migration VALUES ('c7bb14cac96ede6b40c8c6a7a444b47c5b9f0e4ae1559bd9cfbe6661f942e5d4', '0003_toys', '2026-12-01 01:40:00.094578');
