//! `init`, `plan`, `up` and `status`: from nothing to an up-to-date database, and what stops it on the way.

use insta::assert_snapshot;

use super::project::Project;

#[test]
fn a_first_project_from_init_to_up() {
    let mut project = Project::new();
    project.ok(&["init"]);
    project.run(&["init"]);
    project.write(
        "migrations/1_users.up.sql",
        "CREATE TABLE users (id integer PRIMARY KEY);\n",
    );
    project.ok(&["status"]);
    project.ok(&["plan"]);
    assert!(!project.path("dev.db").exists(), "reading creates nothing");
    project.ok(&["up"]);
    project.ok(&["up"]);
    project.ok(&["status"]);
    assert_snapshot!(project.story());
    let config = project.read("syncline.toml");
    assert!(config.starts_with("# syncline:"), "{config}");
}

#[test]
fn init_keeps_what_is_there() {
    let mut project = Project::new().file("syncline.toml", "# mine\n");
    project.ok(&["init", "--dir", "db/changes"]);
    assert_eq!(project.read("syncline.toml"), "# mine\n");
    let mut other = Project::new();
    other.ok(&["init", "--dir", "db/changes"]);
    assert!(other.read("syncline.toml").contains("dir = \"db/changes\""));
    assert_snapshot!(project.story());
}

#[test]
fn a_plan_shows_the_statements_on_request() {
    let mut project = Project::shop();
    project.ok(&["plan", "--sql"]);
    project.ok(&["up", "--dry-run"]);
    project.ok(&["plan", "--steps", "1"]);
    project.ok(&["plan", "--to", "1"]);
    assert!(!project.path("shop.db").exists());
    assert_snapshot!(project.story());
}

#[test]
fn up_goes_as_far_as_it_is_told() {
    let mut project = Project::shop().file("migrations/3_items.sql", "CREATE TABLE items (id integer);\n");
    project.ok(&["up", "--steps", "1"]);
    project.ok(&["up", "--to", "2"]);
    project.run(&["up", "--to", "1"]);
    project.run(&["up", "--to", "7"]);
    project.ok(&["up", "--quiet"]);
    assert_snapshot!(project.story());
}

#[test]
fn a_failing_migration_is_told_with_its_place_the_state_and_the_next_command() {
    let mut project = Project::shop().file(
        "migrations/3_items.sql",
        "-- the things that are sold\nCREATE TABLE items (id integer);\n\tINSERT INTO nowhere VALUES (1);\nSELECT 1;\n",
    );
    let said = project.run(&["up"]);
    assert_eq!(said.exit, 1);
    project.ok(&["status"]);
    project.write("migrations/3_items.sql", "CREATE TABLE items (id integer);\n");
    project.ok(&["up"]);
    assert_snapshot!(project.story());
}

#[test]
fn a_script_without_a_transaction_goes_on_where_it_stopped() {
    let script = "-- syncline: no-transaction\nCREATE TABLE a (x);\nINSERT INTO nowhere VALUES (1);\n";
    let mut project = Project::shop().file("migrations/3_a.sql", script);
    let said = project.run(&["up"]);
    assert_eq!(said.exit, 5);
    project.ok(&["status"]);
    project.run(&["status", "--exit-code"]);
    project.write("migrations/3_a.sql", script.replace("nowhere", "a"));
    project.ok(&["plan"]);
    project.ok(&["up"]);
    assert_snapshot!(project.story());
}

#[test]
fn an_edited_migration_is_refused_with_its_diff() {
    let mut project = Project::shop();
    project.ok(&["up", "-q"]);
    project.write(
        "migrations/1_customers.up.sql",
        "CREATE TABLE customers (\n  id bigint PRIMARY KEY,\n  name text\n);\n",
    );
    for command in [&["plan"][..], &["up"], &["status"], &["status", "--exit-code"]] {
        project.run(command);
    }
    assert_snapshot!(project.story());
}

#[test]
fn a_cosmetic_edit_is_noted_and_blocks_nothing() {
    let mut project = Project::shop();
    project.ok(&["up", "-q"]);
    project.write(
        "migrations/1_customers.up.sql",
        "-- people who buy\r\nCREATE TABLE customers (\r\n  id integer PRIMARY KEY, name text\r\n);\r\n",
    );
    project.write("migrations/3_items.sql", "CREATE TABLE items (id integer);\n");
    project.ok(&["status"]);
    project.ok(&["up"]);
    assert_snapshot!(project.story());
}

#[test]
fn missing_and_late_migrations_are_refused_until_they_are_allowed() {
    let mut project = Project::shop();
    project.ok(&["up", "-q"]);
    project.remove("migrations/1_customers.up.sql");
    project.remove("migrations/1_customers.down.sql");
    project.write("migrations/1.5_late.sql", "SELECT 1;\n");
    project.run(&["plan"]);
    project.run(&["up"]);
    project.run(&["status", "--exit-code"]);
    project.run(&["up", "--allow-missing"]);
    project.ok(&["up", "--allow-missing", "--allow-out-of-order"]);
    assert_snapshot!(project.story());
}

#[test]
fn a_database_with_tables_and_no_history_wants_a_baseline() {
    let mut project = Project::shop();
    project.sql("CREATE TABLE customers (id integer); CREATE TABLE old (x);");
    project.run(&["up"]);
    project.ok(&["baseline", "1"]);
    project.ok(&["up"]);
    project.ok(&["status"]);
    project.run(&["baseline", "1"]);
    assert_snapshot!(project.story());
}

#[test]
fn a_repeatable_migration_runs_again_when_it_changes() {
    let mut project = Project::shop().file(
        "migrations/R__names.sql",
        "CREATE VIEW names AS SELECT name FROM customers;\n",
    );
    project.ok(&["up"]);
    project.write(
        "migrations/R__names.sql",
        "DROP VIEW names;\nCREATE VIEW names AS SELECT id, name FROM customers;\n",
    );
    project.ok(&["plan"]);
    project.ok(&["up"]);
    project.ok(&["up"]);
    assert_snapshot!(project.story());
}

#[test]
fn status_tells_programs_whether_something_is_pending() {
    let mut project = Project::shop();
    assert_eq!(project.run(&["status", "--exit-code"]).exit, 10);
    project.ok(&["up", "-q"]);
    assert_eq!(project.run(&["status", "--exit-code"]).exit, 0);
}
