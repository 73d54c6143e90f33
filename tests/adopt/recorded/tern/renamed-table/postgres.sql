-- tern 2.3.4, PostgreSQL: migrate -d 1 --version-table ours
CREATE TABLE public.ours (
    version integer NOT NULL
);
CREATE TABLE public.people (
    id integer
);
INSERT INTO public.ours VALUES (1);
