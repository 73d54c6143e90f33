-- Flyway 11.20.0, PostgreSQL 15: migrate with defaultSchema=app, which it made; V3 came later
CREATE SCHEMA app;
CREATE TABLE app.flyway_schema_history (
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
CREATE TABLE app.people (
    id integer
);
CREATE TABLE app.pets (
    id integer
);
INSERT INTO app.flyway_schema_history VALUES (0, NULL, '<< Flyway Schema Creation >>', 'SCHEMA', '"app"', NULL, 'tester', '2026-12-01 01:44:59.516128', 0, true);
INSERT INTO app.flyway_schema_history VALUES (1, '1', 'people', 'SQL', 'V1__people.sql', -1211960875, 'tester', '2026-12-01 01:44:59.549966', 6, true);
INSERT INTO app.flyway_schema_history VALUES (2, '2', 'pets', 'SQL', 'V2__pets.sql', 1118573003, 'tester', '2026-12-01 01:44:59.583662', 7, true);
ALTER TABLE ONLY app.flyway_schema_history
    ADD CONSTRAINT flyway_schema_history_pk PRIMARY KEY (installed_rank);
CREATE INDEX flyway_schema_history_s_idx ON app.flyway_schema_history USING btree (success);
