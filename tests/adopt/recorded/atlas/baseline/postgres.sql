-- Atlas of 2026-06-22 (community), PostgreSQL: migrate apply 1 --baseline of the second file
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
CREATE TABLE public.toys (
    id integer
);
INSERT INTO public.atlas_schema_revisions VALUES ('20260102090000', 'pets', 1, 0, 0, '2026-12-01 01:38:02.873349+00', 0, '', '', '', 'null', 'Atlas CLI - development');
INSERT INTO public.atlas_schema_revisions VALUES ('20260103090000', 'toys', 2, 1, 1, '2026-12-01 01:38:02.884384+00', 308317, '', '', '+vVYZjvgwyk0B1sjQ75YeMaaBdzJX+rN3XJ5QXBYYUg=', 'null', 'Atlas CLI - development');
ALTER TABLE ONLY public.atlas_schema_revisions
    ADD CONSTRAINT atlas_schema_revisions_pkey PRIMARY KEY (version);
