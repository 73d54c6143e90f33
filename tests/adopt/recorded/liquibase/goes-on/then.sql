DELETE FROM databasechangelog WHERE id = 'names';
CREATE TABLE public.pets (
    id integer
);
INSERT INTO public.databasechangelog VALUES ('names', 'ann', 'changelog.sql', '2026-12-01 01:52:47.99715', 3, 'RERAN', '9:e13c23d221306823ce204607b303cbc3', 'sql', '', NULL, '5.0.4', NULL, NULL, '6089965828');
INSERT INTO public.databasechangelog VALUES ('pets', 'ann', 'changelog.sql', '2026-12-01 01:52:48.012081', 4, 'EXECUTED', '9:01496b65c6d0c79e3ecdda0942ff1458', 'sql', '', NULL, '5.0.4', NULL, NULL, '6089965828');
INSERT INTO public.people VALUES (2);
