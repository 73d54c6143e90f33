-- tern 2.3.4, PostgreSQL: migrate, migrate -d 0
CREATE TABLE public.schema_version (
    version integer NOT NULL
);
INSERT INTO public.schema_version VALUES (0);
