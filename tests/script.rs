//! What holds for every text: nothing is lost, nothing panics, and time is linear.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use proptest::prelude::*;
use syncline::script::{self, Position, Syntax};

#[path = "script/holds.rs"]
mod holds;

use holds::{ALL, exercise};

/// Pieces of SQL that matter to a splitter; put together at random they make most of its hard cases.
const FRAGMENTS: &[&str] = &[
    ";",
    ";;",
    "'",
    "''",
    "\"",
    "`",
    "[",
    "]",
    "$$",
    "$a$",
    "$1",
    "a$b$c",
    "E'",
    "e'\\'",
    "U&\"",
    "X'",
    "\\",
    "\\.",
    "\n\\.\n",
    "--",
    "-- x\n",
    "/*",
    "*/",
    "/* /* */ */",
    "(",
    ")",
    "\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    "\u{feff}",
    "\u{a0}",
    "；",
    "é",
    "\u{1a}",
    "CREATE ",
    "OR ",
    "REPLACE ",
    "FUNCTION ",
    "PROCEDURE ",
    "TEMP ",
    "TRIGGER ",
    "BEGIN ",
    "ATOMIC ",
    "CASE ",
    "END",
    "END;",
    "AS ",
    "EXPLAIN ",
    "SELECT 1",
    "COPY t FROM STDIN;",
    "COPY t TO STDOUT",
    "\\restrict x\n",
    "\\connect\n",
    ".read x\n",
    "GO\n",
    "DELIMITER //\n",
    "\nDELIMITER ;\n",
    "//",
    "/*!40101 ",
    "/*M!",
    "# x\n",
    "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES';",
    "SET sql_mode = @old;",
    "BEGIN NOT ATOMIC ",
    "IF ",
    "THEN ",
    "END IF;",
    "LOOP ",
    "\n-- syncline: down\n",
    "\n-- down\n",
    "\n/* ROLLBACK */\n",
    "CREATE TABLE a (x int);",
    "CREATE INDEX i ON a (x);",
    "UPDATE a SET ",
    "RENAME TO ",
    "\n-- syncline: no-transaction\n",
    "-- syncline: ",
    "retries=2",
    "\n--syncline retries",
    "PRAGMA foreign_keys = off;",
    "VACUUM;",
    "REINDEX ",
    "(CONCURRENTLY) ",
    "CONCURRENTLY",
    "ALTER TABLE t ",
    "DETACH PARTITION p ",
    "ROLLBACK ",
    "TO ",
    "PASSWORD ",
    "DROP TABLE ",
    "RENAME TABLE ",
    "CREATE USER ",
    "DEFINER = ",
    "INDEX CONCURRENTLY ",
    "IF EXISTS ",
    "PARTITION ",
    "SET STATEMENT ",
    "ON ",
    "@",
    ",",
    ".",
    ".1",
    "2a",
    "1e5",
    ".5",
    "<",
    "=",
    "word",
];

