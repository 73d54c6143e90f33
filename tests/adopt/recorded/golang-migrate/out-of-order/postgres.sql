-- golang-migrate 4.20.1, PostgreSQL: up with 1 and 3, then up with 2 as well (no change)
CREATE TABLE public.people (
    id integer
);
CREATE TABLE public.schema_migrations (
    version bigint NOT NULL,
    dirty boolean NOT NULL
);
CREATE TABLE public.toys (
    id integer
);
INSERT INTO public.schema_migrations VALUES (3, false);
ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);
