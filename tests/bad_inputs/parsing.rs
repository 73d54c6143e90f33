//! The text of a script: what is never closed, commands of clients, directives, and what each engine reads in its own way.

use crate::bench::run;
use crate::case::{Case, GOOD, case};

/// A script that is refused at a place.
fn refused(name: &'static str, text: &str, (line, column): (u32, u32), words: &[&str]) -> Case {
    case(name)
        .file("1_a.sql", text)
        .at("migrations/1_a.sql", line, column)
        .says(words)
}

#[test]
fn what_is_never_closed_is_told_where_it_opens() {
    let open = |name, text: &str, place| refused(name, &format!("{GOOD}{text}"), place, &["never closed"]);
    run([
        open("a string", "SELECT 'abc;\nSELECT 2;", (2, 8)),
        open("a string that ends in two quotes", "SELECT 'abc''", (2, 8)),
        open("a quoted name", "SELECT \"abc;\n", (2, 8)),
        open("a comment", "SELECT 1; /* abc\nSELECT 2;", (2, 11)),
        open("a comment after the last statement", "/*", (2, 1)),
        open("a name in backquotes", "SELECT `abc;", (2, 8)).sqlite(),
        open("a name in brackets", "SELECT [abc;", (2, 8)).sqlite(),
        refused(
            "a trigger",
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT 2;",
            (1, 36),
            &["never ended", "`END;`"],
        )
        .sqlite(),
        open("a dollar-quoted body", "DO $$ BEGIN NULL; END;", (2, 4)).postgres(),
        open(
            "a dollar-quoted body with a tag",
            "DO $body$ BEGIN NULL; END; $Body$;",
            (2, 4),
        )
        .postgres(),
        open("a string with escapes", "SELECT E'abc\\';", (2, 8)).postgres(),
        open("a comment in a comment", "/* a /* b */ SELECT 1;", (2, 1)).postgres(),
    ]);
}

#[test]
fn what_looks_like_a_placeholder_is_noted_and_strings_are_read_by_the_rules_that_hold() {
    run([
        case("a placeholder in a text")
            .file("1_a.sql", "CREATE TABLE a AS SELECT '${user}' AS x;")
            .done()
            .says(&["template", "`${user}` on line 1"])
            .tables(&["a"]),
        case("braces that are none")
            .file(
                "1_a.sql",
                "CREATE TABLE a AS SELECT '{{1,2},{3}}' AS x, '${' AS y; -- ${user}",
            )
            .done()
            .hides(&["template"])
            .tables(&["a"]),
        case("strings by other rules")
            .postgres()
            .file(
                "1_a.sql",
                "SET standard_conforming_strings = off; CREATE TABLE a AS SELECT '\\'; DROP TABLE x; --' AS x;",
            )
            .done()
            .tables(&["a"]),
        case("strings by the rules that hold")
            .postgres()
            .file("1_a.sql", format!("SET standard_conforming_strings = on; {GOOD}"))
            .done()
            .tables(&["a"]),
    ]);
}

