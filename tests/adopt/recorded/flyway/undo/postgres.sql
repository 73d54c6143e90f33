-- Flyway 13.12.2, PostgreSQL 15: migrate, then repair without V2 and R__b; the table was dropped and V2 came back
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
CREATE TABLE public.toys (
    id integer
);
INSERT INTO public.flyway_schema_history VALUES (1, '1', 'people', 'SQL', 'V1__people.sql', -1211960875, 'tester', '2026-12-01 01:44:37.729699', 128, true);
INSERT INTO public.flyway_schema_history VALUES (2, '2', 'pets', 'SQL', 'V2__pets.sql', 1118573003, 'tester', '2026-12-01 01:44:38.373074', 13, true);
INSERT INTO public.flyway_schema_history VALUES (3, '3', 'toys', 'SQL', 'V3__toys.sql', 1919048653, 'tester', '2026-12-01 01:44:38.484607', 201, true);
INSERT INTO public.flyway_schema_history VALUES (4, NULL, 'a', 'SQL', 'R__a.sql', 78787420, 'tester', '2026-12-01 01:44:38.743697', 28, true);
INSERT INTO public.flyway_schema_history VALUES (5, NULL, 'b', 'SQL', 'R__b.sql', 798974111, 'tester', '2026-12-01 01:44:38.857802', 35, true);
INSERT INTO public.flyway_schema_history VALUES (6, '2', 'pets', 'DELETE', 'V2__pets.sql', 1118573003, 'tester', '2026-12-01 01:44:41.443566', 0, true);
INSERT INTO public.flyway_schema_history VALUES (7, NULL, 'b', 'DELETE', 'R__b.sql', 798974111, 'tester', '2026-12-01 01:44:41.443566', 0, true);
ALTER TABLE ONLY public.flyway_schema_history
    ADD CONSTRAINT flyway_schema_history_pk PRIMARY KEY (installed_rank);
CREATE INDEX flyway_schema_history_s_idx ON public.flyway_schema_history USING btree (success);
