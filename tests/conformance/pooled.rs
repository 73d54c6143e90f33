//! PostgreSQL behind PgBouncer in transaction mode, where nothing of a session can be relied on.

use super::fixture::*;
use crate::settings::setting;
use syncline::database::Access;
use syncline::{Code, Error, Migrator, Target};

const POOLS: [&str; 2] = ["SYNCLINE_TEST_PGBOUNCER_1", "SYNCLINE_TEST_PGBOUNCER_10"];

/// The database of the bench through a pool.
fn through(pool: &str, bench: &Bench) -> Target {
    let server = setting(pool);
    let database = bench.url().rsplit('/').next().unwrap();
    Target::from_url(&format!("{}/{database}", server.rsplit_once('/').unwrap().0)).unwrap()
}

const LOCKS: &str = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

#[tokio::test]
async fn twenty_runs_at_once_through_a_pool_apply_each_migration_once_and_leave_no_lock() {
    for pool in POOLS {
        let bench = Bench::postgres().await;
        let applied = at_once(20, &through(pool, &bench), &bench.catalog(&COUNTED), |migrator| {
            let server = migrator.server();
            assert!(server.version.ends_with("behind a pooler"), "{server:?}");
        })
        .await;
        assert_eq!(
            (applied, bench.query("SELECT balance FROM a").await),
            (6, vec!["50".to_owned()]),
            "{pool}"
        );
        assert_eq!(bench.query(LOCKS).await, ["0"], "{pool}");
        assert_eq!(bench.history().await.broken_links(), [], "{pool}");
    }
}

#[tokio::test]
async fn a_run_that_comes_while_another_is_within_a_migration_does_not_begin_it() {
    let bench = Bench::postgres().await;
    // What it counts is not rolled back.
    bench.execute("CREATE SEQUENCE begun").await;
    let text = "SELECT nextval('begun'); SELECT pg_sleep(1); CREATE TABLE a (id integer)";
    let catalog = bench.catalog(&[("1_a.sql", text)]);
    let applied = at_once(5, &through(POOLS[1], &bench), &catalog, |_| {}).await;
    assert_eq!(
        (applied, bench.query("SELECT last_value FROM begun").await),
        (1, vec!["1".to_owned()])
    );
}

#[tokio::test]
async fn a_script_outside_a_transaction_is_refused_behind_a_pooler_before_anything_is_run() {
    let bench = Bench::postgres().await;
    let files: &[File<'_>] = &[
        ("1_a.sql", "CREATE TABLE a (id integer)"),
        ("2_i.sql", "CREATE INDEX CONCURRENTLY i ON a (id)"),
    ];
    let target = through(POOLS[1], &bench);
    let mut migrator = Migrator::connect(&target, Access::Write).await.unwrap();
    let Err(Error::Database(refused)) = migrator.run(&up(), &bench.catalog(files), &STRICT, &mut |_| {}).await else {
        panic!("should have been refused");
    };
    assert_eq!(refused.code, Code::Pooled);
    assert!(refused.hint.unwrap().contains("migration-url"));
    assert_eq!(bench.tables().await, [""; 0]);
    assert_eq!(bench.run(&up(), files).await, ["up 1", "up 2"]);
}

#[tokio::test]
async fn what_a_migration_sets_is_not_inherited_by_the_next_user_of_the_pool() {
    let bench = Bench::postgres().await;
    let target = through(POOLS[0], &bench);
    let text = "SET search_path = pg_catalog; SET work_mem = '17MB'; CREATE TEMPORARY TABLE x (id integer); SELECT 1";
    let mut migrator = Migrator::connect(&target, Access::Write).await.unwrap();
    let report = migrator
        .run(&up(), &bench.catalog(&[("1_a.sql", text)]), &STRICT, &mut |_| {})
        .await
        .unwrap();
    assert!(report.failure.is_none(), "{:?}", report.failure);
    let failing = [("1_a.sql", text), ("2_b.sql", "SET work_mem = '18MB'; SELECT nothing")];
    let report = migrator
        .run(&up(), &bench.catalog(&failing), &STRICT, &mut |_| {})
        .await
        .unwrap();
    assert!(report.failure.is_some());
    migrator.close().await.unwrap();
    let pool = setting(POOLS[0]);
    let url = format!(
        "{}/{}",
        pool.rsplit_once('/').unwrap().0,
        bench.url().rsplit('/').next().unwrap()
    );
    let options: sqlx::postgres::PgConnectOptions = url.parse().unwrap();
    let mut next = sqlx::ConnectOptions::connect(&options.extra_float_digits(None))
        .await
        .unwrap();
    let ask = "SELECT concat_ws(' ', current_setting('search_path'), current_setting('work_mem') IN ('17MB', '18MB'), to_regclass('pg_temp.x'))";
    let rows = sqlx::raw_sql(ask).fetch_all(&mut next).await.unwrap();
    assert_eq!(
        sqlx::Row::get_unchecked::<String, _>(&rows[0], 0),
        "\"$user\", public f"
    );
}
