-- Flyway 13.12.2, PostgreSQL 15: migrate on tables that were there, with baselineOnMigrate and baselineVersion 2; V1.5 and V4 came later
CREATE TABLE public.flyway_schema_history (
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
CREATE TABLE public.people (
    id integer
);
CREATE TABLE public.pets (
    id integer
);
CREATE TABLE public.toys (
    id integer
);
INSERT INTO public.flyway_schema_history VALUES (1, '2', 'as it was', 'BASELINE', 'as it was', NULL, 'tester', '2026-12-01 01:44:28.247652', 0, true);
INSERT INTO public.flyway_schema_history VALUES (2, '3', 'toys', 'SQL', 'V3__toys.sql', 1919048653, 'tester', '2026-12-01 01:44:28.321061', 34, true);
ALTER TABLE ONLY public.flyway_schema_history
    ADD CONSTRAINT flyway_schema_history_pk PRIMARY KEY (installed_rank);
CREATE INDEX flyway_schema_history_s_idx ON public.flyway_schema_history USING btree (success);
