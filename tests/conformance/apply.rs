//! `up`: what is pending, in order, once.

use super::fixture::*;
use super::on_every_engine;
use syncline::plan::{Goal, Policy, Rule, Until};
use syncline::version::Point;
use syncline::{Code, Error};

const A: File<'_> = ("1_a.sql", "CREATE TABLE a (id integer);");
const B: File<'_> = (
    "2_b.sql",
    "CREATE TABLE b (id integer); INSERT INTO b VALUES (1); INSERT INTO b VALUES (2)",
);
const C: File<'_> = ("10_c.sql", "CREATE TABLE c (id integer)");

on_every_engine! {
    async fn pending_migrations_are_applied_in_numeric_order_and_only_once(bench: Bench) {
        assert_eq!(bench.run(&up(), &[C, A, B]).await, ["up 1", "up 2", "up 10"]);
        assert_eq!(bench.tables().await, ["a", "b", "c"]);
        assert_eq!(bench.run(&up(), &[C, A, B]).await, [""; 0]);
        assert_eq!(bench.states(&[A, B, C]).await, ["1 applied", "2 applied", "10 applied"]);
    }

    async fn up_stops_at_the_version_or_after_the_steps_that_were_asked_for(bench: Bench) {
        assert_eq!(bench.run(&Goal::Up(Until::Steps(1)), &[A, B, C]).await, ["up 1"]);
        assert_eq!(bench.run(&Goal::Up(Until::Version("2".parse().unwrap())), &[A, B, C]).await, ["up 2"]);
        let wrong = bench.try_run(&Goal::Up(Until::Version("3".parse().unwrap())), &[A, B, C], &STRICT).await.unwrap_err();
        assert_eq!(wrong.code(), Code::NoSuchVersion);
        let behind = bench.try_run(&Goal::Up(Until::Version("1".parse().unwrap())), &[A, B, C], &STRICT).await.unwrap_err();
        assert_eq!(behind.code(), Code::BadTarget);
    }

    async fn up_to_a_version_that_is_out_of_order_can_be_allowed(bench: Bench) {
        bench.run(&up(), &[A, C]).await;
        let to_b = Goal::Up(Until::Version("2".parse().unwrap()));
        assert_eq!(codes(&bench.refusals(&to_b, &[A, B, C]).await), ["out-of-order"]);
        let allow = Policy { out_of_order: Rule::Allow, ..STRICT };
        let report = bench.try_run(&to_b, &[A, B, C], &allow).await.unwrap();
        assert_eq!(report.done.iter().map(|done| done.label()).collect::<Vec<_>>(), ["2"]);
        assert_eq!(bench.try_run(&to_b, &[A, B, C], &allow).await.unwrap_err().code(), Code::BadTarget);
    }

    async fn planning_and_asking_create_nothing(bench: Bench) {
        let catalog = bench.catalog(&[A]);
        if bench.is_sqlite() {
            let path = std::path::PathBuf::from(bench.target.address.database.clone().unwrap());
            let mut migrator = syncline::Migrator::connect(&bench.target, syncline::database::Access::Read).await.unwrap();
            assert_eq!(migrator.plan(&up(), &catalog, &STRICT).await.unwrap().steps.len(), 1);
            assert!(!path.exists());
        } else {
            let mut migrator = syncline::Migrator::connect(&bench.target, syncline::database::Access::Read).await.unwrap();
            assert_eq!(migrator.plan(&up(), &catalog, &STRICT).await.unwrap().steps.len(), 1);
            assert!(migrator.history().await.unwrap().is_absent());
            assert!(migrator.verify(Some(&catalog)).await.unwrap().is_clean());
            assert_eq!(bench.query(&format!("SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'syncline%' AND table_schema = {}", bench.schema())).await, [""; 0]);
        }
        assert_eq!(bench.states(&[A]).await, ["1 pending"]);
    }

    async fn a_database_with_tables_and_no_history_is_refused_until_it_has_a_baseline(bench: Bench) {
        bench.execute("CREATE TABLE a (id integer)").await;
        let refused = bench.refusals(&up(), &[A, B]).await;
        assert_eq!(codes(&refused), ["not-empty"]);
        assert!(refused[0].help[0].starts_with("syncline baseline 2"), "{refused:?}");
        assert_eq!(bench.run(&Goal::Baseline("1".parse().unwrap()), &[A, B]).await, ["baseline 1"]);
        assert_eq!(bench.run(&up(), &[A, B]).await, ["up 2"]);
        assert_eq!(bench.run(&Goal::Baseline("1".parse().unwrap()), &[A, B]).await, [""; 0]);
        assert_eq!(bench.states(&[A, B]).await, ["1 baseline", "2 applied"]);
    }

    async fn a_baseline_of_nothing_starts_a_history_beside_other_tables(bench: Bench) {
        const ZERO: (&str, &str) = ("0_zero.sql", "CREATE TABLE zero (id integer);\n-- syncline: down\nDROP TABLE zero;");
        const FIRST: (&str, &str) = ("1_first.sql", "CREATE TABLE first (id integer);\n-- syncline: down\nDROP TABLE first;");
        let none = Goal::Baseline(Point::BeforeAll);
        bench.execute("CREATE TABLE other (id integer)").await;
        assert_eq!(codes(&bench.refusals(&up(), &[ZERO, FIRST]).await), ["not-empty"]);
        assert_eq!(bench.run(&none, &[ZERO, FIRST]).await, ["baseline none"]);
        // Pipelines repeat it.
        assert_eq!(bench.run(&none, &[ZERO, FIRST]).await, [""; 0]);
        assert_eq!(bench.states(&[ZERO, FIRST]).await, ["0 pending", "1 pending"]);
        assert_eq!(bench.run(&up(), &[ZERO, FIRST]).await, ["up 0", "up 1"]);
        let late = bench.try_run(&none, &[ZERO, FIRST], &STRICT).await.unwrap_err();
        assert_eq!(late.code(), Code::BadTarget);
        // The version 0 stays where one goes back to it, and goes where one goes back to nothing.
        assert_eq!(bench.run(&Goal::Down(Until::Version("0".parse().unwrap()), None), &[]).await, ["down 1"]);
        assert_eq!(bench.states(&[ZERO, FIRST]).await, ["0 applied", "1 reverted"]);
        assert_eq!(bench.run(&Goal::Down(Until::End, None), &[]).await, ["down 0"]);
        assert_eq!(bench.tables().await, ["other"]);
    }

    async fn a_baseline_at_zero_takes_a_migration_of_that_version(bench: Bench) {
        let zero = Goal::Baseline("0".parse().unwrap());
        let refused = bench.try_run(&zero, &[A], &STRICT).await.unwrap_err();
        assert_eq!(refused.code(), Code::NoSuchVersion);
        assert_eq!(bench.run(&zero, &[("0_zero.sql", "SELECT 1;"), A]).await, ["baseline 0"]);
        assert_eq!(bench.states(&[("0_zero.sql", "SELECT 1;"), A]).await, ["0 baseline", "1 pending"]);
    }

    async fn what_is_older_than_the_newest_applied_one_is_refused_unless_allowed(bench: Bench) {
        bench.run(&up(), &[A, C]).await;
        assert_eq!(codes(&bench.refusals(&up(), &[A, B, C]).await), ["out-of-order"]);
        assert_eq!(bench.states(&[A, B, C]).await, ["1 applied", "2 out of order", "10 applied"]);
        let allow = Policy { out_of_order: Rule::Allow, ..STRICT };
        let report = bench.try_run(&up(), &[A, B, C], &allow).await.unwrap();
        assert_eq!((report.done.len(), codes(&report.findings)), (1, vec!["out-of-order"]));
    }

    async fn an_applied_migration_without_a_file_is_refused_unless_allowed(bench: Bench) {
        bench.run(&up(), &[A, B]).await;
        let refused = bench.refusals(&up(), &[A, C]).await;
        assert_eq!(codes(&refused), ["missing"]);
        assert!(refused[0].message.contains("down script stored: no"), "{refused:?}");
        let allow = Policy { missing: Rule::Allow, ..STRICT };
        assert_eq!(bench.try_run(&up(), &[A, C], &allow).await.unwrap().done.len(), 1);
    }

    async fn a_semantic_edit_is_refused_with_a_diff_and_a_cosmetic_one_is_noted(bench: Bench) {
        bench.run(&up(), &[A]).await;
        let refused = bench.refusals(&up(), &[("1_a.sql", "CREATE TABLE a (id bigint);"), B]).await;
        assert_eq!(codes(&refused), ["changed"]);
        let diff = refused[0].diff.as_deref().unwrap();
        assert!(diff.contains("-CREATE TABLE a (id integer);") && diff.contains("+CREATE TABLE a (id bigint);"), "{diff}");
        let cosmetic = ("1_a.sql", "\u{feff}-- a comment\r\nCREATE TABLE a (\r\n  id integer\r\n);\r\n");
        let report = bench.try_run(&up(), &[cosmetic, B], &STRICT).await.unwrap();
        assert_eq!((report.done.len(), codes(&report.findings)), (1, vec!["changed-cosmetic"]));
    }

    async fn repeatable_migrations_run_after_the_versioned_ones_when_they_have_changed(bench: Bench) {
        let view = |column: &'static str| if column == "id" {
            ("R__v.sql", "DROP VIEW IF EXISTS v; CREATE VIEW v AS SELECT id FROM a")
        } else {
            ("R__v.sql", "DROP VIEW IF EXISTS v; CREATE VIEW v AS SELECT id, 1 AS one FROM a")
        };
        let first = ("R__a.sql", "DROP VIEW IF EXISTS v0; CREATE VIEW v0 AS SELECT id FROM b");
        assert_eq!(bench.run(&up(), &[view("id"), first, A, B]).await, ["up 1", "up 2", "repeat R__a", "repeat R__v"]);
        assert_eq!(bench.run(&up(), &[view("id"), first, A, B]).await, [""; 0]);
        assert_eq!(bench.states(&[view("one"), first, A, B]).await.last().unwrap(), "R__v pending");
        assert_eq!(bench.run(&up(), &[view("one"), first, A, B, C]).await, ["up 10", "repeat R__v"]);
    }

    async fn scripts_with_problems_are_refused_before_anything_is_run(bench: Bench) {
        let broken = ("2_b.sql", "CREATE TABLE b (id integer);\nBEGIN;\nSELECT 'open");
        match bench.try_run(&up(), &[A, broken], &STRICT).await {
            Err(Error::Scripts(problems)) => assert_eq!(problems[0].code, "unterminated", "{problems:?}"),
            other => panic!("{other:?}"),
        }
        assert_eq!(bench.tables().await, [""; 0]);
        // What was applied long ago need not be good.
        bench.run(&Goal::Baseline("2".parse().unwrap()), &[A, broken]).await;
        assert_eq!(bench.run(&up(), &[A, broken, C]).await, ["up 10"]);
    }

    async fn a_script_of_comments_alone_is_applied_and_noted(bench: Bench) {
        let report = bench.try_run(&up(), &[("1_a.sql", "-- nothing to do here\n")], &STRICT).await.unwrap();
        assert_eq!((report.done[0].statements, codes(&report.findings)), (0, vec!["no-statements"]));
        match bench.try_run(&up(), &[("1_a.sql", "-- nothing to do here\n"), ("2_b.sql", " \n")], &STRICT).await {
            Err(Error::Scripts(problems)) => assert_eq!(problems[0].code, "empty"),
            other => panic!("{other:?}"),
        }
    }

    async fn versions_of_38_digits_and_names_with_blanks_and_quotes_come_back_as_they_were(bench: Bench) {
        let long = "9".repeat(38);
        let file = format!("{long}_it's a \"name\" (ünï) 表.sql");
        bench.run(&up(), &[(&file, "CREATE TABLE a (id integer) -- 表 ' \\ \u{1f600}")]).await;
        let history = bench.history().await;
        let record = history.records().last().unwrap();
        assert_eq!(record.version.as_deref(), Some(long.as_str()));
        assert_eq!(record.name, "it's a \"name\" (ünï) 表");
        assert_eq!(history.broken_links(), []);
        assert_eq!(bench.query("SELECT body FROM syncline_script").await, ["CREATE TABLE a (id integer) -- 表 ' \\ \u{1f600}"]);
    }
}
