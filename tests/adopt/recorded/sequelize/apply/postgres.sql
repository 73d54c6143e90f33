-- sequelize-cli 6.6.5 (umzug 2.3.0), Sequelize 6.37.8, PostgreSQL 15: db:migrate with two migrations
CREATE TABLE public."SequelizeMeta" (
    name character varying(255) NOT NULL
);
CREATE TABLE public.people (
    id integer NOT NULL
);
CREATE TABLE public.pets (
    id integer NOT NULL
);
INSERT INTO public."SequelizeMeta" VALUES ('20260101090000-people.js');
INSERT INTO public."SequelizeMeta" VALUES ('20260102090000-pets.js');
ALTER TABLE ONLY public."SequelizeMeta"
    ADD CONSTRAINT "SequelizeMeta_pkey" PRIMARY KEY (name);
ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.pets
    ADD CONSTRAINT pets_pkey PRIMARY KEY (id);
