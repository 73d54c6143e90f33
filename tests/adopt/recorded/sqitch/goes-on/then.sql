CREATE TABLE public.toys (id integer);
INSERT INTO sqitch.changes VALUES ('501c5a1822ce9bda16a518a9544099f93ac37750', 'f69b8bde3256854687d4f6461c365ad48c0c683a', 'toys', 'shop', 'toys', '2026-12-01 02:30:11.300037+00', 'Ann', 'ann@example.com', '2026-12-01 02:30:10+00', 'Ann', 'ann@example.com');
