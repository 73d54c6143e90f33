-- Alembic 1.20.1, PostgreSQL 15: upgrade head, version_table_schema="ops"
SELECT pg_catalog.set_config('search_path', '', false);
CREATE SCHEMA ops;
CREATE TABLE ops.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.people (
    id integer
);
CREATE TABLE public.pets (
    id integer
);
INSERT INTO ops.alembic_version VALUES ('b7c0ffee0002');
ALTER TABLE ONLY ops.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
