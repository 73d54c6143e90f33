//! What is said of files outside them, and several directories over one database.

use crate::project::Project;

const MIXED: &str = "CREATE TABLE a (x int);\nVACUUM;\n";
const RULE: &str = "[[files]]\nmatch = \"*vacuum*\"\ndirectives = \"no-transaction\"\n";

fn vacuum() -> Project {
    Project::new()
        .variable("SYNCLINE_URL", "sqlite:shop.db")
        .file("migrations/1_vacuum.up.sql", MIXED)
        .file("migrations/1_vacuum.down.sql", "DROP TABLE a;\nVACUUM;\n")
}

fn state(project: &Project) -> String {
    let status = project.silently(&["status", "--format", "json"]).json();
    let row = &status["migrations"][0];
    format!(
        "{} {}",
        row["state"].as_str().unwrap(),
        row["edit"].as_str().unwrap_or_default()
    )
}

#[test]
fn a_directive_of_the_configuration_is_one_of_the_file_and_stored_with_it() {
    let project = vacuum();
    assert_eq!(project.silently(&["up"]).exit, 2);
    let project = project.file("syncline.toml", RULE);
    let up = project.silently(&["up"]);
    assert_eq!(up.exit, 0, "{}", up.stderr);
    let stored = project.silently(&["show", "1"]).stdout;
    let head = "-- syncline.toml says of this file:\n-- syncline: no-transaction\n-- The file:\n";
    assert_eq!(stored, format!("{head}{MIXED}"));
    // The way back is said to go outside a transaction in the same way, and is taken by the text that is stored.
    let project = project.file("syncline.toml", "");
    let down = project.silently(&["down", "--yes"]);
    assert_eq!(down.exit, 0, "{}", down.stderr);
}

#[test]
fn what_the_configuration_says_later_is_no_edit_of_the_file() {
    let project = vacuum().file("syncline.toml", RULE);
    assert_eq!(project.silently(&["up"]).exit, 0);
    assert_eq!(state(&project), "applied ");
    let project = project.file("syncline.toml", "");
    assert_eq!(state(&project), "changed cosmetic");
    for command in ["plan", "up", "verify"] {
        let said = project.silently(&[command]);
        assert_eq!(said.exit, 0, "{command}: {}", said.stderr);
        let told = format!("{}{}", said.stdout, said.stderr);
        assert!(
            told.contains(
                "what the configuration says of 1 vacuum is not what it said when it was applied; its file is the same"
            ),
            "{command}: {told}"
        );
    }
    // An edit is one, whatever the configuration says.
    let project = project.file("migrations/1_vacuum.up.sql", "CREATE TABLE b (x int);\nVACUUM;\n");
    assert_eq!(state(&project), "changed semantic");
}

#[test]
fn a_repeatable_script_does_not_run_again_for_what_the_configuration_says() {
    let project = Project::new().variable("SYNCLINE_URL", "sqlite:shop.db").file(
        "migrations/R__v.sql",
        "DROP VIEW IF EXISTS v; CREATE VIEW v AS SELECT 1;\n",
    );
    assert_eq!(project.silently(&["up"]).exit, 0);
    let project = project.file(
        "syncline.toml",
        "[[files]]\nmatch = \"R__*\"\ndirectives = [\"no-transaction\"]\n",
    );
    assert_eq!(project.silently(&["up"]).stdout, "nothing to do\n");
}

#[test]
fn directives_outside_are_checked_where_they_stand_and_globs_that_match_nothing_are_told() {
    for (rule, place, what) in [
        (
            "[[files]]\nmatch = \"*\"\ndirectives = \"no-transactoin\"\n",
            "syncline.toml:3:",
            "unknown directive `no-transactoin`",
        ),
        (
            "[[files]]\nmatch = \"*\"\ndirectives = [\"empty\", \"down\"]\n",
            "syncline.toml:3:",
            "`down` is a place in a file",
        ),
        (
            "[[files]]\nmatch = \"[ab]*\"\ndirectives = \"empty\"\n",
            "syncline.toml:2:",
            "this matches no file",
        ),
        (
            "[[files]]\nglob = \"*\"\ndirectives = \"empty\"\n",
            "syncline.toml:2:",
            "there is no such key",
        ),
    ] {
        let project = vacuum().file("syncline.toml", rule);
        let said = project.silently(&["plan"]);
        assert_eq!(said.exit, 2, "{rule}");
        assert!(
            said.stderr.contains(place) && said.stderr.contains(what),
            "{rule}: {}",
            said.stderr
        );
    }
    let other = RULE.replace("*vacuum*", "*nothing*");
    let project = vacuum().file("syncline.toml", format!("{RULE}{other}"));
    let said = project.silently(&["plan"]);
    assert_eq!(said.exit, 0, "{}", said.stderr);
    assert!(
        said.stderr.contains("matches no file by `*nothing*`"),
        "{}",
        said.stderr
    );
    // The file and the configuration may say the same word, and not two values.
    let both = format!("-- syncline: no-transaction\n{MIXED}");
    let project = vacuum()
        .file("syncline.toml", RULE)
        .file("migrations/1_vacuum.up.sql", both);
    assert_eq!(project.silently(&["plan"]).exit, 0);
}

