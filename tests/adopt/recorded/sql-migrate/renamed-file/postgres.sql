-- sql-migrate 1.8.1, PostgreSQL: up -limit=2, then the second file got another name: refused by sql-migrate
CREATE TABLE public.gorp_migrations (
    id text NOT NULL,
    applied_at timestamp with time zone
);
CREATE TABLE public.people (
    id integer
);
CREATE TABLE public.pets (
    id integer
);
INSERT INTO public.gorp_migrations VALUES ('1_people.sql', '2026-12-01 01:47:46.885963+00');
INSERT INTO public.gorp_migrations VALUES ('2_pets.sql', '2026-12-01 01:47:46.894251+00');
ALTER TABLE ONLY public.gorp_migrations
    ADD CONSTRAINT gorp_migrations_pkey PRIMARY KEY (id);
