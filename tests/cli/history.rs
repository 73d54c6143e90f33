//! `log`, `show` and `verify`: what the database remembers.

use insta::assert_snapshot;

use super::project::Project;

#[test]
fn the_log_tells_everything_newest_first() {
    let mut project = Project::shop();
    project.ok(&["up", "-q"]);
    project.ok(&["down", "-q", "--yes"]);
    project.ok(&["repair", "forget", "1", "--reason", "was never\there"]);
    project.ok(&["log"]);
    project.ok(&["log", "--limit", "1"]);
    assert_snapshot!(project.story());
}

#[test]
fn show_prints_exactly_what_is_stored() {
    let mut project = Project::shop();
    project.ok(&["up", "-q"]);
    let said = project.ok(&["show", "1"]);
    assert_eq!(said.stdout, project.read("migrations/1_customers.up.sql"));
    let said = project.ok(&["show", "1", "--down", "--quiet"]);
    assert_eq!(
        (said.stdout.as_str(), said.stderr.as_str()),
        ("DROP TABLE customers;\n", "")
    );
    project.run(&["show", "9"]);
    assert_snapshot!(project.story());
}

#[test]
fn show_writes_no_file_for_what_has_no_script() {
    let mut project = Project::shop();
    project.ok(&["baseline", "5"]);
    project.ok(&["show", "5", "--file", "migrations"]);
    let status = project.ok(&["status", "--format", "json"]).json();
    let states: Vec<&str> = (status["migrations"].as_array().unwrap().iter())
        .map(|row| row["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["baseline"; 3]);
}

#[test]
fn show_writes_lost_files_back_and_overwrites_nothing() {
    let mut project = Project::shop();
    project.ok(&["up", "-q"]);
    let up = project.read("migrations/1_customers.up.sql");
    project.remove("migrations/1_customers.up.sql");
    assert_eq!(project.run(&["show", "1", "--file", "migrations"]).exit, 2);
    project.remove("migrations/1_customers.down.sql");
    project.ok(&["show", "1", "--file", "migrations"]);
    assert_eq!(project.read("migrations/1_customers.up.sql"), up);
    project.ok(&["up"]);
    project.run(&["show", "1", "--file", "nowhere"]);
    assert_snapshot!(project.story());
}

#[test]
fn verify_names_every_difference() {
    let mut project = Project::shop();
    project.ok(&["up", "-q"]);
    project.ok(&["verify"]);
    project.write("migrations/1_customers.up.sql", "CREATE TABLE customers (id bigint);\n");
    project.write("migrations/2_orders.down.sql", "DROP TABLE IF EXISTS orders;\n");
    project.sql("UPDATE syncline_history SET applied_by = 'mallory' WHERE seq = 1;");
    project.sql("UPDATE syncline_script SET body = replace(body, 'orders', 'orders2');");
    assert_eq!(project.run(&["verify"]).exit, 3);
    assert_snapshot!(project.story());
}

#[test]
fn a_script_that_was_too_large_is_remembered_by_its_checksum() {
    let mut project = Project::shop().file("syncline.toml", "keep-scripts = \"30B\"\n");
    project.ok(&["up", "-q"]);
    project.run(&["show", "1"]);
    project.ok(&["verify"]);
    assert_snapshot!(project.story());
}
