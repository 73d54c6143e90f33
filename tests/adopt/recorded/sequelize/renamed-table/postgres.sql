-- umzug 3.8.3, Sequelize 6.37.8, PostgreSQL 15: up, with a resolver that reads SQL; tableName changes, columnName migration, timestamps
CREATE TABLE public.changes (
    migration character varying(255) NOT NULL,
    "createdAt" timestamp with time zone NOT NULL,
    "updatedAt" timestamp with time zone NOT NULL
);
CREATE TABLE public.people (
    id integer
);
CREATE TABLE public.pets (
    id integer
);
INSERT INTO public.changes VALUES ('20260101090000_people.up.sql', '2026-12-01 01:55:31.568+00', '2026-12-01 01:55:31.568+00');
INSERT INTO public.changes VALUES ('20260102090000_pets.up.sql', '2026-12-01 01:55:31.636+00', '2026-12-01 01:55:31.636+00');
ALTER TABLE ONLY public.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (migration);
