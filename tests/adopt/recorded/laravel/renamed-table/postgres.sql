-- Laravel 8.83.26, PostgreSQL 15: migrate, the table is "app_migrations"
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.app_migrations (
    id integer NOT NULL,
    migration character varying(255) NOT NULL,
    batch integer NOT NULL
);
CREATE SEQUENCE public.app_migrations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.app_migrations_id_seq OWNED BY public.app_migrations.id;
CREATE TABLE public.people (
    id integer
);
CREATE TABLE public.pets (
    id integer
);
ALTER TABLE ONLY public.app_migrations ALTER COLUMN id SET DEFAULT nextval('public.app_migrations_id_seq'::regclass);
INSERT INTO public.app_migrations VALUES (1, '2026_01_01_090000_people', 1);
INSERT INTO public.app_migrations VALUES (2, '2026_01_02_090000_add_pets', 1);
SELECT pg_catalog.setval('public.app_migrations_id_seq', 2, true);
ALTER TABLE ONLY public.app_migrations
    ADD CONSTRAINT app_migrations_pkey PRIMARY KEY (id);
