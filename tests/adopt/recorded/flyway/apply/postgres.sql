-- Flyway 13.12.2: migrate with V1, V2_1 and R__names; V3 came later
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
INSERT INTO public.flyway_schema_history VALUES (1, '1', 'people', 'SQL', 'V1__people.sql', -1211960875, 'tester', '2026-12-01 01:43:42.905946', 53, true);
INSERT INTO public.flyway_schema_history VALUES (2, '2.1', 'add pets', 'SQL', 'V2_1__add_pets.sql', 1118573003, 'tester', '2026-12-01 01:43:43.036648', 35, true);
INSERT INTO public.flyway_schema_history VALUES (3, NULL, 'names', 'SQL', 'R__names.sql', 850890117, 'tester', '2026-12-01 01:43:43.112924', 26, true);
INSERT INTO public.people VALUES (1);
ALTER TABLE ONLY public.flyway_schema_history
    ADD CONSTRAINT flyway_schema_history_pk PRIMARY KEY (installed_rank);
CREATE INDEX flyway_schema_history_s_idx ON public.flyway_schema_history USING btree (success);
