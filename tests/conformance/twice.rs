//! Nothing is executed twice, and nothing is told of another table: where a statement commits inside, where its record cannot be
//! written, where somebody else has taken over, where the session looked elsewhere.

use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection};

use super::fixture::*;
use syncline::executor::StateAfter;
use syncline::plan::{Goal, Resolution};
use syncline::{Code, Target};

/// Somebody who holds what a statement wants, until told otherwise.
macro_rules! holder {
    ($connection:ty, $bench:expr, $statement:expr) => {{
        let mut holder = <$connection>::connect($bench.url()).await.unwrap();
        sqlx::raw_sql("BEGIN").execute(&mut holder).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe($statement.to_owned()))
            .execute(&mut holder)
            .await
            .unwrap();
        holder
    }};
}

fn hasty(bench: &Bench) -> Target {
    Target {
        lock_timeout: Duration::from_secs(1),
        ..bench.target.clone()
    }
}

async fn run(target: &Target, bench: &Bench, files: &[File<'_>]) -> syncline::Report {
    told(target, &bench.catalog(files), |_| None::<()>).await.0.unwrap()
}

const ACCOUNT: &str =
    "CREATE TABLE account (id integer PRIMARY KEY, balance integer); INSERT INTO account VALUES (1, 0), (2, 0)";

/// The only statement of the last file commits its first half and gives way in the second: nobody guesses, then or afterwards.
macro_rules! comes_half_way {
    ($connection:ty, $bench:expr, $files:expr) => {{
        let mut holder = holder!($connection, $bench, "SELECT * FROM account WHERE id = 2 FOR UPDATE");
        let failure = run(&hasty(&$bench), &$bench, $files).await.failure.unwrap();
        assert_eq!(
            (failure.state, failure.code()),
            (StateAfter::Unknown { statement: 1 }, Code::Partial),
            "{failure:?}"
        );
        let balances = $bench.query("SELECT balance FROM account ORDER BY id").await;
        assert_eq!(balances, ["10", "0"]);
        sqlx::raw_sql("ROLLBACK").execute(&mut holder).await.unwrap();
        assert_eq!(codes(&$bench.refusals(&up(), $files).await), ["unknown-outcome"]);
    }};
}

#[tokio::test]
async fn on_postgresql_a_procedure_that_commits_inside_is_not_tried_again_when_its_second_half_gives_way() {
    let bench = Bench::postgres().await;
    let procedure = "CREATE PROCEDURE pay() LANGUAGE plpgsql AS $$ BEGIN UPDATE account SET balance = balance + 10 WHERE id = 1; COMMIT; \
                     UPDATE account SET balance = balance + 10 WHERE id = 2; COMMIT; END $$";
    let setup = format!("{ACCOUNT}; {procedure}");
    let files: &[File<'_>] = &[
        ("1_a.sql", &setup),
        ("2_p.sql", "-- syncline: no-transaction\nCALL pay();"),
    ];
    bench.run(&up(), &files[..1]).await;
    comes_half_way!(sqlx::PgConnection, bench, files);
}

#[tokio::test]
async fn on_mariadb_a_procedure_that_commits_inside_is_not_tried_again_when_its_second_half_gives_way() {
    let bench = Bench::mariadb().await;
    let procedure = "CREATE PROCEDURE pay() BEGIN UPDATE account SET balance = balance + 10 WHERE id = 1; COMMIT; \
                     UPDATE account SET balance = balance + 10 WHERE id = 2; COMMIT; END";
    let setup = format!("{ACCOUNT}; {procedure}");
    let files: &[File<'_>] = &[("1_a.sql", &setup), ("2_p.sql", "CALL pay();")];
    bench.run(&up(), &files[..1]).await;
    comes_half_way!(sqlx::MySqlConnection, bench, files);
}

#[tokio::test]
async fn a_statement_is_not_executed_again_because_its_record_could_not_be_written() {
    let bench = Bench::postgres().await;
    let text = "-- syncline: no-transaction\nDO $$ BEGIN COMMIT; UPDATE account SET balance = balance + 10; PERFORM pg_sleep(1); END $$;";
    let files: &[File<'_>] = &[("1_a.sql", ACCOUNT), ("2_b.sql", text)];
    bench.run(&up(), &files[..1]).await;
    let target = Target {
        lock_timeout: Duration::from_millis(300),
        ..bench.target.clone()
    };
    let catalog = bench.catalog(files);
    let run = tokio::spawn(async move { told(&target, &catalog, |_| None::<()>).await });
    // While it sleeps its record is locked by somebody else.
    while bench
        .query("SELECT state FROM syncline_history WHERE state = 'running'")
        .await
        .is_empty()
    {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mut holder = holder!(sqlx::PgConnection, bench, "SELECT * FROM syncline_history FOR UPDATE");
    tokio::time::sleep(Duration::from_millis(1800)).await;
    sqlx::raw_sql("ROLLBACK").execute(&mut holder).await.unwrap();
    let _ = run.await.unwrap();
    assert_eq!(
        bench.query("SELECT balance FROM account ORDER BY id").await,
        ["10", "10"]
    );
}

#[tokio::test]
async fn a_run_that_has_lost_its_lock_to_another_records_nothing_any_more() {
    let bench = Bench::postgres().await;
    let text = "-- syncline: no-transaction\nINSERT INTO account VALUES (3, 0);\nSELECT pg_advisory_unlock_all(), pg_sleep(3);\nUPDATE account SET balance = balance + 10;";
    let files = vec![("1_a.sql", ACCOUNT), ("2_b.sql", text)];
    bench.run(&up(), &files[..1]).await;
    let (target, catalog) = (bench.target.clone(), bench.catalog(&files));
    let first = tokio::spawn(async move { told(&target, &catalog, |_| None::<()>).await });
    while bench.query("SELECT pid::text FROM pg_stat_activity WHERE query LIKE '%pg_sleep(3)%' AND datname = current_database() AND pid <> pg_backend_pid()").await.is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // The second run thinks that the first has ended, and goes on in its place.
    let second = bench.try_run(&up(), &files, &STRICT).await;
    let first = first.await.unwrap().0;
    let done = |report: &Result<syncline::Report, syncline::Error>| {
        report.as_ref().is_ok_and(|report| report.failure.is_none())
    };
    assert!(!(done(&first) && done(&second)), "{first:?}\n{second:?}");
    let balances = bench.query("SELECT balance FROM account ORDER BY id").await;
    assert_eq!(balances, ["10", "10", "10"], "{first:?}\n{second:?}");
}

#[tokio::test]
async fn on_mariadb_the_catalog_is_asked_for_the_table_that_the_script_meant() {
    let bench = Bench::mariadb().await;
    let other = format!("{}_other", bench.url().rsplit('/').next().unwrap());
    let setup = format!("CREATE DATABASE {other}; CREATE TABLE {other}.t (a int); CREATE TABLE t (a int, b int)");
    let text = format!(
        "USE {other};\nSET time_zone = '+05:00';\nALTER TABLE t ADD COLUMN b int;\nINSERT INTO t VALUES (1, 2);"
    );
    let files: &[File<'_>] = &[("1_a.sql", &setup), ("2_b.sql", &text)];
    bench.run(&up(), &files[..1]).await;
    // The ALTER waits for a reader until its run is killed: it never takes effect.
    let mut reader = holder!(sqlx::MySqlConnection, bench, format!("SELECT count(*) FROM {other}.t"));
    let (target, catalog) = (bench.target.clone(), bench.catalog(files));
    let run = tokio::spawn(async move { told(&target, &catalog, |_| None::<()>).await });
    let waiting = "SELECT ID FROM information_schema.PROCESSLIST WHERE STATE LIKE 'Waiting for table%' AND INFO LIKE 'ALTER TABLE t ADD%'";
    let session = loop {
        match bench.query(waiting).await.pop() {
            Some(session) => break session,
            None => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    bench.execute(&format!("KILL CONNECTION {session}")).await;
    let report = run.await.unwrap().0.unwrap();
    let failure = report.failure.unwrap();
    assert_eq!(failure.state, StateAfter::Stopped { done: 2 }, "{failure:?}");
    sqlx::raw_sql("ROLLBACK").execute(&mut reader).await.unwrap();
    assert_eq!(bench.run(&up(), files).await, ["up 2"]);
    assert_eq!(bench.query(&format!("SELECT b FROM {other}.t")).await, ["2"]);
    bench.execute(&format!("DROP DATABASE {other}")).await;
}

#[tokio::test]
async fn a_table_that_comes_half_way_is_asked_about() {
    let bench = Bench::mariadb().await;
    let files: &[File<'_>] = &[
        ("1_a.sql", "CREATE TABLE a (id int); CREATE TABLE c (id int)"),
        ("2_d.sql", "DROP TABLE a, b;"),
    ];
    bench.run(&up(), &files[..1]).await;
    let failure = bench.failure(&up(), files).await;
    match bench.tables().await.as_slice() {
        // Where the server drops one table after the other.
        [left] if left == "c" => {
            assert_eq!(failure.state, StateAfter::Unknown { statement: 1 }, "{failure:?}");
            let resolve = Goal::Resolve("2".parse().unwrap(), Resolution::Applied, "a is gone".to_owned());
            assert_eq!(bench.run(&resolve, &[]).await, ["resolve 2"]);
        }
        _ => assert_eq!(failure.state, StateAfter::Stopped { done: 0 }, "{failure:?}"),
    }
}

#[tokio::test]
async fn runs_that_meet_while_a_session_is_replaced_wait_for_each_other() {
    let bench = Bench::mariadb().await;
    let texts: Vec<(String, String)> = (1..=8)
        .map(|n| {
            (
                format!("{n}_a.sql"),
                format!("SET @x = {n}; CREATE TABLE t{n} (id int)"),
            )
        })
        .collect();
    let files: Vec<File<'_>> = texts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let catalog = bench.catalog(&files);
    assert_eq!(at_once(6, &bench.target, &catalog, |_| {}).await, 8);
    assert_eq!(bench.history().await.broken_links(), []);
}

#[tokio::test]
async fn on_mariadb_a_script_that_needs_what_ended_with_its_session_does_not_go_on_without_it() {
    let bench = Bench::mariadb().await;
    let setup = "CREATE TABLE o (id int PRIMARY KEY AUTO_INCREMENT, n int); CREATE TABLE i (o int)";
    let text = |third: &str| {
        format!("INSERT INTO o (n) VALUES (5);\nSET @id = LAST_INSERT_ID();\n{third};\nINSERT INTO i VALUES (@id);")
    };
    let broken = text("INSERT INTO nothing VALUES (1)");
    bench.run(&up(), &[("1_a.sql", setup)]).await;
    bench.failure(&up(), &[("1_a.sql", setup), ("2_b.sql", &broken)]).await;
    let mended = text("SELECT 1");
    let refused = bench.refusals(&up(), &[("1_a.sql", setup), ("2_b.sql", &mended)]).await;
    assert_eq!(codes(&refused), ["session-lost"]);
    assert!(refused[0].help[0].contains("`@id`"), "{refused:?}");
    let again = text("SET @id = (SELECT MAX(id) FROM o)");
    assert_eq!(
        bench.run(&up(), &[("1_a.sql", setup), ("2_b.sql", &again)]).await,
        ["up 2"]
    );
    assert_eq!(bench.query("SELECT o FROM i").await, ["1"]);
}
