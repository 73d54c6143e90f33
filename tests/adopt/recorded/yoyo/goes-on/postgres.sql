-- yoyo 9.0.0, PostgreSQL 15: apply; then: a third
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public._yoyo_log (
    id character varying(36) NOT NULL,
    migration_hash character varying(64),
    migration_id character varying(255),
    operation character varying(10),
    username character varying(255),
    hostname character varying(255),
    comment character varying(255),
    created_at_utc timestamp without time zone
);
CREATE TABLE public._yoyo_migration (
    migration_hash character varying(64) NOT NULL,
    migration_id character varying(255),
    applied_at_utc timestamp without time zone
);
CREATE TABLE public._yoyo_version (
    version integer NOT NULL,
    installed_at_utc timestamp without time zone
);
CREATE TABLE public.people (
    id integer
);
CREATE TABLE public.pets (
    id integer
);
CREATE TABLE public.yoyo_lock (
    locked integer DEFAULT 1 NOT NULL,
    ctime timestamp without time zone,
    pid integer NOT NULL
);
INSERT INTO public._yoyo_log VALUES ('1eb6e5dc-ed28-11f1-bbed-000000000000', '18c68a3d93c5086e3a0ae1aff2aced7283d6374ff53cb15d317a2ee18583a6e6', '0001_people', 'apply', 'ann', 'here', NULL, '2026-12-01 01:39:59.498661');
INSERT INTO public._yoyo_log VALUES ('1eb9b168-ed28-11f1-bbed-000000000000', '60534c424e2450eb4bf52c8179d658dab50a64a7bfd5e29cf3d945dcde216574', '0002_pets', 'apply', 'ann', 'here', NULL, '2026-12-01 01:39:59.515833');
INSERT INTO public._yoyo_migration VALUES ('18c68a3d93c5086e3a0ae1aff2aced7283d6374ff53cb15d317a2ee18583a6e6', '0001_people', '2026-12-01 01:39:59.499932');
INSERT INTO public._yoyo_migration VALUES ('60534c424e2450eb4bf52c8179d658dab50a64a7bfd5e29cf3d945dcde216574', '0002_pets', '2026-12-01 01:39:59.51649');
INSERT INTO public._yoyo_version VALUES (2, '2026-12-01 01:39:59.482059');
ALTER TABLE ONLY public._yoyo_log
    ADD CONSTRAINT _yoyo_log_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public._yoyo_migration
    ADD CONSTRAINT _yoyo_migration_pkey PRIMARY KEY (migration_hash);
ALTER TABLE ONLY public._yoyo_version
    ADD CONSTRAINT _yoyo_version_pkey PRIMARY KEY (version);
ALTER TABLE ONLY public.yoyo_lock
    ADD CONSTRAINT yoyo_lock_pkey PRIMARY KEY (locked);
