-- Sqitch 1.3.1, PostgreSQL 15: deploy --registry ops
SELECT pg_catalog.set_config('search_path', '', false);
CREATE SCHEMA ops;
CREATE TABLE ops.changes (
    change_id text NOT NULL,
    script_hash text,
    change text NOT NULL,
    project text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    committed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    committer_name text NOT NULL,
    committer_email text NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    planner_name text NOT NULL,
    planner_email text NOT NULL
);
CREATE TABLE ops.dependencies (
    change_id text NOT NULL,
    type text NOT NULL,
    dependency text NOT NULL,
    dependency_id text,
    CONSTRAINT dependencies_check CHECK ((((type = 'require'::text) AND (dependency_id IS NOT NULL)) OR ((type = 'conflict'::text) AND (dependency_id IS NULL))))
);
CREATE TABLE ops.events (
    event text NOT NULL,
    change_id text NOT NULL,
    change text NOT NULL,
    project text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    requires text[] DEFAULT '{}'::text[] NOT NULL,
    conflicts text[] DEFAULT '{}'::text[] NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    committed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    committer_name text NOT NULL,
    committer_email text NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    planner_name text NOT NULL,
    planner_email text NOT NULL,
    CONSTRAINT events_event_check CHECK ((event = ANY (ARRAY['deploy'::text, 'revert'::text, 'fail'::text, 'merge'::text])))
);
CREATE TABLE ops.projects (
    project text NOT NULL,
    uri text,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    creator_name text NOT NULL,
    creator_email text NOT NULL
);
CREATE TABLE ops.releases (
    version real NOT NULL,
    installed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    installer_name text NOT NULL,
    installer_email text NOT NULL
);
CREATE TABLE ops.tags (
    tag_id text NOT NULL,
    tag text NOT NULL,
    project text NOT NULL,
    change_id text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    committed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    committer_name text NOT NULL,
    committer_email text NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    planner_name text NOT NULL,
    planner_email text NOT NULL
);
CREATE TABLE public.people (
    id integer
);
CREATE TABLE public.pets (
    id integer
);
INSERT INTO ops.changes VALUES ('5c1e1bfad32500eb45d145a78ce2dccccd879a7e', '2bebbbed6eb2e5a2e86b1866e8b65b8fdb6f5cc6', 'people', 'shop', 'people', '2026-12-01 02:31:02.339812+00', 'Ann', 'ann@example.com', '2026-12-01 02:30:57+00', 'Ann', 'ann@example.com');
INSERT INTO ops.changes VALUES ('df253fa2d76ccb1c4b91de198b3d46bd6f12f977', 'eede0ca27f93dbdc9da1cc83f1bacacd310ee3b7', 'pets', 'shop', 'pets', '2026-12-01 02:31:02.387136+00', 'Ann', 'ann@example.com', '2026-12-01 02:30:58+00', 'Ann', 'ann@example.com');
INSERT INTO ops.events VALUES ('deploy', '5c1e1bfad32500eb45d145a78ce2dccccd879a7e', 'people', 'shop', 'people', '{}', '{}', '{}', '2026-12-01 02:31:02.341069+00', 'Ann', 'ann@example.com', '2026-12-01 02:30:57+00', 'Ann', 'ann@example.com');
INSERT INTO ops.events VALUES ('deploy', 'df253fa2d76ccb1c4b91de198b3d46bd6f12f977', 'pets', 'shop', 'pets', '{}', '{}', '{}', '2026-12-01 02:31:02.387884+00', 'Ann', 'ann@example.com', '2026-12-01 02:30:58+00', 'Ann', 'ann@example.com');
INSERT INTO ops.projects VALUES ('shop', NULL, '2026-12-01 02:31:02.084801+00', 'Ann', 'ann@example.com');
INSERT INTO ops.releases VALUES (1.1, '2026-12-01 02:31:02.083905+00', 'Ann', 'ann@example.com');
ALTER TABLE ONLY ops.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (change_id);
ALTER TABLE ONLY ops.changes
    ADD CONSTRAINT changes_project_script_hash_key UNIQUE (project, script_hash);
ALTER TABLE ONLY ops.dependencies
    ADD CONSTRAINT dependencies_pkey PRIMARY KEY (change_id, dependency);
ALTER TABLE ONLY ops.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (change_id, committed_at);
ALTER TABLE ONLY ops.projects
    ADD CONSTRAINT projects_pkey PRIMARY KEY (project);
ALTER TABLE ONLY ops.projects
    ADD CONSTRAINT projects_uri_key UNIQUE (uri);
ALTER TABLE ONLY ops.releases
    ADD CONSTRAINT releases_pkey PRIMARY KEY (version);
ALTER TABLE ONLY ops.tags
    ADD CONSTRAINT tags_pkey PRIMARY KEY (tag_id);
ALTER TABLE ONLY ops.tags
    ADD CONSTRAINT tags_project_tag_key UNIQUE (project, tag);
ALTER TABLE ONLY ops.changes
    ADD CONSTRAINT changes_project_fkey FOREIGN KEY (project) REFERENCES ops.projects(project) ON UPDATE CASCADE;
ALTER TABLE ONLY ops.dependencies
    ADD CONSTRAINT dependencies_change_id_fkey FOREIGN KEY (change_id) REFERENCES ops.changes(change_id) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY ops.dependencies
    ADD CONSTRAINT dependencies_dependency_id_fkey FOREIGN KEY (dependency_id) REFERENCES ops.changes(change_id) ON UPDATE CASCADE;
ALTER TABLE ONLY ops.events
    ADD CONSTRAINT events_project_fkey FOREIGN KEY (project) REFERENCES ops.projects(project) ON UPDATE CASCADE;
ALTER TABLE ONLY ops.tags
    ADD CONSTRAINT tags_change_id_fkey FOREIGN KEY (change_id) REFERENCES ops.changes(change_id) ON UPDATE CASCADE;
ALTER TABLE ONLY ops.tags
    ADD CONSTRAINT tags_project_fkey FOREIGN KEY (project) REFERENCES ops.projects(project) ON UPDATE CASCADE;
