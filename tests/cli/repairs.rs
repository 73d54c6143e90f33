//! `repair` and `baseline`: records that somebody answers for.

use insta::assert_snapshot;

use super::project::Project;

#[test]
fn an_edit_is_accepted_with_a_reason() {
    let mut project = Project::shop();
    project.ok(&["up", "-q"]);
    project.run(&["repair", "accept", "1", "--reason", "nothing changed"]);
    project.write(
        "migrations/1_customers.up.sql",
        "CREATE TABLE customers (id integer, name text);\n",
    );
    project.run(&["repair", "accept", "1"]);
    project.run(&["repair", "accept", "1", "--reason", ""]);
    project.ok(&["repair", "accept", "1", "--reason", "the key was dropped by hand"]);
    project.ok(&["up"]);
    project.ok(&["log", "--limit", "1"]);
    project.remove("migrations/2_orders.up.sql");
    project.remove("migrations/2_orders.down.sql");
    project.run(&["repair", "accept", "2", "--reason", "x"]);
    assert_snapshot!(project.story());
}

#[test]
fn a_statement_of_unknown_outcome_is_resolved_by_somebody_who_looked() {
    let script = "-- syncline: no-transaction\nCREATE TABLE a (x);\nCREATE TABLE b (x);\n";
    let mut project = Project::shop().file("migrations/3_a.sql", script);
    project.ok(&["up", "-q"]);
    project.run(&["repair", "resolve", "3", "--applied", "--reason", "x"]);
    project.note("the connection was cut while the second statement ran");
    project.sql("UPDATE syncline_history SET state = 'running', statement_started = 2, statements_done = 1, finished_at = NULL WHERE seq = 3; DROP TABLE b;");
    project.ok(&["status"]);
    assert_eq!(project.run(&["up"]).exit, 5);
    project.run(&["repair", "resolve", "3", "--reason", "x"]);
    project.run(&["repair", "resolve", "3", "--applied", "--not-applied", "--reason", "x"]);
    project.ok(&["repair", "resolve", "3", "--not-applied", "--reason", "b is not there"]);
    project.ok(&["plan"]);
    project.ok(&["up"]);
    assert_snapshot!(project.story());
}

#[test]
fn a_forgotten_migration_is_pending_again() {
    let mut project = Project::shop();
    project.ok(&["up", "-q"]);
    project.sql("DROP TABLE orders;");
    project.ok(&["repair", "forget", "2", "--reason", "restored from a backup"]);
    project.ok(&["status"]);
    project.ok(&["up"]);
    project.run(&["repair", "forget", "20", "--reason", "x"]);
    assert_snapshot!(project.story());
}

#[test]
fn a_migration_that_was_renumbered_in_a_merge_does_not_run_again() {
    let mut project = Project::shop();
    project.ok(&["up", "-q"]);
    project.note("on the main branch somebody else has taken version 2");
    for way in ["up", "down"] {
        let text = project.read(&format!("migrations/2_orders.{way}.sql"));
        project.write(&format!("migrations/3_orders.{way}.sql"), text);
        project.remove(&format!("migrations/2_orders.{way}.sql"));
    }
    project.write(
        "migrations/2_notes.sql",
        "CREATE TABLE notes (id integer);\n-- syncline: down\nDROP TABLE notes;\n",
    );
    project.run(&["plan"]);
    project.ok(&["status"]);
    project.run(&["verify"]);
    project.run(&["repair", "accept", "2", "--reason", "x"]);
    project.run(&["repair", "renumber", "2"]);
    project.ok(&["repair", "renumber", "--reason", "2 became 3 in a merge"]);
    project.run(&["repair", "renumber", "--reason", "again"]);
    project.ok(&["status"]);
    project.ok(&["up", "--allow-out-of-order"]);
    project.ok(&["log", "--limit", "2"]);
    project.ok(&["show", "3"]);
    project.ok(&["down", "--to", "1", "--yes"]);
    project.ok(&["verify"]);
    assert_snapshot!(project.story());
}

#[test]
fn something_else_under_the_version_of_what_ran_is_no_edit_of_it() {
    let mut project = Project::shop();
    project.ok(&["up", "-q"]);
    project.remove("migrations/2_orders.up.sql");
    project.remove("migrations/2_orders.down.sql");
    project.write("migrations/2_notes.sql", "CREATE TABLE notes (id integer);\n");
    project.run(&["plan"]);
    project.run(&["repair", "accept", "2", "--reason", "x"]);
    project.ok(&["repair", "accept", "2", "--unrelated", "--reason", "made by hand"]);
    project.ok(&["up"]);
    assert_snapshot!(project.story());
}

