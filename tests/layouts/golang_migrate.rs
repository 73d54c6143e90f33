//! golang-migrate: syncline's own names, of two files each.

use crate::read::{names, read, refused, the_same_on_windows, told};

#[test]
fn up_and_down_are_two_files() {
    let files = [
        ("000002_b.up.sql", "SELECT 2;"),
        ("000010_c.up.sql", "SELECT 3;"),
        ("1_a.up.sql", "SELECT 1;"),
        ("1_a.down.sql", "SELECT -1;"),
    ];
    let catalog = read("golang-migrate", &files).unwrap();
    assert_eq!(names(&catalog), ["1 a", "2 b", "10 c"]);
    assert_eq!(told(&catalog)[0], "1 a: \"SELECT 1;\" | \"SELECT -1;\"");
}

#[test]
fn its_files_are_read_without_a_word_as_synclines_own() {
    let catalog = read("", &[("1_a.up.sql", "SELECT 1;")]).unwrap();
    assert!(catalog.detected().layout.is_native());
    assert_eq!(catalog.detected().reason, "");
}

#[test]
fn names_that_golang_migrate_would_pass_over_are_refused() {
    for file in [
        "1_a.sql",
        "V1__a.up.sql",
        "R__a.up.sql",
        "1.2_a.up.sql",
        "a.up.sql",
        "1_a.up.SQL",
    ] {
        let found = refused("golang-migrate", &[(file, "SELECT 1;")]);
        assert!(found[0].starts_with(&format!("{file}: near-miss: ")), "{found:?}");
    }
}

#[test]
fn the_two_files_have_one_name() {
    let found = refused(
        "golang-migrate",
        &[("1_a.up.sql", "SELECT 1;"), ("1_b.down.sql", "SELECT 1;")],
    );
    assert!(found[0].starts_with("1_b.down.sql: orphan-down: "), "{found:?}");
}

#[test]
fn line_ends_and_a_mark_change_nothing() {
    the_same_on_windows(
        "golang-migrate",
        &[("1_a.up.sql", "SELECT 1;\n"), ("1_a.down.sql", "SELECT 2;\n")],
    );
}
