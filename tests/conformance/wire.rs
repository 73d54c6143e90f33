//! What goes over the wire: round trips, counted by a proxy between us and the server.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering::SeqCst};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::fixture::*;
use syncline::database::Access;
use syncline::plan::{Goal, Rule, Until};
use syncline::version::Point;
use syncline::{Migrator, Target};

/// A proxy on loopback that counts how often the client speaks after the server has, and can cut a COMMIT.
struct Proxy {
    port: u16,
    round_trips: Arc<AtomicUsize>,
    connections: Arc<AtomicUsize>,
    cut: Arc<AtomicU8>,
}

/// Commits are let through.
const WHOLE: u8 = 0;
/// The next commit reaches the server, and its answer nobody.
const BEHIND: u8 = 1;
/// The next commit does not reach the server.
const BEFORE: u8 = 2;
/// The server is at the next commit when the client's connection ends.
const AMID: u8 = 3;

impl Proxy {
    async fn new(server: (String, u16)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let round_trips = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&round_trips);
        let connections = Arc::new(AtomicUsize::new(0));
        let accepted = Arc::clone(&connections);
        let cut = Arc::new(AtomicU8::new(WHOLE));
        let scissors = Arc::clone(&cut);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                accepted.fetch_add(1, SeqCst);
                let upstream = TcpStream::connect((server.0.as_str(), server.1)).await.unwrap();
                tokio::spawn(pump(client, upstream, Arc::clone(&counter), Arc::clone(&scissors)));
            }
        });
        Self {
            port,
            round_trips,
            connections,
            cut,
        }
    }
}

async fn pump(mut client: TcpStream, mut server: TcpStream, round_trips: Arc<AtomicUsize>, cut: Arc<AtomicU8>) {
    let (mut from_client, mut from_server) = (vec![0; 65536], vec![0; 65536]);
    let mut server_spoke_last = true;
    loop {
        tokio::select! {
            read = client.read(&mut from_client) => match read {
                Ok(n) if n > 0 => {
                    if std::mem::take(&mut server_spoke_last) {
                        round_trips.fetch_add(1, SeqCst);
                    }
                    // The record of a migration goes with its COMMIT.
                    let commits = from_client[..n].windows(8).any(|bytes| bytes == b"\nCOMMIT;");
                    match if commits { cut.swap(WHOLE, SeqCst) } else { WHOLE } {
                        BEFORE => return,
                        BEHIND => {
                            server.write_all(&from_client[..n]).await.unwrap();
                            // The server has answered: the commit is done.
                            let _ = server.read(&mut from_server).await;
                            return;
                        }
                        AMID => {
                            server.write_all(&from_client[..n]).await.unwrap();
                            tokio::spawn(async move { server.read(&mut from_server).await });
                            return;
                        }
                        _ => server.write_all(&from_client[..n]).await.unwrap(),
                    }
                }
                _ => return,
            },
            read = server.read(&mut from_server) => match read {
                Ok(n) if n > 0 => {
                    server_spoke_last = true;
                    client.write_all(&from_server[..n]).await.unwrap();
                }
                _ => return,
            },
        }
    }
}

#[tokio::test]
async fn a_run_with_nothing_to_do_costs_one_connection_and_at_most_eleven_round_trips() {
    let bench = Bench::postgres().await;
    let files: Vec<(String, String)> = (1..=50)
        .map(|n| (format!("{n}_m.sql"), format!("CREATE TABLE t{n} (id integer)")))
        .collect();
    let files: Vec<File<'_>> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    bench.run(&up(), &files).await;
    let address = &bench.target.address;
    let proxy = Proxy::new((address.host.clone().unwrap(), address.port.unwrap())).await;
    let mut target: Target = bench.target.clone();
    target.address.port = Some(proxy.port);

    let mut migrator = Migrator::connect(&target, Access::Write).await.unwrap();
    // Connecting asks one thing of the server after it was let in; that counts as ours.
    let connecting = proxy.round_trips.swap(0, SeqCst);
    assert!(connecting <= 6, "{connecting}");
    let report = migrator
        .run(&Goal::Up(Until::End), &bench.catalog(&files), &STRICT, &mut |_| {})
        .await
        .unwrap();
    migrator.close().await.unwrap();
    assert_eq!(report.done.len(), 0);
    let asked = proxy.round_trips.load(SeqCst);
    // The goodbye of the protocol is a message without an answer.
    assert!((3..=5).contains(&asked), "{asked}");
    assert_eq!(proxy.connections.load(SeqCst), 1);
}

#[tokio::test]
async fn a_small_migration_costs_two_round_trips_however_many_statements_it_has() {
    let bench = Bench::postgres().await;
    bench.run(&up(), &[("1_a.sql", "CREATE TABLE a (id integer)")]).await;
    let address = &bench.target.address;
    let proxy = Proxy::new((address.host.clone().unwrap(), address.port.unwrap())).await;
    let mut target: Target = bench.target.clone();
    target.address.port = Some(proxy.port);
    let count = async |files: &[File<'_>]| {
        let mut migrator = Migrator::connect(&target, Access::Write).await.unwrap();
        proxy.round_trips.store(0, SeqCst);
        migrator
            .run(&Goal::Up(Until::End), &bench.catalog(files), &STRICT, &mut |_| {})
            .await
            .unwrap();
        proxy.round_trips.load(SeqCst)
    };
    let all = [
        ("1_a.sql", "CREATE TABLE a (id integer)"),
        ("2_b.sql", "CREATE TABLE b (id integer); CREATE TABLE c (id integer)"),
        ("3_d.sql", "CREATE TABLE d (id integer); CREATE TABLE e (id integer)"),
    ];
    let nothing = count(&all[..1]).await;
    // BEGIN with the statements; the record with its checks, the COMMIT and what cleans the session.
    assert_eq!(count(&all).await - nothing, 2 * 2);
}

