-- sqlx-cli 0.9.0, PostgreSQL 15: migrate run, the third begins with -- no-transaction and fails behind its first statement
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public._sqlx_migrations (
    version bigint NOT NULL,
    description text NOT NULL,
    installed_on timestamp with time zone DEFAULT now() NOT NULL,
    success boolean NOT NULL,
    checksum bytea NOT NULL,
    execution_time bigint NOT NULL
);
CREATE TABLE public.people (
    id integer
);
CREATE TABLE public.pets (
    id integer
);
INSERT INTO public._sqlx_migrations VALUES (1, 'people', '2026-12-01 02:24:20.026728+00', true, '\x8a43fefaf3565b4e606777c022635029e7986ee1557640ab512e83404ce3a26ba4c03a4146aef7f679e2244517a8a4fa', 2420640);
INSERT INTO public._sqlx_migrations VALUES (2, 'add pets', '2026-12-01 02:24:20.029731+00', true, '\x5b1ada703ef5156d3d69d70dc6fee72afd18cc878524bd711d35f8c17d5f4d3e49f3b45d1d291b076e9694c0b083c60b', 1180930);
ALTER TABLE ONLY public._sqlx_migrations
    ADD CONSTRAINT _sqlx_migrations_pkey PRIMARY KEY (version);
