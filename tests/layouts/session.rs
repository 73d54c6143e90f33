//! `session`: statements that every session begins with, and that each migration finds as if it were the first.

use std::process::Command;

use sqlx::{AssertSqlSafe, Connection};

use crate::project::Project;
use crate::settings::setting;

fn walks(project: &mut Project) {
    project.ok(&["up"]);
    project.ok(&["down", "--yes"]);
    project.ok(&["down", "--yes"]);
    project.ok(&["up"]);
    project.ok(&["verify"]);
}

#[test]
fn sqlite_has_its_settings_in_every_migration() {
    let seen = "INSERT INTO seen SELECT foreign_keys FROM pragma_foreign_keys;\n";
    let mut project = Project::new()
        .variable("SYNCLINE_URL", "sqlite:shop.db")
        .file("syncline.toml", "session = \"PRAGMA foreign_keys = off\"\n")
        .file(
            "migrations/1_a.sql",
            format!("CREATE TABLE seen (v int CHECK (v = 0));\n{seen}-- syncline: down\nDROP TABLE seen;\n"),
        )
        .file(
            "migrations/2_b.sql",
            "-- syncline: no-transaction\nPRAGMA foreign_keys = on;\n-- syncline: down\nSELECT 1;\n",
        )
        .file("migrations/3_c.sql", format!("{seen}-- syncline: down\n{seen}"));
    project.ok(&["up"]);
    for _ in 0..3 {
        project.ok(&["down", "--yes"]);
    }
    project.ok(&["up"]);
    project.ok(&["verify"]);
}

#[test]
fn sqlite_has_them_again_after_a_migration_that_switches_foreign_keys_off_by_itself() {
    let seen = "INSERT INTO seen SELECT foreign_keys FROM pragma_foreign_keys;\n";
    let mut project = Project::new()
        .variable("SYNCLINE_URL", "sqlite:shop.db")
        .file(
            "migrations/1_a.sql",
            "-- syncline: foreign-keys=off\nCREATE TABLE seen (v int CHECK (v = 1));\n",
        )
        .file("migrations/2_b.sql", seen);
    project.ok(&["up"]);
    project.write("syncline.toml", "session = \"PRAGMA foreign_keys = off\"\n");
    project.write(
        "migrations/3_c.sql",
        "-- syncline: foreign-keys=off\nCREATE TABLE unseen (v int CHECK (v = 0));\n",
    );
    project.write("migrations/4_d.sql", seen.replace("seen", "unseen"));
    project.ok(&["up"]);
}

#[test]
fn sqlite_has_them_again_after_a_migration_that_sets_something_else() {
    let mut project = Project::new()
        .variable("SYNCLINE_URL", "sqlite:shop.db")
        .file("syncline.toml", "session = \"PRAGMA recursive_triggers = off\"\n")
        .file(
            "migrations/1_a.sql",
            "CREATE TABLE seen (v int CHECK (v = 0));\nPRAGMA recursive_triggers = on;\n",
        )
        .file(
            "migrations/2_b.sql",
            "INSERT INTO seen SELECT recursive_triggers FROM pragma_recursive_triggers;\n",
        );
    project.ok(&["up"]);
}

#[test]
fn whoever_only_looks_needs_no_session() {
    let servers = [
        "sqlite:shop.db".to_owned(),
        setting("SYNCLINE_TEST_POSTGRES"),
        setting("SYNCLINE_TEST_MARIADB"),
    ];
    for server in servers {
        let mut project = Project::new()
            .variable("SYNCLINE_URL", &server)
            .file("migrations/1_a.sql", "SELECT 1;\n")
            .file("shop.db", "");
        project.write("syncline.toml", "session = \"nonsense\"\n");
        project.ok(&["status"]);
        let said = project.run(&["up"]);
        assert_ne!(said.exit, 0);
        assert!(
            said.stderr.contains("`session` of the configuration: "),
            "{}",
            said.stderr
        );
    }
}