#[test]
fn each_engine_reads_in_its_own_way() {
    run([
        case("comments do not nest").sqlite().file("1_a.sql", format!("/* /* */ {GOOD}")).done().tables(&["a"]),
        case("comments nest").postgres().file("1_a.sql", format!("/* /* */ DROP TABLE x; */ {GOOD}")).done().tables(&["a"]),
        case("a backslash is only a letter").file("1_a.sql", "CREATE TABLE a AS SELECT '\\' AS x;").done().tables(&["a"]),
        case("a backslash escapes in a string with escapes")
            .postgres()
            .file("1_a.sql", "CREATE TABLE a AS SELECT E'\\'; DROP TABLE x; --' AS x;")
            .done()
            .tables(&["a"]),
        case("dollars in names")
            .postgres()
            .file("1_a.sql", "CREATE TABLE a AS SELECT 1 AS a$b$c, 2 AS a$b$d; -- $$\n")
            .done()
            .tables(&["a"]),
        case("Unicode escapes")
            .postgres()
            .file("1_a.sql", "CREATE TABLE U&\"\\0061\" (id integer); SELECT N'x', U&'\\0027;', B'1', X'1F';")
            .done()
            .tables(&["a"]),
        case("semicolons in strings, names, comments and bodies")
            .file("1_a.sql", "CREATE TABLE \"a;b\" (x text DEFAULT ';'); -- ;\n/* ; */ SELECT ';';")
            .done()
            .tables(&["a;b"]),
        case("semicolons one after the other").file("1_a.sql", ";;CREATE TABLE a (id integer);;;\n;").done().tables(&["a"]),
        case("a trigger with CASE and several statements")
            .sqlite()
            .file(
                "1_a.sql",
                "CREATE TABLE a (id integer);\nCREATE TRIGGER t AFTER INSERT ON a BEGIN\n UPDATE a SET id = CASE WHEN id > 1 THEN 1 ELSE 2 END;\n \
                 DELETE FROM a WHERE id = 3;\nEND;\nCREATE TABLE b (id integer);",
            )
            .done()
            .tables(&["a", "b"]),
        case("a body of BEGIN ATOMIC")
            .postgres()
            .file(
                "1_a.sql",
                "CREATE FUNCTION f() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; END;\n\
                 CREATE TABLE a (id integer);",
            )
            .done()
            .tables(&["a"]),
        case("names like `end` and `begin` inside a trigger")
            .sqlite()
            .file(
                "1_a.sql",
                "CREATE TABLE a (\"end\" integer);\nCREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT \"end\" FROM a; END;",
            )
            .done()
            .tables(&["a"]),
    ]);
}

#[test]
fn commands_of_clients() {
    let client = |name, text: &str, command: &str, client: &str| {
        refused(name, &format!("{GOOD}{text}\n"), (2, 1), &[command, client, "not SQL"])
    };
    run([
        client("DELIMITER", "DELIMITER //", "`DELIMITER`", "mysql"),
        client("GO", "GO", "`GO`", "sqlcmd"),
        client("GO with a count", "GO 5", "`GO`", "sqlcmd"),
        client("a slash", "/", "`/`", "SQL*Plus"),
        client("@file", "@other.sql", "`@other.sql`", "SQL*Plus"),
        client("@@file", "@@other.sql", "`@@other.sql`", "SQL*Plus"),
        client(":r", ":r other.sql", "`:r`", "sqlcmd"),
        client(":setvar", ":setvar a b", "`:setvar`", "sqlcmd"),
        client("\\connect", "\\connect other", "`\\connect`", "psql"),
        client("\\c", "\\c other", "`\\c`", "psql"),
        client("\\i", "\\i other.sql", "`\\i`", "psql"),
        client("\\copy", "\\copy a FROM 'a.csv'", "`\\copy`", "psql"),
        client("\\set", "\\set x 1", "`\\set`", "psql"),
        client(".read", ".read other.sql", "`.read`", "sqlite3"),
        client(".import", ".import a.csv a", "`.import`", "sqlite3"),
        refused("\\gexec", "SELECT 'SELECT 1' \\gexec\n", (1, 19), &["`\\gexec`", "psql"]).postgres(),
        case("\\restrict and \\unrestrict are passed over")
            .postgres()
            .file("1_a.sql", format!("\\restrict abc\n{GOOD}\\unrestrict abc\n"))
            .done()
            .tables(&["a"]),
        case("a dump that hides all schemas")
            .postgres()
            .file(
                "1_a.sql",
                "\\restrict abc\nSELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.a (id integer);\n\
                 COPY public.a (id) FROM stdin;\n1\n2\n\\.\n\n\\unrestrict abc\n",
            )
            .file("2_b.sql", "CREATE TABLE b (id integer);")
            .done()
            .then(|live, _| assert_eq!(live.query("SELECT count(*)::text FROM a, (SELECT 1 FROM b) b RIGHT JOIN a c ON true"), ["4"])),
        case("COPY with data that is not what it says")
            .postgres()
            .live()
            .file("1_a.sql", format!("{GOOD}COPY a FROM stdin;\n1\nx\n\\.\n"))
            .exits(1)
            .says(&["invalid input syntax", "1 a"]),
        refused("COPY to the client", "SELECT 1;\nCOPY a TO STDOUT;", (2, 1), &["COPY … TO STDOUT"]).postgres(),
        case("COPY where there is none")
            .sqlite()
            .live()
            .file("1_a.sql", format!("{GOOD}COPY a FROM stdin;\n1\n\\.\n"))
            .exits(1)
            .at("migrations/1_a.sql", 2, 1)
            .says(&["COPY"]),
    ]);
}

