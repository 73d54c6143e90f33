//! What is known of a ledger that somebody has dropped: a database that had one is not new.

use crate::place::Engine::{MariaDb, Postgres, Sqlite};
use crate::special::project;
use crate::walk::count;

#[test]
fn a_history_of_which_only_the_scripts_are_left_is_lost_and_not_begun_anew() {
    for engine in [Sqlite, Postgres, MariaDb] {
        let files = [
            ("1_a.sql", "CREATE TABLE a (b integer);\n"),
            ("2_b.sql", "CREATE TABLE c (b integer);\n"),
        ];
        let project = project(engine, "lost", "", &files, "SELECT 1");
        project.does(&["up", "--to", "1"]);
        project.place.run("DROP TABLE syncline_history");
        let tables = project.tables();
        for words in [
            &["status"][..],
            &["plan"],
            &["up"],
            &["up", "--dry-run"],
            &["baseline", "1"],
        ] {
            let (code, said) = project.refuses(words);
            assert_eq!(code, "ledger", "{engine:?} {words:?} {said}");
            assert!(
                said.contains("is lost") && said.contains("restore `syncline_history`"),
                "{said}"
            );
        }
        assert_eq!(project.tables(), tables);
        // The other way out.
        project.place.run("DROP TABLE syncline_script");
        let (code, _) = project.refuses(&["up"]);
        assert_eq!(code, "not-empty");
        project.does(&["baseline", "1"]);
        assert_eq!(count(&project.does(&["up"])["applied"]), 1);
    }
}

/// The other tool's table says that a database is not new, though nothing of its own is there yet.
#[test]
fn without_a_history_of_ours_the_other_tool_s_says_that_the_database_is_not_new() {
    let goose = "CREATE TABLE goose_db_version (id integer PRIMARY KEY, version_id integer, is_applied boolean, tstamp timestamp NULL); \
        INSERT INTO goose_db_version VALUES (1, 0, true, NULL), (2, 1, true, '2026-01-02 03:04:05')";
    for engine in [Sqlite, Postgres, MariaDb] {
        let files = [("00001_a.sql", "-- +goose Up\nCREATE TABLE a (b integer);\n")];
        let project = project(
            engine,
            "lost-both",
            "",
            &files,
            &format!("{goose}; CREATE TABLE a (b integer)"),
        );
        project.does(&["adopt"]);
        project.place.run("DROP TABLE syncline_history");
        project.place.run("DROP TABLE syncline_script");
        let (code, said) = project.refuses(&["up"]);
        assert_eq!(code, "not-empty", "{said}");
        assert!(said.contains("syncline adopt"), "{said}");
        project.does(&["adopt"]);
        assert_eq!(count(&project.does(&["up"])["applied"]), 0);
    }
}

#[test]
fn a_history_whose_scripts_are_gone_says_so_and_not_that_the_migration_is_to_be_mended() {
    for engine in [Sqlite, Postgres, MariaDb] {
        let files = [
            ("1_a.sql", "CREATE TABLE a (b integer);\n"),
            ("2_b.sql", "CREATE TABLE c (b integer);\n"),
        ];
        let project = project(engine, "lost-scripts", "", &files, "SELECT 1");
        project.does(&["up", "--to", "1"]);
        project.place.run("DROP TABLE syncline_script");
        for words in [&["up"][..], &["verify"], &["baseline", "2"]] {
            let said = project.say(words).to_string();
            assert!(said.contains("\"code\":\"ledger\""), "{engine:?} {words:?} {said}");
            assert!(said.contains("`syncline_script` is gone"), "{said}");
            assert!(!said.contains("when the file is mended"), "{said}");
        }
        assert!(!project.has_table("c"), "{engine:?}");
    }
}

/// The table of the scripts is that of the other name, and is not taken for one of ours.
#[test]
fn a_mistyped_name_of_the_history_is_told_the_one_that_is_there_by_whatever_begins_one() {
    for engine in [Sqlite, Postgres, MariaDb] {
        let files = [("1_a.sql", "CREATE TABLE a (b integer);\n")];
        let project = project(engine, "lost-mistyped", "", &files, "SELECT 1");
        project.does(&["up"]);
        let mistyped = "history-table = \"syncline_histroy\"\n";
        project.write("syncline.toml", mistyped);
        let tables = project.tables();
        for words in [&["baseline", "1"][..], &["baseline", "none"]] {
            let (code, said) = project.refuses(words);
            assert_eq!(code, "ledger", "{engine:?} {words:?} {said}");
            assert!(said.contains("`history-table = \\\"syncline_history\\\"`"), "{said}");
        }
        assert_eq!(project.tables(), tables, "{engine:?}");
        // The other way out.
        project.write(
            "syncline.toml",
            &format!("{mistyped}script-table = \"syncline_histroy_script\"\n"),
        );
        project.does(&["baseline", "1"]);
        assert_eq!(count(&project.does(&["up"])["applied"]), 0, "{engine:?}");
    }
}
