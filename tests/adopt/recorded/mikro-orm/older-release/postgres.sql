-- MikroORM 6.4.16, PostgreSQL 15: up with two migrations
CREATE TABLE public.mikro_orm_migrations (
    id integer NOT NULL,
    name character varying(255),
    executed_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP
);
CREATE SEQUENCE public.mikro_orm_migrations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.mikro_orm_migrations_id_seq OWNED BY public.mikro_orm_migrations.id;
CREATE TABLE public.people (
    id integer NOT NULL
);
CREATE TABLE public.pets (
    id integer NOT NULL
);
ALTER TABLE ONLY public.mikro_orm_migrations ALTER COLUMN id SET DEFAULT nextval('public.mikro_orm_migrations_id_seq'::regclass);
INSERT INTO public.mikro_orm_migrations VALUES (1, 'Migration20260101090000', '2026-12-01 02:04:31.367632+00');
INSERT INTO public.mikro_orm_migrations VALUES (2, 'Migration20260102090000', '2026-12-01 02:04:31.367632+00');
SELECT pg_catalog.setval('public.mikro_orm_migrations_id_seq', 2, true);
ALTER TABLE ONLY public.mikro_orm_migrations
    ADD CONSTRAINT mikro_orm_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.pets
    ADD CONSTRAINT pets_pkey PRIMARY KEY (id);