#[test]
fn directives() {
    let line = |name, directive: &str, words: &[&str]| {
        refused(name, &format!("SELECT 1;\n{directive}\nSELECT 2;\n"), (2, 1), words)
    };
    run([
        line(
            "a slip of the finger",
            "-- syncline: no-tranaction",
            &["no-tranaction", "no-transaction"],
        ),
        line("no directive at all", "-- syncline: frobnicate", &["frobnicate"]),
        line("the down part of goose", "-- +goose Down", &["goose", "-- +goose Up"]),
        line(
            "the down part of dbmate",
            "-- migrate:down",
            &["dbmate", "-- migrate:up"],
        ),
        line(
            "no transaction of sqlx",
            "-- no-transaction",
            &["sqlx", "-- syncline: no-transaction"],
        ),
        line(
            "a misspelt mark",
            "-- sincline: no-transaction",
            &["-- syncline: no-transaction"],
        ),
        line(
            "no colon",
            "-- syncline no-transaction",
            &["-- syncline: no-transaction"],
        ),
        line(
            "a value too many",
            "-- syncline: no-transaction=yes",
            &["takes no value"],
        ),
        line("two in one line", "-- syncline: no-transaction, empty", &["line"]),
        line("a value that is none", "-- syncline: lock-timeout=soon", &["soon"]).postgres(),
        line("no unit", "-- syncline: lock-timeout=5", &["5"]).postgres(),
        line("zero", "-- syncline: statement-timeout=0s", &["statement-timeout"]).postgres(),
        line("a negative number", "-- syncline: retries=-1", &["-1"]).postgres(),
        line(
            "far too long",
            "-- syncline: lock-timeout=999999999999h",
            &["lock-timeout"],
        )
        .postgres(),
        line("for the other engine", "-- syncline: foreign-keys=off", &["for SQLite"]).postgres(),
        line(
            "for another engine",
            "-- syncline: lock-timeout=2s",
            &["not for SQLite"],
        )
        .sqlite(),
        line("on instead of off", "-- syncline: foreign-keys=on", &["`off` only"]).sqlite(),
        line(
            "an exception without a reason",
            "-- syncline: allow changed",
            &["reason"],
        ),
        refused(
            "the same twice",
            "-- syncline: lock-timeout=2s\n-- syncline: lock-timeout=3s\nSELECT 1;",
            (2, 1),
            &["said twice"],
        )
        .postgres(),
        refused(
            "two that contradict each other",
            "-- syncline: foreign-keys=off\n-- syncline: no-transaction\nSELECT 1;",
            (1, 1),
            &["`foreign-keys=off`", "`no-transaction`"],
        )
        .sqlite(),
        case("in capitals, with line ends of Windows, not at the top")
            .file("1_a.sql", "SELECT 1;\r\n-- SYNCLINE: NO-TRANSACTION\r\nVACUUM;\r\n")
            .done(),
        case("inside a string it is text")
            .file(
                "1_a.sql",
                "CREATE TABLE a AS SELECT '\n-- syncline: no-tranaction\n' AS x;",
            )
            .done()
            .tables(&["a"]),
        case("prose about the tool is no directive")
            .file("1_a.sql", format!("-- syncline runs this at night\n{GOOD}"))
            .done()
            .tables(&["a"]),
        case("a second line for the down script")
            .file(
                "1_a.sql",
                format!("{GOOD}-- syncline: down\nDROP TABLE a;\n-- syncline: down\nSELECT 1;"),
            )
            .says(&["down"]),
    ]);
}

