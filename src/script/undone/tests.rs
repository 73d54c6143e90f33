//! What is made for nothing.

mod for_a_while;

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
