-- soda 6.4.1 (pop), PostgreSQL: migrate up, migrate down -s 2, migrate up -s 1
CREATE TABLE public.people (
    id integer
);
CREATE TABLE public.pets (
    id integer
);
CREATE TABLE public.schema_migration (
    version character varying(14) NOT NULL
);
INSERT INTO public.schema_migration VALUES ('20260101090000');
INSERT INTO public.schema_migration VALUES ('20260102090000');
ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (version);
CREATE UNIQUE INDEX schema_migration_version_idx ON public.schema_migration USING btree (version);
