//! The files: `new` makes them, and everything that is wrong with them is said at once, before anything is touched.

use insta::assert_snapshot;

use super::project::Project;

#[test]
fn new_numbers_its_files_after_those_that_are_there() {
    let mut project = Project::new().file("migrations/0009_a.sql", "SELECT 1;\n");
    project.ok(&["new", "Add users!"]);
    project.ok(&["new", "Größe", "--single"]);
    project.ok(&["new", "active users", "--repeatable"]);
    project.run(&["new", "active users", "--repeatable"]);
    project.run(&["new", "?!"]);
    assert_eq!(project.read("migrations/0010_add_users.up.sql"), "-- add_users\n");
    assert_eq!(
        project.read("migrations/0010_add_users.down.sql"),
        "-- revert add_users\n"
    );
    assert!(
        project
            .read("migrations/0011_größe.sql")
            .contains("\n-- syncline: down\n")
    );
    project.ok(&["up", "--url", "sqlite:a.db"]);
    assert_snapshot!(project.story());
}

#[test]
fn new_writes_the_time_and_never_the_same_version_twice() {
    let project = Project::new().file("migrations/20251122093000_a.sql", "SELECT 1;\n");
    let children: Vec<_> = (0..8)
        .map(|_| project.command(&["new", "b"]).spawn().unwrap())
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let listing = std::fs::read_dir(project.path("migrations")).unwrap();
    let mut versions: Vec<String> = listing
        .map(|found| found.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".up.sql"))
        .map(|name| name.split('_').next().unwrap().to_owned())
        .collect();
    versions.sort();
    versions.dedup();
    assert_eq!(versions.len(), 8);
    assert!(
        versions
            .iter()
            .all(|version| version.len() == 14 && version.as_str() > "20251122093000")
    );
}

#[test]
fn new_wants_a_directory() {
    let mut project = Project::new();
    assert_eq!(project.run(&["new", "a"]).exit, 2);
    assert_snapshot!(project.story());
}

#[test]
fn all_problems_of_names_and_bytes_are_in_one_report() {
    let mut project = Project::new()
        .variable("SYNCLINE_URL", "sqlite:shop.db")
        .file("migrations/1_a.sql", "SELECT 1;\n")
        .file("migrations/01_b.sql", "SELECT 1;\n")
        .file("migrations/2-c.sql", "SELECT 1;\n")
        .file("migrations/3_d.down.sql", "SELECT 1;\n")
        .file("migrations/4_e.sql", b"SELECT 'caf\xe9';\n")
        .file("migrations/5_f.sql", b"SELECT 1;\0\n")
        .file("migrations/6_g.sql", "<<<<<<< ours\nSELECT 1;\n")
        .file("migrations/7_h.sql/x", "");
    assert_eq!(project.run(&["up"]).exit, 2);
    for command in [&["plan"][..], &["status"], &["verify"], &["new", "x"]] {
        assert_eq!(project.silently(command).exit, 2, "{command:?}");
    }
    assert!(!project.path("shop.db").exists());
    assert_snapshot!(project.story());
}

#[test]
fn all_problems_of_scripts_are_in_one_report_and_no_database_is_made() {
    let mut project = Project::shop()
        .file("migrations/3_a.sql", "CREATE TABLE a (x);\nSELECT 'never closed;\n")
        .file("migrations/4_b.sql", "BEGIN;\nCREATE TABLE b (x);\nCOMMIT;\n")
        .file("migrations/5_c.sql", "-- syncline: no-tranaction\nVACUUM;\n")
        .file("migrations/6_d.sql", "");
    assert_eq!(project.run(&["up"]).exit, 2);
    assert_eq!(project.run(&["plan"]).exit, 2);
    assert!(!project.path("shop.db").exists());
    project.note("what cannot be reached is told after what can be mended here");
    assert_eq!(project.run(&["up", "--url", "sqlite:nowhere/shop.db"]).exit, 2);
    assert_snapshot!(project.story());
}

#[test]
fn problems_of_scripts_that_are_not_run_stop_nothing() {
    let mut project = Project::shop().file("migrations/3_a.sql", "SELECT 'never closed;\n");
    project.ok(&["up", "--to", "2"]);
    project.ok(&["down", "--yes"]);
    project.ok(&["status"]);
    assert_snapshot!(project.story());
}

#[test]
fn a_directory_that_is_missing_matters_only_where_files_are_needed() {
    let mut project = Project::shop();
    project.ok(&["up", "-q"]);
    project.remove("migrations");
    for command in [&["up"][..], &["plan"], &["status"], &["verify"], &["baseline", "3"]] {
        let said = project.silently(command);
        assert_eq!(said.exit, 2, "{command:?}: {}", said.stdout);
        assert!(said.stderr.starts_with("error[no-directory]"), "{}", said.stderr);
    }
    project.ok(&["log", "--limit", "1"]);
    project.ok(&["show", "2"]);
    project.ok(&["down", "--yes"]);
    project.run(&["down", "--yes", "--dir", "elsewhere"]);
    assert_snapshot!(project.story());
}

#[test]
fn an_empty_directory_is_nothing_to_do_only_for_an_empty_history() {
    let mut project = Project::shop();
    std::fs::create_dir(project.path("empty")).unwrap();
    assert_eq!(project.run(&["up", "--dir", "empty"]).exit, 2);
    project.ok(&["up", "--dir", "empty", "--allow-empty"]);
    project.ok(&["status", "--dir", "empty"]);
    project.ok(&["up", "-q"]);
    assert_eq!(project.run(&["up", "--dir", "empty"]).exit, 3);
    assert_eq!(project.run(&["up", "--dir", "empty", "--allow-missing"]).exit, 2);
    project.ok(&["up", "--dir", "empty", "--allow-missing", "--allow-empty"]);
    assert_snapshot!(project.story());
}

#[test]
fn text_from_files_is_made_harmless_before_it_is_shown() {
    let mut project = Project::shop().file(
        "migrations/3_a.sql",
        "SELECT '\u{1b}[31mred\u{1b}[0m \u{202e}txet', no_such_column;\n",
    );
    let said = project.run(&["up"]);
    assert!(
        !said.stderr.contains('\u{1b}') && !said.stderr.contains('\u{202e}'),
        "{}",
        said.stderr
    );
    assert_snapshot!(project.story());
}
