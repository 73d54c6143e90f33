-- Liquibase 5.0.4, PostgreSQL 15: update; then again with an edited ann:names and a new ann:pets
CREATE TABLE public.databasechangelog (
    id character varying(255) NOT NULL,
    author character varying(255) NOT NULL,
    filename character varying(255) NOT NULL,
    dateexecuted timestamp without time zone NOT NULL,
    orderexecuted integer NOT NULL,
    exectype character varying(10) NOT NULL,
    md5sum character varying(35),
    description character varying(255),
    comments character varying(255),
    tag character varying(255),
    liquibase character varying(20),
    contexts character varying(255),
    labels character varying(255),
    deployment_id character varying(10)
);
CREATE TABLE public.databasechangeloglock (
    id integer NOT NULL,
    locked boolean NOT NULL,
    lockgranted timestamp without time zone,
    lockedby character varying(255)
);
CREATE TABLE public.people (
    id integer
);
INSERT INTO public.databasechangelog VALUES ('people', 'ann', 'changelog.sql', '2026-12-01 01:52:43.047733', 1, 'EXECUTED', '9:7c3597e84a0adeb771b83574d1d982b7', 'sql', '', NULL, '5.0.4', NULL, NULL, '6089959864');
INSERT INTO public.databasechangelog VALUES ('names', 'ann', 'changelog.sql', '2026-12-01 01:52:43.059917', 2, 'EXECUTED', '9:f8744f7696f1a158ac04f7fdcc9fc356', 'sql', '', NULL, '5.0.4', NULL, NULL, '6089959864');
INSERT INTO public.databasechangeloglock VALUES (1, false, NULL, NULL);
INSERT INTO public.people VALUES (1);
ALTER TABLE ONLY public.databasechangeloglock
    ADD CONSTRAINT databasechangeloglock_pkey PRIMARY KEY (id);
