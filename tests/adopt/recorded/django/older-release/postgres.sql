-- Django 3.2.25, PostgreSQL 15: migrate
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.django_migrations (
    id integer NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.django_migrations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.django_migrations_id_seq OWNED BY public.django_migrations.id;
CREATE TABLE public.people (
    id integer
);
CREATE TABLE public.pets (
    id integer
);
ALTER TABLE ONLY public.django_migrations ALTER COLUMN id SET DEFAULT nextval('public.django_migrations_id_seq'::regclass);
INSERT INTO public.django_migrations VALUES (1, 'shop', '0001_people', '2026-12-01 01:39:33.786837+00');
INSERT INTO public.django_migrations VALUES (2, 'shop', '0002_add_pets', '2026-12-01 01:39:33.789716+00');
SELECT pg_catalog.setval('public.django_migrations_id_seq', 2, true);
ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);
