-- drizzle-orm 0.45.4, PostgreSQL 15: migrate with migrationsSchema ops and migrationsTable changes
CREATE SCHEMA ops;
CREATE TABLE ops.changes (
    id integer NOT NULL,
    hash text NOT NULL,
    created_at bigint
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
INSERT INTO ops.changes VALUES (1, '69ae72ebc023544505dc38bb6c001a2706c41d60f93473fc0a06e9a6727e30aa', 1767258000000);
INSERT INTO ops.changes VALUES (2, '629df23248d7dd83f8fff6e0cf3ddb9cf62cf8a8197e7ac836ab8839821d3833', 1767344400000);
SELECT pg_catalog.setval('ops.changes_id_seq', 2, true);
ALTER TABLE ONLY ops.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (id);
