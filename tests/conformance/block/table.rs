//! Every command of PostgreSQL, in the forms that matter, and whether a transaction block takes it.

use super::row::{Row, ends, fails, refused, refused_for_some, taken};

/// What is there before each row.
pub(super) const THERE: &str = "CREATE TABLE t (id integer PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a');
    CREATE TABLE parted (id integer, v text) PARTITION BY RANGE (id);
    CREATE TABLE part PARTITION OF parted FOR VALUES FROM (0) TO (100);
    CREATE INDEX i ON t (v); CREATE INDEX parted_i ON parted (id);
    CREATE VIEW view AS SELECT id FROM t;
    CREATE MATERIALIZED VIEW stored AS SELECT id FROM t; CREATE UNIQUE INDEX stored_i ON stored (id);
    CREATE SEQUENCE seq; CREATE TYPE mood AS ENUM ('sad'); CREATE DOMAIN word AS text;
    CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
    CREATE PROCEDURE proc() LANGUAGE sql AS 'SELECT 1';
    CREATE PROCEDURE commits() LANGUAGE plpgsql AS 'BEGIN COMMIT; END';
    CREATE FUNCTION fires() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE FUNCTION happens() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
    CREATE TRIGGER fire BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION fires();
    CREATE RULE rewrite AS ON DELETE TO t DO INSTEAD NOTHING;
    CREATE POLICY careful ON t;
    CREATE AGGREGATE total (integer) (sfunc = int4pl, stype = integer);
    CREATE SCHEMA other; CREATE STATISTICS counts ON id, v FROM t;
    CREATE PUBLICATION news FOR TABLE t;
    CREATE FOREIGN DATA WRAPPER wrapper; CREATE SERVER far FOREIGN DATA WRAPPER wrapper;
    CREATE FOREIGN TABLE away (id integer) SERVER far; CREATE USER MAPPING FOR CURRENT_USER SERVER far;
    CREATE COLLATION plain FROM \"C\"; CREATE CONVERSION conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
    CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq);
    CREATE OPERATOR FAMILY family USING btree; CREATE OPERATOR CLASS ops FOR TYPE integer USING btree FAMILY family AS OPERATOR 1 <;
    CREATE TEXT SEARCH CONFIGURATION conf (COPY = simple); CREATE TEXT SEARCH DICTIONARY dict (TEMPLATE = simple);
    CREATE TEXT SEARCH PARSER pars (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
    CREATE TEXT SEARCH TEMPLATE temp (LEXIZE = dsimple_lexize)";

const ROLE: &str = "CREATE ROLE syncline_row";
const SUBSCRIBED: &str =
    "CREATE SUBSCRIPTION sub CONNECTION 'host=127.0.0.1 port=1' PUBLICATION news WITH (connect = false)";
/// As [`SUBSCRIBED`], and enabled: what looks at the publisher is not for a disabled one. It publishes two.
const ENABLED: &str = "CREATE SUBSCRIPTION sub CONNECTION 'host=127.0.0.1 port=1' PUBLICATION news, olds WITH (connect = false); ALTER SUBSCRIPTION sub ENABLE";
/// One without a slot.
const BARE: &str = "CREATE SUBSCRIPTION sub CONNECTION 'host=127.0.0.1 port=1' PUBLICATION news WITH (connect = false, slot_name = NONE)";
const EXTENSION: &str = "SET LOCAL client_min_messages = error";

pub(super) static ROWS: &[Row] = &[
    ends("ABORT", "ABORT"),
    taken("ALTER AGGREGATE", "", "ALTER AGGREGATE total (integer) RENAME TO whole"),
    taken("ALTER COLLATION", "", "ALTER COLLATION plain RENAME TO simple"),
    taken("ALTER CONVERSION", "", "ALTER CONVERSION conv RENAME TO turn"),
    taken("ALTER DATABASE", "", "ALTER DATABASE {} CONNECTION LIMIT 50"),
    taken("ALTER DATABASE", "", "ALTER DATABASE {} SET work_mem = '5MB'"),
    taken("ALTER DATABASE", "", "ALTER DATABASE {} REFRESH COLLATION VERSION").since(15),
    refused("ALTER DATABASE", "", "ALTER DATABASE {} SET TABLESPACE pg_default"),
    refused("ALTER DATABASE", "", "ALTER DATABASE {} TABLESPACE pg_default"),
    refused("ALTER DATABASE", "", "ALTER DATABASE {} WITH TABLESPACE = pg_default"),
    taken(
        "ALTER DEFAULT PRIVILEGES",
        "",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC",
    ),
    taken("ALTER DOMAIN", "", "ALTER DOMAIN word SET NOT NULL"),
    taken(
        "ALTER EVENT TRIGGER",
        "CREATE EVENT TRIGGER evt ON ddl_command_end EXECUTE FUNCTION happens()",
        "ALTER EVENT TRIGGER evt DISABLE",
    ),
    taken(
        "ALTER EXTENSION",
        EXTENSION,
        "ALTER EXTENSION plpgsql SET SCHEMA pg_catalog",
    ),
    taken("ALTER EXTENSION", EXTENSION, "ALTER EXTENSION plpgsql UPDATE"),
    taken(
        "ALTER FOREIGN DATA WRAPPER",
        "",
        "ALTER FOREIGN DATA WRAPPER wrapper NO VALIDATOR",
    ),
    taken("ALTER FOREIGN TABLE", "", "ALTER FOREIGN TABLE away ADD COLUMN w text"),
    taken("ALTER FUNCTION", "", "ALTER FUNCTION f(integer) STABLE"),
    taken("ALTER GROUP", ROLE, "ALTER GROUP syncline_row RENAME TO syncline_row_2"),
    taken("ALTER INDEX", "", "ALTER INDEX i RENAME TO j"),
    taken(
        "ALTER INDEX",
        "",
        "ALTER INDEX ALL IN TABLESPACE pg_default SET TABLESPACE pg_default",
    ),
    taken("ALTER LANGUAGE", "", "ALTER LANGUAGE plpgsql OWNER TO CURRENT_USER"),
    taken(
        "ALTER LARGE OBJECT",
        "SELECT lo_create(4711)",
        "ALTER LARGE OBJECT 4711 OWNER TO CURRENT_USER",
    ),
    taken(
        "ALTER MATERIALIZED VIEW",
        "",
        "ALTER MATERIALIZED VIEW stored RENAME TO kept",
    ),
    taken(
        "ALTER OPERATOR",
        "",
        "ALTER OPERATOR === (integer, integer) OWNER TO CURRENT_USER",
    ),
    taken(
        "ALTER OPERATOR CLASS",
        "",
        "ALTER OPERATOR CLASS ops USING btree RENAME TO ops_2",
    ),
    taken(
        "ALTER OPERATOR FAMILY",
        "",
        "ALTER OPERATOR FAMILY family USING btree RENAME TO family_2",
    ),
    taken("ALTER POLICY", "", "ALTER POLICY careful ON t USING (true)"),
    taken("ALTER PROCEDURE", "", "ALTER PROCEDURE proc() RENAME TO proc_2"),
    taken("ALTER PUBLICATION", "", "ALTER PUBLICATION news ADD TABLE part"),
    taken(
        "ALTER PUBLICATION",
        "",
        "ALTER PUBLICATION news SET (publish = 'insert')",
    ),
    taken("ALTER ROLE", ROLE, "ALTER ROLE syncline_row CREATEDB"),
    taken("ALTER ROUTINE", "", "ALTER ROUTINE proc() RENAME TO proc_2"),
    taken("ALTER RULE", "", "ALTER RULE rewrite ON t RENAME TO rewritten"),
    taken("ALTER SCHEMA", "", "ALTER SCHEMA other RENAME TO another"),
    taken("ALTER SEQUENCE", "", "ALTER SEQUENCE seq RESTART"),
    taken("ALTER SERVER", "", "ALTER SERVER far VERSION '2'"),
    taken("ALTER STATISTICS", "", "ALTER STATISTICS counts RENAME TO counted"),
    taken(
        "ALTER SUBSCRIPTION",
        SUBSCRIBED,
        "ALTER SUBSCRIPTION sub CONNECTION 'host=127.0.0.1 port=2'",
    ),
    taken("ALTER SUBSCRIPTION", SUBSCRIBED, "ALTER SUBSCRIPTION sub DISABLE"),
    taken("ALTER SUBSCRIPTION", SUBSCRIBED, "ALTER SUBSCRIPTION sub ENABLE"),
    taken(
        "ALTER SUBSCRIPTION",
        SUBSCRIBED,
        "ALTER SUBSCRIPTION sub OWNER TO CURRENT_USER",
    ),
    taken(
        "ALTER SUBSCRIPTION",
        SUBSCRIBED,
        "ALTER SUBSCRIPTION sub RENAME TO sub_2",
    ),
    taken(
        "ALTER SUBSCRIPTION",
        SUBSCRIBED,
        "ALTER SUBSCRIPTION sub SKIP (lsn = NONE)",
    )
    .since(15),
    refused(
        "ALTER SUBSCRIPTION",
        ENABLED,
        "ALTER SUBSCRIPTION sub REFRESH PUBLICATION",
    )
    .since(14),
    fails(
        "ALTER SUBSCRIPTION",
        ENABLED,
        "ALTER SUBSCRIPTION sub REFRESH SEQUENCES",
        "08006",
    )
    .since(19),
    refused(
        "ALTER SUBSCRIPTION",
        ENABLED,
        "ALTER SUBSCRIPTION sub SET PUBLICATION news",
    )
    .since(14),
    refused(
        "ALTER SUBSCRIPTION",
        ENABLED,
        "ALTER SUBSCRIPTION sub SET PUBLICATION news WITH (refresh)",
    )
    .since(14),
    taken(
        "ALTER SUBSCRIPTION",
        SUBSCRIBED,
        "ALTER SUBSCRIPTION sub SET PUBLICATION news WITH (refresh = false)",
    ),
    refused(
        "ALTER SUBSCRIPTION",
        ENABLED,
        "ALTER SUBSCRIPTION sub ADD PUBLICATION more",
    )
    .since(14),
    taken(
        "ALTER SUBSCRIPTION",
        SUBSCRIBED,
        "ALTER SUBSCRIPTION sub ADD PUBLICATION more WITH (refresh = 'off')",
    )
    .since(14),
    refused(
        "ALTER SUBSCRIPTION",
        ENABLED,
        "ALTER SUBSCRIPTION sub DROP PUBLICATION news",
    )
    .since(14),
    taken(
        "ALTER SUBSCRIPTION",
        SUBSCRIBED,
        "ALTER SUBSCRIPTION sub SET (synchronous_commit = off)",
    ),
    taken(
        "ALTER SUBSCRIPTION",
        SUBSCRIBED,
        "ALTER SUBSCRIPTION sub SET (slot_name = NONE)",
    ),
    taken(
        "ALTER SUBSCRIPTION",
        SUBSCRIBED,
        "ALTER SUBSCRIPTION sub SET (binary = true)",
    )
    .since(14),
    taken(
        "ALTER SUBSCRIPTION",
        SUBSCRIBED,
        "ALTER SUBSCRIPTION sub SET (streaming = off)",
    )
    .since(14),
    taken(
        "ALTER SUBSCRIPTION",
        SUBSCRIBED,
        "ALTER SUBSCRIPTION sub SET (disable_on_error = true)",
    )
    .since(15),
    taken(
        "ALTER SUBSCRIPTION",
        SUBSCRIBED,
        "ALTER SUBSCRIPTION sub SET (password_required = false)",
    )
    .since(16),
    taken(
        "ALTER SUBSCRIPTION",
        SUBSCRIBED,
        "ALTER SUBSCRIPTION sub SET (run_as_owner = true)",
    )
    .since(16),
    taken(
        "ALTER SUBSCRIPTION",
        SUBSCRIBED,
        "ALTER SUBSCRIPTION sub SET (origin = none)",
    )
    .since(16),
    refused(
        "ALTER SUBSCRIPTION",
        SUBSCRIBED,
        "ALTER SUBSCRIPTION sub SET (failover)",
    )
    .since(17),
    refused(
        "ALTER SUBSCRIPTION",
        SUBSCRIBED,
        "ALTER SUBSCRIPTION sub SET (failover = false)",
    )
    .since(17),
    refused(
        "ALTER SUBSCRIPTION",
        SUBSCRIBED,
        "ALTER SUBSCRIPTION sub SET (binary = true, failover = true)",
    )
    .since(17),
    refused(
        "ALTER SUBSCRIPTION",
        SUBSCRIBED,
        "ALTER SUBSCRIPTION sub SET (two_phase = false)",
    )
    .since(18),
    taken(
        "ALTER SUBSCRIPTION",
        SUBSCRIBED,
        "ALTER SUBSCRIPTION sub SET (two_phase = true)",
    )
    .since(18),
    fails(
        "ALTER SUBSCRIPTION",
        SUBSCRIBED,
        "ALTER SUBSCRIPTION sub SET (retain_dead_tuples = true)",
        "08006",
    )
    .since(19),
    taken(
        "ALTER SUBSCRIPTION",
        SUBSCRIBED,
        "ALTER SUBSCRIPTION sub SET (max_retention_duration = 10)",
    )
    .since(19),
    taken(
        "ALTER SUBSCRIPTION",
        SUBSCRIBED,
        "ALTER SUBSCRIPTION sub SET (wal_receiver_timeout = 10)",
    )
    .since(19),
    fails(
        "ALTER SUBSCRIPTION",
        SUBSCRIBED,
        "ALTER SUBSCRIPTION sub SERVER far",
        "0A000",
    )
    .since(19),
    refused("ALTER SYSTEM", "", "ALTER SYSTEM SET work_mem = '5MB'"),
    refused("ALTER SYSTEM", "", "ALTER SYSTEM RESET ALL"),
    taken("ALTER TABLE", "", "ALTER TABLE t ADD COLUMN w text"),
    taken("ALTER TABLE", "DROP PUBLICATION news", "ALTER TABLE t SET UNLOGGED"),
    taken("ALTER TABLE", "", "ALTER TABLE t SET TABLESPACE pg_default"),
    taken(
        "ALTER TABLE",
        "",
        "ALTER TABLE ALL IN TABLESPACE pg_default SET TABLESPACE pg_default",
    ),
    taken("ALTER TABLE", "", "ALTER TABLE parted DETACH PARTITION part"),
    refused(
        "ALTER TABLE",
        "",
        "ALTER TABLE parted DETACH PARTITION part CONCURRENTLY",
    )
    .since(14),
    // Nothing to finish.
    fails(
        "ALTER TABLE",
        "",
        "ALTER TABLE parted DETACH PARTITION part FINALIZE",
        "55000",
    )
    .since(14),
    taken(
        "ALTER TABLE",
        "CREATE TABLE more (id integer, v text)",
        "ALTER TABLE parted ATTACH PARTITION more FOR VALUES FROM (100) TO (200)",
    ),
    taken(
        "ALTER TABLE",
        "ALTER TABLE t ADD CHECK (id > 0) NOT VALID",
        "ALTER TABLE t VALIDATE CONSTRAINT t_id_check",
    ),
    taken(
        "ALTER TABLESPACE",
        "",
        "ALTER TABLESPACE pg_default SET (seq_page_cost = 2)",
    ),
    taken(
        "ALTER TEXT SEARCH CONFIGURATION",
        "",
        "ALTER TEXT SEARCH CONFIGURATION conf RENAME TO conf_2",
    ),
    taken(
        "ALTER TEXT SEARCH DICTIONARY",
        "",
        "ALTER TEXT SEARCH DICTIONARY dict RENAME TO dict_2",
    ),
    taken(
        "ALTER TEXT SEARCH PARSER",
        "",
        "ALTER TEXT SEARCH PARSER pars RENAME TO pars_2",
    ),
    taken(
        "ALTER TEXT SEARCH TEMPLATE",
        "",
        "ALTER TEXT SEARCH TEMPLATE temp RENAME TO temp_2",
    ),
    taken("ALTER TRIGGER", "", "ALTER TRIGGER fire ON t RENAME TO fires"),
    taken("ALTER TYPE", "", "ALTER TYPE mood ADD VALUE 'glad'"),
    taken("ALTER TYPE", "", "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'"),
    // What uses the new value has to wait for the commit.
    fails(
        "ALTER TYPE",
        "ALTER TYPE mood ADD VALUE 'glad'",
        "SELECT 'glad'::mood",
        "55P04",
    ),
    taken("ALTER USER", ROLE, "ALTER USER syncline_row CREATEDB"),
    taken(
        "ALTER USER MAPPING",
        "",
        "ALTER USER MAPPING FOR CURRENT_USER SERVER far OPTIONS (a 'b')",
    ),
    taken("ALTER VIEW", "", "ALTER VIEW view RENAME TO sight"),
    taken("ANALYZE", "", "ANALYZE"),
    taken("ANALYZE", "", "ANALYZE t (id)"),
    taken("ANALYZE", "", "ANALYZE (VERBOSE) parted"),
    ends("BEGIN", "BEGIN"),
    taken("CALL", "", "CALL proc()"),
    fails("CALL", "", "CALL commits()", "2D000"),
    taken("CHECKPOINT", "", "CHECKPOINT"),
    taken("CHECKPOINT", "", "CHECKPOINT (MODE SPREAD)").since(19),
    taken("CLOSE", "", "CLOSE ALL"),
    refused("CLUSTER", "", "CLUSTER"),
    refused("CLUSTER", "", "CLUSTER VERBOSE"),
    refused("CLUSTER", "", "CLUSTER (VERBOSE)").since(17),
    taken("CLUSTER", "", "CLUSTER t USING i"),
    taken("CLUSTER", "", "CLUSTER i ON t"),
    taken("CLUSTER", "", "CLUSTER (VERBOSE) t USING i").since(14),
    refused_for_some("CLUSTER", "", "CLUSTER parted USING parted_i").since(15),
    taken("COMMENT", "", "COMMENT ON TABLE t IS 'x'"),
    ends("COMMIT", "COMMIT"),
    ends("COMMIT PREPARED", "COMMIT PREPARED 'x'"),
    taken("COPY", "", "COPY t TO '/dev/null'"),
    taken(
        "CREATE ACCESS METHOD",
        "",
        "CREATE ACCESS METHOD heap_2 TYPE TABLE HANDLER heap_tableam_handler",
    ),
    taken(
        "CREATE AGGREGATE",
        "",
        "CREATE AGGREGATE total_2 (integer) (sfunc = int4pl, stype = integer)",
    ),
    taken(
        "CREATE CAST",
        "CREATE TYPE pair AS (a integer)",
        "CREATE CAST (pair AS text) WITH INOUT",
    ),
    taken("CREATE COLLATION", "", "CREATE COLLATION simple FROM \"C\""),
    taken(
        "CREATE CONVERSION",
        "",
        "CREATE CONVERSION turn FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
    ),
    refused("CREATE DATABASE", "", "CREATE DATABASE {}_2"),
    taken("CREATE DOMAIN", "", "CREATE DOMAIN number AS integer"),
    taken(
        "CREATE EVENT TRIGGER",
        "",
        "CREATE EVENT TRIGGER evt ON ddl_command_end EXECUTE FUNCTION happens()",
    ),
    taken("CREATE EXTENSION", EXTENSION, "CREATE EXTENSION IF NOT EXISTS plpgsql"),
    taken(
        "CREATE FOREIGN DATA WRAPPER",
        "",
        "CREATE FOREIGN DATA WRAPPER wrapper_2",
    ),
    taken(
        "CREATE FOREIGN TABLE",
        "",
        "CREATE FOREIGN TABLE away_2 (id integer) SERVER far",
    ),
    taken(
        "CREATE FUNCTION",
        "",
        "CREATE FUNCTION g() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    ),
    taken("CREATE GROUP", "", "CREATE GROUP syncline_row"),
    taken("CREATE INDEX", "", "CREATE INDEX j ON t (v)"),
    taken("CREATE INDEX", "", "CREATE INDEX ON parted (v)"),
    refused("CREATE INDEX", "", "CREATE INDEX CONCURRENTLY j ON t (v)"),
    refused(
        "CREATE INDEX",
        "",
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS j ON t (v)",
    ),
    refused("CREATE INDEX", "", "CREATE INDEX CONCURRENTLY ON t (v)"),
    taken("CREATE LANGUAGE", EXTENSION, "CREATE OR REPLACE LANGUAGE plpgsql"),
    taken(
        "CREATE MATERIALIZED VIEW",
        "",
        "CREATE MATERIALIZED VIEW kept AS SELECT 1 AS id",
    ),
    taken(
        "CREATE OPERATOR",
        "",
        "CREATE OPERATOR ==== (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq)",
    ),
    taken(
        "CREATE OPERATOR CLASS",
        "",
        "CREATE OPERATOR CLASS ops_2 FOR TYPE integer USING btree AS OPERATOR 1 <",
    ),
    taken(
        "CREATE OPERATOR FAMILY",
        "",
        "CREATE OPERATOR FAMILY family_2 USING btree",
    ),
    taken("CREATE POLICY", "", "CREATE POLICY careless ON t"),
    taken(
        "CREATE PROCEDURE",
        "",
        "CREATE PROCEDURE proc_2() LANGUAGE sql AS 'SELECT 1'",
    ),
    taken("CREATE PUBLICATION", "", "CREATE PUBLICATION more FOR ALL TABLES"),
    taken("CREATE ROLE", "", "CREATE ROLE syncline_row"),
    taken(
        "CREATE RULE",
        "",
        "CREATE RULE nothing AS ON UPDATE TO t DO INSTEAD NOTHING",
    ),
    taken("CREATE SCHEMA", "", "CREATE SCHEMA third"),
    taken("CREATE SEQUENCE", "", "CREATE SEQUENCE seq_2"),
    taken("CREATE SERVER", "", "CREATE SERVER near FOREIGN DATA WRAPPER wrapper"),
    taken("CREATE STATISTICS", "", "CREATE STATISTICS counts_2 ON id, v FROM t"),
    refused(
        "CREATE SUBSCRIPTION",
        "",
        "CREATE SUBSCRIPTION sub CONNECTION 'host=127.0.0.1 port=1' PUBLICATION news",
    ),
    refused(
        "CREATE SUBSCRIPTION",
        "",
        "CREATE SUBSCRIPTION sub CONNECTION 'host=127.0.0.1 port=1' PUBLICATION news WITH (enabled = false)",
    ),
    refused(
        "CREATE SUBSCRIPTION",
        "",
        "CREATE SUBSCRIPTION sub CONNECTION 'host=127.0.0.1 port=1' PUBLICATION news WITH (create_slot)",
    ),
    taken("CREATE SUBSCRIPTION", "", SUBSCRIBED),
    taken("CREATE SUBSCRIPTION", "", BARE),
    fails(
        "CREATE SUBSCRIPTION",
        "",
        "CREATE SUBSCRIPTION sub CONNECTION 'host=127.0.0.1 port=1' PUBLICATION news WITH (create_slot = 'off')",
        "08006",
    )
    .since(14),
    refused(
        "CREATE SUBSCRIPTION",
        "",
        "CREATE SUBSCRIPTION sub SERVER far PUBLICATION news",
    )
    .since(19),
    taken("CREATE TABLE", "", "CREATE TABLE u (id integer)"),
    taken(
        "CREATE TABLE",
        "",
        "CREATE TEMPORARY TABLE u (id integer) ON COMMIT DROP",
    ),
    taken("CREATE TABLE AS", "", "CREATE TABLE u AS SELECT 1 AS id"),
    refused(
        "CREATE TABLESPACE",
        "",
        "CREATE TABLESPACE syncline_row LOCATION '/nowhere'",
    ),
    taken(
        "CREATE TEXT SEARCH CONFIGURATION",
        "",
        "CREATE TEXT SEARCH CONFIGURATION conf_2 (COPY = simple)",
    ),
    taken(
        "CREATE TEXT SEARCH DICTIONARY",
        "",
        "CREATE TEXT SEARCH DICTIONARY dict_2 (TEMPLATE = simple)",
    ),
    taken(
        "CREATE TEXT SEARCH PARSER",
        "",
        "CREATE TEXT SEARCH PARSER pars_2 (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype)",
    ),
    taken(
        "CREATE TEXT SEARCH TEMPLATE",
        "",
        "CREATE TEXT SEARCH TEMPLATE temp_2 (LEXIZE = dsimple_lexize)",
    ),
    fails(
        "CREATE TRANSFORM",
        "",
        "CREATE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION f(integer))",
        "42P17",
    ),
    taken(
        "CREATE TRIGGER",
        "",
        "CREATE TRIGGER fire_2 BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION fires()",
    ),
    taken("CREATE TYPE", "", "CREATE TYPE pair AS (a integer)"),
    taken("CREATE USER", "", "CREATE USER syncline_row"),
    taken("CREATE USER MAPPING", "", "CREATE USER MAPPING FOR PUBLIC SERVER far"),
    taken("CREATE VIEW", "", "CREATE VIEW sight AS SELECT 1 AS id"),
    taken("DEALLOCATE", "", "DEALLOCATE ALL"),
    taken("DECLARE", "", "DECLARE c CURSOR FOR SELECT 1"),
    taken("DELETE", "", "DELETE FROM t"),
    refused("DISCARD", "", "DISCARD ALL"),
    taken("DISCARD", "", "DISCARD PLANS"),
    taken("DISCARD", "", "DISCARD SEQUENCES"),
    taken("DISCARD", "", "DISCARD TEMP"),
    taken("DO", "", "DO $$ BEGIN END $$"),
    fails("DO", "", "DO $$ BEGIN COMMIT; END $$", "2D000"),
    taken(
        "DROP ACCESS METHOD",
        "CREATE ACCESS METHOD heap_2 TYPE TABLE HANDLER heap_tableam_handler",
        "DROP ACCESS METHOD heap_2",
    ),
    taken("DROP AGGREGATE", "", "DROP AGGREGATE total (integer)"),
    taken(
        "DROP CAST",
        "CREATE TYPE pair AS (a integer); CREATE CAST (pair AS text) WITH INOUT",
        "DROP CAST (pair AS text)",
    ),
    taken("DROP COLLATION", "", "DROP COLLATION plain"),
    taken("DROP CONVERSION", "", "DROP CONVERSION conv"),
    refused("DROP DATABASE", "", "DROP DATABASE IF EXISTS {}_2"),
    refused("DROP DATABASE", "", "DROP DATABASE IF EXISTS {}_2 WITH (FORCE)").since(13),
    taken("DROP DOMAIN", "", "DROP DOMAIN word"),
    taken(
        "DROP EVENT TRIGGER",
        "CREATE EVENT TRIGGER evt ON ddl_command_end EXECUTE FUNCTION happens()",
        "DROP EVENT TRIGGER evt",
    ),
    taken("DROP EXTENSION", "", "DROP EXTENSION plpgsql CASCADE"),
    taken(
        "DROP FOREIGN DATA WRAPPER",
        "",
        "DROP FOREIGN DATA WRAPPER wrapper CASCADE",
    ),
    taken("DROP FOREIGN TABLE", "", "DROP FOREIGN TABLE away"),
    taken("DROP FUNCTION", "", "DROP FUNCTION f(integer)"),
    taken("DROP GROUP", ROLE, "DROP GROUP syncline_row"),
    taken("DROP INDEX", "", "DROP INDEX i"),
    refused("DROP INDEX", "", "DROP INDEX CONCURRENTLY i"),
    refused("DROP INDEX", "", "DROP INDEX CONCURRENTLY IF EXISTS i RESTRICT"),
    taken("DROP LANGUAGE", "", "DROP LANGUAGE IF EXISTS nothing"),
    taken("DROP MATERIALIZED VIEW", "", "DROP MATERIALIZED VIEW stored"),
    taken("DROP OPERATOR", "", "DROP OPERATOR === (integer, integer)"),
    taken("DROP OPERATOR CLASS", "", "DROP OPERATOR CLASS ops USING btree"),
    taken("DROP OPERATOR FAMILY", "", "DROP OPERATOR FAMILY family USING btree"),
    taken("DROP OWNED", ROLE, "DROP OWNED BY syncline_row"),
    taken("DROP POLICY", "", "DROP POLICY careful ON t"),
    taken("DROP PROCEDURE", "", "DROP PROCEDURE proc()"),
    taken("DROP PUBLICATION", "", "DROP PUBLICATION news"),
    taken("DROP ROLE", ROLE, "DROP ROLE syncline_row"),
    taken("DROP ROUTINE", "", "DROP ROUTINE proc()"),
    taken("DROP RULE", "", "DROP RULE rewrite ON t"),
    taken("DROP SCHEMA", "", "DROP SCHEMA other"),
    taken("DROP SEQUENCE", "", "DROP SEQUENCE seq"),
    taken("DROP SERVER", "", "DROP SERVER far CASCADE"),
    taken("DROP STATISTICS", "", "DROP STATISTICS counts"),
    refused_for_some("DROP SUBSCRIPTION", SUBSCRIBED, "DROP SUBSCRIPTION sub"),
    taken("DROP SUBSCRIPTION", BARE, "DROP SUBSCRIPTION sub"),
    taken("DROP SUBSCRIPTION", "", "DROP SUBSCRIPTION IF EXISTS sub"),
    taken("DROP TABLE", "", "DROP TABLE parted"),
    refused("DROP TABLESPACE", "", "DROP TABLESPACE IF EXISTS syncline_row"),
    taken(
        "DROP TEXT SEARCH CONFIGURATION",
        "",
        "DROP TEXT SEARCH CONFIGURATION conf",
    ),
    taken("DROP TEXT SEARCH DICTIONARY", "", "DROP TEXT SEARCH DICTIONARY dict"),
    taken("DROP TEXT SEARCH PARSER", "", "DROP TEXT SEARCH PARSER pars"),
    taken("DROP TEXT SEARCH TEMPLATE", "", "DROP TEXT SEARCH TEMPLATE temp"),
    taken(
        "DROP TRANSFORM",
        "",
        "DROP TRANSFORM IF EXISTS FOR integer LANGUAGE sql",
    ),
    taken("DROP TRIGGER", "", "DROP TRIGGER fire ON t"),
    taken("DROP TYPE", "", "DROP TYPE mood"),
    taken("DROP USER", ROLE, "DROP USER syncline_row"),
    taken("DROP USER MAPPING", "", "DROP USER MAPPING FOR CURRENT_USER SERVER far"),
    taken("DROP VIEW", "", "DROP VIEW view"),
    ends("END", "END"),
    taken("EXECUTE", "PREPARE p AS SELECT 1", "EXECUTE p"),
    taken("EXPLAIN", "", "EXPLAIN ANALYZE DELETE FROM t"),
    taken("FETCH", "DECLARE c CURSOR FOR SELECT 1", "FETCH c"),
    taken("GRANT", "", "GRANT SELECT ON t TO PUBLIC"),
    fails(
        "IMPORT FOREIGN SCHEMA",
        "",
        "IMPORT FOREIGN SCHEMA far_away FROM SERVER far INTO other",
        "55000",
    ),
    taken("INSERT", "", "INSERT INTO t VALUES (2, 'b')"),
    taken("LISTEN", "", "LISTEN something"),
    taken("LOAD", "", "LOAD 'plpgsql'"),
    taken("LOCK", "", "LOCK TABLE t IN SHARE MODE"),
    taken(
        "MERGE",
        "DROP RULE rewrite ON t",
        "MERGE INTO t USING parted p ON t.id = p.id WHEN MATCHED THEN DELETE",
    )
    .since(15),
    taken("MOVE", "DECLARE c CURSOR FOR SELECT 1", "MOVE c"),
    taken("NOTIFY", "", "NOTIFY something"),
    taken("PREPARE", "", "PREPARE q AS SELECT 1"),
    ends("PREPARE TRANSACTION", "PREPARE TRANSACTION 'x'"),
    taken("REASSIGN OWNED", ROLE, "REASSIGN OWNED BY syncline_row TO CURRENT_USER"),
    taken("REFRESH MATERIALIZED VIEW", "", "REFRESH MATERIALIZED VIEW stored"),
    taken(
        "REFRESH MATERIALIZED VIEW",
        "",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY stored",
    ),
    taken("REINDEX", "", "REINDEX TABLE t"),
    taken("REINDEX", "", "REINDEX INDEX i"),
    taken("REINDEX", "", "REINDEX (VERBOSE) TABLE t"),
    // Before, a partitioned table was left out with a warning.
    refused_for_some("REINDEX", "", "REINDEX TABLE parted").since(14),
    refused_for_some("REINDEX", "", "REINDEX INDEX parted_i").since(14),
    refused("REINDEX", "", "REINDEX TABLE CONCURRENTLY t"),
    refused("REINDEX", "", "REINDEX INDEX CONCURRENTLY i"),
    refused("REINDEX", "", "REINDEX (CONCURRENTLY) TABLE t").since(14),
    refused("REINDEX", "", "REINDEX (VERBOSE, CONCURRENTLY true) TABLE t").since(14),
    taken("REINDEX", "", "REINDEX (CONCURRENTLY false) TABLE t").since(14),
    taken("REINDEX", "", "REINDEX (CONCURRENTLY 'off', VERBOSE) TABLE t").since(14),
    refused("REINDEX", "", "REINDEX SCHEMA public"),
    refused("REINDEX", "", "REINDEX DATABASE {}"),
    refused("REINDEX", "", "REINDEX DATABASE").since(16),
    refused("REINDEX", "", "REINDEX SYSTEM {}"),
    refused("REINDEX", "", "REINDEX (VERBOSE) SYSTEM").since(16),
    taken("RELEASE SAVEPOINT", "SAVEPOINT s", "RELEASE SAVEPOINT s"),
    taken("REPACK", "", "REPACK t").since(19),
    taken("REPACK", "", "REPACK t USING INDEX i").since(19),
    taken("REPACK", "", "REPACK (VERBOSE) t").since(19),
    taken("REPACK", "", "REPACK (CONCURRENTLY false) t").since(19),
    taken("REPACK", "", "REPACK (ANALYZE off, CONCURRENTLY 'false', VERBOSE) t").since(19),
    refused("REPACK", "", "REPACK").since(19),
    refused("REPACK", "", "REPACK (VERBOSE)").since(19),
    refused("REPACK", "", "REPACK USING INDEX").since(19),
    refused("REPACK", "", "REPACK (VERBOSE) USING INDEX").since(19),
    refused("REPACK", "", "REPACK (CONCURRENTLY) t").since(19),
    refused("REPACK", "", "REPACK (CONCURRENTLY on) t USING INDEX t_pkey").since(19),
    refused("REPACK", "", "REPACK (VERBOSE, CONCURRENTLY 1) t").since(19),
    refused("REPACK", "", "REPACK (ANALYZE) t").since(19),
    refused("REPACK", "", "REPACK (ANALYZE true, VERBOSE) t (id)").since(19),
    refused("REPACK", "", "REPACK (ANALYZE, CONCURRENTLY false) t").since(19),
    refused_for_some("REPACK", "", "REPACK parted").since(19),
    refused_for_some("REPACK", "", "REPACK parted USING INDEX parted_i").since(19),
    taken("RESET", "", "RESET ALL"),
    taken("REVOKE", "", "REVOKE SELECT ON t FROM PUBLIC"),
    ends("ROLLBACK", "ROLLBACK"),
    ends("ROLLBACK PREPARED", "ROLLBACK PREPARED 'x'"),
    taken("ROLLBACK TO SAVEPOINT", "SAVEPOINT s", "ROLLBACK TO SAVEPOINT s"),
    taken("SAVEPOINT", "", "SAVEPOINT s"),
    fails("SECURITY LABEL", "", "SECURITY LABEL ON TABLE t IS 'x'", "22023"),
    taken("SELECT", "", "SELECT 1"),
    taken("SELECT INTO", "", "SELECT 1 AS id INTO u"),
    taken("SET", "", "SET work_mem = '5MB'"),
    taken("SET CONSTRAINTS", "", "SET CONSTRAINTS ALL DEFERRED"),
    taken("SET ROLE", "", "SET ROLE NONE"),
    taken("SET SESSION AUTHORIZATION", "", "SET SESSION AUTHORIZATION DEFAULT"),
    taken("SET TRANSACTION", "", "SET TRANSACTION READ ONLY"),
    taken("SHOW", "", "SHOW work_mem"),
    ends("START TRANSACTION", "START TRANSACTION"),
    taken("TABLE", "", "TABLE t"),
    taken("TRUNCATE", "", "TRUNCATE t"),
    taken("UNLISTEN", "", "UNLISTEN *"),
    taken("UPDATE", "", "UPDATE t SET v = 'b'"),
    refused("VACUUM", "", "VACUUM"),
    refused("VACUUM", "", "VACUUM t"),
    refused("VACUUM", "", "VACUUM FULL t"),
    refused("VACUUM", "", "VACUUM (ANALYZE) t"),
    refused("VACUUM", "", "VACUUM (ONLY_DATABASE_STATS)").since(16),
    taken("VALUES", "", "VALUES (1)"),
    taken("WAIT", "", "WAIT FOR LSN '0/0' WITH (MODE 'primary_flush', NO_THROW)").since(19),
    taken("WITH", "", "WITH a AS (SELECT 1) SELECT * FROM a"),
];
