//! `DETACH PARTITION … CONCURRENTLY` of PostgreSQL: what a try that gave way leaves half-way, the next one finishes.

use std::time::{Duration, Instant};

use super::fixture::*;
use sqlx::{Connection, PgConnection, raw_sql};
use syncline::executor::StateAfter;
use syncline::{Code, Event, Target};

const TABLES: File<'_> = (
    "1_t.sql",
    "CREATE TABLE parted (id integer) PARTITION BY RANGE (id); CREATE TABLE \"Part\" PARTITION OF parted FOR VALUES FROM (0) TO (100); \
     CREATE TABLE other (id integer); INSERT INTO parted VALUES (7)",
);
const DETACH: File<'_> = ("2_d.sql", "ALTER TABLE parted DETACH PARTITION \"Part\" CONCURRENTLY");
const ATTACHED: &str = "SELECT inhdetachpending FROM pg_inherits WHERE inhrelid = '\"Part\"'::regclass";
const LIMIT: Duration = Duration::from_millis(400);

fn limited(bench: &Bench, retries: u32) -> Target {
    Target {
        lock_timeout: LIMIT,
        retries,
        ..bench.target.clone()
    }
}

async fn in_transaction(bench: &Bench, statements: &'static str) -> PgConnection {
    let mut connection = PgConnection::connect(bench.url()).await.unwrap();
    raw_sql(statements).execute(&mut connection).await.unwrap();
    connection
}

/// Runs it while somebody uses the table, and gives up.
async fn gives_up(bench: &Bench) -> (syncline::Failure, PgConnection) {
    let reader = in_transaction(bench, "BEGIN; SELECT count(*) FROM parted").await;
    let (report, _) = told(&limited(bench, 0), &bench.catalog(&[TABLES, DETACH]), |_| None::<()>).await;
    (report.unwrap().failure.unwrap(), reader)
}

#[tokio::test]
async fn what_gave_way_half_way_is_told_and_finished_by_the_next_run() {
    for bench in Bench::postgres_of_each_version().await {
        bench.run(&up(), &[TABLES]).await;
        let (failure, mut reader) = gives_up(&bench).await;
        assert_eq!(
            (failure.error.native.as_deref(), failure.state),
            (Some("55P03"), StateAfter::Stopped { done: 0 })
        );
        let hint = failure.error.hint.unwrap();
        assert!(hint.contains("half-way, and the next run finishes that"), "{hint}");
        assert_eq!(bench.query(ATTACHED).await, ["t"]);
        raw_sql("ROLLBACK").execute(&mut reader).await.unwrap();
        assert_eq!(bench.run(&up(), &[TABLES, DETACH]).await, ["up 2"]);
        assert_eq!(bench.query(ATTACHED).await, [""; 0]);
        assert_eq!(bench.query("SELECT id FROM \"Part\"").await, ["7"]);
    }
}

#[tokio::test]
async fn a_run_that_was_killed_half_way_is_finished_by_the_next() {
    for bench in Bench::postgres_of_each_version().await {
        bench.run(&up(), &[TABLES]).await;
        let (_, mut reader) = gives_up(&bench).await;
        raw_sql("ROLLBACK").execute(&mut reader).await.unwrap();
        // What a killed one leaves.
        bench
            .execute("UPDATE syncline_history SET state = 'running', error = NULL, finished_at = NULL WHERE state = 'failed'")
            .await;
        let (report, told) = told(&bench.target, &bench.catalog(&[TABLES, DETACH]), |event| match event {
            Event::Settled { resolution, .. } => Some(syncline::settle::words(*resolution)),
            _ => None,
        })
        .await;
        assert!(report.unwrap().failure.is_none());
        assert_eq!(told, ["it may be repeated, and is"]);
        assert_eq!(bench.query(ATTACHED).await, [""; 0]);
    }
}

#[tokio::test]
async fn it_is_finished_by_a_retry_when_the_reader_has_gone() {
    for bench in Bench::postgres_of_each_version().await {
        bench.run(&up(), &[TABLES]).await;
        let mut reader = in_transaction(&bench, "BEGIN; SELECT count(*) FROM \"Part\"").await;
        let run = {
            let (target, catalog) = (limited(&bench, 5), bench.catalog(&[TABLES, DETACH]));
            tokio::spawn(async move {
                told(&target, &catalog, |event| match event {
                    Event::Retrying { error, .. } => error.detail.clone(),
                    _ => None,
                })
                .await
            })
        };
        tokio::time::sleep(Duration::from_millis(900)).await;
        raw_sql("ROLLBACK").execute(&mut reader).await.unwrap();
        let (report, named) = run.await.unwrap();
        assert!(report.unwrap().failure.is_none());
        assert!(named[0].contains("holds AccessShareLock on"), "{named:?}");
        assert_eq!(bench.query(ATTACHED).await, [""; 0]);
    }
}

#[tokio::test]
async fn it_is_not_finished_while_an_old_snapshot_would_keep_readers_of_the_partition_out() {
    for bench in Bench::postgres_of_each_version().await {
        bench.run(&up(), &[TABLES]).await;
        let (_, mut reader) = gives_up(&bench).await;
        raw_sql("ROLLBACK").execute(&mut reader).await.unwrap();
        let snapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM other";
        let mut old = in_transaction(&bench, snapshot).await;
        tokio::time::sleep(LIMIT).await;
        let catalog = bench.catalog(&[TABLES, DETACH]);
        let target = limited(&bench, 1);
        let run = told(&target, &catalog, |_| None::<()>);
        let reads = async {
            let mut slowest = Duration::ZERO;
            for _ in 0..20 {
                let begun = Instant::now();
                bench.query("SELECT count(*) FROM \"Part\"").await;
                slowest = slowest.max(begun.elapsed());
                tokio::time::sleep(Duration::from_millis(30)).await;
            }
            slowest
        };
        let ((report, _), slowest) = tokio::join!(run, reads);
        let failure = report.unwrap().failure.unwrap();
        assert_eq!(failure.error.code, Code::SqlFailed);
        let detail = failure.error.detail.unwrap();
        assert!(
            detail.contains("idle in transaction") && detail.contains("FROM other"),
            "{detail}"
        );
        assert!(slowest < LIMIT, "{slowest:?}");
        raw_sql("ROLLBACK").execute(&mut old).await.unwrap();
        assert_eq!(bench.run(&up(), &[TABLES, DETACH]).await, ["up 2"]);
    }
}
