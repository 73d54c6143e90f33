-- drizzle-orm 0.45.4, PostgreSQL 15: migrate with two; the second was edited then, and migrate had nothing to do
CREATE SCHEMA drizzle;
CREATE TABLE drizzle.__drizzle_migrations (
    id integer NOT NULL,
    hash text NOT NULL,
    created_at bigint
);
CREATE SEQUENCE drizzle.__drizzle_migrations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE drizzle.__drizzle_migrations_id_seq OWNED BY drizzle.__drizzle_migrations.id;
CREATE TABLE public.people (
    id integer
);
CREATE TABLE public.pets (
    id integer
);
ALTER TABLE ONLY drizzle.__drizzle_migrations ALTER COLUMN id SET DEFAULT nextval('drizzle.__drizzle_migrations_id_seq'::regclass);
INSERT INTO drizzle.__drizzle_migrations VALUES (1, '69ae72ebc023544505dc38bb6c001a2706c41d60f93473fc0a06e9a6727e30aa', 1767258000000);
INSERT INTO drizzle.__drizzle_migrations VALUES (2, '629df23248d7dd83f8fff6e0cf3ddb9cf62cf8a8197e7ac836ab8839821d3833', 1767344400000);
SELECT pg_catalog.setval('drizzle.__drizzle_migrations_id_seq', 2, true);
ALTER TABLE ONLY drizzle.__drizzle_migrations
    ADD CONSTRAINT __drizzle_migrations_pkey PRIMARY KEY (id);
