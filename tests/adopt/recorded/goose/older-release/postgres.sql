-- goose 2.6.0, PostgreSQL: up, down, down, up-by-one
CREATE TABLE public.goose_db_version (
    id integer NOT NULL,
    version_id bigint NOT NULL,
    is_applied boolean NOT NULL,
    tstamp timestamp without time zone DEFAULT now()
);
CREATE SEQUENCE public.goose_db_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.goose_db_version_id_seq OWNED BY public.goose_db_version.id;
CREATE TABLE public.people (
    id integer
);
CREATE TABLE public.pets (
    id integer
);
ALTER TABLE ONLY public.goose_db_version ALTER COLUMN id SET DEFAULT nextval('public.goose_db_version_id_seq'::regclass);
INSERT INTO public.goose_db_version VALUES (1, 0, true, '2026-12-01 01:52:47.303961');
INSERT INTO public.goose_db_version VALUES (2, 1, true, '2026-12-01 01:52:47.329005');
INSERT INTO public.goose_db_version VALUES (5, 2, true, '2026-12-01 01:52:47.397563');
SELECT pg_catalog.setval('public.goose_db_version_id_seq', 5, true);
ALTER TABLE ONLY public.goose_db_version
    ADD CONSTRAINT goose_db_version_pkey PRIMARY KEY (id);
