//! Scripts without a transaction: the journal, resuming, and outcomes that are not known.

use super::fixture::*;
use super::on_every_engine;
use syncline::Code;
use syncline::executor::StateAfter;
use syncline::history::{Outcome, Protocol};
use syncline::plan::{Goal, Resolution, Source};

const BROKEN: File<'_> = (
    "1_a.sql",
    "-- syncline: no-transaction\nCREATE TABLE a (id integer);\nINSERT INTO a VALUES (1);\nINSERT INTO nothing VALUES (1);\nINSERT INTO a VALUES (2);",
);
const MENDED: File<'_> = (
    "1_a.sql",
    "-- syncline: no-transaction\nCREATE TABLE a (id integer);\nINSERT INTO a VALUES (1);\nINSERT INTO a VALUES (10);\nINSERT INTO a VALUES (2);",
);

on_every_engine! {
    async fn vacuum_runs_where_the_script_asks_for_no_transaction(bench: Bench) {
        let vacuum = if bench.is_transactional() { "VACUUM" } else { "OPTIMIZE TABLE a" };
        let text = format!("-- syncline: no-transaction\nCREATE TABLE a (id integer); {vacuum}; INSERT INTO a VALUES (1)");
        let file = ("1_a.sql", text.as_str());
        assert_eq!(bench.run(&up(), &[file]).await, ["up 1"]);
        let history = bench.history().await;
        let record = history.records().last().unwrap();
        assert_eq!((record.protocol, record.outcome, record.statements_done), (Protocol::Journalled, Outcome::Applied, 3));
        assert_eq!(bench.run(&up(), &[file, ("2_b.sql", "CREATE TABLE b (id integer)")]).await, ["up 2"]);
        assert_eq!(bench.history().await.broken_links(), []);
    }

    async fn a_savepoint_would_begin_a_transaction_that_nobody_ends(bench: Bench) {
        let file = ("1_a.sql", "-- syncline: no-transaction\nCREATE TABLE a (id integer);\n/* b */ SAVEPOINT b;\nINSERT INTO a VALUES (1)");
        let Err(syncline::Error::Scripts(problems)) = bench.try_run(&up(), &[file], &STRICT).await else {
            panic!("should have been refused");
        };
        assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["transaction-control"]);
        assert_eq!(bench.tables().await, [""; 0]);
        if !bench.is_transactional() {
            return;
        }
        let inside = ("1_a.sql", "CREATE TABLE a (id integer);\nSAVEPOINT b;\nINSERT INTO a VALUES (1);\nRELEASE b");
        assert_eq!(bench.run(&up(), &[inside]).await, ["up 1"]);
    }

    async fn a_script_that_stopped_goes_on_where_it_stopped_after_it_was_mended(bench: Bench) {
        let failure = bench.failure(&up(), &[BROKEN]).await;
        assert_eq!((failure.code(), failure.state), (Code::Partial, StateAfter::Stopped { done: 2 }));
        assert_eq!(failure.position.unwrap().line, 4);
        assert_eq!(bench.states(&[BROKEN]).await, ["1 partial"]);
        assert_eq!(bench.run(&up(), &[MENDED]).await, ["up 1"]);
        assert_eq!(bench.query("SELECT id FROM a ORDER BY id").await, ["1", "2", "10"]);
        assert_eq!(bench.states(&[MENDED]).await, ["1 applied"]);
    }

    async fn what_sets_the_session_is_sent_again_where_a_script_goes_on(bench: Bench) {
        let other = format!("o{}", bench.url().rsplit('/').next().unwrap().replace('.', "_"));
        let set = match bench.engine() {
            "sqlite" => format!("ATTACH ':memory:' AS {other}"),
            "postgres" => format!("CREATE SCHEMA {other};\nSET search_path = {other}"),
            _ => format!("CREATE SCHEMA {other};\nUSE {other}"),
        };
        let text = |third: &str| format!("-- syncline: no-transaction\n{set};\n{third};\nCREATE TABLE {other}.b (id integer);\nINSERT INTO b VALUES (1);");
        let (broken, mended) = (text("INSERT INTO nothing VALUES (1)"), text("SELECT 1"));
        bench.failure(&up(), &[("1_a.sql", &broken)]).await;
        assert_eq!(bench.run(&up(), &[("1_a.sql", &mended)]).await, ["up 1"]);
        // In a transaction too, where the rest asks for one.
        let bench = bench.fresh().await;
        if !bench.is_transactional() {
            return;
        }
        bench.failure(&up(), &[("1_a.sql", &broken)]).await;
        let inside = mended.replace("-- syncline: no-transaction\n", "");
        assert_eq!(bench.run(&up(), &[("1_a.sql", &inside)]).await, ["up 1"]);
    }

    async fn what_was_executed_is_not_run_again_when_the_rest_asks_for_a_transaction(bench: Bench) {
        bench.failure(&up(), &[BROKEN]).await;
        let inside = MENDED.1.replace("-- syncline: no-transaction\n", "");
        assert_eq!(bench.run(&up(), &[("1_a.sql", &inside)]).await, ["up 1"]);
        assert_eq!(bench.query("SELECT id FROM a ORDER BY id").await, ["1", "2", "10"]);
        assert_eq!(bench.history().await.broken_links(), []);
    }

    async fn what_was_executed_must_stay_as_it_was(bench: Bench) {
        bench.failure(&up(), &[BROKEN]).await;
        let edited = MENDED.1.replace("VALUES (1);", "VALUES (11);");
        let refused = bench.refusals(&up(), &[("1_a.sql", &edited)]).await;
        assert_eq!(codes(&refused), ["prefix-changed"]);
        assert!(refused[0].diff.as_deref().unwrap().contains("+INSERT INTO a VALUES (11);"));
    }

    async fn a_migration_that_stopped_cannot_be_reverted_before_it_is_finished(bench: Bench) {
        bench.failure(&up(), &[BROKEN]).await;
        assert_eq!(codes(&bench.refusals(&down(), &[]).await), ["partial-up"]);
    }

    async fn a_statement_without_an_answer_has_to_be_resolved_and_then_the_script_goes_on(bench: Bench) {
        for (resolution, file, rows) in [(Resolution::Applied, BROKEN, vec!["1", "2"]), (Resolution::NotApplied, MENDED, vec!["1", "2", "10"])] {
            bench.failure(&up(), &[BROKEN]).await;
            // What a run leaves behind that was killed while statement 3 ran.
            bench.execute("UPDATE syncline_history SET state = 'running', error = NULL, finished_at = NULL WHERE state = 'failed'").await;
            let refused = bench.refusals(&up(), &[MENDED]).await;
            assert_eq!(codes(&refused), ["unknown-outcome"]);
            assert!(refused[0].message.contains("INSERT INTO nothing VALUES (1)"), "{refused:?}");
            assert_eq!(bench.states(&[MENDED]).await, ["1 running"]);
            let resolve = Goal::Resolve("1".parse().unwrap(), resolution, "I looked".to_owned());
            assert_eq!(bench.run(&resolve, &[]).await, ["resolve 1"]);
            assert_eq!(bench.run(&up(), &[file]).await, ["up 1"]);
            assert_eq!(bench.query("SELECT id FROM a ORDER BY id").await, rows);
            bench.execute("DROP TABLE a; DROP TABLE syncline_history; DROP TABLE syncline_script").await;
        }
    }

    async fn a_rollback_without_a_transaction_that_stopped_is_finished_by_down(bench: Bench) {
        let up_file = ("1_a.up.sql", "CREATE TABLE a (id integer); CREATE TABLE b (id integer)");
        let down_file = ("1_a.down.sql", "-- syncline: no-transaction\nDROP TABLE b;\nDROP TABLE c;\nDROP TABLE a;");
        bench.run(&up(), &[up_file, down_file]).await;
        assert_eq!(bench.failure(&down(), &[]).await.state, StateAfter::Stopped { done: 1 });
        assert_eq!(codes(&bench.refusals(&up(), &[up_file, down_file]).await), ["partial-down"]);
        // As if the run had been killed during the statement; the message names that of the down script. A server that cannot tell
        // by its catalog has the question answered.
        bench.execute("UPDATE syncline_history SET state = 'running', evidence = NULL WHERE state = 'failed'").await;
        for goal in [up(), down()] {
            let refused = bench.refusals(&goal, &[up_file, down_file]).await;
            assert_eq!(codes(&refused), ["unknown-outcome"]);
            assert!(refused[0].message.contains("DROP TABLE c"), "{refused:?}");
        }
        bench.execute("UPDATE syncline_history SET state = 'failed' WHERE state = 'running'").await;
        let edited = ("1_a.down.sql", "-- syncline: no-transaction\nDROP TABLE c;\nDROP TABLE a;");
        let refused = bench.refusals(&down_with(Source::File), &[up_file, edited]).await;
        assert_eq!(codes(&refused), ["prefix-changed"]);
        assert!(refused[0].help[0].starts_with("syncline show 1 --down "), "{refused:?}");
        bench.execute("CREATE TABLE c (id integer)").await;
        assert_eq!(bench.run(&down(), &[]).await, ["down 1"]);
        assert_eq!(bench.tables().await, [""; 0]);
    }
}
