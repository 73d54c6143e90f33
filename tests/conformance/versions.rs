//! What SQLite's library does not know yet: the table of `src/script/since.rs` against the library that is linked and that of the shell.

use std::process::Command;

use sqlx::{AssertSqlSafe, Connection, SqliteConnection, raw_sql};
use syncline::Code;
use syncline::script::{Since, Syntax, since};

use super::fixture::*;

/// Each with what has to be there before.
const FORMS: [(&str, &str, (u32, u32)); 20] = [
    (
        "CREATE TABLE t (c)",
        "ALTER TABLE t ALTER COLUMN c SET NOT NULL",
        (3, 53),
    ),
    (
        "CREATE TABLE t (c NOT NULL)",
        "ALTER TABLE t ALTER c DROP NOT NULL",
        (3, 53),
    ),
    (
        "CREATE TABLE t (c)",
        "ALTER TABLE t ADD CONSTRAINT k CHECK (c > 0)",
        (3, 53),
    ),
    ("CREATE TABLE t (c)", "ALTER TABLE t ADD CHECK (c > 0)", (3, 53)),
    (
        "CREATE TABLE t (c CONSTRAINT k CHECK (c > 0))",
        "ALTER TABLE t DROP CONSTRAINT k",
        (3, 53),
    ),
    ("", "SELECT unhex('00')", (3, 41)),
    ("", "SELECT octet_length('a')", (3, 43)),
    ("", "SELECT timediff('now', 'now')", (3, 43)),
    ("", "SELECT concat(1, 2)", (3, 44)),
    ("", "SELECT concat_ws(',', 1, 2)", (3, 44)),
    ("", "SELECT string_agg(1, ',')", (3, 44)),
    ("", "SELECT jsonb('[]')", (3, 45)),
    ("", "SELECT jsonb_set('{}', '$.a', 1)", (3, 45)),
    ("", "SELECT jsonb_group_array(1)", (3, 45)),
    ("", "SELECT json_pretty('[]')", (3, 46)),
    ("", "SELECT if(1, 2, 3)", (3, 48)),
    ("", "SELECT unistr('a')", (3, 50)),
    ("", "SELECT unistr_quote('a')", (3, 50)),
    ("", "SELECT json_array_insert('[]', '$[0]', 1)", (3, 53)),
    ("", "SELECT jsonb_array_insert('[]', '$[0]', 1)", (3, 53)),
];

fn version(text: &str) -> (u32, u32) {
    let mut numbers = text.split('.').map(|number| number.parse().unwrap());
    (numbers.next().unwrap(), numbers.next().unwrap())
}

/// What a library is too old for, by what it says of a statement; it knows the others.
fn compare(library: (u32, u32), statement: &str, wanted: (u32, u32), said: Option<&str>) {
    let Some(said) = said else {
        assert!(library >= wanted, "{statement} is known to {library:?}");
        return;
    };
    let found = since(statement, said, Syntax::Sqlite);
    assert_eq!(
        found.map(|Since { version, .. }| version),
        Some(wanted),
        "{statement}: {said}"
    );
    assert!(library < wanted, "{statement} is not known to {library:?}: {said}");
}

#[tokio::test]
async fn the_library_that_is_linked_knows_what_the_table_says() {
    for (before, statement, wanted) in FORMS {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        let library: String = sqlx::query_scalar("SELECT sqlite_version()")
            .fetch_one(&mut connection)
            .await
            .unwrap();
        raw_sql(before).execute(&mut connection).await.unwrap();
        let said = raw_sql(AssertSqlSafe(statement.to_owned()))
            .fetch_all(&mut connection)
            .await
            .err();
        let said = said.map(|error| error.as_database_error().unwrap().message().to_owned());
        compare(version(&library), statement, wanted, said.as_deref());
    }
}

#[test]
fn the_shell_of_the_system_knows_what_the_table_says() {
    let shell = |text: &str| {
        let output = Command::new("sqlite3").args(["-batch", ":memory:", text]).output();
        output.expect("the sqlite3 program is installed (tests/run installs it)")
    };
    let library = version(&String::from_utf8(shell("SELECT sqlite_version()").stdout).unwrap());
    for (before, statement, wanted) in FORMS {
        let output = shell(&format!("{before}; {statement}"));
        let stderr = String::from_utf8(output.stderr).unwrap();
        // "Error: in prepare, near "ALTER": syntax error", with what follows on lines of its own.
        let said = stderr
            .lines()
            .next()
            .and_then(|line| line.split_once(", "))
            .map(|(_, said)| said);
        let said = said.map(|said| said.split(" (").next().unwrap_or_default());
        assert_eq!(said.is_none(), output.status.success(), "{statement}: {stderr}");
        compare(library, statement, wanted, said);
    }
}

#[tokio::test]
async fn an_error_says_that_the_library_is_too_old_and_which_would_do() {
    let bench = Bench::sqlite();
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    let library: String = sqlx::query_scalar("SELECT sqlite_version()")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    for (before, statement, wanted) in FORMS {
        let text = format!("{before};\n{statement};");
        let (major, minor) = wanted;
        if version(&library) >= wanted {
            continue;
        }
        let failure = bench.failure(&up(), &[("1_a.sql", &text)]).await;
        assert_eq!(failure.code(), Code::SqlFailed);
        let hint = failure.error.hint.unwrap_or_default();
        assert!(
            hint.starts_with(&format!("this is SQLite {library}, ")),
            "{statement}: {hint}"
        );
        assert!(
            hint.ends_with(&format!(" came with SQLite {major}.{minor}")),
            "{statement}: {hint}"
        );
    }
    // Any other mistake is told as it was.
    let failure = bench
        .failure(&up(), &[("1_a.sql", "CREATE TABLE t (c); ALTER TABLE t ALTR COLUMN c")])
        .await;
    assert_eq!(failure.error.hint, None);
}
