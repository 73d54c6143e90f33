//! node-pg-migrate: SQL files with both directions, or one.

use crate::read::{found, line, names, read, refused, the_same_on_windows, told};

const USERS: &str = "-- Up Migration\nCREATE TABLE users (id int);\n\n-- Down Migration\nDROP TABLE users;\n";

#[test]
fn both_directions_come_out_of_one_file() {
    let files = [("1391877300255_users.sql", USERS)];
    let catalog = found(
        "node-pg-migrate",
        "`1391877300255_users.sql` has a line `-- Up Migration`",
        &files,
    );
    assert_eq!(
        told(&catalog),
        ["1391877300255 users: \"CREATE TABLE users (id int);\\n\\n\" | \"DROP TABLE users;\\n\""]
    );
    let down = catalog.migrations().next().unwrap().down.clone().unwrap();
    assert_eq!(line(&down, "DROP"), 5);
}

#[test]
fn marks_are_read_in_any_case_and_with_any_dashes() {
    let text = "  ---- - UP   migration of users\nSELECT 1;\n--down\tmigration\nSELECT 2;\n";
    assert_eq!(
        told(&read("node-pg-migrate", &[("1_a.sql", text)]).unwrap()),
        ["1 a: \"SELECT 1;\\n\" | \"SELECT 2;\\n\""]
    );
    let text = "-- Down Migration\nSELECT 2;\n-- Up Migration\nSELECT 1;\n";
    assert_eq!(
        told(&read("node-pg-migrate", &[("1_a.sql", text)]).unwrap()),
        ["1 a: \"SELECT 1;\\n\" | \"SELECT 2;\\n\""]
    );
}

#[test]
fn a_file_without_a_mark_is_an_up_script() {
    let files = [("1_a.sql", "-- update migrations\nSELECT 1;\n"), ("2_b.sql", USERS)];
    assert_eq!(
        told(&read("", &files).unwrap())[0],
        "1 a: \"-- update migrations\\nSELECT 1;\\n\""
    );
}

#[test]
fn a_file_with_a_down_part_alone_is_refused_because_its_tool_runs_all_of_it() {
    let found = refused(
        "node-pg-migrate",
        &[("1_a.sql", "SELECT 1;\n-- Down Migration\nSELECT 2;\n")],
    );
    assert_eq!(
        found,
        [
            "1_a.sql:2: layout: node-pg-migrate finds no line `-- Up Migration` in it (write it before the statements of the up script)"
        ]
    );
}

#[test]
fn line_ends_of_old_machines_end_lines() {
    let text = USERS.replace('\n', "\r");
    assert_eq!(
        told(&read("node-pg-migrate", &[("1_a.sql", text)]).unwrap()),
        ["1 a: \"CREATE TABLE users (id int);\\r\\r\" | \"DROP TABLE users;\\r\""]
    );
}

#[test]
fn its_order_is_that_of_numbers() {
    let files = ["9_a.sql", "10_b.sql"].map(|name| (name, USERS));
    assert_eq!(names(&read("node-pg-migrate", &files).unwrap()), ["9 a", "10 b"]);
}

#[test]
fn times_in_two_forms_that_it_would_order_otherwise_are_refused() {
    let files = ["20200513070724505_a.sql", "1700000000000_b.sql"].map(|name| (name, USERS));
    assert_eq!(
        refused("node-pg-migrate", &files),
        [
            "1700000000000_b.sql: order: node-pg-migrate runs `20200513070724505_a.sql` before it, because it compares versions as times, and by their numbers it comes first (write the versions in one form)"
        ]
    );
    let files = ["20200513070724505_a.sql", "1500000000000_b.sql"].map(|name| (name, USERS));
    assert_eq!(names(&read("node-pg-migrate", &files).unwrap()).len(), 2);
}

#[test]
fn migrations_in_javascript_are_refused() {
    for ending in ["js", "ts", "cjs", "mjs"] {
        let file = format!("2_b.{ending}");
        let found = refused("node-pg-migrate", &[("1_a.sql", USERS), (file.as_str(), "")]);
        assert_eq!(
            found,
            [format!(
                "{file}: layout: a migration in JavaScript, which only node-pg-migrate can run (write it as SQL, or keep it out of this directory)"
            )]
        );
    }
}

#[test]
fn line_ends_and_a_mark_change_nothing() {
    the_same_on_windows("node-pg-migrate", &[("1_a.sql", USERS)]);
}
