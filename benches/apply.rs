//! Applying migrations against the plainest loop that could do the same, measured in turns in one process.
//!
//! `cargo bench --bench apply` with `SYNCLINE_TEST_POSTGRES` and `SYNCLINE_TEST_MARIADB` set (`tests/run --serve` prints them). Quote the ratios: they hold where
//! the machine is busy, the times do not.

use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection, SqliteConnection, raw_sql};
use syncline::database::Access;
use syncline::plan::{Goal, Policy, Until};
use syncline::{Catalog, Migrator, Target};

const ROUNDS: usize = 21;

/// 200 small migrations of two or three statements each.
fn migrations() -> Vec<(String, Vec<String>)> {
    let statements = |n: usize| {
        let mut statements = vec![format!(
            "CREATE TABLE t{n} (id INTEGER PRIMARY KEY, name TEXT NOT NULL, made_at TEXT)"
        )];
        statements.push(format!("CREATE INDEX i{n} ON t{n} (name)"));
        if n.is_multiple_of(2) {
            statements.push(format!("INSERT INTO t{n} (id, name) VALUES (1, 'one'), (2, 'two')"));
        }
        statements
    };
    (1..=200).map(|n| (format!("{n}_m.sql"), statements(n))).collect()
}

async fn ours(target: &Target, catalog: &Catalog) -> Duration {
    let clock = Instant::now();
    let mut migrator = Migrator::connect(target, Access::Write).await.unwrap();
    let report = migrator
        .run(&Goal::Up(Until::End), catalog, &Policy::default(), &mut |_| {})
        .await
        .unwrap();
    assert_eq!((report.done.len(), report.failure.is_none()), (200, true));
    migrator.close().await.unwrap();
    clock.elapsed()
}

/// One transaction a migration: BEGIN, the statements, COMMIT; with or without a row of history.
macro_rules! plain {
    ($name:ident, $connection:ty) => {
        async fn $name(url: &str, migrations: &[(String, Vec<String>)], history: History) -> Duration {
            let clock = Instant::now();
            let mut connection = <$connection>::connect(url).await.unwrap();
            if history == History::Row {
                let table =
                    "CREATE TABLE history (version TEXT PRIMARY KEY, name TEXT, checksum TEXT, applied_at TEXT)";
                raw_sql(table).execute(&mut connection).await.unwrap();
            }
            for (name, statements) in migrations {
                let mut transaction = connection.begin().await.unwrap();
                for statement in statements {
                    raw_sql(AssertSqlSafe(statement.clone()))
                        .execute(&mut *transaction)
                        .await
                        .unwrap();
                }
                if history == History::Row {
                    sqlx::query("INSERT INTO history VALUES ($1, $2, $3, $4)")
                        .bind(name)
                        .bind(name)
                        .bind("checksum")
                        .bind("now")
                        .execute(&mut *transaction)
                        .await
                        .unwrap();
                }
                transaction.commit().await.unwrap();
            }
            connection.close().await.unwrap();
            clock.elapsed()
        }
    };
}

#[derive(Clone, Copy, PartialEq)]
enum History {
    None,
    Row,
}

/// Where DDL commits by itself: the statements one by one, and a row of history behind them.
async fn plain_mysql(url: &str, migrations: &[(String, Vec<String>)]) -> Duration {
    let clock = Instant::now();
    let mut connection = MySqlConnection::connect(url).await.unwrap();
    let table = "CREATE TABLE history (version VARCHAR(64) PRIMARY KEY, name TEXT, checksum TEXT, applied_at TEXT)";
    raw_sql(table).execute(&mut connection).await.unwrap();
    for (name, statements) in migrations {
        for statement in statements {
            raw_sql(AssertSqlSafe(statement.clone()))
                .execute(&mut connection)
                .await
                .unwrap();
        }
        let row = format!("INSERT INTO history VALUES ('{name}', '{name}', 'checksum', 'now')");
        raw_sql(AssertSqlSafe(row)).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
    clock.elapsed()
}

plain!(plain_sqlite, SqliteConnection);
plain!(plain_postgres, PgConnection);

/// The paired ratios, and the ratio of the best times: the machine's noise only ever adds.
fn report(engine: &str, against: &str, pairs: &[(Duration, Duration)]) {
    let mut ratios: Vec<f64> = pairs
        .iter()
        .map(|(ours, theirs)| ours.as_secs_f64() / theirs.as_secs_f64())
        .collect();
    ratios.sort_by(f64::total_cmp);
    let best = |times: &mut dyn Iterator<Item = Duration>| times.min().unwrap().as_secs_f64();
    let (ours, theirs) = (
        best(&mut pairs.iter().map(|pair| pair.0)),
        best(&mut pairs.iter().map(|pair| pair.1)),
    );
    println!(
        "{engine}: 200 small migrations, syncline / {against}: median {:.2}, best {:.2} ({:.0} ms / {:.0} ms, {} rounds)",
        ratios[ratios.len() / 2],
        ours / theirs,
        ours * 1000.0,
        theirs * 1000.0,
        pairs.len()
    );
}

async fn sqlite() {
    let migrations = migrations();
    let files = migrations
        .iter()
        .map(|(name, statements)| (name.clone(), statements.join(";\n")));
    let (mut bare, mut row) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let directory = tempfile::tempdir().unwrap();
        let url = |name: &str| format!("sqlite:{}", directory.path().join(name).display());
        let target = Target::from_url(&url("ours.db")).unwrap();
        let catalog = Catalog::parse(files.clone(), target.engine.syntax).unwrap();
        let (without, with) = (
            format!("{}?mode=rwc", url("none.db")),
            format!("{}?mode=rwc", url("with.db")),
        );
        let (mut none, mut mine, mut row_too) = Default::default();
        // Who comes first changes from round to round.
        for turn in 0..3 {
            match (turn + round) % 3 {
                0 => none = plain_sqlite(&without, &migrations, History::None).await,
                1 => mine = ours(&target, &catalog).await,
                _ => row_too = plain_sqlite(&with, &migrations, History::Row).await,
            }
        }
        bare.push((mine, none));
        row.push((mine, row_too));
    }
    report("SQLite", "the same statements in a plain sqlx loop", &bare);
    report("SQLite", "that loop with a row of history in the transaction", &row);
}

