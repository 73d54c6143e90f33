//! Sessions that the server ends while a statement runs: what is told is true, and the next run completes the rest.

use std::time::Duration;

use super::super::fixture::*;
use super::server::Server;
use crate::on_both;
use sqlx::{Connection, MySqlConnection, raw_sql};
use syncline::executor::StateAfter;
use syncline::plan::{Goal, Resolution};
use syncline::{Code, Failure};

/// Runs these files, and ends the session as soon as it is at a statement that begins like this. Returns what stopped the run,
/// and what its record said just before, as others saw it.
pub(super) async fn killed_at(bench: &Bench, files: &[File<'_>], statement: &str) -> (Option<Failure>, String) {
    let catalog = bench.catalog(files);
    let mut migrator = bench.migrator().await;
    let run = tokio::spawn(async move {
        let report = migrator.run(&up(), &catalog, &STRICT, &mut |_| {}).await;
        report.unwrap().failure
    });
    let at_it = format!(
        "SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE '{statement}%' AND DB LIKE CONCAT('%', DATABASE()) AND ID <> CONNECTION_ID()"
    );
    let session = loop {
        if let [session] = bench.query(&at_it).await.as_slice() {
            break session.clone();
        }
        assert!(!run.is_finished(), "{:?}", run.await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let record = "SELECT CONCAT_WS(' ', state, statement_started, statements_done) FROM syncline_history ORDER BY seq DESC LIMIT 1";
    let record = bench.query(record).await.remove(0);
    bench.execute(&format!("KILL CONNECTION {session}")).await;
    (run.await.unwrap(), record)
}

/// The run has stopped before the second statement of three.
fn stopped_before_it(failure: &Failure) {
    let told = (failure.code(), failure.code().exit(), failure.state, failure.error.code);
    assert_eq!(
        told,
        (Code::Partial, 5, StateAfter::Stopped { done: 1 }, Code::Lost),
        "{failure:?}"
    );
}

const START: File<'_> = ("1_a.sql", "CREATE TABLE a (n int) ENGINE = InnoDB");

#[tokio::test]
async fn rows_that_can_be_taken_back_are_and_come_once_with_the_next_run() {
    // Other tests have tables on their server whose rows stay.
    let server = Server::start(&[]).await;
    let bench = server.bench("shop").await;
    let text = "INSERT INTO a VALUES (1);\nINSERT INTO a SELECT SLEEP(2);\nINSERT INTO a VALUES (2)";
    let files = [START, ("2_b.sql", text)];
    let (failure, record) = killed_at(&bench, &files, "INSERT INTO a SELECT").await;
    assert_eq!(record, "running 1 1");
    stopped_before_it(&failure.unwrap());
    assert_eq!(bench.query("SELECT n FROM a").await, ["1"]);
    assert_eq!(bench.run(&up(), &files).await, ["up 2"]);
    assert_eq!(bench.query("SELECT n FROM a ORDER BY n").await, ["0", "1", "2"]);
}

on_both! {
    async fn rows_that_stay_are_announced_and_asked_about(bench: Bench) {
        let start = ("1_a.sql", "CREATE TABLE a (n int) ENGINE = MyISAM");
        let text = "INSERT INTO a VALUES (7);\nINSERT INTO a SELECT SLEEP(2);\nINSERT INTO a VALUES (8)";
        let files = [start, ("2_b.sql", text)];
        let (failure, record) = killed_at(&bench, &files, "INSERT INTO a SELECT").await;
        assert_eq!(record, "running 2 1");
        let failure = failure.unwrap();
        assert_eq!((failure.code(), failure.state), (Code::Partial, StateAfter::Unknown { statement: 2 }), "{failure:?}");
        assert_eq!(codes(&bench.refusals(&up(), &files).await), ["unknown-outcome"]);
        // The sleep of a session that is killed returns 1 at once, and MySQL keeps the row.
        let resolution = match bench.query("SELECT COUNT(*) FROM a").await[0].as_str() {
            "1" => Resolution::NotApplied,
            _ => Resolution::Applied,
        };
        bench.run(&Goal::Resolve("2".parse().unwrap(), resolution, "I looked".to_owned()), &files).await;
        assert_eq!(bench.run(&up(), &files).await, ["up 2"]);
        assert_eq!(bench.query("SELECT n > 1 FROM a ORDER BY n").await, ["0", "1", "1"]);
    }

    async fn what_only_sets_the_session_is_not_recorded_and_is_done_again(bench: Bench) {
        let text = "INSERT INTO a VALUES (1);\nSET @text = (SELECT CONCAT('INSERT INTO a SELECT ', COUNT(*), ' + SLEEP(2)') FROM information_schema.TABLES \
                    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'a');\nPREPARE s FROM @text;\nEXECUTE s;\nINSERT INTO a VALUES (3)";
        let files = [START, ("2_b.sql", text)];
        let (failure, record) = killed_at(&bench, &files, "INSERT INTO a SELECT 1").await;
        assert_eq!(record, "running 1 1");
        stopped_before_it(&failure.unwrap());
        assert_eq!(bench.run(&up(), &files).await, ["up 2"]);
        assert_eq!(bench.query("SELECT n FROM a ORDER BY n").await, ["1", "1", "3"]);
    }

    async fn a_prepared_statement_is_taken_for_what_it_runs(bench: Bench) {
        let other = format!("d_{}", bench.url().rsplit_once('/').unwrap().1);
        let start = format!("CREATE DATABASE IF NOT EXISTS {other};\nDROP TABLE IF EXISTS {other}.a;\nCREATE TABLE {other}.a (n int) ENGINE = MyISAM");
        let text = format!("PREPARE s FROM 'INSERT INTO {other}.a SELECT SLEEP(2)';\nEXECUTE s");
        let files = [("1_a.sql", start.as_str()), ("2_b.sql", text.as_str())];
        let (failure, record) = killed_at(&bench, &files, "INSERT INTO d").await;
        assert_eq!(record, "running 2 1");
        let state = failure.unwrap().state;
        assert_eq!(state, StateAfter::Unknown { statement: 2 });
        let ledger = [START, ("2_b.sql", "SET @s = 'DELETE FROM syncline_history';\nPREPARE s FROM @s;\nEXECUTE s")];
        bench.execute("DROP TABLE syncline_history, syncline_script").await;
        let failure = bench.failure(&up(), &ledger).await;
        assert_eq!((failure.error.code, failure.state), (Code::LedgerTouched, StateAfter::Stopped { done: 2 }), "{failure:?}");
    }

    async fn a_change_of_the_schema_that_waits_for_others_is_told_as_not_done(bench: Bench) {
        let text = "INSERT INTO a VALUES (1);\nALTER TABLE a ADD b int;\nINSERT INTO a VALUES (2, 2)";
        let files = [START, ("2_b.sql", text)];
        bench.run(&up(), &files[..1]).await;
        let mut other = MySqlConnection::connect(bench.url()).await.unwrap();
        raw_sql("START TRANSACTION; SELECT * FROM a").execute(&mut other).await.unwrap();
        let (failure, record) = killed_at(&bench, &files, "ALTER TABLE").await;
        assert_eq!(record, "running 2 1");
        stopped_before_it(&failure.unwrap());
        other.close().await.unwrap();
        assert_eq!(bench.run(&up(), &files).await, ["up 2"]);
        assert_eq!(bench.query("SELECT CONCAT_WS(' ', n, b) FROM a ORDER BY n").await, ["1", "2 2"]);
    }

    async fn a_change_of_the_schema_that_takes_long_is_told_as_what_it_came_to(bench: Bench) {
        let text = "INSERT INTO a VALUES (1);\nCREATE TABLE b SELECT SLEEP(2) AS n;\nINSERT INTO b VALUES (7)";
        let files = [START, ("2_b.sql", text)];
        let (failure, record) = killed_at(&bench, &files, "CREATE TABLE b").await;
        assert_eq!(record, "running 2 1");
        match failure {
            Some(failure) => {
                stopped_before_it(&failure);
                assert_eq!(bench.tables().await, ["a"]);
                assert_eq!(bench.run(&up(), &files).await, ["up 2"]);
            }
            // MySQL completes the statement, and so the run goes on behind it.
            None => assert_eq!(bench.run(&up(), &files).await, [""; 0]),
        }
        assert_eq!(bench.query("SELECT n > 1 FROM b ORDER BY n").await, ["0", "1"]);
        assert_eq!(bench.history().await.broken_links(), []);
    }
}
