-- golang-migrate 4.20.1, PostgreSQL: up 1 with x-migrations-table="kept"."versions"
CREATE SCHEMA kept;
CREATE TABLE kept.versions (
    version bigint NOT NULL,
    dirty boolean NOT NULL
);
CREATE TABLE public.people (
    id integer
);
INSERT INTO kept.versions VALUES (1, false);
ALTER TABLE ONLY kept.versions
    ADD CONSTRAINT versions_pkey PRIMARY KEY (version);
