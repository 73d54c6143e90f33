-- Liquibase 5.0.4: update with two change sets; a third came later
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
INSERT INTO public.databasechangelog VALUES ('people', 'ann', 'changelog.sql', '2026-12-01 01:51:25.106148', 1, 'EXECUTED', '9:7c3597e84a0adeb771b83574d1d982b7', 'sql', '', NULL, '5.0.4', NULL, NULL, '6089882408');
INSERT INTO public.databasechangelog VALUES ('pets', 'ann', 'changelog.sql', '2026-12-01 01:51:25.117261', 2, 'EXECUTED', '9:01496b65c6d0c79e3ecdda0942ff1458', 'sql', '', NULL, '5.0.4', NULL, NULL, '6089882408');
INSERT INTO public.databasechangeloglock VALUES (1, false, NULL, NULL);
ALTER TABLE ONLY public.databasechangeloglock
    ADD CONSTRAINT databasechangeloglock_pkey PRIMARY KEY (id);
