-- sequelize-cli 6.6.5 (umzug 2.3.0), Sequelize 6.37.8, PostgreSQL 15: db:migrate with migrationStorageTableSchema ops and migrationStorageTableName changes; db:seed:all
CREATE SCHEMA ops;
CREATE TABLE ops.changes (
    name character varying(255) NOT NULL
);
CREATE TABLE public."SequelizeData" (
    name character varying(255) NOT NULL
);
CREATE TABLE public.people (
    id integer NOT NULL
);
INSERT INTO ops.changes VALUES ('20260101090000-people.js');
INSERT INTO public."SequelizeData" VALUES ('20260101100000-ann.js');
INSERT INTO public.people VALUES (1);
ALTER TABLE ONLY ops.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public."SequelizeData"
    ADD CONSTRAINT "SequelizeData_pkey" PRIMARY KEY (name);
ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_pkey PRIMARY KEY (id);
