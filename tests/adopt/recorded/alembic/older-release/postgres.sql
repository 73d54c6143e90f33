-- Alembic 1.4.3 with SQLAlchemy 1.3, PostgreSQL 15: upgrade head
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.people (
    id integer
);
CREATE TABLE public.pets (
    id integer
);
INSERT INTO public.alembic_version VALUES ('b7c0ffee0002');
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
