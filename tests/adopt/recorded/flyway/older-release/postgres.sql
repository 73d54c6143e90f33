-- Flyway 4.2.0: baseline at 0 and migrate; V3 came later
CREATE TABLE public.people (
    id integer
);
CREATE TABLE public.pets (
    id integer
);
CREATE TABLE public.schema_version (
    installed_rank integer NOT NULL,
    version character varying(50),
    description character varying(200) NOT NULL,
    type character varying(20) NOT NULL,
    script character varying(1000) NOT NULL,
    checksum integer,
    installed_by character varying(100) NOT NULL,
    installed_on timestamp without time zone DEFAULT now() NOT NULL,
    execution_time integer NOT NULL,
    success boolean NOT NULL
);
INSERT INTO public.people VALUES (1);
INSERT INTO public.schema_version VALUES (1, '0', '<< Flyway Baseline >>', 'BASELINE', '<< Flyway Baseline >>', NULL, 'tester', '2026-12-01 01:45:02.602462', 0, true);
INSERT INTO public.schema_version VALUES (2, '1', 'people', 'SQL', 'V1__people.sql', -1211960875, 'tester', '2026-12-01 01:45:03.176135', 2, true);
INSERT INTO public.schema_version VALUES (3, '2.01', 'pets', 'SQL', 'V2_01__pets.sql', 1118573003, 'tester', '2026-12-01 01:45:03.474491', 8, true);
INSERT INTO public.schema_version VALUES (4, NULL, 'names', 'SQL', 'R__names.sql', 850890117, 'tester', '2026-12-01 01:45:03.563908', 0, true);
ALTER TABLE ONLY public.schema_version
    ADD CONSTRAINT schema_version_pk PRIMARY KEY (installed_rank);
CREATE INDEX schema_version_s_idx ON public.schema_version USING btree (success);
