//! What scripts do while they run: to the transaction, to the session, to syncline's own tables, to the connection.

use crate::bench::run;
use crate::case::{Case, GOOD, case};

/// A script that fails where it runs, and of which nothing is kept.
fn fails(name: &'static str, text: impl AsRef<[u8]>, words: &[&str]) -> Case {
    case(name).live().file("1_a.sql", text).exits(1).says(words)
}

/// A first migration that is good, and a second one that may do anything to the session.
fn then_b(name: &'static str, text: &str) -> Case {
    case(name)
        .file("1_a.sql", format!("CREATE TABLE a (id integer);\n{text}"))
        .file("2_b.sql", "CREATE TABLE b (id integer);")
        .done()
        .tables(&["a", "b"])
}

#[test]
fn errors_have_a_place_and_leave_nothing() {
    run([
        fails(
            "a table that is there already",
            format!("{GOOD}\n  {GOOD}"),
            &["already exists", "statement 2 of 2", "kept"],
        )
        .at("migrations/1_a.sql", 3, 16)
        .sqlite(),
        fails(
            "a table that is there already, on a server",
            format!("{GOOD}\n  {GOOD}"),
            &["already exists", "statement 2 of 2"],
        )
        .postgres()
        .at("migrations/1_a.sql", 3, 3),
        fails(
            "a column that is not there",
            "CREATE TABLE a (id integer);\nSELECT nosuch FROM a;",
            &["nosuch"],
        )
        .at("migrations/1_a.sql", 2, 8),
        fails(
            "a word that is misspelt",
            "CREATE TABLE a (id integer);\nCREAT TABLE b (id integer);",
            &["syntax error", "CREAT"],
        )
        .at("migrations/1_a.sql", 2, 1),
        fails("MySQL's USE", format!("{GOOD}USE other;"), &["syntax error"]).at("migrations/1_a.sql", 2, 1),
        case("half of it was done by hand before")
            .applied("0_z.sql", "CREATE TABLE z (id integer);")
            .sql("CREATE TABLE a (id integer)")
            .file("0_z.sql", "CREATE TABLE z (id integer);")
            .file("1_a.sql", GOOD)
            .exits(1)
            .says(&["already exists", "1 a"]),
        case("the third of three fails, and two are kept")
            .file("1_a.sql", GOOD)
            .file("2_b.sql", "CREATE TABLE b (id integer);")
            .file("3_c.sql", "CREATE TABLE c (id integer); SELECT nosuch;")
            .live()
            .changes()
            .exits(1)
            .says(&["3 c", "nosuch", "2 migrations before it were applied"])
            .tables(&["a", "b"]),
        fails(
            "a constraint that is checked at the commit",
            "CREATE TABLE p (id integer PRIMARY KEY);\n\
             CREATE TABLE c (p integer REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO c VALUES (7);",
            &["1 a", "constraint"],
        ),
        fails(
            "an enum value that is used too early",
            "CREATE TYPE e AS ENUM ('x');",
            &["committed"],
        )
        .postgres()
        .file("2_b.sql", "ALTER TYPE e ADD VALUE 'y';\nSELECT 'y'::e;")
        .changes(),
    ]);
}

#[test]
fn scripts_that_end_their_transaction_where_nobody_can_see_it() {
    run([
        fails("a conflict clause that rolls back", "CREATE TABLE a (id integer UNIQUE);\nINSERT INTO a VALUES (1);\nINSERT OR ROLLBACK INTO a VALUES (1);\nCREATE TABLE b (id integer);", &["ended the transaction", "OR ROLLBACK"])
            .sqlite()
            .at("migrations/1_a.sql", 3, 1),
        fails(
            "a trigger that rolls back",
            "CREATE TABLE a (id integer);\nCREATE TRIGGER t BEFORE INSERT ON a BEGIN SELECT RAISE(ROLLBACK, 'no'); END;\nINSERT INTO a VALUES (1);",
            &["ended the transaction", "RAISE(ROLLBACK)"],
        )
        .sqlite()
        .at("migrations/1_a.sql", 3, 1),
        fails("COMMIT in a body", "CREATE TABLE a (id integer);\nDO $$ BEGIN COMMIT; END $$;", &["invalid transaction termination"]).postgres(),
        fails(
            "COMMIT in a procedure",
            "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$;\nCALL p();",
            &["invalid transaction termination", "-- syncline: no-transaction"],
        )
        .postgres(),
        fails("COMMIT in dynamic SQL", "DO $$ BEGIN EXECUTE 'COMMIT'; END $$;", &["EXECUTE of transaction commands"]).postgres(),
        fails(
            "a statement of which only the server knows that it cannot run in a transaction",
            "CREATE TABLE a (id integer PRIMARY KEY) PARTITION BY RANGE (id);\nREINDEX TABLE a;",
            &["cannot run inside a transaction block", "-- syncline: no-transaction"],
        )
        .postgres(),
    ]);
}

