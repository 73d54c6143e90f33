//! Indexes of PostgreSQL that are built CONCURRENTLY.

use super::fixture::*;
use syncline::Event;

const TABLE: File<'_> = (
    "1_t.sql",
    "CREATE TABLE t (x integer); INSERT INTO t SELECT i % 5000 FROM generate_series(1, 10000) i",
);
const UNIQUE: File<'_> = ("2_i.sql", "CREATE UNIQUE INDEX CONCURRENTLY i ON t (x)");
const VALID: &str = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass";

fn cleared(event: &Event<'_>) -> Option<String> {
    match event {
        Event::Cleared { what } => Some((*what).to_owned()),
        _ => None,
    }
}

#[tokio::test]
async fn an_index_is_built_concurrently_while_five_other_runs_wait() {
    let bench = Bench::postgres().await;
    bench.run(&up(), &[TABLE]).await;
    let catalog = bench.catalog(&[
        TABLE,
        ("2_i.sql", "CREATE INDEX CONCURRENTLY i ON t (x)"),
        ("3_b.sql", "CREATE TABLE b (id integer)"),
    ]);
    assert_eq!(at_once(6, &bench.target, &catalog, |_| {}).await, 2);
    assert_eq!(bench.query(VALID).await, ["t"]);
}

#[tokio::test]
async fn an_invalid_index_that_a_failed_try_has_left_is_dropped_before_the_next_and_that_is_said() {
    let bench = Bench::postgres().await;
    let failure = bench.failure(&up(), &[TABLE, UNIQUE]).await;
    assert!(
        failure.error.message.contains("could not create unique index"),
        "{failure:?}"
    );
    assert_eq!(bench.query(VALID).await, ["f"]);
    bench
        .execute("DELETE FROM t WHERE ctid NOT IN (SELECT min(ctid) FROM t GROUP BY x)")
        .await;
    let (report, said) = told(&bench.target, &bench.catalog(&[TABLE, UNIQUE]), cleared).await;
    assert!(report.unwrap().failure.is_none());
    assert_eq!(said, ["dropped the invalid index \"i\" that an earlier try has left"]);
    assert_eq!(bench.query(VALID).await, ["t"]);
}

#[tokio::test]
async fn an_invalid_index_is_not_taken_for_a_success_of_if_not_exists() {
    let bench = Bench::postgres().await;
    let file = ("2_i.sql", "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (x)");
    bench.run(&up(), &[TABLE]).await;
    bench.execute("CREATE INDEX i ON t (x)").await;
    bench
        .execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'i'::regclass")
        .await;
    let failure = bench.failure(&up(), &[TABLE, file]).await;
    assert!(failure.error.message.contains("not valid"), "{failure:?}");
    assert_eq!(bench.run(&up(), &[TABLE, file]).await, ["up 2"]);
    assert_eq!(bench.query(VALID).await, ["t"]);
}

#[tokio::test]
async fn what_an_interrupted_reindex_has_left_is_dropped_before_the_next_try() {
    let bench = Bench::postgres().await;
    let file = ("2_i.sql", "REINDEX INDEX CONCURRENTLY i");
    bench.run(&up(), &[TABLE]).await;
    bench.execute("CREATE INDEX i ON t (x)").await;
    // Somebody who reads keeps it waiting, and the limit of the script ends the wait.
    let mut reader = <sqlx::PgConnection as sqlx::Connection>::connect(bench.url())
        .await
        .unwrap();
    sqlx::raw_sql("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM t")
        .execute(&mut reader)
        .await
        .unwrap();
    let limited = format!("-- syncline: lock-timeout=300ms\n-- syncline: retries=0\n{}", file.1);
    bench.failure(&up(), &[TABLE, ("2_i.sql", &limited)]).await;
    assert_eq!(
        bench.query("SELECT count(*) FROM pg_index WHERE NOT indisvalid").await,
        ["1"]
    );
    sqlx::raw_sql("ROLLBACK").execute(&mut reader).await.unwrap();
    let (report, said) = told(&bench.target, &bench.catalog(&[TABLE, file]), cleared).await;
    assert!(report.unwrap().failure.is_none());
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(
        bench.query("SELECT count(*) FROM pg_index WHERE NOT indisvalid").await,
        ["0"]
    );
}

#[tokio::test]
async fn an_index_that_is_built_concurrently_may_wait_longer_than_the_lock_timeout() {
    let bench = Bench::postgres().await;
    bench.run(&up(), &[TABLE]).await;
    let mut reader = <sqlx::PgConnection as sqlx::Connection>::connect(bench.url())
        .await
        .unwrap();
    sqlx::raw_sql("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM t")
        .execute(&mut reader)
        .await
        .unwrap();
    let mut target = bench.target.clone();
    target.lock_timeout = std::time::Duration::from_millis(200);
    let catalog = bench.catalog(&[TABLE, ("2_i.sql", "CREATE INDEX CONCURRENTLY i ON t (x)")]);
    let run = tokio::spawn(async move { told(&target, &catalog, |_| None::<()>).await });
    tokio::time::sleep(std::time::Duration::from_millis(900)).await;
    sqlx::raw_sql("ROLLBACK").execute(&mut reader).await.unwrap();
    assert!(run.await.unwrap().0.unwrap().failure.is_none());
    assert_eq!(bench.query(VALID).await, ["t"]);
}
