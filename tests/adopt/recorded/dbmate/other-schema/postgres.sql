-- dbmate 2.36.0, PostgreSQL 15: --migrations-table ops.changes up
CREATE SCHEMA ops;
CREATE TABLE ops.changes (
    version character varying NOT NULL
);
CREATE TABLE public.people (
    id integer
);
CREATE TABLE public.pets (
    id integer
);
INSERT INTO ops.changes VALUES ('20260101090000');
INSERT INTO ops.changes VALUES ('20260102090000');
ALTER TABLE ONLY ops.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (version);