#[test]
fn a_session_that_cannot_be_set_says_so_and_runs_nothing() {
    let mut project = Project::new()
        .variable("SYNCLINE_URL", "sqlite:shop.db")
        .file("syncline.toml", "session = \"PRAGMA nonsense(;\"\n")
        .file("migrations/1_a.sql", "CREATE TABLE a (id int);\n");
    let said = project.run(&["up"]);
    assert_ne!(said.exit, 0);
    assert!(said.stderr.contains("session"), "{}", said.stderr);
}

/// A database of its own, which is dropped behind the test: other tests look for histories in all schemas of theirs.
fn in_a_database(name: &str, test: impl FnOnce(&str)) {
    let server = setting("SYNCLINE_TEST_POSTGRES");
    let database = format!("layouts_{name}_{}", std::process::id());
    let psql = |statement: &str| {
        let mut command = Command::new("psql");
        command.args([
            server.as_str(),
            "-qc",
            "SET client_min_messages = warning",
            "-c",
            statement,
        ]);
        let status = command.status();
        assert!(
            status
                .expect("the psql program is installed (tests/run installs it)")
                .success()
        );
    };
    psql(&format!("CREATE DATABASE {database}"));
    test(&format!("{}/{database}", server.rsplit_once('/').unwrap().0));
    psql(&format!("DROP DATABASE {database}"));
}

#[test]
fn postgres_has_its_settings_in_every_migration() {
    in_a_database("session", |url| {
        let seen = "INSERT INTO seen SELECT current_setting('shop.tenant');\nSET shop.tenant = 'other';\n";
        let mut project = Project::new()
            .variable("SYNCLINE_URL", url)
            .file("syncline.toml", "session = \"SET shop.tenant = 'mine'\"\n")
            .file(
                "migrations/1_a.sql",
                format!("CREATE TABLE seen (v text CHECK (v = 'mine'));\n{seen}-- syncline: down\nDROP TABLE seen;\n"),
            )
            .file(
                "migrations/2_b.sql",
                format!("-- syncline: no-transaction\n{seen}-- syncline: down\n{seen}"),
            );
        walks(&mut project);
    });
}

#[test]
fn postgres_sessions_have_utc_and_iso_dates_unless_it_says_otherwise() {
    in_a_database("zones", |url| {
        let is = |zone: &str, style: &str| {
            format!(
                "SELECT 1 / (current_setting('TimeZone') = '{zone}' AND current_setting('DateStyle') = '{style}')::int;\n"
            )
        };
        let mut project = Project::new()
            .variable("SYNCLINE_URL", url)
            .file("migrations/1_a.sql", is("UTC", "ISO, MDY"));
        project.ok(&["up"]);
        project.write(
            "syncline.toml",
            "session = \"SET timezone = 'Asia/Tokyo'; SET datestyle = 'ISO, DMY'\"\n",
        );
        project.write("migrations/2_b.sql", is("Asia/Tokyo", "ISO, DMY"));
        project.ok(&["up"]);
    });
}

#[tokio::test]
async fn mariadb_has_its_settings_in_every_migration() {
    let server = setting("SYNCLINE_TEST_MARIADB");
    let database = format!("layouts_session_{}", std::process::id());
    let does = async |statement: String| {
        let mut connection = sqlx::MySqlConnection::connect(&server).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(statement))
            .execute(&mut connection)
            .await
            .unwrap();
    };
    does(format!("CREATE DATABASE {database}")).await;
    let seen = "INSERT INTO seen SELECT @tenant;\nSET @tenant = 'other';\n";
    let mut project = Project::new()
        .variable("SYNCLINE_URL", &format!("{}/{database}", server.rsplit_once('/').unwrap().0))
        .file("syncline.toml", "session = \"SET @tenant = 'mine'\"\n")
        .file(
            "migrations/1_a.sql",
            format!("CREATE TABLE seen (v varchar(9) NOT NULL CHECK (v = 'mine'));\n{seen}-- syncline: down\nDROP TABLE seen;\n"),
        )
        .file("migrations/2_b.sql", format!("{seen}-- syncline: down\n{seen}"));
    walks(&mut project);
    does(format!("DROP DATABASE {database}")).await;
}
