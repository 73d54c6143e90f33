//! What is made for nothing, and what is made for a while.

use super::*;
use crate::script::{SqlMode, parse};

const SQLITE: Syntax = Syntax::Sqlite;
const POSTGRES: Syntax = Syntax::Postgres(crate::script::Strings::Standard);
const MYSQL: Syntax = Syntax::Mysql(SqlMode {
    no_backslash_escapes: false,
    ansi_quotes: false,
    oracle: false,
});

/// The statement that takes away what was made for nothing.
fn found(text: &str, syntax: Syntax) -> Option<&str> {
    let parsed = parse(text, syntax).unwrap();
    undone(text, &parsed, syntax).map(|undone| &text[undone.dropped])
}

#[test]
fn what_a_script_makes_and_takes_away_is_found_whatever_it_is() {
    let cases: &[(Syntax, &str, &str)] = &[
        // Of every engine.
        (
            SQLITE,
            "CREATE TABLE notes (id integer); INSERT INTO notes VALUES (1); DROP TABLE notes",
            "DROP TABLE notes",
        ),
        (
            SQLITE,
            "CREATE TABLE IF NOT EXISTS a (x); CREATE INDEX i ON a (x); DROP INDEX i; DROP TABLE IF EXISTS a",
            "DROP INDEX i",
        ),
        (
            SQLITE,
            "CREATE TABLE \"My Notes\" (x); DROP TABLE [my notes]",
            "DROP TABLE [my notes]",
        ),
        (SQLITE, "CREATE TABLE main.a (x); DROP TABLE `a`", "DROP TABLE `a`"),
        (
            SQLITE,
            "CREATE VIRTUAL TABLE a USING fts5(x); DROP TABLE a",
            "DROP TABLE a",
        ),
        (
            SQLITE,
            "ALTER TABLE a ADD COLUMN b int; UPDATE a SET b = 1; ALTER TABLE a DROP COLUMN b",
            "ALTER TABLE a DROP COLUMN b",
        ),
        (
            SQLITE,
            "ALTER TABLE a ADD b int; ALTER TABLE a DROP b",
            "ALTER TABLE a DROP b",
        ),
        (
            SQLITE,
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END; DROP TRIGGER t",
            "DROP TRIGGER t",
        ),
        (SQLITE, "CREATE VIEW v AS SELECT 1; DROP VIEW v", "DROP VIEW v"),
        (
            SQLITE,
            "CREATE TABLE a (x); ALTER TABLE a RENAME TO b; DROP TABLE b",
            "DROP TABLE b",
        ),
        (
            SQLITE,
            "DROP TABLE IF EXISTS a; CREATE TABLE a (x); INSERT INTO a VALUES (1); DROP TABLE a",
            "DROP TABLE a",
        ),
        (
            POSTGRES,
            "CREATE TABLE public.Notes (id int); COMMENT ON TABLE notes IS 'x'; GRANT SELECT ON notes TO PUBLIC; DROP TABLE notes",
            "DROP TABLE notes",
        ),
        (
            POSTGRES,
            "CREATE TABLE a (x serial); INSERT INTO a DEFAULT VALUES; SELECT setval('a_x_seq', 5); SELECT count(*) FROM a; DROP TABLE a CASCADE",
            "DROP TABLE a CASCADE",
        ),
        (
            POSTGRES,
            "CREATE TABLE a (x int); CREATE TABLE b (x int REFERENCES a); DROP TABLE b, a",
            "DROP TABLE b, a",
        ),
        (
            POSTGRES,
            "CREATE TABLE a (x int); ALTER TABLE b ADD COLUMN c int REFERENCES a; UPDATE b SET c = (SELECT min(x) FROM a); ALTER TABLE b DROP COLUMN c; DROP TABLE a",
            "ALTER TABLE b DROP COLUMN c",
        ),
        (
            POSTGRES,
            "CREATE UNIQUE INDEX CONCURRENTLY i ON s.a (x); DROP INDEX CONCURRENTLY IF EXISTS s.i",
            "DROP INDEX CONCURRENTLY IF EXISTS s.i",
        ),
        (
            POSTGRES,
            "CREATE MATERIALIZED VIEW v AS SELECT 1; REFRESH MATERIALIZED VIEW v; DROP MATERIALIZED VIEW v",
            "DROP MATERIALIZED VIEW v",
        ),
        (
            POSTGRES,
            "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (m mood); DROP TABLE t; DROP TYPE mood",
            "DROP TABLE t",
        ),
        (POSTGRES, "CREATE DOMAIN d AS int; DROP DOMAIN d", "DROP DOMAIN d"),
        (POSTGRES, "CREATE SEQUENCE s; DROP SEQUENCE s", "DROP SEQUENCE s"),
        (
            POSTGRES,
            "CREATE SCHEMA s; CREATE TABLE s.t (x int); INSERT INTO s.t VALUES (1); DROP SCHEMA s CASCADE",
            "DROP SCHEMA s CASCADE",
        ),
        (
            POSTGRES,
            "CREATE EXTENSION pg_trgm; DROP EXTENSION pg_trgm",
            "DROP EXTENSION pg_trgm",
        ),
        (
            POSTGRES,
            "CREATE ROLE r; GRANT SELECT ON t TO r; REVOKE SELECT ON t FROM r; DROP ROLE r",
            "DROP ROLE r",
        ),
        (
            POSTGRES,
            "CREATE OR REPLACE FUNCTION f(a int, OUT b text) AS $$ SELECT 1 $$ LANGUAGE sql; DROP FUNCTION f(integer)",
            "DROP FUNCTION f(integer)",
        ),
        (
            POSTGRES,
            "CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN END $$ LANGUAGE plpgsql; CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW EXECUTE FUNCTION f(); DROP TRIGGER t ON a; DROP FUNCTION f",
            "DROP TRIGGER t ON a",
        ),
        (
            POSTGRES,
            "ALTER TABLE a ADD CONSTRAINT c CHECK (x > 0) NOT VALID; ALTER TABLE a VALIDATE CONSTRAINT c; ALTER TABLE a DROP CONSTRAINT c",
            "ALTER TABLE a DROP CONSTRAINT c",
        ),
        (
            POSTGRES,
            "CREATE POLICY p ON a USING (true); DROP POLICY p ON a",
            "DROP POLICY p ON a",
        ),
        (
            POSTGRES,
            "CREATE RULE r AS ON INSERT TO a DO NOTHING; DROP RULE r ON a",
            "DROP RULE r ON a",
        ),
        (
            POSTGRES,
            "ALTER TABLE a ADD COLUMN b int, ADD COLUMN c int; ALTER TABLE a DROP COLUMN c, DROP COLUMN b",
            "ALTER TABLE a DROP COLUMN c, DROP COLUMN b",
        ),
        (
            POSTGRES,
            "ALTER TABLE a ADD COLUMN b int; ALTER TABLE a DROP COLUMN c; ALTER TABLE a ADD COLUMN c int; ALTER TABLE a DROP COLUMN b",
            "ALTER TABLE a DROP COLUMN b",
        ),
        (
            POSTGRES,
            "CREATE INDEX new ON a (x); DROP INDEX old; CREATE INDEX old ON a (y); DROP INDEX new",
            "DROP INDEX new",
        ),
        (
            POSTGRES,
            "CREATE PUBLICATION p; DROP PUBLICATION p",
            "DROP PUBLICATION p",
        ),
        (
            POSTGRES,
            "CREATE STATISTICS s ON x, y FROM a; DROP STATISTICS s",
            "DROP STATISTICS s",
        ),
        (
            POSTGRES,
            "CREATE COLLATION c (locale = 'C'); DROP COLLATION c",
            "DROP COLLATION c",
        ),
        (
            POSTGRES,
            "CREATE EVENT TRIGGER e ON sql_drop EXECUTE FUNCTION f(); DROP EVENT TRIGGER e",
            "DROP EVENT TRIGGER e",
        ),
        (
            MYSQL,
            "CREATE TABLE `Notes` (id int); INSERT INTO Notes VALUES (1); DROP TABLE notes",
            "DROP TABLE notes",
        ),
        (
            MYSQL,
            "ALTER TABLE a ADD INDEX i (x); ALTER TABLE a DROP INDEX i",
            "ALTER TABLE a DROP INDEX i",
        ),
        (
            MYSQL,
            "CREATE INDEX i ON a (x); ALTER TABLE a DROP KEY i",
            "ALTER TABLE a DROP KEY i",
        ),
        (
            MYSQL,
            "ALTER TABLE a ADD CONSTRAINT u UNIQUE (x); DROP INDEX u ON a",
            "DROP INDEX u ON a",
        ),
        (
            MYSQL,
            "ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (x) REFERENCES b (x); ALTER TABLE a DROP FOREIGN KEY f",
            "ALTER TABLE a DROP FOREIGN KEY f",
        ),
        (
            MYSQL,
            "CREATE DEFINER = root@localhost PROCEDURE p() SELECT 1; DROP PROCEDURE p",
            "DROP PROCEDURE p",
        ),
        (
            MYSQL,
            "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1; DROP EVENT e",
            "DROP EVENT e",
        ),
        (
            MYSQL,
            "CREATE USER 'u'@'%' IDENTIFIED BY 'x'; GRANT ALL ON *.* TO 'u'@'%'; DROP USER 'u'@'%'",
            "DROP USER 'u'@'%'",
        ),
        (
            MYSQL,
            "CREATE DATABASE d; CREATE TABLE d.t (x int); DROP DATABASE d",
            "DROP DATABASE d",
        ),
        (
            MYSQL,
            "CREATE TABLE a (x int); RENAME TABLE a TO b; DROP TABLE b",
            "DROP TABLE b",
        ),
        (
            MYSQL,
            "CREATE TABLE a (x int); ALTER TABLE a RENAME b; DROP TABLE b",
            "DROP TABLE b",
        ),
        (
            SQLITE,
            "CREATE TABLE \"Notes\" (x); INSERT INTO Notes VALUES (1); DROP TABLE \"notes\"",
            "DROP TABLE \"notes\"",
        ),
        (
            POSTGRES,
            "CREATE TABLE \"User\" (id int); INSERT INTO \"User\" VALUES (1); DROP TABLE \"User\"",
            "DROP TABLE \"User\"",
        ),
        (
            POSTGRES,
            "CREATE TABLE Users (id int); DROP TABLE users",
            "DROP TABLE users",
        ),
        (
            POSTGRES,
            "CREATE TABLE a (x serial); INSERT INTO a VALUES (1); SELECT pg_catalog.setval('public.a_x_seq', (SELECT max(x) FROM a)); DROP TABLE a",
            "DROP TABLE a",
        ),
        (
            POSTGRES,
            "CREATE TABLE a (x serial); SELECT setval(pg_get_serial_sequence('a', 'x'), max(x)) FROM a; DROP TABLE a",
            "DROP TABLE a",
        ),
        (
            POSTGRES,
            "CREATE TABLE a (x int CHECK (x > 0)); INSERT INTO a VALUES (1); DROP TABLE a",
            "DROP TABLE a",
        ),
        (
            POSTGRES,
            "CREATE TABLE a (x int); TRUNCATE a; DROP TABLE a",
            "DROP TABLE a",
        ),
        (
            POSTGRES,
            "CREATE USER MAPPING FOR a SERVER s; DROP USER MAPPING FOR a SERVER s",
            "DROP USER MAPPING FOR a SERVER s",
        ),
        (
            POSTGRES,
            "SET search_path = one; CREATE TABLE a (n int); INSERT INTO a VALUES (1); DROP TABLE one.a",
            "DROP TABLE one.a",
        ),
        (
            POSTGRES,
            "CREATE SCHEMA x; CREATE TABLE a (n int); ALTER TABLE a SET SCHEMA x; DROP TABLE x.a",
            "DROP TABLE x.a",
        ),
        (
            MYSQL,
            "USE one; CREATE TABLE a (n int); INSERT INTO a VALUES (1); DROP TABLE a",
            "DROP TABLE a",
        ),
        (
            MYSQL,
            "CREATE TABLE a (n int); UPDATE a x SET n = 1; DROP TABLE a",
            "DROP TABLE a",
        ),
    ];
    for (syntax, text, dropped) in cases {
        assert_eq!(found(text, *syntax), Some(*dropped), "{text}");
    }
}

