-- Atlas of 2026-06-22 (community), PostgreSQL: migrate apply 2, then the first file was edited, then migrate hash
CREATE TABLE public.atlas_schema_revisions (
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
CREATE TABLE public.pets (
    id integer
);
INSERT INTO public.atlas_schema_revisions VALUES ('20260101090000', 'people', 2, 1, 1, '2026-12-01 01:37:11.02679+00', 281267, '', '', 'yI3DcBEYWNwhdKso1a6NJNWkrXNiliWlLq2856vbwVc=', 'null', 'Atlas CLI - development');
INSERT INTO public.atlas_schema_revisions VALUES ('20260102090000', 'pets', 2, 1, 1, '2026-12-01 01:37:11.029587+00', 317487, '', '', '2ei0MQKyoW4e5PHwNs7ZWtfZY7DXNGwfeqGtm1yimno=', 'null', 'Atlas CLI - development');
ALTER TABLE ONLY public.atlas_schema_revisions
    ADD CONSTRAINT atlas_schema_revisions_pkey PRIMARY KEY (version);
