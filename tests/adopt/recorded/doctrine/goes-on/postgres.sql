-- Doctrine Migrations 3.8.2, PostgreSQL 15: migrate; then: a third, dated between them
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.doctrine_migration_versions (
    version character varying(191) NOT NULL,
    executed_at timestamp(0) without time zone DEFAULT NULL::timestamp without time zone,
    execution_time integer
);
CREATE TABLE public.people (
    id integer
);
CREATE TABLE public.pets (
    id integer
);
INSERT INTO public.doctrine_migration_versions VALUES ('App\Version20260101090000', '2026-12-01 02:46:33', 21);
INSERT INTO public.doctrine_migration_versions VALUES ('App\Version20260102090000', '2026-12-01 02:46:33', 99);
ALTER TABLE ONLY public.doctrine_migration_versions
    ADD CONSTRAINT doctrine_migration_versions_pkey PRIMARY KEY (version);
