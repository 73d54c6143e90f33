//! dbmate: two blocks in one file, each with options.

use crate::read::{found, line, names, read, refused, the_same_on_windows, told, unfit};

const USERS: &str = "-- migrate:up\nCREATE TABLE users (id int);\n\n-- migrate:down\nDROP TABLE users;\n";

#[test]
fn both_blocks_come_out_of_one_file() {
    let files = [("20240101120000_users.sql", USERS)];
    let catalog = found(
        "dbmate",
        "`20240101120000_users.sql` has a line `-- migrate:up`",
        &files,
    );
    assert_eq!(
        told(&catalog),
        ["20240101120000 users: \"CREATE TABLE users (id int);\\n\\n\" | \"DROP TABLE users;\\n\""]
    );
    let migration = catalog.migrations().next().unwrap();
    assert_eq!(line(&migration.up, "CREATE"), 2);
    assert_eq!(line(migration.down.as_ref().unwrap(), "DROP"), 5);
}

#[test]
fn each_block_says_for_itself_whether_it_runs_in_a_transaction() {
    for (text, told_as) in [
        ("--migrate:up\tSELECT 1;", None),
        (
            "-- migrate:up transaction:false\nVACUUM;\n-- migrate:down\nSELECT 1;\n",
            Some("outside \"-- syncline: no-transaction\\nVACUUM;\\n\" | \"SELECT 1;\\n\""),
        ),
        (
            "-- migrate:up transaction:true\nSELECT 1;\n--\tmigrate:down  transaction:false  \nVACUUM;\n",
            Some("\"SELECT 1;\\n\" | outside \"-- syncline: no-transaction\\nVACUUM;\\n\""),
        ),
    ] {
        match told_as {
            Some(told_as) => assert_eq!(
                told(&read("dbmate", &[("1_a.sql", text)]).unwrap()),
                [format!("1 a: {told_as}")]
            ),
            None => assert_eq!(
                refused("dbmate", &[("1_a.sql", text)]),
                ["1_a.sql:1: layout: dbmate knows no option `SELECT 1;` (the only option is `transaction:false`)"]
            ),
        }
    }
}

#[test]
fn a_line_that_is_indented_or_goes_on_is_text() {
    let text = "-- migrate:up\nSELECT 1;\n  -- migrate:down\n-- migrate:downgrade\nSELECT 2;\n";
    let catalog = read("dbmate", &[("1_a.sql", text)]).unwrap();
    assert!(catalog.migrations().next().unwrap().down.is_none());
    // dbmate would run both as one; whoever wrote it meant something else.
    let found = unfit(&catalog);
    assert!(found[0].starts_with("1_a.sql:3: foreign-directive: "), "{found:?}");
}

#[test]
fn what_dbmate_refuses_is_refused() {
    for (text, problem) in [
        (
            "SELECT 1;\n",
            "1_a.sql: layout: dbmate finds no line `-- migrate:up` in it (write it before the statements of the up script)",
        ),
        (
            "/* words */\n-- migrate:up\nSELECT 1;\n",
            "1_a.sql:1: layout: a statement before the line `-- migrate:up`, which dbmate does not run (move it behind that line)",
        ),
        (
            "-- migrate:up transaction:off\nSELECT 1;\n",
            "1_a.sql:1: layout: dbmate knows no option `transaction:off` (the only option is `transaction:false`)",
        ),
        (
            "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n-- migrate:up\nSELECT 3;\n",
            "1_a.sql:5: layout: a second up part (keep one of the two)",
        ),
        (
            "-- syncline: lock-timeout=2s\n-- migrate:up\nSELECT 1;\n",
            "1_a.sql:1: layout: a directive before the line `-- migrate:up` (move it behind that line)",
        ),
    ] {
        assert_eq!(refused("dbmate", &[("1_a.sql", text)]), [problem], "{text}");
    }
}

#[test]
fn an_order_of_texts_that_is_not_that_of_the_numbers_is_refused() {
    let files = ["9_a.sql", "10_b.sql"].map(|name| (name, USERS));
    assert_eq!(
        refused("dbmate", &files),
        [
            "9_a.sql: order: dbmate runs `10_b.sql` before it, because it compares versions as text, and by their numbers it comes first (give the versions the same number of digits)"
        ]
    );
    let files = ["09_a.sql", "10_b.sql"].map(|name| (name, USERS));
    assert_eq!(names(&read("dbmate", &files).unwrap()), ["9 a", "10 b"]);
}

#[test]
fn line_ends_and_a_mark_change_nothing() {
    the_same_on_windows("dbmate", &[("1_a.sql", USERS)]);
    the_same_on_windows(
        "dbmate",
        &[("1_a.sql", "-- migrate:up transaction:false\nVACUUM;\n-- migrate:down\n")],
    );
}
