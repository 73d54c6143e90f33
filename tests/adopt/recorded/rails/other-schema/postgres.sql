-- Rails (ActiveRecord 6.1.7.10), PostgreSQL 15: migrate, schema_search_path: app
SELECT pg_catalog.set_config('search_path', '', false);
CREATE SCHEMA app;
CREATE TABLE app.ar_internal_metadata (
    key character varying NOT NULL,
    value character varying,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);
CREATE TABLE app.people (
    id integer
);
CREATE TABLE app.pets (
    id integer
);
CREATE TABLE app.schema_migrations (
    version character varying NOT NULL
);
INSERT INTO app.ar_internal_metadata VALUES ('environment', 'default_env', '2026-12-01 02:28:06.038578', '2026-12-01 02:28:06.038578');
INSERT INTO app.schema_migrations VALUES ('20260101090000');
INSERT INTO app.schema_migrations VALUES ('20260102090000');
ALTER TABLE ONLY app.ar_internal_metadata
    ADD CONSTRAINT ar_internal_metadata_pkey PRIMARY KEY (key);
ALTER TABLE ONLY app.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);
