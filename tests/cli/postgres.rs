//! What looks different over a server: users, schemas, places of errors.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use insta::assert_snapshot;

use super::project::Project;
use crate::settings::setting;

/// A project over a schema of its own.
fn project() -> (Project, String) {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let server = setting("SYNCLINE_TEST_POSTGRES");
    let schema = format!("cli_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    psql(&server, &format!("CREATE SCHEMA {schema}"));
    let url = format!("{server}?options[search_path]={schema}");
    let project = Project::new()
        .variable("SYNCLINE_URL", &url)
        .file("migrations/1_users.up.sql", "CREATE TABLE users (id int);\n")
        .file("migrations/1_users.down.sql", "DROP TABLE users;\n");
    (project, server)
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
