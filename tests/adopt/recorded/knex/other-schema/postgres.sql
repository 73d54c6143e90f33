-- knex 3.3.0, PostgreSQL 15: latest with schemaName ops and tableName changes
CREATE SCHEMA ops;
CREATE TABLE ops.changes (
    id integer NOT NULL,
    name character varying(255),
    batch integer,
    migration_time timestamp with time zone
);
CREATE SEQUENCE ops.changes_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE ops.changes_id_seq OWNED BY ops.changes.id;
CREATE TABLE ops.changes_lock (
    index integer NOT NULL,
    is_locked integer
);
CREATE SEQUENCE ops.changes_lock_index_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE ops.changes_lock_index_seq OWNED BY ops.changes_lock.index;
CREATE TABLE public.people (
    id integer
);
CREATE TABLE public.pets (
    id integer
);
ALTER TABLE ONLY ops.changes ALTER COLUMN id SET DEFAULT nextval('ops.changes_id_seq'::regclass);
ALTER TABLE ONLY ops.changes_lock ALTER COLUMN index SET DEFAULT nextval('ops.changes_lock_index_seq'::regclass);
INSERT INTO ops.changes VALUES (1, '20260101090000_people.js', 1, '2026-12-01 03:04:29.452+00');
INSERT INTO ops.changes VALUES (2, '20260102090000_pets.js', 1, '2026-12-01 03:04:29.456+00');
INSERT INTO ops.changes_lock VALUES (1, 0);
SELECT pg_catalog.setval('ops.changes_id_seq', 2, true);
SELECT pg_catalog.setval('ops.changes_lock_index_seq', 1, true);
ALTER TABLE ONLY ops.changes_lock
    ADD CONSTRAINT changes_lock_pkey PRIMARY KEY (index);
ALTER TABLE ONLY ops.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (id);
