//! The ledger: what it keeps, and what `verify` finds in it.

use super::fixture::*;
use super::on_every_engine;
use syncline::database::Access;
use syncline::history::{Kind, Outcome, Protocol};
use syncline::plan::{Goal, Source, Until};
use syncline::{Code, Error, Migrator, Target, Verification};

const FILES: &[File<'_>] = &[
    ("1_a.up.sql", "CREATE TABLE a (id integer)"),
    ("1_a.down.sql", "DROP TABLE a"),
    ("2_b.sql", "CREATE TABLE b (id integer)"),
];

async fn verify(bench: &Bench, files: &[File<'_>]) -> Verification {
    let catalog = bench.catalog(files);
    let mut migrator = Migrator::connect(&bench.target, Access::Read).await.unwrap();
    migrator.verify(Some(&catalog)).await.unwrap()
}

on_every_engine! {
    async fn a_ledger_that_was_emptied_is_refused_and_not_waited_for(bench: Bench) {
        bench.run(&up(), &[("1_a.sql", "CREATE TABLE a (id integer)")]).await;
        bench.execute("DELETE FROM syncline_history").await;
        let baseline = syncline::plan::Goal::Baseline("1".parse().unwrap());
        let refused = bench.try_run(&baseline, &[], &STRICT).await.unwrap_err();
        assert_eq!(refused.code(), syncline::Code::Ledger);
        bench.execute("DROP TABLE syncline_history").await;
        assert!(bench.try_run(&baseline, &[], &STRICT).await.is_err());
    }

    /// As tests of applications empty all tables of a database, and as a schema that was loaded holds them.
    async fn two_empty_tables_are_no_history_and_become_one(bench: Bench) {
        let files = [("1_a.sql", "CREATE TABLE a (id integer)"), ("2_b.sql", "CREATE TABLE b (id integer)")];
        bench.run(&up(), &files[..1]).await;
        for table in ["syncline_history", "syncline_script"] {
            bench.execute(&format!("DELETE FROM {table}")).await;
        }
        let refused = bench.try_run(&up(), &files, &STRICT).await.unwrap_err();
        assert_eq!(refused.code(), Code::NotEmpty);
        bench.run(&Goal::Baseline("1".parse().unwrap()), &files).await;
        assert_eq!(bench.run(&up(), &files).await, ["up 2"]);
        assert!(verify(&bench, &files).await.is_clean());
    }

    async fn a_record_tells_what_was_run_when_by_whom_and_with_what(bench: Bench) {
        bench.run(&up(), FILES).await;
        let history = bench.history().await;
        assert_eq!(history.records()[0].kind, Kind::Init);
        assert_eq!(history.database_id().unwrap().len(), 36);
        let record = &history.records()[1];
        let protocol = if bench.is_transactional() { Protocol::Atomic } else { Protocol::Journalled };
        assert_eq!((record.kind, record.outcome, record.protocol), (Kind::Up, Outcome::Applied, protocol));
        assert_eq!((record.version.as_deref(), record.name.as_str()), (Some("1"), "a"));
        assert_eq!((record.statements_total, record.statements_done), (1, 1));
        assert!(record.started_at.ends_with('Z') && record.started_at < record.finished_at.clone().unwrap());
        assert!(record.tool.starts_with("syncline "));
        assert_eq!(history.broken_links(), []);
    }

    async fn verify_is_clean_after_ups_downs_and_ups(bench: Bench) {
        bench.run(&up(), &FILES[..2]).await;
        bench.run(&down(), FILES).await;
        bench.run(&up(), FILES).await;
        let verification = verify(&bench, FILES).await;
        assert!(verification.is_clean(), "{verification:#?}");
        assert_eq!((verification.records, verification.texts, verification.files), (5, 3, 3));
    }

    async fn verify_names_every_record_that_was_edited_or_deleted(bench: Bench) {
        let mut files = FILES.to_vec();
        files.extend([("3_c.sql", "CREATE TABLE c (id integer)"), ("4_d.sql", "CREATE TABLE d (id integer)")]);
        bench.run(&up(), &files).await;
        bench.execute("UPDATE syncline_history SET applied_by = 'somebody else' WHERE seq = 1; DELETE FROM syncline_history WHERE seq = 3").await;
        let verification = verify(&bench, &files).await;
        let broken: Vec<&str> = verification.findings.iter().filter(|f| f.code == Code::LedgerBroken).map(|f| f.message.as_str()).collect();
        assert_eq!(broken, ["record 1 is not what was written, or the one before it was changed", "record 3 is gone: record 4 follows"]);
    }

    async fn verify_finds_stored_scripts_that_were_edited_or_deleted(bench: Bench) {
        bench.run(&up(), FILES).await;
        bench.execute("UPDATE syncline_script SET body = 'DROP TABLE b' WHERE body = 'DROP TABLE a'; DELETE FROM syncline_script WHERE body LIKE '% b %'").await;
        let found = verify(&bench, FILES).await;
        assert_eq!(codes(&found.findings), ["stored-text", "not-kept"]);
        assert!(!found.is_clean());
    }

    async fn verify_names_every_file_that_differs(bench: Bench) {
        bench.run(&up(), FILES).await;
        let edited = [("1_a.up.sql", "CREATE TABLE a (id bigint)"), ("1_a.down.sql", "DROP TABLE IF EXISTS a")];
        assert_eq!(codes(&verify(&bench, &edited).await.findings), ["changed", "missing", "down-changed"]);
    }

    async fn a_text_above_the_limit_is_recorded_by_its_checksum_alone(bench: Bench) {
        let catalog = bench.catalog(FILES);
        let mut migrator = bench.migrator().await;
        let report = migrator.keep(10).run(&up(), &catalog, &STRICT, &mut |_| {}).await.unwrap();
        assert!(report.failure.is_none());
        assert_eq!(bench.query("SELECT count(*) FROM syncline_script").await, ["0"]);
        // The file is the one that was applied: its checksum says so.
        let back = Goal::Down(Until::Steps(2), None);
        assert_eq!(codes(&bench.refusals(&back, FILES).await), ["no-down-script"]);
        let more = [FILES[0], FILES[1], ("2_b.sql", FILES[2].1), ("2_b.down.sql", "DROP TABLE b")];
        assert_eq!(codes(&bench.refusals(&back, &more).await), ["down-differs"]);
        bench.run(&down_with(Source::File), &more).await;
        assert_eq!(bench.run(&down(), FILES).await, ["down 1"]);
    }

    async fn another_database_than_the_expected_one_is_refused(bench: Bench) {
        bench.run(&up(), FILES).await;
        let id = bench.history().await.database_id().unwrap().to_owned();
        let expecting = |id: &str| Target { expect_database: Some(id.to_owned()), ..bench.target.clone() };
        let mut right = Migrator::connect(&expecting(&id), Access::Read).await.unwrap();
        assert!(right.history().await.is_ok());
        let mut wrong = Migrator::connect(&expecting("00000000-0000-0000-0000-000000000000"), Access::Write).await.unwrap();
        let refused = wrong.run(&up(), &bench.catalog(FILES), &STRICT, &mut |_| {}).await.unwrap_err();
        assert_eq!(refused.code(), Code::WrongDatabase);
    }

    async fn a_ledger_of_a_newer_format_and_a_table_that_is_none_are_refused(bench: Bench) {
        bench.run(&up(), FILES).await;
        bench.execute("UPDATE syncline_history SET version = '2' WHERE seq = 0").await;
        assert_eq!(bench.try_run(&up(), FILES, &STRICT).await.unwrap_err().code(), Code::Ledger);
        bench.execute("DROP TABLE syncline_history; CREATE TABLE syncline_history (id integer)").await;
        let refused = bench.try_run(&up(), FILES, &STRICT).await.unwrap_err();
        assert_eq!(refused.code(), Code::Ledger, "{refused}");
    }

    async fn the_tables_can_have_other_names(bench: Bench) {
        let mut target = bench.target.clone();
        target.ledger.history = "my \"history\"".to_owned();
        target.ledger.script = "My Scripts".to_owned();
        let mut migrator = Migrator::connect(&target, Access::Write).await.unwrap();
        let report = migrator.run(&up(), &bench.catalog(FILES), &STRICT, &mut |_| {}).await.unwrap();
        assert!(report.failure.is_none(), "{:?}", report.failure);
        let table = match bench.engine() {
            "mysql" => "`my \"history\"`",
            _ => "\"my \"\"history\"\"\"",
        };
        assert_eq!(bench.query(&format!("SELECT count(*) FROM {table}")).await, ["3"]);
    }

    async fn reading_a_broken_ledger_tells_the_record_and_the_field(bench: Bench) {
        bench.run(&up(), FILES).await;
        bench.execute("UPDATE syncline_history SET kind = 'nonsense' WHERE seq = 1").await;
        match bench.try_run(&up(), FILES, &STRICT).await {
            Err(Error::Database(error)) => assert_eq!(error.message, "record 1 of the ledger holds `nonsense` in `kind`"),
            other => panic!("{other:?}"),
        }
    }
}
