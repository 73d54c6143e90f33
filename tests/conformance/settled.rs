//! A statement whose answer never came: what is said of it is what is known, and no more.

use super::fixture::*;
use super::on_both;
use syncline::Event;
use syncline::plan::Resolution::{self, Applied, NotApplied};
use syncline::settle;

/// As if the run had been killed when the second statement was done, or before it was sent where `undo` takes it back; then what the
/// next run says of it.
async fn told_of(bench: &Bench, before: &str, statement: &str, undo: &str) -> Vec<Resolution> {
    let text = format!("-- syncline: no-transaction\nINSERT INTO probe VALUES (1);\n{statement}");
    let files = [("1_start.sql", before), ("2_a.sql", text.as_str())];
    assert_eq!(bench.run(&up(), &files).await, ["up 1", "up 2"], "{statement}");
    let running = "UPDATE syncline_history SET state = 'running', statement_started = 2, statements_done = 1, finished_at = NULL WHERE version = '2'";
    bench.execute(running).await;
    if !undo.is_empty() {
        bench.execute(undo).await;
    }
    let catalog = bench.catalog(&files);
    let (report, told) = told(&bench.target, &catalog, |event| match event {
        Event::Settled { resolution, .. } => Some(*resolution),
        _ => None,
    })
    .await;
    assert!(report.unwrap().failure.is_none(), "{statement}");
    assert_eq!(bench.query("SELECT count(*) FROM probe").await, ["1"], "{statement}");
    told
}

#[test]
fn of_a_statement_that_is_run_again_nobody_claims_to_know_what_became_of_it() {
    assert_eq!(settle::words(NotApplied), "it may be repeated, and is");
    assert_eq!(settle::reason(NotApplied), "it may be repeated");
    assert!(settle::words(Applied).starts_with("the catalog shows"));
}

#[tokio::test]
async fn postgres_is_asked_what_it_can_tell() {
    let start = "CREATE TABLE probe (n integer); CREATE TABLE t (x integer); CREATE INDEX i ON t (x);
                 CREATE TABLE p (x integer) PARTITION BY RANGE (x); CREATE TABLE c PARTITION OF p FOR VALUES FROM (0) TO (9)";
    for server in Bench::postgres_of_each_version().await {
        let version: u32 = server.query("SHOW server_version_num").await[0].parse().unwrap();
        for (since, statement, undo, resolution) in [
            (0, "VACUUM FULL t", "", NotApplied),
            (0, "VACUUM", "", NotApplied),
            (0, "CLUSTER t USING i", "", NotApplied),
            (0, "REINDEX TABLE t", "", NotApplied),
            (0, "REINDEX INDEX CONCURRENTLY i", "", NotApplied),
            (0, "ALTER SYSTEM RESET deadlock_timeout", "", NotApplied),
            (0, "DISCARD ALL", "", NotApplied),
            (190_000, "REPACK t", "", NotApplied),
            (190_000, "REPACK (ANALYZE) t", "", NotApplied),
            (0, "CREATE INDEX CONCURRENTLY j ON t (x)", "", Applied),
            (0, "CREATE INDEX CONCURRENTLY j ON t (x)", "DROP INDEX j", NotApplied),
            (0, "DROP INDEX CONCURRENTLY i", "", Applied),
            (0, "DROP INDEX CONCURRENTLY IF EXISTS nothing", "", NotApplied),
            (140_000, "ALTER TABLE p DETACH PARTITION c CONCURRENTLY", "", Applied),
        ] {
            if version >= since {
                let bench = server.fresh().await;
                let told = told_of(&bench, start, statement, undo).await;
                assert_eq!(told, [resolution], "{version}: {statement}");
            }
        }
    }
}

on_both! {
    async fn the_catalog_is_asked_what_it_can_tell(bench: Bench) {
        let start = "CREATE TABLE probe (n int); CREATE TABLE t (x int); INSERT INTO t VALUES (1)";
        let mariadb = bench.query("SELECT VERSION()").await[0].contains("MariaDB");
        let sequence = format!("{start}; {}", if mariadb { "CREATE SEQUENCE s" } else { "SELECT 1" });
        for (everywhere, statement, undo, resolution) in [
            (true, "OPTIMIZE TABLE t", "", NotApplied),
            (true, "ANALYZE TABLE t", "", NotApplied),
            (true, "CHECK TABLE t", "", NotApplied),
            (true, "FLUSH TABLES", "", NotApplied),
            (true, "ALTER TABLE t ADD y int", "", Applied),
            (true, "ALTER TABLE t ADD y int", "ALTER TABLE t DROP y", NotApplied),
            (true, "ALTER TABLE t FORCE", "", NotApplied),
            // It took effect, and that is not seen.
            (false, "ALTER SEQUENCE s CACHE 1000", "", NotApplied),
        ] {
            if everywhere || mariadb {
                let bench = bench.fresh().await;
                let told = told_of(&bench, &sequence, statement, undo).await;
                assert_eq!(told, [resolution], "{statement}");
            }
        }
    }
}
