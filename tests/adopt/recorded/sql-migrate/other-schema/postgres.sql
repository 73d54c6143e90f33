-- sql-migrate 1.8.1, PostgreSQL: up -limit=1 with schema: kept
CREATE SCHEMA kept;
CREATE TABLE kept.gorp_migrations (
    id text NOT NULL,
    applied_at timestamp with time zone
);
CREATE TABLE public.people (
    id integer
);
INSERT INTO kept.gorp_migrations VALUES ('1_people.sql', '2026-12-01 01:47:46.028186+00');
ALTER TABLE ONLY kept.gorp_migrations
    ADD CONSTRAINT gorp_migrations_pkey PRIMARY KEY (id);
