-- Liquibase 3.10.3: update; ann:toys came later
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
CREATE TABLE public.pets (
    id integer
);
INSERT INTO public.databasechangelog VALUES ('people', 'ann', 'changelog.sql', '2026-12-01 01:52:31.993319', 1, 'EXECUTED', '8:5c50b22a80158c3297d33d8d22def615', 'sql', '', NULL, '3.10.3', NULL, NULL, '6089951965');
INSERT INTO public.databasechangelog VALUES ('pets', 'ann', 'changelog.sql', '2026-12-01 01:52:32.824409', 2, 'EXECUTED', '8:94a3f400324fd3509755bd4b5e17c2e9', 'sql', '', NULL, '3.10.3', NULL, NULL, '6089951965');
INSERT INTO public.databasechangeloglock VALUES (1, false, NULL, NULL);
ALTER TABLE ONLY public.databasechangeloglock
    ADD CONSTRAINT databasechangeloglock_pkey PRIMARY KEY (id);
