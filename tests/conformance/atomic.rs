//! The atomic protocol: effects and record together or not at all, whatever the script does.

use super::fixture::*;
use super::on_every_engine;
use syncline::Code;
use syncline::executor::StateAfter;

on_every_engine! {
    async fn a_failing_migration_leaves_nothing_where_the_engine_can_do_that_and_what_came_before_stays(bench: Bench) {
        let good = ("1_a.sql", "CREATE TABLE a (id integer)");
        let bad = ("2_b.sql", "CREATE TABLE b (id integer);\n\nINSERT INTO b VALUES (1);\n  INSERT INTO nothing VALUES (1);");
        let failure = bench.failure(&up(), &[good, bad]).await;
        let (state, tables) = match bench.is_transactional() {
            true => (StateAfter::Unchanged, vec!["a"]),
            false => (StateAfter::Stopped { done: 2 }, vec!["a", "b"]),
        };
        assert_eq!((failure.error.code, failure.state), (Code::SqlFailed, state));
        assert_eq!((failure.path.as_str(), failure.statement), ("2_b.sql", Some((3, 3))));
        assert_eq!(failure.position.unwrap().line, 4);
        assert_eq!(failure.line.as_deref(), Some("  INSERT INTO nothing VALUES (1);"));
        assert_eq!(bench.tables().await, tables);
        let second = if bench.is_transactional() { "2 pending" } else { "2 partial" };
        assert_eq!(bench.states(&[good, bad]).await, ["1 applied", second]);
    }

    async fn the_place_of_an_error_is_told_to_the_column(bench: Bench) {
        for (version, (text, line, column)) in (1..).zip([
            ("SELECT 'ü', nosuch;", 1, 13),
            ("SELECT 1;\n-- é\nSELECT 'ü', nosuch; SELECT 2;", 3, 13),
            ("SELECT 1;\nSELECT 2;\nSELECT 3 FROM 4;", 3, 15),
            ("CREATE TABLE a (id integer);\n\n  CREAT TABLE b (id integer);", 3, 3),
        ]) {
            if !bench.is_transactional() && version > 1 {
                bench.run(&syncline::plan::Goal::Forget("1".parse().unwrap(), "test".to_owned()), &[]).await;
            }
            let failure = bench.failure(&up(), &[("1_a.sql", text)]).await;
            let position = failure.position.unwrap();
            assert_eq!((position.line, position.column), (line, column), "{text}");
        }
    }

    async fn a_migration_that_changes_the_ledger_is_rolled_back(bench: Bench) {
        let good = ("1_a.sql", "CREATE TABLE a (id integer)");
        bench.run(&up(), &[good]).await;
        for tampering in [
            "DELETE FROM syncline_history",
            "DELETE FROM syncline_history WHERE seq = 1",
            "UPDATE syncline_history SET name = 'x' WHERE seq = 1",
            "INSERT INTO syncline_history SELECT 2, kind, '7', name, state, up_checksum, down_checksum, transactional, statements_total, \
             statement_started, statements_done, started_at, finished_at, duration_ms, applied_by, host, tool, run_id, reason, error, evidence, chain \
             FROM syncline_history WHERE seq = 1",
            "DROP TABLE syncline_history",
            "ALTER TABLE syncline_history RENAME TO somewhere",
            "ALTER TABLE syncline_history RENAME COLUMN chain TO links",
        ] {
            let text = format!("CREATE TABLE b (id integer); {tampering}");
            let failure = bench.failure(&up(), &[good, ("2_b.sql", &text)]).await;
            assert_eq!(failure.error.code, Code::LedgerTouched, "{tampering}: {:?}", failure.error);
            match bench.is_transactional() {
                true => assert_eq!((bench.tables().await, bench.history().await.records().len()), (vec!["a".to_owned()], 2), "{tampering}"),
                // What names the ledger is not sent at all.
                false => {
                    assert_eq!(failure.state, StateAfter::Stopped { done: 1 }, "{tampering}");
                    assert_eq!(bench.history().await.broken_links(), [], "{tampering}");
                    bench.run(&syncline::plan::Goal::Forget("2".parse().unwrap(), "test".to_owned()), &[]).await;
                    bench.execute("DROP TABLE b").await;
                }
            }
        }
    }

    async fn a_table_that_hides_the_ledger_does_not_get_its_records(bench: Bench) {
        let hiding = ("1_a.sql", "CREATE TEMPORARY TABLE syncline_history (seq integer); CREATE TEMPORARY TABLE syncline_script (seq integer)");
        if !bench.is_transactional() {
            // There a temporary table hides another one even from those who name its schema.
            assert_eq!(bench.failure(&up(), &[hiding]).await.error.code, Code::LedgerTouched);
            return;
        }
        assert_eq!(bench.run(&up(), &[hiding, ("2_b.sql", "CREATE TABLE b (id integer)")]).await, ["up 1", "up 2"]);
        assert_eq!(bench.query("SELECT count(*) FROM syncline_history").await, ["3"]);
    }

    async fn scripts_may_use_savepoints_of_their_own(bench: Bench) {
        if !bench.is_transactional() {
            // There each statement is committed by itself, so a savepoint would be gone with the next one.
            let script = ("1_a.sql", "CREATE TABLE a (id integer); SAVEPOINT s");
            let Err(syncline::Error::Scripts(problems)) = bench.try_run(&up(), &[script], &STRICT).await else {
                panic!("should have been refused");
            };
            assert_eq!(problems[0].code, "transaction-control");
            return;
        }
        let text = "SAVEPOINT s; CREATE TABLE a (id integer); ROLLBACK TO s; CREATE TABLE b (id integer); RELEASE s";
        assert_eq!(bench.run(&up(), &[("1_a.sql", text)]).await, ["up 1"]);
        assert_eq!(bench.tables().await, ["b"]);
    }

    async fn statements_that_return_rows_are_read_to_their_end(bench: Bench) {
        let text = "CREATE TABLE a (id integer); INSERT INTO a VALUES (1), (2), (3); SELECT * FROM a; SELECT 1";
        assert_eq!(bench.run(&up(), &[("1_a.sql", text)]).await, ["up 1"]);
    }
}
