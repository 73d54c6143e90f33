-- tern 2.3.4, PostgreSQL: migrate, migrate -d -2, migrate -d -+1
CREATE TABLE public.people (
    id integer
);
CREATE TABLE public.schema_version (
    version integer NOT NULL
);
INSERT INTO public.schema_version VALUES (1);
