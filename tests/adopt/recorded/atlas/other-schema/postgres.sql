-- Atlas of 2026-06-22 (community), PostgreSQL: migrate apply 1 --revisions-schema kept
CREATE SCHEMA kept;
CREATE TABLE kept.atlas_schema_revisions (
    version character varying NOT NULL,
    description character varying NOT NULL,
    type bigint DEFAULT 2 NOT NULL,
    applied bigint DEFAULT 0 NOT NULL,
    total bigint DEFAULT 0 NOT NULL,
    executed_at timestamp with time zone NOT NULL,
    execution_time bigint NOT NULL,
    error text,
    error_stmt text,
    hash character varying NOT NULL,
    partial_hashes jsonb,
    operator_version character varying NOT NULL
);
CREATE TABLE public.people (
    id integer
);
INSERT INTO kept.atlas_schema_revisions VALUES ('20260101090000', 'people', 2, 1, 1, '2026-12-01 01:38:03.557335+00', 285370, '', '', 'yI3DcBEYWNwhdKso1a6NJNWkrXNiliWlLq2856vbwVc=', 'null', 'Atlas CLI - development');
ALTER TABLE ONLY kept.atlas_schema_revisions
    ADD CONSTRAINT atlas_schema_revisions_pkey PRIMARY KEY (version);
