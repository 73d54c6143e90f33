--
-- PostgreSQL database dump
--

\restrict fKq0M1

-- Dumped from database version 17.6

SET statement_timeout = 0;
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);

CREATE FUNCTION public.f() RETURNS integer
    LANGUAGE sql
    AS $_$ SELECT 1; $_$;

--
-- Data for Name: t; Type: TABLE DATA
--

COPY public.t (id, note) FROM stdin;
1	\N
2	a;b
\.


SELECT pg_catalog.setval('public.t_id_seq', 2, true);

ALTER TABLE ONLY public.t
    ADD CONSTRAINT t_pkey PRIMARY KEY (id);

--
-- PostgreSQL database dump complete
--

\unrestrict fKq0M1

