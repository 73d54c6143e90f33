-- Doctrine Migrations 3.8.2, PostgreSQL 15: migrate, table_name "app_migrations"
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.app_migrations (
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
INSERT INTO public.app_migrations VALUES ('App\Version20260101090000', '2026-12-01 02:46:39', 429);
INSERT INTO public.app_migrations VALUES ('App\Version20260102090000', '2026-12-01 02:46:40', 33);
ALTER TABLE ONLY public.app_migrations
    ADD CONSTRAINT app_migrations_pkey PRIMARY KEY (version);
