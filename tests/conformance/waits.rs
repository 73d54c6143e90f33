//! What a statement of PostgreSQL waits for, and who waits behind it: the table says it, and each server is tried with a session that
//! reads, one that writes and one that stays in the way.

mod table;

use std::time::{Duration, Instant};

use super::fixture::*;
use futures_util::stream::{self, StreamExt};
use sqlx::{AssertSqlSafe, Connection, PgConnection, raw_sql};
use syncline::Target;
use table::{Holder, Outcome, ROWS, Row, THERE};

const LIMIT: Duration = Duration::from_millis(700);

/// By then a statement has given up that has the limit.
const LONG: Duration = Duration::from_millis(2200);

/// What a session may wait that came behind a statement: the limit, and a busy machine.
const SLOWEST: Duration = Duration::from_millis(1500);

/// Servers have few processors.
const AT_ONCE: usize = 10;

impl Holder {
    /// A transaction that stays open.
    fn statement(self, table: &str) -> String {
        match self {
            Self::Reader => format!("BEGIN; SELECT count(*) FROM {table}"),
            Self::Writer => format!("BEGIN; {}", write(table)),
            Self::Snapshot => "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM other".to_owned(),
            Self::PartitionReader => "BEGIN; SELECT count(*) FROM part".to_owned(),
        }
    }
}

fn write(table: &str) -> String {
    match table {
        "t" => "INSERT INTO t VALUES (nextval('keys'), 'y')".to_owned(),
        // Nobody writes to a materialized view.
        "stored" => "SELECT 1 FROM stored".to_owned(),
        _ => format!("INSERT INTO {table} VALUES (5, 'y')"),
    }
}

/// The longest that anybody waits who runs a statement again and again, until told to stop.
async fn slowest(bench: &Bench, statement: String, stop: &tokio::sync::watch::Receiver<bool>) -> Duration {
    let mut connection = PgConnection::connect(bench.url()).await.unwrap();
    let mut slowest = Duration::ZERO;
    while !*stop.borrow() {
        let begun = Instant::now();
        // What was renamed or dropped is gone.
        let _ = raw_sql(AssertSqlSafe(statement.clone())).execute(&mut connection).await;
        slowest = slowest.max(begun.elapsed());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    slowest
}

/// Runs the statement of a row while somebody is in the way, and says what differs from what the row says.
async fn trial(server: &Bench, row: &Row, holder: Holder, expected: Outcome) -> (Bench, Option<String>) {
    let bench = server.fresh().await;
    let start = ("1_start.sql", THERE);
    bench.run(&up(), &[start]).await;
    let target = Target {
        lock_timeout: LIMIT,
        retries: 0,
        ..bench.target.clone()
    };
    let catalog = bench.catalog(&[start, ("2_a.sql", row.statement)]);
    let mut in_the_way = PgConnection::connect(bench.url()).await.unwrap();
    let hold = holder.statement(row.tables[0]);
    raw_sql(AssertSqlSafe(hold)).execute(&mut in_the_way).await.unwrap();

    let (stop, stopped) = tokio::sync::watch::channel(false);
    let others: Vec<String> = row
        .tables
        .iter()
        .flat_map(|table| [format!("SELECT count(*) FROM {table}"), write(table)])
        .collect();
    let others = others.into_iter().map(|statement| slowest(&bench, statement, &stopped));
    let run = async {
        // The others are at it already.
        tokio::time::sleep(Duration::from_millis(100)).await;
        let mut run = std::pin::pin!(told(&target, &catalog, |_| None::<()>));
        let early = tokio::time::timeout(LONG, &mut run).await;
        let waited = early.is_err();
        raw_sql("ROLLBACK").execute(&mut in_the_way).await.unwrap();
        let (report, _) = match early {
            Ok(done) => done,
            Err(_) => run.await,
        };
        stop.send_replace(true);
        (waited, report.unwrap().failure)
    };
    let ((waited, failure), slowest) = tokio::join!(run, futures_util::future::join_all(others));
    let found = match (&failure, waited) {
        (Some(failure), false) if failure.error.native.as_deref() == Some("55P03") => Some(Outcome::GivesUp),
        (None, true) => Some(Outcome::Waits),
        (None, false) => Some(Outcome::Runs),
        _ => None,
    };
    let slowest = slowest.into_iter().max().unwrap();
    let wrong = found != Some(expected) || slowest > SLOWEST;
    let version = bench.query("SHOW server_version").await.remove(0);
    let statement = row.statement;
    let words =
        format!("{version}: {statement} behind {holder:?}: {found:?}, somebody waited {slowest:?}: {failure:?}");
    (bench, wrong.then_some(words))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_who_reads_or_writes_waits_longer_than_the_limit_behind_a_statement_that_waits() {
    let mut trials = Vec::new();
    let servers = Bench::postgres_of_each_version().await;
    for server in &servers {
        let version: u32 = server.query("SHOW server_version_num").await[0].parse().unwrap();
        for row in ROWS.iter().filter(|row| version / 10_000 >= row.since) {
            for (holder, expected) in row.outcomes {
                trials.push((server, row, *holder, *expected));
            }
        }
    }
    let trials = trials
        .into_iter()
        .map(|(server, row, holder, expected)| trial(server, row, holder, expected));
    // A database is dropped when nobody connects any more: the server waits for those who do, and they for this thread.
    let done: Vec<_> = stream::iter(trials).buffer_unordered(AT_ONCE).collect().await;
    let (_benches, wrong): (Vec<Bench>, Vec<_>) = done.into_iter().unzip();
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
