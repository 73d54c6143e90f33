//! maragudk/migrate: a version is any text, and the order that of texts.

use crate::read::{names, read, refused, the_same_on_windows, told};

#[test]
fn what_stands_before_the_ending_is_the_version() {
    let files = [
        ("0001-users.up.sql", "SELECT 1;"),
        ("0001-users.down.sql", "SELECT -1;"),
        ("0002.up.sql", "SELECT 2;"),
        ("0003_c.up.sql", "SELECT 3;"),
    ];
    assert_eq!(
        told(&read("maragudk", &files).unwrap()),
        [
            "1 users: \"SELECT 1;\" | \"SELECT -1;\"",
            "2 0002: \"SELECT 2;\"",
            "3 c: \"SELECT 3;\""
        ]
    );
}

#[test]
fn several_scripts_of_one_number_run_in_the_order_of_their_texts() {
    let files = ["0001_b.up.sql", "0001_a.up.sql", "0002_c.up.sql", "0001_c.up.sql"].map(|name| (name, "SELECT 1;"));
    assert_eq!(
        names(&read("maragudk", &files).unwrap()),
        ["1 a", "1.1 b", "1.2 c", "2 c"]
    );
}

#[test]
fn a_second_script_of_a_number_leaves_the_first_what_it_was() {
    let first = ("0001_a.up.sql", "SELECT 1;");
    assert_eq!(names(&read("maragudk", &[first]).unwrap()), ["1 a"]);
    let second = ("0001_b.up.sql", "SELECT 2;");
    assert_eq!(names(&read("maragudk", &[first, second]).unwrap()), ["1 a", "1.1 b"]);
}

#[test]
fn an_order_of_texts_that_is_not_that_of_the_numbers_is_refused() {
    let found = refused("maragudk", &[("9.up.sql", "SELECT 1;"), ("10.up.sql", "SELECT 1;")]);
    assert!(
        found[0].starts_with("9.up.sql: order: maragudk/migrate runs `10.up.sql` before it"),
        "{found:?}"
    );
}

#[test]
fn what_it_never_finds_is_passed_over_with_a_word() {
    let files = [
        ("1_a.up.sql", "SELECT 1;"),
        ("1_b.down.sql", "SELECT 1;"),
        ("2_c.sql", "SELECT 1;"),
        ("x.up.sql", "SELECT 1;"),
    ];
    let catalog = read("maragudk", &files).unwrap();
    assert_eq!(names(&catalog), ["1 a"]);
    assert_eq!(
        catalog.notes(),
        ["3 files are none of maragudk, and are passed over, `1_b.down.sql` first"]
    );
}

#[test]
fn a_down_script_that_lost_its_up_script_changes_no_other() {
    let files = [("1_b.up.sql", "SELECT 1;"), ("1_a.down.sql", "SELECT 1;")];
    assert_eq!(names(&read("maragudk", &files).unwrap()), ["1 b"]);
}

#[test]
fn line_ends_and_a_mark_change_nothing() {
    the_same_on_windows(
        "maragudk",
        &[("1.up.sql", "SELECT 1;\n"), ("1.down.sql", "SELECT 2;\n")],
    );
}
