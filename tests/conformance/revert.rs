//! `down` and `redo`: the newest first, with the script that the database remembers.

use super::fixture::*;
use super::on_every_engine;
use syncline::executor::StateAfter;
use syncline::plan::{Goal, Source, Until};
use syncline::{Code, Error};

const FILES: &[File<'_>] = &[
    ("1_a.up.sql", "CREATE TABLE a (id integer)"),
    ("1_a.down.sql", "DROP TABLE a"),
    ("2_b.up.sql", "CREATE TABLE b (id integer)"),
    ("2_b.down.sql", "DROP TABLE b"),
    (
        "10_c.sql",
        "CREATE TABLE c (id integer);\n-- syncline: down\nDROP TABLE c;",
    ),
];

on_every_engine! {
    async fn down_needs_no_files_because_the_database_remembers_the_scripts(bench: Bench) {
        bench.run(&up(), FILES).await;
        assert_eq!(bench.run(&down(), &[]).await, ["down 10"]);
        assert_eq!(bench.tables().await, ["a", "b"]);
        assert_eq!(bench.run(&Goal::Down(Until::End, None), &[]).await, ["down 2", "down 1"]);
        assert_eq!(bench.tables().await, [""; 0]);
        assert_eq!(bench.run(&up(), FILES).await, ["up 1", "up 2", "up 10"]);
    }

    async fn down_goes_back_to_a_version_that_stays(bench: Bench) {
        bench.run(&up(), FILES).await;
        assert_eq!(bench.run(&Goal::Down(Until::Version("1".parse().unwrap()), None), FILES).await, ["down 10", "down 2"]);
        assert_eq!(bench.states(FILES).await, ["1 applied", "2 reverted", "10 reverted"]);
        let unknown = bench.try_run(&Goal::Down(Until::Version("7".parse().unwrap()), None), FILES, &STRICT).await.unwrap_err();
        assert_eq!(unknown.code(), Code::NoSuchVersion);
    }

    async fn what_was_applied_last_is_reverted_first_whatever_its_version(bench: Bench) {
        bench.run(&up(), &[FILES[0], FILES[1], FILES[4]]).await;
        let allow = syncline::plan::Policy { out_of_order: syncline::plan::Rule::Allow, ..STRICT };
        bench.try_run(&up(), FILES, &allow).await.unwrap();
        assert_eq!(bench.run(&down(), FILES).await, ["down 2"]);
    }

    async fn a_migration_without_a_down_script_stops_the_rollback_before_anything_is_touched(bench: Bench) {
        bench.run(&up(), &[FILES[0], FILES[2], FILES[3]]).await;
        let refused = bench.refusals(&Goal::Down(Until::Steps(2), None), &[]).await;
        assert_eq!(codes(&refused), ["no-down-script"]);
        assert_eq!(bench.tables().await, ["a", "b"]);
    }

    async fn a_down_script_that_differs_from_the_stored_one_has_to_be_chosen(bench: Bench) {
        bench.run(&up(), FILES).await;
        let mut edited = FILES.to_vec();
        edited[4] = ("10_c.sql", "CREATE TABLE c (id integer);\n-- syncline: down\nDROP TABLE c; DROP TABLE b;");
        let refused = bench.refusals(&down(), &edited).await;
        assert_eq!(codes(&refused), ["down-differs"]);
        assert!(refused[0].diff.as_deref().unwrap().contains("+DROP TABLE c; DROP TABLE b;"));
        assert_eq!(bench.run(&down_with(Source::File), &edited).await, ["down 10"]);
        assert_eq!(bench.tables().await, ["a"]);
    }

    async fn the_stored_script_is_run_when_it_is_chosen_or_differs_only_in_comments(bench: Bench) {
        bench.run(&up(), FILES).await;
        let mut edited = FILES.to_vec();
        edited[4] = ("10_c.sql", "CREATE TABLE c (id integer);\n-- syncline: down\n-- why\nDROP TABLE c;");
        assert_eq!(bench.run(&down(), &edited).await, ["down 10"]);
        edited[3] = ("2_b.down.sql", "DROP TABLE nonsense");
        assert_eq!(bench.run(&down_with(Source::Stored), &edited).await, ["down 2"]);
    }

    async fn an_empty_down_script_is_a_valid_one(bench: Bench) {
        bench.run(&up(), &[FILES[0], ("1_a.down.sql", "")]).await;
        assert_eq!(bench.run(&down(), &[]).await, ["down 1"]);
        assert_eq!(bench.tables().await, ["a"]);
    }

    async fn redo_reverts_the_newest_and_applies_it_as_the_file_says_now(bench: Bench) {
        bench.run(&up(), &FILES[..4]).await;
        let mut edited = FILES[..4].to_vec();
        edited[2] = ("2_b.up.sql", "CREATE TABLE b (id integer, more integer)");
        assert_eq!(bench.run(&Goal::Redo(None), &edited).await, ["down 2", "up 2"]);
        assert_eq!(bench.query("SELECT count(more) FROM b").await, ["0"]);
        assert_eq!(bench.run(&up(), &edited).await, [""; 0]);
    }

    async fn a_failing_rollback_leaves_everything_as_it_was_where_the_engine_can_do_that(bench: Bench) {
        bench.run(&up(), &[FILES[0], ("1_a.down.sql", "DROP TABLE a; DROP TABLE nothing")]).await;
        let failure = bench.failure(&down(), &[]).await;
        assert_eq!((failure.error.code, failure.statement), (Code::SqlFailed, Some((2, 2))));
        assert_eq!(failure.path, "stored down script of 1");
        match bench.is_transactional() {
            true => assert_eq!((failure.state, bench.tables().await), (StateAfter::Unchanged, vec!["a".to_owned()])),
            false => assert_eq!((failure.state, bench.tables().await), (StateAfter::Stopped { done: 1 }, vec![])),
        }
    }

    async fn there_is_nothing_to_revert_in_an_empty_database(bench: Bench) {
        assert_eq!(bench.run(&down(), FILES).await, [""; 0]);
        assert_eq!(bench.run(&Goal::Redo(None), FILES).await, [""; 0]);
    }

    async fn a_down_script_with_problems_is_refused(bench: Bench) {
        let files = [FILES[0], ("1_a.down.sql", "ROLLBACK; DROP TABLE a")];
        bench.run(&up(), &files).await;
        match bench.try_run(&down(), &[], &STRICT).await {
            Err(Error::Scripts(problems)) => assert_eq!(problems[0].code, "transaction-control"),
            other => panic!("{other:?}"),
        }
    }
}
