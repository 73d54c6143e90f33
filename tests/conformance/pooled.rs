//! PostgreSQL behind PgBouncer: in transaction mode, where nothing of a session can be relied on, in session mode, where all of it can, and in
//! statement mode, where there are no transactions.

use super::fixture::*;
use crate::settings::setting;
use syncline::database::{Access, Pooler};
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
    let hint = refused.hint.unwrap();
    // Whoever was told to say that it keeps sessions would be refused later.
    assert!(hint.contains("migration-url") && !hint.contains("pooler ="), "{hint}");
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

const SESSIONS: &str = "SYNCLINE_TEST_PGBOUNCER_SESSION";
const INDEX: [File<'_>; 3] = [
    (
        "1_a.sql",
        "CREATE TABLE a (id integer); INSERT INTO a SELECT generate_series(1, 1000)",
    ),
    ("2_i.sql", "CREATE INDEX CONCURRENTLY i ON a (id)"),
    ("3_b.sql", "SET work_mem = '17MB'; CREATE TABLE b (id integer)"),
];

#[tokio::test]
async fn a_pooler_that_keeps_sessions_is_found_out_where_a_script_needs_one() {
    let bench = Bench::postgres().await;
    let mut migrator = Migrator::connect(&through(SESSIONS, &bench), Access::Write)
        .await
        .unwrap();
    // What runs in a transaction needs none, and nothing is asked for it.
    let first = bench.catalog(&INDEX[..1]);
    migrator.run(&up(), &first, &STRICT, &mut |_| {}).await.unwrap();
    assert!(migrator.target().pooler.is_none(), "{:?}", migrator.target().pooler);
    let report = migrator
        .run(&up(), &bench.catalog(&INDEX), &STRICT, &mut |_| {})
        .await
        .unwrap();
    assert!(report.failure.is_none(), "{:?}", report.failure);
    assert_eq!(
        (report.done.len(), migrator.target().pooler),
        (2, Some(Pooler::Session))
    );
    migrator.close().await.unwrap();
    assert_eq!(
        bench.query("SELECT relname FROM pg_class WHERE relname = 'i'").await,
        ["i"]
    );
    assert_eq!(bench.query(LOCKS).await, ["0"]);
    assert_eq!(bench.history().await.broken_links(), []);
}

#[tokio::test]
async fn runs_at_once_through_a_pool_of_sessions_apply_each_migration_once_and_leave_no_lock() {
    let bench = Bench::postgres().await;
    // Each needs two of the ten sessions that the pool has, and one more where it looks on.
    let applied = at_once(3, &through(SESSIONS, &bench), &bench.catalog(&INDEX), |_| {}).await;
    assert_eq!((applied, bench.query(LOCKS).await), (3, vec!["0".to_owned()]));
    assert_eq!(bench.history().await.broken_links(), []);
}

#[tokio::test]
async fn whoever_says_how_a_pooler_keeps_sessions_is_believed_and_looked_after() {
    for (pool, said, expected) in [
        (SESSIONS, Pooler::Session, None),
        (SESSIONS, Pooler::Transaction, Some(Code::Pooled)),
        (POOLS[1], Pooler::Transaction, Some(Code::Pooled)),
    ] {
        let bench = Bench::postgres().await;
        let mut target = through(pool, &bench);
        target.pooler = Some(said);
        let mut migrator = Migrator::connect(&target, Access::Write).await.unwrap();
        let ran = migrator.run(&up(), &bench.catalog(&INDEX), &STRICT, &mut |_| {}).await;
        assert_eq!(ran.as_ref().err().map(Error::code), expected, "{pool} {said:?}");
        let tables = if expected.is_some() { 0 } else { 2 };
        assert_eq!(bench.tables().await.len(), tables, "{pool} {said:?}");
        migrator.close().await.unwrap();
        assert_eq!(bench.query(LOCKS).await, ["0"], "{pool} {said:?}");
    }
    let target = Target::from_url("postgres://me@h/d?pooler=session").unwrap();
    assert_eq!(target.pooler, Some(Pooler::Session));
    assert!(Target::from_url("postgres://me@h/d?pooler=statement").is_err());
}

#[tokio::test]
async fn a_session_that_a_pooler_was_wrongly_said_to_keep_is_not_written_with() {
    let bench = Bench::postgres().await;
    let mut target = through(POOLS[1], &bench);
    target.pooler = Some(Pooler::Session);
    target.lock_wait = std::time::Duration::from_secs(2);
    let mut migrator = Migrator::connect(&target, Access::Write).await.unwrap();
    // Somebody else takes the session that was free, and keeps it.
    let holding = through(POOLS[1], &bench);
    let holder = tokio::spawn(async move { hold(&holding, 8).await });
    let held = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE 'SELECT pg_sleep(%'";
    for _ in 0..200 {
        if bench.query(held).await == ["1"] {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let ran = migrator
        .run(&up(), &bench.catalog(&INDEX[..1]), &STRICT, &mut |_| {})
        .await;
    let refused = match &ran {
        Err(_) => true,
        Ok(report) => report.failure.is_some(),
    };
    assert!(refused, "{ran:?}");
    assert_eq!(
        bench
            .query("SELECT count(*) FROM pg_tables WHERE tablename = 'a'")
            .await,
        ["0"]
    );
    holder.await.unwrap();
}

/// Keeps a session of a pool busy for so many seconds.
async fn hold(target: &Target, seconds: u32) {
    let address = &target.address;
    let url = format!(
        "postgres://{}:{}@{}:{}/{}",
        address.user.as_deref().unwrap(),
        secrecy::ExposeSecret::expose_secret(address.password.as_ref().unwrap()),
        address.host.as_deref().unwrap(),
        address.port.unwrap(),
        address.database.as_deref().unwrap()
    );
    let options: sqlx::postgres::PgConnectOptions = url.parse().unwrap();
    let mut connection = sqlx::ConnectOptions::connect(&options.extra_float_digits(None))
        .await
        .unwrap();
    let sleep = format!("SELECT pg_sleep({seconds})");
    sqlx::raw_sql(sqlx::AssertSqlSafe(sleep))
        .execute(&mut connection)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_pooler_that_takes_no_transactions_is_refused_by_name() {
    let bench = Bench::postgres().await;
    let target = through("SYNCLINE_TEST_PGBOUNCER_STATEMENT", &bench);
    for files in [&INDEX[..1], &[("1_i.sql", "CREATE INDEX CONCURRENTLY i ON a (id)")][..]] {
        let mut migrator = Migrator::connect(&target, Access::Write).await.unwrap();
        let ran = migrator.run(&up(), &bench.catalog(files), &STRICT, &mut |_| {}).await;
        let refused = match ran {
            Ok(report) => report.failure.unwrap().error,
            Err(Error::Database(error)) => error,
            Err(error) => panic!("{error}"),
        };
        assert_eq!(refused.code, Code::Pooled, "{refused}");
        assert!(refused.message.contains("pooler"), "{refused}");
    }
    assert_eq!(bench.tables().await, [""; 0]);
}