#[test]
fn the_session_is_restored() {
    run([
        then_b(
            "no search path",
            "SELECT pg_catalog.set_config('search_path', '', false);",
        )
        .postgres(),
        then_b("a search path that is not there", "SET search_path = nosuch;").postgres(),
        then_b("another role", "SET ROLE pg_monitor;").postgres(),
        then_b("another user", "SET SESSION AUTHORIZATION pg_monitor;").postgres(),
        then_b("triggers off", "SET session_replication_role = replica;").postgres(),
        then_b("another time zone", "SET TIME ZONE 'Asia/Tokyo';").postgres(),
        then_b("another encoding", "SET client_encoding = 'LATIN1';").postgres(),
        then_b(
            "old strings",
            "SELECT set_config('standard_conforming_strings', 'off', false);",
        )
        .postgres(),
        then_b("only reading from here on", "SET default_transaction_read_only = on;").postgres(),
        then_b("an impatient session", "SET statement_timeout = '1ms';").postgres(),
        then_b(
            "a user's schema that comes first",
            "CREATE SCHEMA AUTHORIZATION CURRENT_USER;\nDROP SCHEMA IF EXISTS nosuch;",
        )
        .postgres(),
        then_b("the lock given up", "SELECT pg_advisory_unlock_all();").postgres(),
        then_b("listening to oneself", "LISTEN x; NOTIFY x, 'y';").postgres(),
        then_b(
            "prepared statements and open cursors",
            "PREPARE q AS SELECT 1; DECLARE c CURSOR WITH HOLD FOR SELECT 1;",
        )
        .postgres(),
        then_b(
            "a temporary table named like the history",
            "CREATE TEMPORARY TABLE syncline_history (x integer);",
        ),
        then_b(
            "a temporary table named like the next one",
            "CREATE TEMPORARY TABLE b (x integer);",
        ),
        then_b(
            "settings of SQLite",
            "PRAGMA case_sensitive_like = on; PRAGMA query_only = off; PRAGMA recursive_triggers = on;",
        )
        .sqlite(),
        then_b("rows that nobody wants", "SELECT 1, 'two', NULL; SELECT * FROM a;"),
        then_b("data by chance", "INSERT INTO a SELECT random();").sqlite(),
        fails(
            "only reading",
            "SET TRANSACTION READ ONLY;\nCREATE TABLE a (id integer);",
            &["lets nothing be written"],
        )
        .postgres()
        .exits(2),
    ]);
}

#[test]
fn syncline_s_own_tables_are_left_alone() {
    let touched = |name, statement: &str| {
        case(name)
            .applied("0_z.sql", "CREATE TABLE z (id integer);")
            .file("0_z.sql", "CREATE TABLE z (id integer);")
            .file("1_a.sql", format!("{GOOD}{statement}"))
            .exits(1)
            .says(&["changed syncline's own tables", "repair"])
    };
    run([
        touched("dropped", "DROP TABLE syncline_history;"),
        touched("renamed", "ALTER TABLE syncline_history RENAME TO x;"),
        touched("emptied", "DELETE FROM syncline_history;"),
        touched("one row deleted", "DELETE FROM syncline_history WHERE seq = 1;"),
        touched(
            "one row changed",
            "UPDATE syncline_history SET name = 'x' WHERE seq = 1;",
        ),
        touched(
            "a row of its own",
            "CREATE TEMP TABLE r AS SELECT * FROM syncline_history WHERE seq = 1; UPDATE r SET seq = 2; INSERT INTO syncline_history SELECT * FROM r;",
        )
        .exits(1),
        touched("the texts dropped", "DROP TABLE syncline_script;"),
        touched(
            "a column that must have a value",
            "ALTER TABLE syncline_history ADD CONSTRAINT c CHECK (false) NOT VALID;",
        )
        .postgres(),
        touched("truncated", "TRUNCATE syncline_history;").postgres(),
        touched("the schema dropped", "DROP SCHEMA public CASCADE;").postgres(),
        touched(
            "a rule that swallows rows",
            "CREATE RULE r AS ON INSERT TO syncline_history DO INSTEAD NOTHING;",
        )
        .postgres(),
        touched(
            "a trigger that swallows rows",
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';\n\
             CREATE TRIGGER t BEFORE INSERT ON syncline_history FOR EACH ROW EXECUTE FUNCTION f();",
        )
        .postgres(),
        touched(
            "a trigger that swallows rows, on a file",
            "CREATE TRIGGER t BEFORE INSERT ON syncline_history BEGIN SELECT RAISE(IGNORE); END;",
        )
        .sqlite(),
    ]);
}

