//! A migration that waits for a table: bounded, tried again, and told with who is in the way.

use std::time::{Duration, Instant};

use super::fixture::*;
use syncline::executor::StateAfter;
use syncline::{Event, Target};

const TABLE: File<'_> = ("1_t.sql", "CREATE TABLE t (x integer); INSERT INTO t VALUES (1)");
const ALTER: File<'_> = ("2_t.sql", "ALTER TABLE t ADD COLUMN y integer");

/// Somebody who has read the table and not ended the transaction.
macro_rules! reader {
    ($connection:ty, $bench:expr) => {{
        let mut reader = <$connection as sqlx::Connection>::connect($bench.url()).await.unwrap();
        sqlx::raw_sql("BEGIN").execute(&mut reader).await.unwrap();
        sqlx::raw_sql("SELECT count(*) FROM t")
            .execute(&mut reader)
            .await
            .unwrap();
        reader
    }};
}

/// What the slowest of many short readers waited while a migration waited for the table.
async fn slowest_reader(bench: &Bench, until: tokio::sync::oneshot::Receiver<()>) -> Duration {
    let mut until = until;
    let mut slowest = Duration::ZERO;
    while until.try_recv().is_err() {
        let began = Instant::now();
        bench.query("SELECT count(*) FROM t").await;
        slowest = slowest.max(began.elapsed());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    slowest
}

async fn waits(bench: &Bench, session: &str) {
    let target = Target {
        lock_timeout: Duration::from_secs(1),
        retries: 1,
        ..bench.target.clone()
    };
    let catalog = bench.catalog(&[TABLE, ALTER]);
    let (ended, until) = tokio::sync::oneshot::channel();
    let run = async {
        let outcome = told(&target, &catalog, |event| match event {
            Event::Seen { blockers, .. } if !blockers.is_empty() => Some(format!("waits for {}", blockers[0].session)),
            Event::Retrying { attempt, .. } => Some(format!("try {attempt}")),
            _ => None,
        })
        .await;
        let _ = ended.send(());
        outcome
    };
    let ((report, said), slowest) = tokio::join!(run, slowest_reader(bench, until));
    let failure = report.unwrap().failure.unwrap();
    let detail = failure.error.detail.clone().unwrap_or_default();
    assert!(detail.contains(&format!("session {session} ")), "{failure:?}");
    assert!(
        said.contains(&format!("waits for {session}")) && said.contains(&"try 2".to_owned()),
        "{said:?}"
    );
    assert!(
        matches!(failure.state, StateAfter::Unchanged | StateAfter::Stopped { done: 0 }),
        "{failure:?}"
    );
    // A little more than the limit: connecting takes time, too.
    assert!(slowest < Duration::from_millis(1900), "a reader waited {slowest:?}");
}

/// A long reader is named, and the migration runs when it has ended.
macro_rules! names_the_reader {
    ($bench:expr, $connection:ty, $number:ty, $ask:literal) => {{
        $bench.run(&up(), &[TABLE]).await;
        let mut reader = reader!($connection, $bench);
        let session: $number = sqlx::query_scalar($ask).fetch_one(&mut reader).await.unwrap();
        waits(&$bench, &session.to_string()).await;
        sqlx::raw_sql("ROLLBACK").execute(&mut reader).await.unwrap();
        assert_eq!($bench.run(&up(), &[TABLE, ALTER]).await, ["up 2"]);
    }};
}

#[tokio::test]
async fn on_postgresql_a_long_reader_is_named_and_no_other_reader_waits_longer_than_the_limit() {
    let bench = Bench::postgres().await;
    names_the_reader!(bench, sqlx::PgConnection, i32, "SELECT pg_backend_pid()");
}

#[tokio::test]
async fn on_mariadb_a_long_reader_is_named_and_no_other_reader_waits_longer_than_the_limit() {
    let bench = Bench::mariadb().await;
    names_the_reader!(bench, sqlx::MySqlConnection, u64, "SELECT CONNECTION_ID()");
}

#[tokio::test]
async fn a_statement_outside_a_transaction_gives_way_too_and_is_tried_again() {
    let bench = Bench::postgres().await;
    bench.run(&up(), &[TABLE]).await;
    let mut reader = reader!(sqlx::PgConnection, bench);
    let target = Target {
        lock_timeout: Duration::from_millis(300),
        ..bench.target.clone()
    };
    let text = "-- syncline: no-transaction\nINSERT INTO t VALUES (2);\nALTER TABLE t ADD COLUMN y integer;\nINSERT INTO t VALUES (3);";
    let catalog = bench.catalog(&[TABLE, ("2_t.sql", text)]);
    let run = tokio::spawn(async move {
        told(&target, &catalog, |event| {
            matches!(event, Event::Retrying { .. }).then_some(())
        })
        .await
    });
    tokio::time::sleep(Duration::from_millis(800)).await;
    sqlx::raw_sql("ROLLBACK").execute(&mut reader).await.unwrap();
    let (report, retries) = run.await.unwrap();
    assert!(report.unwrap().failure.is_none());
    assert!(!retries.is_empty());
    assert_eq!(bench.query("SELECT x FROM t ORDER BY x").await, ["1", "2", "3"]);
}
