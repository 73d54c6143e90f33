//! What looks different over a server: users, schemas, places of errors.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use insta::assert_snapshot;

use super::project::Project;
use crate::settings::setting;

/// A project over a database of its own.
fn project() -> (Project, String) {
    let (project, server, _) = empty();
    let project = project
        .file("migrations/1_users.up.sql", "CREATE TABLE users (id int);\n")
        .file("migrations/1_users.down.sql", "DROP TABLE users;\n");
    (project, server)
}

/// A directory, the server, and the URL of a database of its own there.
fn empty() -> (Project, String, String) {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let server = setting("SYNCLINE_TEST_POSTGRES");
    let database = format!("cli_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    psql(&server, &format!("CREATE DATABASE {database}"));
    let url = format!("{}/{database}", server.rsplit_once('/').unwrap().0);
    (Project::new().variable("SYNCLINE_URL", &url), server, url)
}

fn psql(server: &str, statement: &str) {
    let status = Command::new("psql").args([server, "-qc", statement]).status();
    assert!(
        status
            .expect("the psql program is installed (tests/run installs it)")
            .success()
    );
}

fn story(project: &Project, server: &str) -> String {
    let address = server.rsplit('@').next().unwrap().to_owned();
    project
        .story()
        .replace(address.trim_end_matches("/postgres"), "<server>")
}

#[test]
fn the_place_of_an_error_is_the_servers() {
    let (project, server) = project();
    let mut project = project.file(
        "migrations/2_age.sql",
        "-- ages\nCREATE TABLE ok (id int);\n\tALTER TABLE usrs ADD COLUMN age int;\n",
    );
    assert_eq!(project.run(&["up"]).exit, 1);
    project.write(
        "migrations/2_age.sql",
        "ALTER TABLE users ADD COLUMN age int CHECK (nope(age));\n",
    );
    assert_eq!(project.run(&["up"]).exit, 1);
    project.write("migrations/2_age.sql", "ALTER TABLE users ADD COLUMN age int;\n");
    project.ok(&["up"]);
    project.ok(&["status"]);
    project.run(&["down"]);
    project.ok(&["verify"]);
    assert_snapshot!(story(&project, &server));
}

#[test]
fn a_statement_outside_a_transaction_is_finished_later() {
    let (project, server) = project();
    let script = "-- syncline: no-transaction\nCREATE INDEX CONCURRENTLY by_id ON users (id);\nCREATE INDEX CONCURRENTLY by_age ON users (age);\n";
    let mut project = project.file("migrations/2_index.sql", script);
    assert_eq!(project.run(&["up"]).exit, 5);
    project.ok(&["status"]);
    project.write("migrations/2_index.sql", script.replace("(age)", "(id, id)"));
    project.ok(&["up"]);
    assert_snapshot!(story(&project, &server));
}

#[test]
fn servers_that_do_not_answer_or_do_not_let_us_in() {
    let (mut project, server) = project();
    let port = server.rsplit(':').next().unwrap();
    assert_eq!(
        project.run(&["status", "--url", "postgres://me@127.0.0.1:1/shop"]).exit,
        6
    );
    let said = project.silently(&["status", "--url", &format!("postgres://me:wrong@127.0.0.1:{port}")]);
    assert_eq!(said.exit, 6);
    assert!(said.stderr.contains("error[auth]"), "{}", said.stderr);
    let said = project.silently(&["status", "--url", &server.replace("/postgres", "/nowhere")]);
    // `replace` touches the scheme, too, where the server's user has that name.
    assert!(matches!(said.exit, 2 | 6), "{}", said.stderr);
    let started = std::time::Instant::now();
    let said = project.silently(&[
        "status",
        "--connect-timeout",
        "300ms",
        "--url",
        "postgres://me@192.0.2.1/shop",
    ]);
    assert!(started.elapsed() < std::time::Duration::from_secs(5));
    assert_eq!(said.exit, 6, "{}", said.stderr);
    assert_snapshot!(story(&project, &server));
}

#[test]
fn a_user_who_may_only_read_can_plan() {
    let (project, server) = project();
    let said = project.silently(&["plan"]);
    assert_eq!(
        (said.exit, said.stdout.as_str()),
        (0, "+ 1 users  1 statement, in a transaction\n"),
        "{}",
        said.stderr
    );
    let document = project.silently(&["status", "--format", "json"]).json();
    assert_eq!(document["engine"], "postgres");
    let password = server.split(':').nth(2).unwrap().split('@').next().unwrap();
    assert!(!document.to_string().contains(password));
}

/// What `diesel setup` writes into a new project of PostgreSQL's.
const DIESELS: &str = "\
CREATE OR REPLACE FUNCTION diesel_manage_updated_at(_tbl regclass) RETURNS VOID AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER set_updated_at BEFORE UPDATE ON %s
                    FOR EACH ROW EXECUTE PROCEDURE diesel_set_updated_at()', _tbl);
END;
$$ LANGUAGE plpgsql;

CREATE OR REPLACE FUNCTION diesel_set_updated_at() RETURNS trigger AS $$
BEGIN
    IF (
        NEW IS DISTINCT FROM OLD AND
        NEW.updated_at IS NOT DISTINCT FROM OLD.updated_at
    ) THEN
        NEW.updated_at := current_timestamp;
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
";

/// A project as `diesel setup` and `diesel migration generate` make it.
fn diesels(project: Project) -> Project {
    project
        .file("migrations/00000000000000_diesel_initial_setup/up.sql", DIESELS)
        .file(
            "migrations/00000000000000_diesel_initial_setup/down.sql",
            "DROP FUNCTION IF EXISTS diesel_manage_updated_at(_tbl regclass);\n\
             DROP FUNCTION IF EXISTS diesel_set_updated_at();\n",
        )
        .file(
            "migrations/2026-01-05-090000_users/up.sql",
            "CREATE TABLE users (id serial PRIMARY KEY, updated_at timestamp NOT NULL DEFAULT now());\n\
             SELECT diesel_manage_updated_at('users');\n",
        )
        .file("migrations/2026-01-05-090000_users/down.sql", "DROP TABLE users;\n")
}

#[test]
fn a_project_of_diesels_is_begun_beside_the_tables_of_others() {
    let (project, server, url) = empty();
    let mut project = diesels(project);
    psql(&url, "CREATE TABLE strangers (id int)");
    let refused = project.run(&["up"]);
    assert_eq!(refused.exit, 3);
    assert!(
        refused
            .stderr
            .contains(" syncline baseline none   # none of the migrations is in it\n")
    );
    project.ok(&["baseline", "none"]);
    project.ok(&["up"]);
    project.ok(&["status"]);
    project.note("back to diesel's own functions, which stay");
    project.ok(&["down", "--to", "0", "--yes"]);
    project.ok(&["up"]);
    project.note("back to nothing");
    project.ok(&["down", "--to", "none", "--yes"]);
    project.ok(&["up"]);
    project.ok(&["verify"]);
    assert_snapshot!(story(&project, &server));
}

/// The last line of a file may stand in a table of a target, and so may what is added to it.
#[test]
fn whoever_writes_one_of_the_two_lines_into_the_configuration_goes_where_it_says() {
    for (way, done) in [
        (0, "nothing to do: 1 is the newest version"),
        (1, "1 migration applied"),
    ] {
        for target in [false, true] {
            let (project, _, url) = empty();
            let mut project = project.file("migrations/1_users.sql", "CREATE TABLE users (id int);\n");
            project.ok(&["up"]);
            let database = url.rsplit_once('/').unwrap().1.to_owned();
            psql(
                &url,
                &format!("CREATE SCHEMA shop; ALTER DATABASE {database} SET search_path = shop"),
            );
            for command in [
                &["up"][..],
                &["status"],
                &["log"],
                &["verify"],
                &["show", "1"],
                &["plan"],
            ] {
                let said = project.run(command);
                assert_eq!(said.exit, 3, "{}", said.stderr);
                assert!(
                    (said.stderr + &said.stdout).contains("history-elsewhere"),
                    "{command:?}"
                );
            }
            let said = project.silently(&["up", "--format", "json"]).json();
            let line = said["findings"][0]["help"][way].as_str().unwrap().to_owned();
            let (above, command) = match target {
                true => (
                    format!("[target.dev]\nurl = \"{url}\"\n"),
                    &["up", "--target", "dev"][..],
                ),
                false => (String::new(), &["up"][..]),
            };
            // As it is printed, remark and all.
            project.write("syncline.toml", format!("{above}{line}\n"));
            let said = project.ok(command);
            assert!(said.stdout.contains(done), "{line}: {}", said.stdout);
        }
    }
}
