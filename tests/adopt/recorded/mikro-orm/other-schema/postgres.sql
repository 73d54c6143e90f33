-- MikroORM 7.2.1, PostgreSQL 15: up with tableName ops.changes
CREATE SCHEMA ops;
CREATE TABLE ops.changes (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    executed_at timestamp(6) with time zone DEFAULT CURRENT_TIMESTAMP(6) NOT NULL
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
    id integer NOT NULL
);
CREATE TABLE public.pets (
    id integer NOT NULL
);
ALTER TABLE ONLY ops.changes ALTER COLUMN id SET DEFAULT nextval('ops.changes_id_seq'::regclass);
INSERT INTO ops.changes VALUES (1, 'Migration20260101090000_people', '2026-12-01 02:04:53.918881+00');
INSERT INTO ops.changes VALUES (2, 'Migration20260102090000_pets', '2026-12-01 02:04:53.918881+00');
SELECT pg_catalog.setval('ops.changes_id_seq', 2, true);
ALTER TABLE ONLY ops.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.pets
    ADD CONSTRAINT pets_pkey PRIMARY KEY (id);
