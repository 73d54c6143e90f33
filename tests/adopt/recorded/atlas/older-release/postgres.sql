-- Atlas 0.7.0, PostgreSQL: migrate apply 2
CREATE TABLE public.atlas_schema_revisions (
    version character varying NOT NULL,
    description character varying NOT NULL,
    type bigint DEFAULT 2 NOT NULL,
    applied bigint DEFAULT 0 NOT NULL,
    total bigint DEFAULT 0 NOT NULL,
    executed_at timestamp with time zone NOT NULL,
    execution_time bigint NOT NULL,
    error text,
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
INSERT INTO public.atlas_schema_revisions VALUES ('20260101090000', 'people', 2, 1, 1, '2026-12-01 01:45:32.465789+00', 366050, '', 'yI3DcBEYWNwhdKso1a6NJNWkrXNiliWlLq2856vbwVc=', '["h1:vXJ0EpcFql9ZZl19kbtR6AWlbJ2SlrR0QbAZccBoBDQ="]', 'Atlas CLI - - development');
INSERT INTO public.atlas_schema_revisions VALUES ('20260102090000', 'pets', 2, 1, 1, '2026-12-01 01:45:32.469758+00', 1878314, '', '2ei0MQKyoW4e5PHwNs7ZWtfZY7DXNGwfeqGtm1yimno=', '["h1:/ipQPYQtjBqhVGJfUH0vDq1SUaCRLZpXTJT/YmhiARg="]', 'Atlas CLI - - development');
ALTER TABLE ONLY public.atlas_schema_revisions
    ADD CONSTRAINT atlas_schema_revisions_pkey PRIMARY KEY (version);
