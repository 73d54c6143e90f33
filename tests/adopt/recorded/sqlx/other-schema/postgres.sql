-- sqlx-cli 0.9.0, PostgreSQL 15: migrate run, table-name = "app.changes" in sqlx.toml
SELECT pg_catalog.set_config('search_path', '', false);
CREATE SCHEMA app;
CREATE TABLE app.changes (
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
INSERT INTO app.changes VALUES (1, 'people', '2026-12-01 02:24:21.321291+00', true, '\x8a43fefaf3565b4e606777c022635029e7986ee1557640ab512e83404ce3a26ba4c03a4146aef7f679e2244517a8a4fa', 2056205);
INSERT INTO app.changes VALUES (2, 'add pets', '2026-12-01 02:24:21.323908+00', true, '\x5b1ada703ef5156d3d69d70dc6fee72afd18cc878524bd711d35f8c17d5f4d3e49f3b45d1d291b076e9694c0b083c60b', 1324652);
ALTER TABLE ONLY app.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (version);
