//! golang-migrate: syncline's own names, of two files each.

use crate::read::{found, names, read, refused, the_same_on_windows, told};

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
    for file in ["1_a.sql", "V1__a.up.sql", "R__a.up.sql", "1.2_a.up.sql", "a.up.sql"] {
        let found = refused("golang-migrate", &[(file, "SELECT 1;")]);
        assert!(found[0].starts_with(&format!("{file}: near-miss: ")), "{found:?}");
    }
}

#[test]
fn the_two_files_belong_together_by_their_number() {
    let files = [("01_add_a.up.sql", "SELECT 1;"), ("1_a.down.sql", "SELECT 2;")];
    let catalog = found(
        "golang-migrate",
        "the two files of version 1 have the names `add_a` and `a`",
        &files,
    );
    assert_eq!(told(&catalog), ["1 add_a: \"SELECT 1;\" | \"SELECT 2;\""]);
}

#[test]
fn line_ends_and_a_mark_change_nothing() {
    the_same_on_windows(
        "golang-migrate",
        &[("1_a.up.sql", "SELECT 1;\n"), ("1_a.down.sql", "SELECT 2;\n")],
    );
}
