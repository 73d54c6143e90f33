//! `down` and `redo`: back, with what the database has stored.

use insta::assert_snapshot;

use super::project::Project;

#[test]
fn down_takes_the_newest_back_after_it_was_confirmed() {
    let mut project = Project::shop();
    project.ok(&["up", "-q"]);
    project.ok(&["down", "--dry-run"]);
    assert_eq!(project.run(&["down"]).exit, 2);
    project.run(&["down", "--steps", "2", "--use", "stored"]);
    project.ok(&["down", "--yes"]);
    project.ok(&["status"]);
    project.ok(&["up"]);
    project.ok(&["down", "--to", "none", "--yes"]);
    project.ok(&["down", "--yes"]);
    assert_snapshot!(project.story());
}

#[test]
fn down_needs_no_files() {
    let mut project = Project::shop();
    project.ok(&["up", "-q"]);
    project.remove("migrations");
    project.ok(&["plan", "down", "--steps", "2"]);
    project.ok(&["down", "--steps", "2", "--yes"]);
    assert_snapshot!(project.story());
}

#[test]
fn a_down_script_that_was_edited_wants_a_decision() {
    let mut project = Project::shop();
    project.ok(&["up", "-q"]);
    project.write("migrations/2_orders.down.sql", "DROP TABLE IF EXISTS orders;\n");
    project.run(&["down", "--yes"]);
    project.run(&["redo", "--yes"]);
    project.ok(&["down", "--use", "file", "--yes"]);
    assert_snapshot!(project.story());
}

#[test]
fn a_migration_without_a_down_script_is_refused_before_anything_is_touched() {
    let mut project = Project::shop().file("migrations/3_a.sql", "CREATE TABLE a (x);\n");
    project.ok(&["up", "-q"]);
    assert_eq!(project.run(&["down", "--steps", "2", "--yes"]).exit, 3);
    project.ok(&["status"]);
    assert_snapshot!(project.story());
}

#[test]
fn a_rollback_that_fails_keeps_everything() {
    let mut project = Project::shop().file(
        "migrations/2_orders.down.sql",
        "DROP TABLE orders;\nDROP TABLE nowhere;\n",
    );
    project.ok(&["up", "-q"]);
    assert_eq!(project.run(&["down", "--yes"]).exit, 1);
    project.ok(&["status"]);
    assert_snapshot!(project.story());
}

#[test]
fn redo_reverts_and_applies_again() {
    let mut project = Project::shop();
    project.ok(&["redo", "--yes"]);
    project.ok(&["up", "-q"]);
    assert_eq!(project.run(&["redo"]).exit, 2);
    project.ok(&["redo", "--yes"]);
    assert_snapshot!(project.story());
}

#[test]
fn down_makes_no_database() {
    let mut project = Project::shop();
    project.ok(&["down", "--yes"]);
    project.run(&["down", "--to", "7", "--yes"]);
    project.run(&["repair", "forget", "7", "--reason", "x"]);
    project.run(&["show", "1"]);
    project.ok(&["log"]);
    project.ok(&["verify"]);
    assert!(!project.path("shop.db").exists());
    assert_snapshot!(project.story());
}