/// Pipelines say it each time. What was merged since with an older version is not in the database for that.
#[test]
fn a_repeated_baseline_records_nothing_that_came_late_was_taken_back_or_stopped() {
    let project = Project::new()
        .variable("SYNCLINE_URL", "sqlite:shop.db")
        .file("migrations/1_a.up.sql", "CREATE TABLE a (x);\n")
        .file("migrations/3_c.up.sql", "CREATE TABLE c (x);\n")
        .file("migrations/3_c.down.sql", "DROP TABLE c;\n");
    let records = |project: &Project| project.silently(&["log", "--format", "json"]).json()["records"].clone();
    project.sql("CREATE TABLE a (x); CREATE TABLE c (x);");
    assert_eq!(project.silently(&["baseline", "3"]).exit, 0);
    let project = project.file("migrations/2_b.up.sql", "CREATE TABLE b (x);\n");
    let before = records(&project);
    for version in ["3", "2"] {
        let again = project.silently(&["baseline", version]);
        assert_eq!(again.exit, 0, "{}", again.stderr);
        let said = format!("{}{}", again.stdout, again.stderr);
        assert!(said.contains("not recorded: 2 b"), "{said}");
    }
    assert_eq!(records(&project), before);
    assert_eq!(project.silently(&["up", "--allow-out-of-order"]).exit, 0);
    assert_eq!(project.asked("SELECT count(*) FROM b"), "0");
    // What was taken back is not there.
    let down = project.silently(&["down", "--yes", "--to", "2"]);
    assert_eq!(down.exit, 0, "{}", down.stderr);
    let before = records(&project);
    let again = project.silently(&["baseline", "3"]);
    assert_eq!(again.exit, 0, "{}", again.stderr);
    assert_eq!(records(&project), before);
    // What has stopped is neither there nor not.
    let project = project.file(
        "migrations/4_d.up.sql",
        "-- syncline: no-transaction\nCREATE TABLE d (x);\nCREATE TABLE a (x);\n",
    );
    assert_ne!(project.silently(&["up"]).exit, 0);
    let before = records(&project);
    let refused = project.silently(&["baseline", "4"]);
    assert_eq!(refused.exit, 3, "{}", refused.stderr);
    assert!(refused.stderr.contains("4 d was begun"), "{}", refused.stderr);
    assert_eq!(records(&project), before);
}

/// The name of a repeatable migration may have blanks, and what is printed is typed as it is.
#[test]
fn a_printed_command_about_a_name_with_blanks_can_be_typed() {
    let script = "CREATE VIEW all_of_it AS SELECT 1 AS one;\n";
    let project = Project::shop().file("migrations/R__ann's  views.sql", script);
    project.silently(&["up", "-q"]);
    project.remove("migrations/R__ann's  views.sql");
    let said = project.silently(&["verify", "--format", "json"]).json();
    let lines = said["findings"][0]["help"].as_array().unwrap();
    let line = lines
        .iter()
        .find_map(|line| line.as_str()?.strip_prefix("syncline show "))
        .unwrap_or_else(|| panic!("{said:#}"));
    let typed = format!("exec {} show {line}", env!("CARGO_BIN_EXE_syncline"));
    let mut shell = std::process::Command::new("sh");
    shell
        .args(["-c", &typed])
        .current_dir(project.path("."))
        .env("SYNCLINE_URL", "sqlite:shop.db");
    assert!(shell.status().unwrap().success(), "{typed}");
    assert_eq!(project.read("migrations/R__ann's  views.sql"), script);
}

#[test]
fn a_file_that_comes_after_a_baseline_of_its_version_is_either_in_the_database_or_new() {
    for (follow, applied) in [(0, 1), (1, 0)] {
        let project = Project::new()
            .variable("SYNCLINE_URL", "sqlite:shop.db")
            .file("migrations/1_a.sql", "CREATE TABLE a (x);\n");
        project.silently(&["baseline", "3"]);
        project.write("migrations/3_c.sql", "CREATE TABLE c (x);\n");
        let said = project.silently(&["up", "--format", "json"]).json();
        let finding = &said["findings"][0];
        assert_eq!(
            finding["message"],
            "`baseline 3` was recorded while no file had that version, and `migrations/3_c.sql` came later"
        );
        let lines: Vec<&str> = finding["help"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|line| line.as_str())
            .collect();
        assert_eq!(
            lines,
            [
                "give `migrations/3_c.sql` a version of its own, above 3, and `up` runs it",
                "syncline repair accept 3 --unrelated --reason \"…\"   # if all that the file says is in the database already; nothing is run",
            ]
        );
        match follow {
            0 => std::fs::rename(project.path("migrations/3_c.sql"), project.path("migrations/4_c.sql")).unwrap(),
            _ => {
                let said = project.silently(&["repair", "accept", "3", "--unrelated", "--reason", "looked"]);
                assert_eq!(said.exit, 0, "{}", said.stderr);
            }
        }
        let said = project.silently(&["up", "--format", "json"]).json();
        assert_eq!(said["ok"], true, "{said:#}");
        assert_eq!(said["applied"].as_array().unwrap().len(), applied);
        assert_eq!(project.silently(&["verify"]).exit, 0);
    }
}