fn assembled() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(FRAGMENTS), 0..24).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pieces_and_tail_are_the_text(text in assembled()) {
        for syntax in ALL {
            exercise(&text, syntax);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(text) = script::decode(bytes) {
            for syntax in ALL {
                exercise(&text, syntax);
            }
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let text = script::decode(text.into_bytes());
        for syntax in ALL {
            if let Ok(text) = &text {
                exercise(text, syntax);
            }
        }
    }

    #[test]
    fn comments_and_white_space_are_cosmetic(text in assembled(), extra in "[ \t\n]{0,3}(-- [a-r ]{0,5}\n)?") {
        for syntax in ALL {
            if let Ok(parsed) = script::parse(&text, syntax) {
                let spaced: String = parsed.statements.iter().fold(String::new(), |text_so_far, statement| {
                    let piece = &text[statement.piece.clone()];
                    let line = if text_so_far.is_empty() || text_so_far.ends_with('\n') { "" } else { "\n" };
                    text_so_far + line + &extra + piece
                });
                let spaced = spaced + &text[parsed.tail.clone()];
                if script::parse(&spaced, syntax).is_ok_and(|again| again.statements.len() == parsed.statements.len()) {
                    prop_assert!(script::same_tokens(&text, &spaced, syntax), "{text:?}\n{spaced:?}");
                }
            }
        }
    }

    #[test]
    fn a_position_never_runs_out_of_its_text(text in any::<String>(), at in 0_usize..200) {
        let position = Position::of(&text, at);
        prop_assert!(position.line >= 1 && position.column >= 1);
        let lines = 1 + script::canonical(&text.replace('\u{feff}', "")).matches('\n').count();
        prop_assert!(position.line as usize <= lines);
    }
}

#[test]
fn a_position_counts_lines_and_characters() {
    let text = "a\r\nbé🐘c\rd\n";
    for (at, line, column) in [
        (0, 1, 1),
        (1, 1, 2),
        (2, 1, 3),
        (3, 2, 1),
        (4, 2, 2),
        (5, 2, 2),
        (6, 2, 3),
        (10, 2, 4),
        (11, 2, 5),
        (12, 3, 1),
        (14, 4, 1),
        (99, 4, 1),
    ] {
        assert_eq!(Position::of(text, at), Position { line, column }, "byte {at}");
    }
}

#[test]
fn a_million_of_anything_is_read_in_linear_time() {
    // A quadratic step would take minutes with either number.
    let times = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };
    let many = |part: &str| part.repeat(times);
    // Each of these is a statement or more.
    let some = |part: &str| part.repeat(times / 50);
    let texts = [
        many("/*"),
        many("/*") + &many("*/"),
        many("("),
        many(")"),
        many("'"),
        many("$"),
        many("$a"),
        many("$a$ "),
        many("E'x'\n"),
        many("E'x' -- y\n"),
        many(";"),
        many("a;"),
        many("\u{feff}"),
        many("- "),
        many("\n"),
        many("\\."),
        format!("COPY t FROM STDIN;\n{}", many("\\.x")),
        format!("CREATE FUNCTION f() BEGIN ATOMIC {}", many("CASE ")),
        format!("CREATE TRIGGER t BEGIN {}", many("; BEGIN ")),
        format!("ALTER TABLE t {}", many("DETACH PARTITION ")),
        format!("REINDEX {}", many("(")),
        format!("COPY {}", many("(")),
        format!("ALTER TABLE t {}", many("EXCHANGE ")),
        format!("CREATE {}TABLE t", many("OR REPLACE ")),
        format!("CREATE {}", many("DEFINER = ")),
        format!("CREATE DEFINER = a@{}", many("1.")),
        format!("CREATE EVENT e {}", many("SCHEDULE EVERY ")),
        format!("CREATE FUNCTION f {}", many("RETURNS STRING ")),
        format!("DROP TABLE {}a", many("a.b, ")),
        format!("DROP TABLE a{}", many(".a")),
        format!("DROP TABLE a{}", many(".1")),
        format!("DROP TABLE {}a", many("1a, ")),
        format!("DROP TABLE {}", many("/**/")),
        format!("DROP USER a@{}", many(".1")),
        format!("CREATE USER {}a", many("a@b IDENTIFIED BY 'x', ")),
        format!("RENAME TABLE {}a TO b", many("a TO b, ")),
        format!("SET STATEMENT {}", many("a = 1, ")),
        format!("SET @a = {}", many("(SELECT ")),
        format!("CREATE INDEX CONCURRENTLY i ON t{}", many(".a")),
        format!("{}-- syncline: down", many(" ")),
        many(" -- syncline: x"),
        many("\n-- syncline: x"),
        some("CREATE TABLE t (x int); DROP TABLE t; "),
        some("CREATE INDEX i ON t (x); UPDATE t SET x = 1; DROP INDEX i; "),
        some("CREATE TABLE t (x int); ") + &some("DROP TABLE t; "),
        some("CREATE TABLE a (x int); ALTER TABLE a RENAME TO b; "),
        format!("ALTER TABLE t {}", many("ADD a int, ")),
        format!("UPDATE t SET {}", many("a = 1, ")),
        format!("CREATE FUNCTION f({}); DROP FUNCTION f", many("a int, ")),
        format!("SELECT 1;{}\nSELECT 1", many("\n-- down")),
        format!("SELECT 1;{}\nSELECT 1", many("\n-- this is what goes on\n-- down")),
        format!("SELECT 1;\n-- {}\nSELECT 1", many("down ")),
    ];
    let next = AtomicUsize::new(0);
    let read = || {
        while let Some(text) = texts.get(next.fetch_add(1, Relaxed)) {
            // One that reads backslashes and double quotes as MySQL does, and one that does not, are enough.
            for syntax in [ALL[0], ALL[1], ALL[2], ALL[5]] {
                if let Ok(parsed) = script::parse(text, syntax) {
                    let _ = script::both_directions(text, &parsed, syntax);
                }
                let _ = script::mask_secrets(text, syntax);
                let _ = script::manner(text, &script::Kind::Plain, syntax);
                let _ = script::aftermath(text, syntax);
                let _ = script::objects(text, syntax);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(read);
        }
    });
}

