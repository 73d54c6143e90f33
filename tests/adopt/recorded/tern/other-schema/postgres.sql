-- tern 2.3.4, PostgreSQL: migrate -d 1 --version-table kept.schema_version
CREATE SCHEMA kept;
CREATE TABLE kept.schema_version (
    version integer NOT NULL
);
CREATE TABLE public.people (
    id integer
);
INSERT INTO kept.schema_version VALUES (1);
