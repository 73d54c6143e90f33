//! `baseline` and the repairs: each writes one record and runs nothing.

use super::fixture::*;
use super::on_every_engine;
use syncline::Code;
use syncline::history::Kind;
use syncline::plan::{Goal, Resolution, Rule};

const A: File<'_> = ("1_a.sql", "CREATE TABLE a (id integer)");
const B: File<'_> = ("2_b.sql", "CREATE TABLE b (id integer)");

fn id(text: &str) -> syncline::migration::Id {
    text.parse().unwrap()
}

on_every_engine! {
    async fn an_accepted_edit_is_the_truth_and_both_checksums_stay_in_the_ledger(bench: Bench) {
        bench.run(&up(), &[A]).await;
        let old = bench.history().await.records()[1].up_checksum.unwrap();
        let edited = ("1_a.sql", "CREATE TABLE a (id bigint)");
        let accept = Goal::Accept(id("1"), Rule::Refuse, "was a typing error".to_owned());
        assert_eq!(bench.run(&accept, &[edited]).await, ["accept 1"]);
        assert_eq!(bench.run(&up(), &[edited, B]).await, ["up 2"]);
        let history = bench.history().await;
        let record = history.records().iter().find(|record| record.kind == Kind::Accept).unwrap();
        assert_ne!(record.up_checksum, Some(old));
        assert_eq!(record.reason.clone().unwrap(), format!("was a typing error (was {old})"));
        assert_eq!(bench.try_run(&accept, &[edited], &STRICT).await.unwrap_err().code(), Code::NothingToRecord);
        assert_eq!(history.broken_links(), []);
    }

    async fn accepting_touches_one_named_migration(bench: Bench) {
        bench.run(&up(), &[A, B]).await;
        let edited = [("1_a.sql", "CREATE TABLE a (id bigint)"), ("2_b.sql", "CREATE TABLE b (id bigint)")];
        bench.run(&Goal::Accept(id("1"), Rule::Refuse, "reason".to_owned()), &edited).await;
        assert_eq!(bench.states(&edited).await, ["1 applied", "2 changed"]);
        assert_eq!(bench.try_run(&Goal::Accept(id("9"), Rule::Refuse, "reason".to_owned()), &edited, &STRICT).await.unwrap_err().code(), Code::NoSuchVersion);
    }

    async fn what_was_renumbered_is_recorded_under_its_new_version_and_nothing_runs(bench: Bench) {
        bench.run(&up(), &[A, B]).await;
        // A swap, so that one has to make room.
        let merged = [("1_b.sql", B.1), ("2_a.sql", A.1), ("3_c.sql", "CREATE TABLE c (id integer)")];
        assert_eq!(bench.try_run(&up(), &merged, &STRICT).await.unwrap_err().code(), Code::Renumbered);
        let renumber = Goal::Renumber(None, "merged".to_owned());
        assert_eq!(bench.run(&renumber, &merged).await, ["renumber 1.1", "renumber 1", "renumber 2"]);
        assert_eq!(bench.states(&merged).await, ["1 applied", "2 applied", "3 pending"]);
        assert_eq!(bench.run(&up(), &merged).await, ["up 3"]);
        let history = bench.history().await;
        let reasons: Vec<_> = history.records().iter().filter_map(|record| record.reason.as_deref()).collect();
        assert_eq!(reasons, ["was 1: merged", "was 2: merged", "was 1.1: merged"]);
        assert_eq!(history.broken_links(), []);
        assert_eq!(bench.try_run(&renumber, &merged, &STRICT).await.unwrap_err().code(), Code::NothingToRecord);
    }

    async fn a_forgotten_migration_is_pending_again_and_its_records_stay(bench: Bench) {
        bench.run(&up(), &[A, B]).await;
        assert_eq!(bench.run(&Goal::Forget(id("2"), "undone by hand".to_owned()), &[]).await, ["forget 2"]);
        assert_eq!(bench.states(&[A, B]).await, ["1 applied", "2 pending"]);
        assert_eq!(bench.history().await.records().len(), 4);
    }

    async fn a_baseline_records_everything_up_to_a_version_with_its_scripts(bench: Bench) {
        assert_eq!(bench.run(&Goal::Baseline("2".parse().unwrap()), &[A, B]).await, ["baseline 1", "baseline 2"]);
        assert_eq!(bench.tables().await, [""; 0]);
        assert_eq!(bench.states(&[A, B]).await, ["1 baseline", "2 baseline"]);
        assert_eq!(bench.query("SELECT count(*) FROM syncline_script").await, ["2"]);
        let again = bench.try_run(&Goal::Baseline("2".parse().unwrap()), &[A, B], &STRICT).await.unwrap();
        assert!(again.done.is_empty());
        assert_eq!(again.findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), [Code::NothingToRecord]);
    }

    async fn a_baseline_without_a_file_of_its_version_is_not_missing(bench: Bench) {
        assert_eq!(bench.run(&Goal::Baseline("1.5".parse().unwrap()), &[A, B]).await, ["baseline 1", "baseline 1.5"]);
        assert_eq!(bench.run(&up(), &[A, B]).await, ["up 2"]);
    }

    async fn resolving_wants_a_statement_of_unknown_outcome(bench: Bench) {
        bench.run(&up(), &[A]).await;
        let resolve = Goal::Resolve(id("1"), Resolution::Applied, "I looked".to_owned());
        assert_eq!(bench.try_run(&resolve, &[A], &STRICT).await.unwrap_err().code(), Code::NothingToResolve);
    }
}
