-- graphile-migrate 1.4.1, PostgreSQL 15: commit, commit, migrate
CREATE SCHEMA graphile_migrate;
CREATE TABLE graphile_migrate.current (
    filename text DEFAULT 'current.sql'::text NOT NULL,
    content text NOT NULL,
    date timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE graphile_migrate.migrations (
    hash text NOT NULL,
    previous_hash text,
    filename text NOT NULL,
    date timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE public.people (
    id integer
);
CREATE TABLE public.pets (
    id integer
);
INSERT INTO graphile_migrate.migrations VALUES ('sha1:2bebbbed6eb2e5a2e86b1866e8b65b8fdb6f5cc6', NULL, '000001.sql', '2026-12-01 03:06:19.692744+00');
INSERT INTO graphile_migrate.migrations VALUES ('sha1:5f1ce599fb92d1180f3e2338f54a7a24be24ab73', 'sha1:2bebbbed6eb2e5a2e86b1866e8b65b8fdb6f5cc6', '000002.sql', '2026-12-01 03:06:20.324713+00');
ALTER TABLE ONLY graphile_migrate.current
    ADD CONSTRAINT current_pkey PRIMARY KEY (filename);
ALTER TABLE ONLY graphile_migrate.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (hash);
ALTER TABLE ONLY graphile_migrate.migrations
    ADD CONSTRAINT migrations_previous_hash_fkey FOREIGN KEY (previous_hash) REFERENCES graphile_migrate.migrations(hash);
