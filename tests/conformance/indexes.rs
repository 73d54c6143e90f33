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
    let hint = failure.error.hint.as_deref().unwrap_or_default();
    assert!(
        hint.contains("not valid; the next run drops it and builds it again"),
        "{hint}"
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
async fn the_drop_of_an_invalid_index_has_the_limit_is_tried_again_and_names_who_is_in_the_way() {
    let bench = Bench::postgres().await;
    bench.failure(&up(), &[TABLE, UNIQUE]).await;
    bench
        .execute("DELETE FROM t WHERE ctid NOT IN (SELECT min(ctid) FROM t GROUP BY x)")
        .await;
    let mut reader = <sqlx::PgConnection as sqlx::Connection>::connect(bench.url())
        .await
        .unwrap();
    sqlx::raw_sql("BEGIN; SELECT count(*) FROM t")
        .execute(&mut reader)
        .await
        .unwrap();
    let target = syncline::Target {
        lock_timeout: std::time::Duration::from_millis(500),
        retries: 2,
        ..bench.target.clone()
    };
    let catalog = bench.catalog(&[TABLE, UNIQUE]);
    let (report, tries) = told(&target, &catalog, |event| match event {
        Event::Retrying { attempt, .. } => Some(*attempt),
        _ => None,
    })
    .await;
    assert_eq!(tries, [2, 3]);
    let failure = report.unwrap().failure.unwrap();
    // It is no statement of the script.
    assert_eq!((failure.statement, failure.position), (None, None));
    let (message, detail) = (
        &failure.error.message,
        failure.error.detail.as_deref().unwrap_or_default(),
    );
    assert!(
        message.starts_with("`DROP INDEX CONCURRENTLY IF EXISTS \"i\"`"),
        "{message}"
    );
    assert!(
        detail.contains("idle in transaction") && detail.contains("SELECT count(*) FROM t"),
        "{detail}"
    );
    // It gives up where somebody is in the way, and goes on where nobody is any more.
    let run = tokio::spawn(async move { told(&target, &catalog, cleared).await });
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    sqlx::raw_sql("ROLLBACK").execute(&mut reader).await.unwrap();
    let (report, said) = run.await.unwrap();
    assert!(report.unwrap().failure.is_none());
    assert_eq!(said, ["dropped the invalid index \"i\" that an earlier try has left"]);
    assert_eq!(bench.query(VALID).await, ["t"]);
}

#[tokio::test]
async fn an_index_that_somebody_else_is_building_is_not_dropped() {
    let bench = Bench::postgres().await;
    let file = ("2_i.sql", "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (x)");
    bench.run(&up(), &[TABLE]).await;
    // Its first try finds an index that is not valid: somebody builds it, and waits for a writer.
    let mut writer = <sqlx::PgConnection as sqlx::Connection>::connect(bench.url())
        .await
        .unwrap();
    sqlx::raw_sql("BEGIN; INSERT INTO t VALUES (1)")
        .execute(&mut writer)
        .await
        .unwrap();
    let url = bench.url().to_owned();
    let build = tokio::spawn(async move {
        let mut builder = <sqlx::PgConnection as sqlx::Connection>::connect(&url).await.unwrap();
        sqlx::raw_sql("CREATE INDEX CONCURRENTLY i ON t (x)")
            .execute(&mut builder)
            .await
            .unwrap();
    });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let limited = format!("-- syncline: lock-timeout=300ms\n-- syncline: retries=0\n{}", file.1);
    let catalog = bench.catalog(&[TABLE, ("2_i.sql", &limited)]);
    for _ in 0..2 {
        let (report, said) = told(&bench.target, &catalog, cleared).await;
        assert!(report.unwrap().failure.is_some());
        assert_eq!(said, [""; 0]);
    }
    sqlx::raw_sql("ROLLBACK").execute(&mut writer).await.unwrap();
    build.await.unwrap();
    assert_eq!(bench.query(VALID).await, ["t"]);
    let oid = "SELECT 'i'::regclass::oid";
    let built = bench.query(oid).await;
    assert_eq!(bench.run(&up(), &[TABLE, ("2_i.sql", &limited)]).await, ["up 2"]);
    assert_eq!(bench.query(oid).await, built);
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
    let failure = bench.failure(&up(), &[TABLE, ("2_i.sql", &limited)]).await;
    let hint = failure.error.hint.unwrap_or_default();
    assert!(hint.contains("i_ccnew, not valid, which the next run drops"), "{hint}");
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
