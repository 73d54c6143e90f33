-- TypeORM 1.1.1, PostgreSQL 15: runMigrations with schema ops and migrationsTableName changes
CREATE SCHEMA ops;
CREATE TABLE ops.changes (
    id integer NOT NULL,
    "timestamp" bigint NOT NULL,
    name character varying NOT NULL
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
INSERT INTO ops.changes VALUES (1, 1767258000000, 'people1767258000000');
INSERT INTO ops.changes VALUES (2, 1767344400000, 'pets1767344400000');
SELECT pg_catalog.setval('ops.changes_id_seq', 2, true);
ALTER TABLE ONLY ops.changes
    ADD CONSTRAINT "PK_ee28fdddd557d6e0d4949a9741f" PRIMARY KEY (id);
