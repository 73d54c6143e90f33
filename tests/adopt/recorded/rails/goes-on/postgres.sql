-- Rails (ActiveRecord 6.1.7.10), PostgreSQL 15: migrate; then: a third
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.ar_internal_metadata (
    key character varying NOT NULL,
    value character varying,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);
CREATE TABLE public.people (
    id integer
);
CREATE TABLE public.pets (
    id integer
);
CREATE TABLE public.schema_migrations (
    version character varying NOT NULL
);
INSERT INTO public.ar_internal_metadata VALUES ('environment', 'default_env', '2026-12-01 02:27:56.612784', '2026-12-01 02:27:56.612784');
INSERT INTO public.schema_migrations VALUES ('20260101090000');
INSERT INTO public.schema_migrations VALUES ('20260102090000');
ALTER TABLE ONLY public.ar_internal_metadata
    ADD CONSTRAINT ar_internal_metadata_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);
