//! Where in a script PostgreSQL found an error: the right statement of a message of several, and the right place in it.

use super::fixture::*;
use sqlx::{AssertSqlSafe, Connection, PgConnection, raw_sql};
use syncline::script::Position;

/// In a script, where the error is told. It is taken out before the script is run.
const HERE: char = '¶';

/// The number of the statement that fails, and the script.
const SCRIPTS: [(usize, &str); 23] = [
    // The server reports a place behind the last character.
    (1, "CREATE TABLE a (id int¶"),
    (2, "CREATE TABLE a (id int);\nCREATE TABLE b (id int¶"),
    (2, "CREATE TABLE a (id int);\n\nALTER TABLE¶\n"),
    (3, "SELECT 'é';\nCREATE TABLE ü (id int);\nSELECT 'ß', 1 +¶"),
    (2, "SELECT 1;\nCREATE TABLE a (id int¶ -- and a comment\n"),
    // It is the semicolon of another one.
    (2, "SELECT 1;\nCREATE TABLE a (id int¶;\nSELECT 1"),
    (2, "SELECT 'ééé';\nSELECT 'ü' +¶;\nSELECT 1;\n"),
    (2, "SELECT 1;\nCREATE ¶TABEL a (id int);\nSELECT 1"),
    (
        3,
        "CREATE TABLE a (id int);\nSELECT '🦀';\nSELECT '🦀', ¶nope FROM a;\nSELECT 1",
    ),
    // No place, but known to be executed.
    (2, "SELECT 1;\n¶SELECT 1/0;\nSELECT 1"),
    (1, "¶SELECT 1/0;\nSELECT 1"),
    (2, "SELECT 'é';\nINSERT INTO ¶nothere VALUES (1) RETURNING 1; SELECT 1"),
    (
        2,
        "CREATE TABLE a (id int NOT NULL);\n¶INSERT INTO a VALUES (NULL);\nSELECT 1",
    ),
    // No place, and found before anything of the message is executed.
    (2, "SELECT 1;\n¶SELECT E'\\xff';\nSELECT 1"),
    (4, "SELECT 1;\nSELECT 2;\nSELECT 3;\n¶SELECT E'\\xff'"),
    (1, "¶SELECT E'\\xff';\nSELECT 1;\nSELECT 2"),
    // Inside a body.
    (2, "SELECT 'é';\nDO $$ BEGIN\n  PERFORM 'ü' +¶;\nEND $$;\nSELECT 1"),
    (
        2,
        "SELECT 'é';\nDO $$ BEGIN\n  PERFORM 1;\n  ¶PERFORM nothere();\nEND $$;\nSELECT 1",
    ),
    (
        2,
        "SELECT 1;\nDO LANGUAGE plpgsql '\nBEGIN\n  ¶RAISE division_by_zero;\nEND';\nSELECT 1",
    ),
    (
        2,
        "SELECT 1;\nCREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\n SELECT 'é' + ¶$$;\nSELECT 1",
    ),
    (
        2,
        "SELECT 1;\nCREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT '''' || ¶nope';\nSELECT 1",
    ),
    (
        3,
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1/0; END $$;\nSELECT 1;\nDO $$\nBEGIN\n  ¶PERFORM 1, f();\nEND $$;",
    ),
    (
        2,
        "SELECT 1;\n¶DO $$ BEGIN RAISE 'PL/pgSQL function inline_code_block line 9'; END $$",
    ),
];

async fn assert_places(bench: &Bench, scripts: &[(usize, &str)]) {
    let (version, mut wrong) = (bench.query("SHOW server_version").await, Vec::new());
    for (number, marked) in scripts {
        let (before, behind) = marked.split_once(HERE).unwrap();
        let text = format!("{before}{behind}");
        let failure = bench.failure(&up(), &[("1_a.sql", &text)]).await;
        let found = (failure.statement.map(|(number, _)| number), failure.position);
        let wanted = (Some(*number), Some(Position::of(&text, before.len())));
        if found != wanted {
            wrong.push(format!("{marked}: {found:?}, and not {wanted:?}: {:?}", failure.error));
        }
        assert_eq!(bench.tables().await, [""; 0], "{marked}");
    }
    assert!(wrong.is_empty(), "{version:?}: {wrong:#?}");
}

#[tokio::test]
async fn an_error_is_put_on_its_statement_and_its_place() {
    for bench in Bench::postgres_of_each_version().await {
        assert_places(&bench, &SCRIPTS).await;
    }
}

#[tokio::test]
async fn a_text_that_the_encoding_of_the_database_lacks_is_put_on_its_statement() {
    for bench in Bench::postgres_of_each_version().await {
        let (server, name) = bench.url().rsplit_once('/').unwrap();
        let latin = format!("{name}_latin");
        let mut connection = PgConnection::connect(bench.url()).await.unwrap();
        let create = format!("CREATE DATABASE {latin} ENCODING LATIN1 LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
        raw_sql(AssertSqlSafe(create)).execute(&mut connection).await.unwrap();
        let there = Bench::of(&format!("{server}/{latin}"));
        assert_places(
            &there,
            &[
                (3, "SELECT 'é';\nSELECT 1;\n¶SELECT '€';\nSELECT 1"),
                (1, "¶SELECT '€'; SELECT 1"),
            ],
        )
        .await;
        let drop = format!("DROP DATABASE {latin} WITH (FORCE)");
        raw_sql(AssertSqlSafe(drop)).execute(&mut connection).await.unwrap();
    }
}

#[tokio::test]
async fn what_was_executed_for_the_search_of_a_place_is_nothing() {
    for bench in Bench::postgres_of_each_version().await {
        bench.execute("CREATE SEQUENCE counted").await;
        let text = "SAVEPOINT s;\nSELECT nextval('counted');\nROLLBACK TO SAVEPOINT s;\nSELECT nextval('counted');\nSELECT E'\\xff'";
        let failure = bench.failure(&up(), &[("1_a.sql", text)]).await;
        assert_eq!(failure.statement.map(|(number, _)| number), Some(5), "{failure:?}");
        assert_eq!(bench.query("SELECT is_called FROM counted").await, ["f"]);
    }
}
