-- tern 2.3.4, PostgreSQL: migrate -d 2
CREATE TABLE public.people (
    id integer
);
CREATE TABLE public.pets (
    id integer
);
CREATE TABLE public.schema_version (
    version integer NOT NULL
);
INSERT INTO public.schema_version VALUES (2);
