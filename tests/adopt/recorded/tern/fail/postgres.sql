-- tern 2.3.4, PostgreSQL: migrate, whose second file has disable-tx and fails
CREATE TABLE public.people (
    id integer
);
CREATE TABLE public.pets (
    id integer
);
CREATE TABLE public.schema_version (
    version integer NOT NULL
);
INSERT INTO public.schema_version VALUES (1);