#[test]
fn outside_a_transaction() {
    const MODE: &str = "-- syncline: no-transaction\n";
    run([
        case("two statements, of which the second fails")
            .postgres()
            .live()
            .file(
                "1_a.sql",
                format!("{MODE}{GOOD}CREATE INDEX CONCURRENTLY i ON nosuch (id);"),
            )
            .changes()
            .exits(5)
            .says(&["nosuch", "statement 2 of 2", "syncline up"])
            .at("migrations/1_a.sql", 3, 1)
            .tables(&["a"]),
        case("the database that is connected to")
            .postgres()
            .live()
            .file(
                "1_a.sql",
                format!("{MODE}DO $$ BEGIN NULL; END $$;\nDROP DATABASE template1;"),
            )
            .changes()
            .exits(5)
            .says(&["template"]),
        case("an index that breaks a rule and stays invalid")
            .applied("1_a.sql", "CREATE TABLE a AS SELECT 1 AS id UNION ALL SELECT 1;")
            .postgres()
            .file("1_a.sql", "CREATE TABLE a AS SELECT 1 AS id UNION ALL SELECT 1;")
            .file(
                "2_b.sql",
                format!("{MODE}CREATE UNIQUE INDEX CONCURRENTLY i ON a (id);"),
            )
            .changes()
            .exits(5)
            .says(&["could not create unique index", "2 b", "is not valid"]),
        case("a table that is not there, after one that was made")
            .sqlite()
            .live()
            .file("1_a.sql", format!("{MODE}{GOOD}DROP TABLE nosuch;"))
            .changes()
            .exits(5)
            .says(&["nosuch", "statement 2 of 2", "syncline up"])
            .at("migrations/1_a.sql", 3, 1)
            .tables(&["a"]),
    ]);
}

#[test]
fn rights_and_connections() {
    run([
        case("the script ends its own connection")
            .postgres()
            .live()
            .file("1_a.sql", format!("{GOOD}SELECT pg_terminate_backend(pg_backend_pid());"))
            .exits(6)
            .says(&["1 a", "terminating connection", "nothing of this migration was kept"]),
        fails("a right that is missing half-way", format!("{GOOD}SET ROLE pg_monitor;\nCREATE TABLE b (id integer);"), &["permission denied", "GRANT"])
            .postgres()
            .at("migrations/1_a.sql", 3, 14),
        case("a table that others refer to")
            .sqlite()
            .applied("1_a.sql", "CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE c (p integer REFERENCES p ON DELETE CASCADE); INSERT INTO p VALUES (1); INSERT INTO c VALUES (1);")
            .file("1_a.sql", "CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE c (p integer REFERENCES p ON DELETE CASCADE); INSERT INTO p VALUES (1); INSERT INTO c VALUES (1);")
            .file("2_b.sql", "DROP TABLE p;")
            .exits(1)
            .says(&["`c` has a foreign key", "-- syncline: foreign-keys=off"])
            .at("migrations/2_b.sql", 1, 1)
            .then(|live, _| assert_eq!(live.query("SELECT count(*) FROM c"), ["1"])),
        case("rows without the rows they refer to")
            .sqlite()
            .live()
            .file("1_a.sql", "-- syncline: foreign-keys=off\nCREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE c (p integer REFERENCES p); INSERT INTO c VALUES (1);")
            .exits(1)
            .says(&["`c`", "`p`", "foreign_key_check"]),
    ]);
}

#[test]
fn what_servers_say_is_made_harmless() {
    run([
        fails(
            "an escape sequence in an error",
            "DO $$ BEGIN RAISE EXCEPTION E'\\x1b]0;owned\\x07\\u202e\\u009b31m' USING DETAIL = E'\\x1b[2J', HINT = E'\\r\\x1b[31m'; END $$;",
            &["owned"],
        )
        .postgres(),
        fails("an escape sequence in a name", "SELECT * FROM \"\u{1b}[31mred\";", &["red"]),
        case("a flood of notices with escape sequences")
            .postgres()
            .file("1_a.sql", format!("{GOOD}DO $$ BEGIN FOR i IN 1..20000 LOOP RAISE NOTICE E'\\x1b]0;owned\\x07 %', i; END LOOP; END $$;"))
            .done()
            .hides(&["owned"])
            .tables(&["a"]),
        case("an escape sequence in a comment that is shown in a plan")
            .live()
            .file("1_a.sql", format!("-- \u{1b}]0;owned\u{7}\n{GOOD}"))
            .types(&["plan", "--sql"])
            .exits(0),
        case("an escape sequence in a reason")
            .applied("1_a.sql", GOOD)
            .file("1_a.sql", GOOD)
            .types(&["repair", "forget", "1", "--reason", "\u{1b}]0;owned\u{7}"])
            .done(),
    ]);
}