async fn postgres(server: &str) {
    let migrations = migrations();
    let files = migrations
        .iter()
        .map(|(name, statements)| (name.clone(), statements.join(";\n")));
    let (mut bare, mut row) = (Vec::new(), Vec::new());
    let mut admin = PgConnection::connect(server).await.unwrap();
    let base = server.rsplit_once('/').unwrap().0;
    for round in 0..ROUNDS {
        let mut urls = Vec::new();
        for name in ["none", "ours", "with"] {
            let name = format!("bench_{}_{round}_{name}", std::process::id());
            raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}")))
                .execute(&mut admin)
                .await
                .unwrap();
            urls.push(format!("{base}/{name}"));
        }
        let target = Target::from_url(&urls[1]).unwrap();
        let catalog = Catalog::parse(files.clone(), target.engine.syntax).unwrap();
        let (mut none, mut mine, mut row_too) = Default::default();
        for turn in 0..3 {
            match (turn + round) % 3 {
                0 => none = plain_postgres(&urls[0], &migrations, History::None).await,
                1 => mine = ours(&target, &catalog).await,
                _ => row_too = plain_postgres(&urls[2], &migrations, History::Row).await,
            }
        }
        bare.push((mine, none));
        row.push((mine, row_too));
    }
    report("PostgreSQL", "the same statements in a plain sqlx loop", &bare);
    report("PostgreSQL", "that loop with a row of history in the transaction", &row);
}

async fn mariadb(server: &str) {
    let migrations: Vec<(String, Vec<String>)> = migrations()
        .into_iter()
        .map(|(name, statements)| {
            let sized = |text: String| text.replace("name TEXT NOT NULL", "name VARCHAR(100) NOT NULL");
            (name, statements.into_iter().map(sized).collect())
        })
        .collect();
    let files = migrations
        .iter()
        .map(|(name, statements)| (name.clone(), statements.join(";\n")));
    let mut pairs = Vec::new();
    let mut admin = MySqlConnection::connect(server).await.unwrap();
    let base = server.rsplit_once('/').unwrap().0;
    for round in 0..ROUNDS / 3 {
        let mut urls = Vec::new();
        for name in ["ours", "with"] {
            let name = format!("bench_{}_{round}_{name}", std::process::id());
            raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}")))
                .execute(&mut admin)
                .await
                .unwrap();
            urls.push((format!("{base}/{name}"), name));
        }
        let target = Target::from_url(&urls[0].0).unwrap();
        let catalog = Catalog::parse(files.clone(), target.engine.syntax).unwrap();
        let (mut mine, mut row_too) = Default::default();
        for turn in 0..2 {
            match (turn + round) % 2 {
                0 => mine = ours(&target, &catalog).await,
                _ => row_too = plain_mysql(&urls[1].0, &migrations).await,
            }
        }
        pairs.push((mine, row_too));
        for (_, name) in urls {
            raw_sql(AssertSqlSafe(format!("DROP DATABASE {name}")))
                .execute(&mut admin)
                .await
                .unwrap();
        }
    }
    report("MariaDB", "the same statements one by one and a row of history", &pairs);
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    if let Some((_, server)) = std::env::vars().find(|(name, _)| name == "SYNCLINE_TEST_MARIADB") {
        mariadb(&server).await;
    } else {
        println!("MariaDB: not measured, SYNCLINE_TEST_MARIADB is not set");
    }
    sqlite().await;
    match std::env::vars().find(|(name, _)| name == "SYNCLINE_TEST_POSTGRES") {
        Some((_, server)) => postgres(&server).await,
        None => println!("PostgreSQL: not measured, SYNCLINE_TEST_POSTGRES is not set"),
    }
}
