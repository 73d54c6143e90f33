-- sql-migrate 1.8.1, PostgreSQL: up with 1 and 3, then up with 2 as well
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
CREATE TABLE public.toys (
    id integer
);
INSERT INTO public.gorp_migrations VALUES ('1_people.sql', '2026-12-01 01:47:43.502487+00');
INSERT INTO public.gorp_migrations VALUES ('3_toys.sql', '2026-12-01 01:47:43.503533+00');
INSERT INTO public.gorp_migrations VALUES ('2_pets.sql', '2026-12-01 01:47:43.542806+00');
ALTER TABLE ONLY public.gorp_migrations
    ADD CONSTRAINT gorp_migrations_pkey PRIMARY KEY (id);
