-- node-pg-migrate 9.0.0, PostgreSQL 15: up -t changes --migrations-schema ops --create-migrations-schema
CREATE SCHEMA ops;
CREATE TABLE ops.changes (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    run_on timestamp without time zone NOT NULL
);
CREATE SEQUENCE ops.changes_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE ops.changes_id_seq OWNED BY ops.changes.id;
CREATE TABLE public.people (
    id integer
);
CREATE TABLE public.pets (
    id integer
);
ALTER TABLE ONLY ops.changes ALTER COLUMN id SET DEFAULT nextval('ops.changes_id_seq'::regclass);
INSERT INTO ops.changes VALUES (1, '1769855415001_people', '2026-12-01 03:03:37.046474');
INSERT INTO ops.changes VALUES (2, '1769855415002_pets', '2026-12-01 03:03:37.046474');
SELECT pg_catalog.setval('ops.changes_id_seq', 2, true);
ALTER TABLE ONLY ops.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (id);