#[test]
fn transactions_are_not_the_scripts_business() {
    let own = |name, text: &str, words: &str| {
        refused(
            name,
            &format!("{GOOD}{text}"),
            (2, 1),
            &[words, "begins or ends a transaction", "remove it"],
        )
    };
    run([
        refused(
            "BEGIN and COMMIT by habit",
            "BEGIN;\nCREATE TABLE a (id integer);\nCOMMIT;",
            (1, 1),
            &["`BEGIN`", "`COMMIT`"],
        ),
        own("COMMIT", "COMMIT;", "`COMMIT`"),
        own("ROLLBACK", "ROLLBACK;", "`ROLLBACK`"),
        own("END", "END;", "`END`"),
        own("BEGIN with a comment in it", "BEGIN/**/TRANSACTION;", "`BEGIN"),
        own("ABORT", "ABORT;", "`ABORT`").postgres(),
        own("COMMIT AND CHAIN", "COMMIT AND CHAIN;", "`COMMIT AND CHAIN`").postgres(),
        own("ROLLBACK AND CHAIN", "rollback and chain;", "`rollback and chain`").postgres(),
        own("START TRANSACTION", "START TRANSACTION;", "`START TRANSACTION`").postgres(),
        own(
            "PREPARE TRANSACTION",
            "PREPARE TRANSACTION 'x';",
            "`PREPARE TRANSACTION",
        )
        .postgres(),
        own("COMMIT PREPARED", "COMMIT PREPARED 'x';", "`COMMIT PREPARED 'x'`").postgres(),
        own("BEGIN IMMEDIATE", "BEGIN IMMEDIATE;", "`BEGIN IMMEDIATE`").sqlite(),
        refused(
            "BEGIN in a script without a transaction",
            "-- syncline: no-transaction\nBEGIN;\nSELECT 1;\nCOMMIT;",
            (2, 1),
            &["`BEGIN`", "recorded on its own"],
        ),
        case("savepoints are fine")
            .file(
                "1_a.sql",
                format!("SAVEPOINT s; {GOOD} SAVEPOINT t; DROP TABLE a; ROLLBACK TO SAVEPOINT t; RELEASE s;"),
            )
            .done()
            .tables(&["a"]),
    ]);
}

#[test]
fn what_the_server_refuses_in_a_transaction() {
    let outside = |name, statement: &str| {
        refused(
            name,
            &format!("{statement}\n{GOOD}"),
            (1, 1),
            &["cannot run in a transaction", "-- syncline: no-transaction"],
        )
    };
    run([
        outside("VACUUM", "VACUUM;"),
        outside(
            "an index made concurrently",
            "CREATE UNIQUE INDEX CONCURRENTLY i ON a (id);",
        )
        .postgres(),
        outside("an index dropped concurrently", "DROP INDEX CONCURRENTLY i;").postgres(),
        outside("an index made again concurrently", "REINDEX TABLE CONCURRENTLY a;").postgres(),
        outside("the database itself", "DROP DATABASE x;").postgres(),
        outside("a setting of the server", "ALTER SYSTEM SET work_mem = '1MB';").postgres(),
        outside("the whole session", "DISCARD ALL;").postgres(),
        outside(
            "a partition detached concurrently",
            "ALTER TABLE a DETACH PARTITION b CONCURRENTLY;",
        )
        .postgres(),
        refused(
            "a pragma that is ignored in a transaction",
            "PRAGMA foreign_keys = off;",
            (1, 1),
            &["ignores `PRAGMA foreign_keys`", "-- syncline: foreign-keys=off"],
        )
        .sqlite(),
        refused(
            "a journal mode that cannot be set in a transaction",
            "CREATE TABLE a (b integer);\nPRAGMA journal_mode = WAL;",
            (2, 1),
            &["cannot run in a transaction", "no-transaction"],
        )
        .sqlite(),
        refused(
            "a checkpoint among other statements",
            "CREATE TABLE a (b integer);\nPRAGMA main.wal_checkpoint(TRUNCATE);",
            (2, 1),
            &["cannot run in a transaction", "no-transaction"],
        )
        .sqlite(),
        refused(
            "a connection that may not write",
            "PRAGMA query_only = on;\nCREATE TABLE a (b integer);",
            (1, 1),
            &["after this nothing can be written", "remove `PRAGMA query_only`"],
        )
        .sqlite(),
        refused(
            "a file that is given up between two statements",
            "-- syncline: no-transaction\nPRAGMA locking_mode = normal;\nCREATE TABLE a (b integer);",
            (2, 1),
            &[
                "another run would go on with this script",
                "remove `PRAGMA locking_mode`",
            ],
        )
        .sqlite(),
        refused(
            "one that has to and one that must not",
            &format!("{GOOD}CREATE INDEX CONCURRENTLY i ON a (id);"),
            (2, 1),
            &["line 1", "a migration of its own"],
        )
        .postgres(),
    ]);
}