#[tokio::test]
async fn a_commit_without_an_answer_is_looked_up_in_the_ledger_and_the_run_goes_on() {
    for (cut, applied) in [(BEHIND, 3), (AMID, 3), (BEFORE, 1)] {
        let bench = Bench::postgres().await;
        let files = [
            ("1_a.sql", "CREATE TABLE a (balance integer); INSERT INTO a VALUES (0)"),
            ("2_b.sql", "UPDATE a SET balance = balance + 10"),
            ("3_c.sql", "UPDATE a SET balance = balance + 10"),
        ];
        bench.run(&up(), &files[..1]).await;
        bench
            .query(
                "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.3); RETURN NULL; END';
                 CREATE CONSTRAINT TRIGGER slow AFTER UPDATE ON a DEFERRABLE INITIALLY DEFERRED
                 FOR EACH ROW EXECUTE FUNCTION slow()",
            )
            .await;
        let address = &bench.target.address;
        let proxy = Proxy::new((address.host.clone().unwrap(), address.port.unwrap())).await;
        let mut target: Target = bench.target.clone();
        target.address.port = Some(proxy.port);
        let mut migrator = Migrator::connect(&target, Access::Write).await.unwrap();
        proxy.cut.store(cut, SeqCst);
        let report = migrator
            .run(&up(), &bench.catalog(&files), &STRICT, &mut |_| {})
            .await
            .unwrap();
        assert_eq!(
            bench
                .history()
                .await
                .current()
                .filter(|(_, current)| current.state.is_applied())
                .count(),
            applied
        );
        match report.failure {
            None => assert_eq!((cut != BEFORE, report.done.len()), (true, 2)),
            Some(failure) => assert_eq!(
                (cut, failure.state),
                (BEFORE, syncline::executor::StateAfter::Unchanged)
            ),
        }
        assert_eq!(
            bench.query("SELECT balance FROM a").await,
            [((applied - 1) * 10).to_string()]
        );
        bench.run(&up(), &files).await;
        assert_eq!(bench.query("SELECT balance FROM a").await, ["20"]);
    }
}

#[tokio::test]
async fn a_redo_whose_first_half_got_no_answer_applies_the_same_migration_again() {
    let bench = Bench::postgres().await;
    let down = "DROP TABLE c";
    let files = [
        ("1_a.sql", "CREATE TABLE a (id integer)"),
        ("3_c.up.sql", "CREATE TABLE c (id integer)"),
        ("3_c.down.sql", down),
        ("2_b.sql", "CREATE TABLE b (id integer)"),
    ];
    bench.run(&up(), &files[..3]).await;
    let address = &bench.target.address;
    let proxy = Proxy::new((address.host.clone().unwrap(), address.port.unwrap())).await;
    let mut target: Target = bench.target.clone();
    target.address.port = Some(proxy.port);
    let mut migrator = Migrator::connect(&target, Access::Write).await.unwrap();
    proxy.cut.store(BEHIND, SeqCst);
    let report = migrator
        .run(&Goal::Redo(None), &bench.catalog(&files), &STRICT, &mut |_| {})
        .await
        .unwrap();
    let done: Vec<String> = report
        .done
        .iter()
        .map(|done| format!("{:?} {}", done.kind, done.label()))
        .collect();
    assert_eq!(done, ["Down 3", "Up 3"]);
    assert_eq!(bench.tables().await, ["a", "c"]);
}

#[tokio::test]
async fn a_record_whose_commit_got_no_answer_is_found_and_the_goal_is_reached() {
    const ZERO: File<'_> = ("0_zero.sql", "CREATE TABLE zero (id integer)");
    const EDITED: File<'_> = ("0_zero.sql", "CREATE TABLE zero (id bigint)");
    let id = || "0".parse().unwrap();
    let reason = || "tested".to_owned();
    let goals = [
        (Goal::Baseline(Point::BeforeAll), ZERO, "Baseline none"),
        (Goal::Baseline("0".parse().unwrap()), ZERO, "Baseline 0"),
        (Goal::Accept(id(), Rule::Refuse, reason()), EDITED, "Accept 0"),
        (Goal::Forget(id(), reason()), EDITED, "Forget 0"),
    ];
    let bench = Bench::postgres().await;
    let address = &bench.target.address;
    let proxy = Proxy::new((address.host.clone().unwrap(), address.port.unwrap())).await;
    let mut target: Target = bench.target.clone();
    target.address.port = Some(proxy.port);
    for (goal, file, wanted) in goals {
        let mut migrator = Migrator::connect(&target, Access::Write).await.unwrap();
        proxy.cut.store(BEHIND, SeqCst);
        let report = migrator
            .run(&goal, &bench.catalog(&[file]), &STRICT, &mut |_| {})
            .await
            .unwrap_or_else(|error| panic!("{wanted}: {error}"));
        let done: Vec<String> = report
            .done
            .iter()
            .map(|done| format!("{:?} {}", done.kind, done.label()))
            .collect();
        assert_eq!(done, [wanted]);
        assert_eq!(proxy.cut.load(SeqCst), WHOLE, "{wanted}: the commit was not cut");
    }
    // Each of them once, behind the record of the ledger itself.
    assert_eq!(bench.history().await.records().len(), 5);
}