#[test]
fn several_directories_are_one_sequence() {
    let project = Project::new()
        .variable("SYNCLINE_URL", "sqlite:shop.db")
        .file("users/1_users.up.sql", "CREATE TABLE users (x int);\n")
        .file("users/3_more.up.sql", "ALTER TABLE users ADD y int;\n")
        .file("orders/2_orders.up.sql", "CREATE TABLE orders (x int);\n")
        .file("syncline.toml", "dir = [\"users\", \"orders\"]\n");
    let up = project.silently(&["up"]);
    assert_eq!(up.exit, 0, "{}", up.stderr);
    let typed = project
        .silently(&["status", "--dir", "users", "--dir", "orders", "--format", "json"])
        .json();
    let versions: Vec<&str> = typed["migrations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["version"].as_str().unwrap())
        .collect();
    assert_eq!(versions, ["1", "2", "3"]);
    let made = project.silently(&["new", "next", "--format", "json"]).json();
    assert!(
        made["created"][0].as_str().unwrap().starts_with("users/4_next"),
        "{made}"
    );
    // Two of one version are told with both paths; so is what cannot be one sequence.
    let project = project.file("orders/1_again.up.sql", "SELECT 1;\n");
    let said = project.silently(&["plan"]);
    assert!(
        said.stderr.contains("orders/1_again.up.sql") && said.stderr.contains("`users/1_users.up.sql`"),
        "{}",
        said.stderr
    );
    let project = project.file("goose/5_g.sql", "-- +goose Up\nSELECT 1;\n");
    let said = project.silently(&["plan", "--dir", "users", "--dir", "goose"]);
    assert!(
        said.stderr.contains("of native in one and of goose in the other"),
        "{}",
        said.stderr
    );
    let said = project.silently(&["plan", "--dir", "users", "--dir", "nowhere"]);
    assert!(said.stderr.contains("nowhere"), "{}", said.stderr);
}

const MODULES: &str = "\
[target.users]\nurl = \"sqlite:shop.db\"\ndir = \"users\"\nhistory-table = \"users_history\"\nscript-table = \"users_script\"\n\
[target.orders]\nurl = \"sqlite:shop.db\"\ndir = \"orders\"\nhistory-table = \"orders_history\"\nscript-table = \"orders_script\"\n";

#[test]
fn modules_have_ledgers_of_their_own_in_one_database() {
    let project = Project::new()
        .file("users/1_init.up.sql", "CREATE TABLE users (x int);\n")
        .file("users/1_init.down.sql", "DROP TABLE users;\n")
        .file("orders/1_init.up.sql", "CREATE TABLE orders (x int);\n")
        .file("syncline.toml", MODULES);
    for target in ["users", "orders"] {
        let up = project.silently(&["up", "-t", target]);
        assert_eq!(up.exit, 0, "{target}: {}", up.stderr);
        assert_eq!(project.silently(&["verify", "-t", target]).exit, 0, "{target}");
    }
    let down = project.silently(&["down", "--yes", "-t", "users"]);
    assert_eq!(down.exit, 0, "{}", down.stderr);
    assert_eq!(project.silently(&["status", "--exit-code", "-t", "orders"]).exit, 0);
}

#[test]
fn a_history_under_another_name_is_not_begun_a_second_time() {
    let project = Project::new()
        .file("users/1_init.up.sql", "CREATE TABLE users (x int);\n")
        .file("syncline.toml", MODULES);
    assert_eq!(project.silently(&["up", "-t", "users"]).exit, 0);
    let project = project.file(
        "syncline.toml",
        "dir = \"users\"\n[target.users]\nurl = \"sqlite:shop.db\"\n",
    );
    let refused = project.silently(&["up"]);
    assert_eq!(refused.exit, 3, "{}", refused.stderr);
    assert!(
        refused
            .stderr
            .contains("have a history already, in the table `users_history`")
            && refused.stderr.contains("history-table = \"users_history\""),
        "{}",
        refused.stderr
    );
    // Whoever writes down what is printed goes on, with the stored scripts as well.
    let lines = refused
        .stderr
        .lines()
        .map(|line| line.trim_start_matches("next:").trim());
    let lines: Vec<&str> = lines
        .filter_map(|line| line.split("   #").next())
        .filter(|line| line.contains("-table = "))
        .collect();
    assert_eq!(lines.len(), 2, "{}", refused.stderr);
    let written = format!(
        "{}\ndir = \"users\"\n[target.users]\nurl = \"sqlite:shop.db\"\n",
        lines.join("\n")
    );
    let project = project.file("syncline.toml", written);
    for command in [&["up"][..], &["verify"], &["show", "1"], &["status", "--exit-code"]] {
        let said = project.silently(command);
        assert_eq!(said.exit, 0, "{command:?}: {}", said.stderr);
    }
}

/// What another module has recorded is no sign of a lost history, and nobody is told to drop it.
#[test]
fn scripts_that_another_history_has_recorded_are_not_called_lost() {
    let module = "dir = \"n\"\nhistory-table = \"n_hist\"\n[target.shop]\nurl = \"sqlite:shop.db\"\n";
    let project = Project::new()
        .file("m/1_a.up.sql", "CREATE TABLE a (x int);\n")
        .file("m/1_a.down.sql", "DROP TABLE a;\n")
        .file("n/1_b.up.sql", "CREATE TABLE b (x int);\n");
    assert_eq!(
        project.silently(&["up", "--url", "sqlite:shop.db", "--dir", "m"]).exit,
        0
    );
    // The same migrations under a name that is not that of their history.
    let project = project.file("syncline.toml", module.replace("\"n\"", "\"m\""));
    let refused = project.silently(&["up"]);
    assert_eq!(refused.exit, 3, "{}", refused.stderr);
    assert!(
        refused.stderr.contains("history-table = \"syncline_history\"") && !refused.stderr.contains("drop"),
        "{}",
        refused.stderr
    );
    // Other migrations are those of another module, which wants a table for its scripts.
    let project = project.file("syncline.toml", module);
    let refused = project.silently(&["up"]);
    let line = "script-table = \"n_hist_script\"";
    assert!(
        refused.stderr.contains(line) && !refused.stderr.contains("drop"),
        "{}",
        refused.stderr
    );
    let project = project.file("syncline.toml", format!("{line}\n{module}"));
    for command in ["up", "verify"] {
        let said = project.silently(&[command]);
        assert_eq!(said.exit, 0, "{}", said.stderr);
    }
    let project = project.file("syncline.toml", "");
    for command in ["verify", "up"] {
        let said = project.silently(&[command, "--url", "sqlite:shop.db", "--dir", "m"]);
        assert_eq!(said.exit, 0, "{}", said.stderr);
    }
}

#[test]
fn a_policy_holds_for_status_and_verify_as_for_up() {
    let project = Project::shop().file("syncline.toml", "");
    assert_eq!(project.silently(&["up"]).exit, 0);
    std::fs::remove_file(project.path("migrations/1_customers.up.sql")).unwrap();
    std::fs::remove_file(project.path("migrations/1_customers.down.sql")).unwrap();
    let project = project.file("migrations/1.5_late.up.sql", "CREATE TABLE late (x int);\n");
    for (command, exit) in [(&["verify"][..], 3), (&["status", "--exit-code"], 3)] {
        let said = project.silently(command);
        assert_eq!(said.exit, exit, "{command:?}: {}", said.stderr);
    }
    let project = project.file(
        "syncline.toml",
        "[policy]\nmissing = \"allow\"\nout-of-order = \"allow\"\n",
    );
    for (command, exit) in [
        (&["verify"][..], 0),
        (&["status", "--exit-code"], 10),
        (&["up"], 0),
        (&["status", "--exit-code"], 0),
    ] {
        let said = project.silently(command);
        assert_eq!(said.exit, exit, "{command:?}: {}", said.stderr);
    }
}