#[test]
fn what_only_sets_the_session_is_known() {
    let mysql = ALL[2];
    for (statement, syntax, sets) in [
        ("SET search_path = a", Syntax::Postgres(Default::default()), true),
        ("SET LOCAL search_path = a", Syntax::Postgres(Default::default()), false),
        ("PRAGMA foreign_keys = off", Syntax::Sqlite, true),
        ("SET NAMES utf8mb4", mysql, true),
        ("/*!40101 SET sql_mode = 'ANSI' */", mysql, true),
        ("SET GLOBAL max_connections = 1", mysql, false),
        ("LOCK TABLES t WRITE", mysql, false),
        (
            "SET STATEMENT max_statement_time = 1 FOR UPDATE t SET a = a + 1",
            mysql,
            false,
        ),
        ("INSERT INTO t VALUES ('SET')", mysql, false),
    ] {
        assert_eq!(script::sets_session(statement, syntax), sets, "{statement}");
    }
}

#[test]
fn edits_are_cosmetic_or_semantic() {
    let same = |a, b| script::same_tokens(a, b, Syntax::Postgres(Default::default()));
    assert!(same("SELECT 1;", "-- why\nSELECT\r\n  1 /* one */"));
    assert!(same("SELECT a=b", "SELECT a = b;;"));
    assert!(same("CREATE TABLE t(a int)", "CREATE TABLE t (a int)"));
    assert!(same(
        "SELECT 1;\n-- syncline: retries=2\n",
        "--syncline:retries = 2\nSELECT 1;"
    ));
    // What is let through says nothing to the database, and may be said of what has run elsewhere already.
    assert!(same(
        "SELECT 1;",
        "-- syncline: allow both-directions reason=\"it is so\"\nSELECT 1;"
    ));
    assert!(!same("SELECT 1;", "-- syncline: retries=2\nSELECT 1;"));
    assert!(!same("SELECT 1", "SELECT 2"));
    assert!(!same("SELECT 'a  b'", "SELECT 'a b'"));
    assert!(!same("SELECT a <= b", "SELECT a < = b"));
    assert!(!same("SELECT 'a'\n'b'", "SELECT 'a' 'b'"));
    assert!(!same("SELECT 1; SELECT 2", "SELECT 1 SELECT 2"));
    assert!(!same("SELECT 1", "-- syncline: no-transaction\nSELECT 1"));
    assert!(!same("COPY t FROM STDIN;\n1\n\\.\n", "COPY t FROM STDIN;\n1 \n\\.\n"));
    assert!(
        !same("SELECT 'a", "SELECT  'a"),
        "what cannot be parsed is compared as text"
    );
    assert!(same("SELECT 'a\r\n", "SELECT 'a\n"));
}

#[test]
fn a_one_file_migration_is_cut_at_its_down_line() {
    let text = "-- syncline: down is below\nCREATE TABLE t (a text DEFAULT '\n-- syncline: down\n');\n/*\n-- syncline: down\n*/\n";
    let up = text.replacen("-- syncline: down is below\n", "", 1);
    let whole = format!("{up}  -- SYNCLINE: Down\r\nDROP TABLE t;\n");
    let cut = script::down_marker(&whole, Syntax::Postgres(Default::default()))
        .unwrap()
        .unwrap();
    assert_eq!(&whole[..cut.start], up);
    assert_eq!(&whole[cut.clone()], "  -- SYNCLINE: Down\r\n");
    assert_eq!(&whole[cut.end..], "DROP TABLE t;\n");
    assert_eq!(script::down_marker(&up, Syntax::Postgres(Default::default())), Ok(None));
    let code = |text: &str| {
        script::down_marker(text, Syntax::Postgres(Default::default()))
            .unwrap_err()
            .first()
            .map(|problem| problem.code)
    };
    assert_eq!(code(text), Some("bad-directive"), "a value");
    assert_eq!(
        code("SELECT 1\n-- syncline: down\nSELECT 2;"),
        Some("misplaced-directive"),
        "no `;` before it"
    );
    assert_eq!(
        code("SELECT 1; -- syncline: down\nSELECT 2;"),
        Some("misplaced-directive")
    );
    assert_eq!(
        code("-- syncline: down\n-- syncline: down\n"),
        Some("bad-directive"),
        "two of them"
    );
    assert_eq!(code("-- syncline down\n"), Some("unknown-directive"));
    assert_eq!(code("-- syncline: donw\n"), Some("unknown-directive"));
    assert_eq!(code("SELECT '\n-- syncline: down\n"), Some("unterminated"));
    let halves = "-- syncline: empty     \n-- syncline: down\n-- syncline: foreign-keys=offf\n-- syncline: nonsense\n";
    assert_eq!(script::down_marker(halves, Syntax::Sqlite), Ok(Some(24..42)));
    let problems = script::parse(halves, Syntax::Sqlite).unwrap_err();
    assert_eq!(
        problems.iter().map(|problem| problem.code).collect::<Vec<_>>(),
        ["misplaced-directive", "bad-directive", "unknown-directive"]
    );
}
