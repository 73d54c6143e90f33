//! An interrupted run: the statement is cancelled at the server, what can be taken back is, and the lock is free again.

use std::time::{Duration, Instant};

use super::fixture::*;
use super::on_every_engine;
use syncline::executor::StateAfter;
use syncline::{Code, Interrupt};

/// Asks for the end of a run when its statement has been running for a while.
async fn interrupted(bench: &Bench, files: &[File<'_>]) -> Result<syncline::Report, syncline::Error> {
    let catalog = bench.catalog(files);
    let mut migrator = bench.migrator().await;
    let interrupt = Interrupt::new();
    migrator.interrupt(&interrupt);
    let later = interrupt.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(400)).await;
        assert!(later.request(), "the run listens");
    });
    let began = Instant::now();
    let report = migrator.run(&up(), &catalog, &STRICT, &mut |_| {}).await;
    assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
    assert!(!interrupt.request(), "nobody listens any more");
    report
}

fn slow(bench: &Bench) -> String {
    match bench.engine() {
        "sqlite" => SLOW_FOR_SQLITE.to_owned(),
        // A sleep that is cancelled has slept; this is cancelled with an error.
        "mysql" => {
            "CREATE TABLE slow AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900) \
                    SELECT SUM(SLEEP(0.05)) AS i FROM n"
                .to_owned()
        }
        _ => bench.sleep(30),
    }
}

on_every_engine! {
    async fn an_interrupted_migration_is_cancelled_at_the_server_and_leaves_what_it_would_after_an_error(bench: Bench) {
        let text = format!("CREATE TABLE b (id integer);\n{};\nCREATE TABLE c (id integer)", slow(&bench));
        let files: &[File<'_>] = &[("1_a.sql", "CREATE TABLE a (id integer)"), ("2_b.sql", &text), ("3_d.sql", "CREATE TABLE d (id integer)")];
        let report = interrupted(&bench, files).await.unwrap();
        let failure = report.failure.unwrap();
        assert_eq!((failure.code(), failure.statement, report.done.len()), (Code::Interrupted, Some((2, 3)), 1), "{failure:?}");
        let (state, tables) = match bench.is_transactional() {
            true => (StateAfter::Unchanged, vec!["a"]),
            false => (StateAfter::Stopped { done: 1 }, vec!["a", "b"]),
        };
        assert_eq!((failure.state, bench.tables().await), (state, tables.into_iter().map(str::to_owned).collect()));
        // The lock is free, and what was interrupted can be mended and finished.
        let mended = format!("CREATE TABLE b (id integer);\n{};\nCREATE TABLE c (id integer)", "SELECT 1");
        let files = [files[0], ("2_b.sql", mended.as_str()), files[2]];
        assert_eq!(bench.run(&up(), &files).await, ["up 2", "up 3"]);
        assert_eq!(bench.history().await.broken_links(), []);
    }

    async fn an_interrupted_script_without_a_transaction_goes_on_where_it_was(bench: Bench) {
        let text = |second: &str| format!("-- syncline: no-transaction\nCREATE TABLE b (id integer);\n{second};\nCREATE TABLE c (id integer)");
        let first = text(&slow(&bench));
        let report = interrupted(&bench, &[("2_b.sql", &first)]).await.unwrap();
        let failure = report.failure.unwrap();
        assert_eq!((failure.code(), failure.state), (Code::Interrupted, StateAfter::Stopped { done: 1 }), "{failure:?}");
        assert_eq!(bench.tables().await, ["b"]);
        assert_eq!(bench.run(&up(), &[("2_b.sql", &text("SELECT 1"))]).await, ["up 2"]);
        assert_eq!(bench.tables().await, ["b", "c"]);
    }

    async fn a_run_that_is_interrupted_while_it_waits_for_the_lock_has_done_nothing(bench: Bench) {
        let text = slow(&bench);
        let catalog = bench.catalog(&[("1_a.sql", &text)]);
        let mut holder = bench.migrator().await;
        let stop = Interrupt::new();
        holder.interrupt(&stop);
        let run = tokio::spawn(async move { holder.run(&up(), &catalog, &STRICT, &mut |_| {}).await.map(drop) });
        tokio::time::sleep(Duration::from_millis(300)).await;
        let waiting = interrupted(&bench, &[("1_a.sql", "CREATE TABLE a (id integer)")]).await.unwrap_err();
        assert_eq!(waiting.code(), Code::Interrupted);
        stop.request();
        run.await.unwrap().unwrap();
        assert_eq!(bench.tables().await, [""; 0]);
    }
}
