//! The lock: many runs at once, each migration once.

use std::time::Duration;

use super::fixture::*;
use super::on_every_engine;
use syncline::database::Access;
use syncline::{Code, Migrator, Target};

on_every_engine! {
    async fn twenty_runs_at_once_apply_each_migration_once_and_all_succeed(bench: Bench) {
        let applied = at_once(20, &bench.target, &bench.catalog(&COUNTED), |_| {}).await;
        assert_eq!(applied, 6);
        assert_eq!(bench.query("SELECT balance FROM a").await, ["50"]);
        assert_eq!(bench.history().await.broken_links(), []);
    }

    async fn waiting_for_the_lock_is_bounded_and_tells_who_holds_it(bench: Bench) {
        let files: &[File<'_>] = &[("1_a.sql", "CREATE TABLE a (id integer)")];
        bench.run(&up(), files).await;
        let more = [files[0], ("2_b.sql", "CREATE TABLE b (id integer)")];
        let holder = Holder::new(&bench).await;
        let target = Target { lock_wait: Duration::from_millis(300), ..bench.target.clone() };
        let mut migrator = Migrator::connect(&target, Access::Write).await.unwrap();
        let mut waited = Vec::new();
        let refused = migrator
            .run(&up(), &bench.catalog(&more), &STRICT, &mut |event| {
                if let syncline::Event::Waiting { holder } = event {
                    waited.push(holder.to_owned());
                }
            })
            .await
            .unwrap_err();
        assert_eq!((refused.code(), refused.code().exit(), waited.len()), (Code::Locked, 4, 1), "{refused}");
        holder.release(&bench).await;
        // Where a sleep is interrupted it has slept.
        let second = if bench.is_transactional() { "2_b.sql" } else { "3_b.sql" };
        let sleep = bench.sleep(60);
        let more = [files[0], (second, more[1].1), ("2_s.sql", &sleep)];
        let more = if bench.is_transactional() { &more[..2] } else { &more };
        assert_eq!(bench.run(&up(), more).await.len(), 1);
    }

    async fn a_run_that_is_dropped_leaves_no_lock_behind(bench: Bench) {
        let sleep = bench.sleep(2);
        let slow = if bench.is_sqlite() {
            "CREATE TABLE a AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT i FROM n"
        } else {
            sleep.as_str()
        };
        let catalog = bench.catalog(&[("1_a.sql", slow)]);
        let mut migrator = bench.migrator().await;
        let cut = tokio::time::timeout(Duration::from_millis(150), migrator.run(&up(), &catalog, &STRICT, &mut |_| {})).await;
        assert!(cut.is_err());
        drop(migrator);
        assert_eq!(bench.run(&up(), &[("1_a.sql", "CREATE TABLE a (id integer)")]).await, ["up 1"]);
    }
}

/// Somebody else who keeps us from migrating.
enum Holder {
    Sqlite(sqlx::SqliteConnection),
    Server(Box<Migrator>, tokio::task::JoinHandle<()>, &'static str),
}

impl Holder {
    async fn new(bench: &Bench) -> Self {
        use sqlx::Connection;
        if bench.is_sqlite() {
            let mut connection = sqlx::SqliteConnection::connect(bench.url()).await.unwrap();
            sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut connection).await.unwrap();
            return Holder::Sqlite(connection);
        }
        // A run that is under way: its migration sleeps until the server is told to stop it.
        let sleep = bench.sleep(60);
        let catalog = bench.catalog(&[("1_a.sql", "CREATE TABLE a (id integer)"), ("2_s.sql", &sleep)]);
        let (mut migrator, other) = (bench.migrator().await, bench.migrator().await);
        let run = tokio::spawn(async move {
            let _ = migrator.run(&up(), &catalog, &STRICT, &mut |_| {}).await;
        });
        let sleeping = match bench.engine() {
            "mysql" => {
                "SELECT ID FROM information_schema.PROCESSLIST WHERE INFO = 'DO SLEEP(60)' AND DB = DATABASE() AND ID <> CONNECTION_ID()"
            }
            _ => {
                "SELECT pid FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND datname = current_database() AND pid <> pg_backend_pid()"
            }
        };
        while bench.query(sleeping).await.len() != 1 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Holder::Server(Box::new(other), run, sleeping)
    }

    async fn release(self, bench: &Bench) {
        match self {
            Holder::Sqlite(connection) => sqlx::Connection::close(connection).await.unwrap(),
            Holder::Server(other, run, sleeping) => {
                let session = bench.query(sleeping).await.remove(0);
                bench
                    .execute(&match bench.engine() {
                        "mysql" => format!("KILL QUERY {session}"),
                        _ => format!("SELECT pg_cancel_backend({session})"),
                    })
                    .await;
                run.await.unwrap();
                other.close().await.unwrap();
            }
        }
    }
}