#[test]
fn what_is_made_for_a_while_is_left_alone() {
    let cases: &[(Syntax, &str)] = &[
        // What was there before.
        (SQLITE, "DROP TABLE IF EXISTS a; CREATE TABLE a (x)"),
        (
            SQLITE,
            "CREATE TABLE a_new (x); INSERT INTO a_new SELECT x FROM a; DROP TABLE a; ALTER TABLE a_new RENAME TO a",
        ),
        (
            SQLITE,
            "CREATE TABLE a (x); CREATE TABLE a_new (x); INSERT INTO a_new SELECT x FROM a; DROP TABLE a; ALTER TABLE a_new RENAME TO a",
        ),
        (
            SQLITE,
            "ALTER TABLE a RENAME TO a_old; CREATE TABLE a (x); INSERT INTO a SELECT x FROM a_old; DROP TABLE a_old",
        ),
        (SQLITE, "CREATE TABLE a (x); DROP INDEX i; DROP VIEW v; DROP TABLE b"),
        (
            SQLITE,
            "CREATE VIEW v AS SELECT 1; DROP VIEW v; CREATE VIEW v AS SELECT 2",
        ),
        (SQLITE, "CREATE TABLE s.a AS SELECT * FROM a; DROP TABLE a"),
        (
            SQLITE,
            "ALTER TABLE a RENAME TO a_old; CREATE TABLE a (x); INSERT INTO a SELECT x FROM a_old; DROP TABLE a_old; DROP TABLE a",
        ),
        (
            POSTGRES,
            "CREATE TABLE a (x int); SAVEPOINT s; DROP TABLE a; ROLLBACK TO SAVEPOINT s",
        ),
        // What is gone with the session anyway.
        (
            SQLITE,
            "CREATE TEMP TABLE a (x); INSERT INTO b SELECT x FROM a; DROP TABLE a",
        ),
        (SQLITE, "CREATE TEMP TABLE a (x); DROP TABLE a"),
        (SQLITE, "CREATE TABLE temp.a (x); DROP TABLE temp.a"),
        (
            POSTGRES,
            "CREATE LOCAL TEMPORARY TABLE a (x int) ON COMMIT DROP; DROP TABLE a",
        ),
        (MYSQL, "CREATE TEMPORARY TABLE a (x int); DROP TEMPORARY TABLE a"),
        // Helpers.
        (
            SQLITE,
            "CREATE TABLE a AS SELECT * FROM b; UPDATE b SET x = (SELECT y FROM a WHERE a.id = b.id); DROP TABLE a",
        ),
        (
            SQLITE,
            "CREATE TABLE a (x); INSERT INTO a SELECT 1; CREATE TABLE b AS SELECT * FROM a; INSERT INTO c SELECT * FROM b; DROP TABLE b; DROP TABLE a",
        ),
        (
            SQLITE,
            "ALTER TABLE a ADD COLUMN b; UPDATE a SET b = x; UPDATE a SET x = y; UPDATE a SET y = b; ALTER TABLE a DROP COLUMN b",
        ),
        (
            SQLITE,
            "CREATE INDEX i ON a (x); UPDATE a SET y = 1 WHERE x = 2; DROP INDEX i",
        ),
        (
            SQLITE,
            "CREATE INDEX i ON a (x); DELETE FROM b WHERE x IN (SELECT x FROM a); DROP INDEX i",
        ),
        (
            SQLITE,
            "CREATE TRIGGER t AFTER UPDATE ON a BEGIN SELECT 1; END; UPDATE a SET x = x; DROP TRIGGER t",
        ),
        (
            POSTGRES,
            "CREATE FUNCTION f() RETURNS void AS $$ SELECT 1 $$ LANGUAGE sql; SELECT f(); DROP FUNCTION f()",
        ),
        (
            POSTGRES,
            "CREATE FUNCTION f(t text) RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql; ALTER TABLE a ALTER COLUMN x TYPE int USING f(x); DROP FUNCTION f(text)",
        ),
        (
            POSTGRES,
            "CREATE FUNCTION f(int, text) RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql; DROP FUNCTION f(int)",
        ),
        (
            POSTGRES,
            "CREATE FUNCTION f(text) RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql; DROP FUNCTION f(uuid)",
        ),
        (
            POSTGRES,
            "CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN END $$ LANGUAGE plpgsql; CREATE TRIGGER t AFTER UPDATE ON a EXECUTE FUNCTION f(); UPDATE a SET x = x; DROP TRIGGER t ON a; DROP FUNCTION f()",
        ),
        (
            POSTGRES,
            "CREATE TABLE a (x int); DO $$ BEGIN INSERT INTO b SELECT x FROM a; END $$; DROP TABLE a",
        ),
        (
            POSTGRES,
            "CREATE SEQUENCE s; UPDATE a SET n = nextval('s'); DROP SEQUENCE s",
        ),
        (
            POSTGRES,
            "CREATE TYPE t_new AS ENUM ('a'); ALTER TABLE a ALTER COLUMN x TYPE t_new USING x::text::t_new; DROP TYPE t; ALTER TYPE t_new RENAME TO t",
        ),
        (
            POSTGRES,
            "ALTER TABLE a ADD CONSTRAINT c CHECK (x IS NOT NULL) NOT VALID; ALTER TABLE a VALIDATE CONSTRAINT c; ALTER TABLE a ALTER COLUMN x SET NOT NULL; ALTER TABLE a DROP CONSTRAINT c",
        ),
        (
            POSTGRES,
            "CREATE EXTENSION IF NOT EXISTS pgcrypto; CREATE TABLE a (x uuid DEFAULT gen_random_uuid()); DROP EXTENSION pgcrypto",
        ),
        (
            POSTGRES,
            "CREATE SCHEMA s; CREATE TABLE s.a AS SELECT 1 AS x; INSERT INTO b SELECT x FROM s.a; DROP SCHEMA s CASCADE",
        ),
        (
            POSTGRES,
            "ALTER TABLE a ADD COLUMN x_new bigint; UPDATE a SET x_new = x; ALTER TABLE a DROP COLUMN x; ALTER TABLE a RENAME COLUMN x_new TO x",
        ),
        (
            POSTGRES,
            "CREATE INDEX CONCURRENTLY i_new ON a (x); DROP INDEX CONCURRENTLY i; ALTER INDEX i_new RENAME TO i",
        ),
        (
            POSTGRES,
            "WITH moved AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM moved; CREATE TABLE c (x int)",
        ),
        (
            POSTGRES,
            "CREATE TABLE a (x int); SELECT migrate_rows(x) FROM a; DROP TABLE a",
        ),
        (POSTGRES, "CREATE INDEX i ON a (x); SELECT migrate_rows(); DROP INDEX i"),
        (
            MYSQL,
            "DROP PROCEDURE IF EXISTS p; CREATE PROCEDURE p() BEGIN SELECT 1; END; CALL p(); DROP PROCEDURE p",
        ),
        (
            MYSQL,
            "CREATE PROCEDURE p() SELECT 1; CALL p; DROP PROCEDURE IF EXISTS p",
        ),
        (
            MYSQL,
            "CREATE FUNCTION f() RETURNS int RETURN 1; UPDATE a SET x = f(); DROP FUNCTION f",
        ),
        (
            MYSQL,
            "CREATE TABLE a (x int); PREPARE s FROM 'INSERT INTO b SELECT x FROM a'; EXECUTE s; DROP TABLE a",
        ),
        (
            MYSQL,
            "CREATE INDEX i ON a (x); ALTER TABLE a DROP FOREIGN KEY f; DROP INDEX i ON a",
        ),
        (
            MYSQL,
            "ALTER TABLE a ADD INDEX i (x), DROP INDEX j; ALTER TABLE a RENAME INDEX i TO j",
        ),
        (
            MYSQL,
            "CREATE TABLE b LIKE a; INSERT INTO b SELECT * FROM a; RENAME TABLE a TO a_old, b TO a; DROP TABLE a_old",
        ),
        (MYSQL, "CREATE INDEX i ON a (x); DROP INDEX i ON b"),
        (
            MYSQL,
            "/*!50001 CREATE TABLE v (x int) */; /*!50001 DROP TABLE IF EXISTS v*/; /*!50001 CREATE VIEW v AS SELECT 1 AS x */",
        ),
        (
            MYSQL,
            "CREATE TABLE a (x int); INSERT INTO b SELECT x FROM a; INSERT INTO c VALUES ('a'); DROP TABLE a",
        ),
        (
            SQLITE,
            "ALTER TABLE t ADD COLUMN tmp int; UPDATE t SET tmp = c; ALTER TABLE t DROP COLUMN c; ALTER TABLE t ADD COLUMN c text; UPDATE t SET c = tmp; ALTER TABLE t DROP COLUMN tmp",
        ),
        (
            POSTGRES,
            "ALTER TABLE t ADD COLUMN tmp int; UPDATE t SET tmp = c; ALTER TABLE t DROP COLUMN c; ALTER TABLE t ADD COLUMN c text; UPDATE t SET c = tmp; ALTER TABLE t DROP COLUMN tmp",
        ),
        (
            MYSQL,
            "ALTER TABLE t ADD COLUMN tmp int; UPDATE t SET tmp = c; ALTER TABLE t DROP COLUMN c; ALTER TABLE t ADD COLUMN c text; UPDATE t SET c = tmp; ALTER TABLE t DROP COLUMN tmp",
        ),
        (
            POSTGRES,
            "ALTER TABLE t ADD COLUMN tmp int; UPDATE t SET tmp = c; ALTER TABLE t DROP COLUMN c, ADD COLUMN c text; UPDATE t SET c = tmp; ALTER TABLE t DROP COLUMN tmp",
        ),
        (
            MYSQL,
            "CREATE TABLE map (a int, b int); UPDATE map m JOIN t ON t.id = m.a SET t.b = m.b; DROP TABLE map",
        ),
        (
            MYSQL,
            "CREATE TABLE map (a int, b int); UPDATE map, t SET t.b = map.b WHERE t.id = map.a; DROP TABLE map",
        ),
        (
            MYSQL,
            "CREATE TABLE map (a int, b int); UPDATE map AS m LEFT JOIN t ON t.id = m.a SET t.b = 1; DROP TABLE map",
        ),
        (
            MYSQL,
            "CREATE TABLE map (a int); DELETE map, t FROM map JOIN t ON t.id = map.a; DROP TABLE map",
        ),
        (
            MYSQL,
            "CREATE TABLE map (a int); DELETE FROM map, t USING map JOIN t ON t.id = map.a; DROP TABLE map",
        ),
        (
            POSTGRES,
            "CREATE TABLE \"User\" (id int); INSERT INTO \"User\" SELECT * FROM \"user\"; DROP TABLE \"user\"",
        ),
        (
            POSTGRES,
            "CREATE TABLE \"User\" (id int); INSERT INTO \"User\" SELECT * FROM User; DROP TABLE User",
        ),
        (
            MYSQL,
            "CREATE TABLE `Users` (id int); INSERT INTO `Users` SELECT * FROM `users`; DROP TABLE `users`",
        ),
        (
            MYSQL,
            "CREATE TABLE Orders LIKE orders; INSERT INTO Orders SELECT * FROM orders; DROP TABLE orders",
        ),
        (
            POSTGRES,
            "CREATE TABLE mx AS SELECT max(id) AS m FROM t; SELECT setval('s', m) FROM mx; DROP TABLE mx",
        ),
        (
            POSTGRES,
            "CREATE TABLE mx AS SELECT max(id) AS m FROM t; SELECT pg_catalog.setval(pg_get_serial_sequence('t', 'id'), m) FROM mx; DROP TABLE mx",
        ),
        (
            POSTGRES,
            "CREATE TABLE n (x int); SELECT nextval('s') FROM n; DROP TABLE n",
        ),
        (
            POSTGRES,
            "CREATE INDEX tmp ON t (a); CLUSTER t USING tmp; DROP INDEX tmp",
        ),
        (
            POSTGRES,
            "CREATE INDEX tmp ON t (a); CLUSTER (VERBOSE) t USING tmp; DROP INDEX tmp",
        ),
        (
            POSTGRES,
            "CREATE INDEX tmp ON t (a); ALTER TABLE t CLUSTER ON tmp; CLUSTER; DROP INDEX tmp",
        ),
        (
            POSTGRES,
            "CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw; CREATE USER MAPPING FOR CURRENT_USER SERVER s OPTIONS (user 'x'); CREATE FOREIGN TABLE f (x int) SERVER s; INSERT INTO t SELECT x FROM f; DROP FOREIGN TABLE f; DROP USER MAPPING FOR CURRENT_USER SERVER s; DROP SERVER s",
        ),
        (
            POSTGRES,
            "CREATE USER MAPPING IF NOT EXISTS FOR a SERVER s; DROP USER MAPPING IF EXISTS FOR a SERVER other",
        ),
        (
            POSTGRES,
            "CREATE TABLE chk (ok int CHECK (ok = 1)); INSERT INTO chk SELECT count(*) = 0 FROM t WHERE a IS NULL; DROP TABLE chk",
        ),
        (
            SQLITE,
            "CREATE TABLE chk (ok int CHECK (ok = 1)); INSERT INTO chk SELECT count(*) = 0 FROM t WHERE a IS NULL; DROP TABLE chk",
        ),
        (
            POSTGRES,
            "CREATE TABLE chk AS SELECT count(*) AS n FROM t; ALTER TABLE chk ADD CONSTRAINT none CHECK (n = 0); DROP TABLE chk",
        ),
        (
            SQLITE,
            "CREATE TABLE chk (n int); CREATE TRIGGER tr BEFORE INSERT ON chk BEGIN SELECT RAISE(ABORT, 'no'); END; INSERT INTO chk SELECT id FROM t; DROP TABLE chk",
        ),
        (
            POSTGRES,
            "CREATE UNLOGGED TABLE st (x int); COPY st FROM '/tmp/st.csv'; SELECT load_it(); DROP TABLE st",
        ),
        (
            POSTGRES,
            "CREATE TABLE st (x int); DO $$ BEGIN EXECUTE format('INSERT INTO t SELECT * FROM %I', 's' || 't'); END $$; DROP TABLE st",
        ),
        (POSTGRES, "CREATE TABLE st (x int); EXECUTE p; DROP TABLE st"),
        (MYSQL, "CREATE TABLE st (x int); CALL load_it(); DROP TABLE st"),
        (
            POSTGRES,
            "ALTER TABLE a ADD COLUMN b int; SELECT load_it(); ALTER TABLE a DROP COLUMN b",
        ),
        (
            POSTGRES,
            "CREATE SCHEMA x; CREATE TABLE x.a (n int); ALTER TABLE x.a SET SCHEMA public; DROP SCHEMA x",
        ),
        (
            POSTGRES,
            "CREATE SCHEMA x; CREATE TYPE x.m AS ENUM ('a'); ALTER TYPE x.m SET SCHEMA public; DROP SCHEMA x",
        ),
        (
            POSTGRES,
            "CREATE SCHEMA x; SET search_path = x; CREATE TABLE a (n int); ALTER TABLE a SET SCHEMA public; RESET search_path; DROP SCHEMA x",
        ),
        (
            POSTGRES,
            "SET search_path = one; CREATE TABLE a (n int); SET search_path TO two, public; DROP TABLE a",
        ),
        (
            POSTGRES,
            "SET search_path = one; CREATE INDEX i ON a (n); SET search_path TO two; DROP INDEX i; CREATE INDEX j ON a (n)",
        ),
        (MYSQL, "USE one; CREATE TABLE a (n int); USE two; DROP TABLE a"),
    ];
    for (syntax, text) in cases {
        assert_eq!(found(text, *syntax), None, "{text}");
    }
}

#[test]
fn a_word_among_values_is_no_use() {
    let text = "CREATE TABLE notes (x int); INSERT INTO log VALUES ('made notes'), ('notes'); DROP TABLE notes";
    assert_eq!(found(text, SQLITE), Some("DROP TABLE notes"));
}

#[test]
fn statements_that_cannot_be_read_are_no_reason() {
    for text in [
        "CREATE; DROP; ALTER; RENAME; UPDATE; CREATE TABLE; DROP TABLE; ALTER TABLE; CREATE INDEX ON; DROP INDEX; CREATE FUNCTION (",
        "DROP TABLE a; DROP TABLE a; ALTER TABLE a RENAME TO b; ALTER TABLE a RENAME; ALTER TABLE a CHANGE; UPDATE a SET",
        "CREATE TABLE a.b.c.d.e (x int); DROP TABLE a.b.c.d.e",
    ] {
        for syntax in [SQLITE, POSTGRES, MYSQL] {
            assert_eq!(found(text, syntax), None, "{text}");
        }
    }
}
