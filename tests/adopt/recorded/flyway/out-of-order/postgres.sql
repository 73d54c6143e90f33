-- Flyway 11.20.0, PostgreSQL 15: migrate with V1 and V3, then V2 with outOfOrder; V2.5 and V4 came later
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
INSERT INTO public.flyway_schema_history VALUES (1, '1', 'people', 'SQL', 'V1__people.sql', -1211960875, 'tester', '2026-12-01 01:43:58.040939', 28, true);
INSERT INTO public.flyway_schema_history VALUES (2, '3', 'toys', 'SQL', 'V3__toys.sql', 1919048653, 'tester', '2026-12-01 01:43:58.122637', 36, true);
INSERT INTO public.flyway_schema_history VALUES (3, '2', 'pets', 'SQL', 'V2__pets.sql', 1118573003, 'tester', '2026-12-01 01:43:59.579133', 39, true);
ALTER TABLE ONLY public.flyway_schema_history
    ADD CONSTRAINT flyway_schema_history_pk PRIMARY KEY (installed_rank);
CREATE INDEX flyway_schema_history_s_idx ON public.flyway_schema_history USING btree (success);
