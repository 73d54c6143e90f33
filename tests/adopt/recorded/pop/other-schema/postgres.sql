-- soda 6.4.1 (pop), PostgreSQL: migrate up -s 1 with search_path=kept and migration_table_name: ours
CREATE SCHEMA kept;
CREATE TABLE kept.ours (
    version character varying(14) NOT NULL
);
CREATE TABLE kept.people (
    id integer
);
INSERT INTO kept.ours VALUES ('20260101090000');
ALTER TABLE ONLY kept.ours
    ADD CONSTRAINT ours_pkey PRIMARY KEY (version);
CREATE UNIQUE INDEX ours_version_idx ON kept.ours USING btree (version);
