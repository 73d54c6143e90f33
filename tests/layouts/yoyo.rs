//! yoyo's SQL files: names, what they depend on, and what takes them back.

use crate::read::{found, line, names, read, refused, the_same_on_windows, told};

const FIRST: (&str, &str) = (
    "20260101_01_aBcDe-people.sql",
    "-- people\n-- depends:\nCREATE TABLE people (id integer);\n",
);
const SECOND: (&str, &str) = (
    "20260101_02_xYz12-pets.sql",
    "-- depends: 20260101_01_aBcDe-people\n-- transactional: false\nVACUUM;\n",
);

#[test]
fn two_files_make_one_migration_and_a_line_says_that_both_run_without_a_transaction() {
    let files = [
        FIRST,
        ("20260101_01_aBcDe-people.rollback.sql", "DROP TABLE people;\n"),
        SECOND,
        ("20260101_02_xYz12-pets.rollback.sql", "VACUUM;\n"),
    ];
    let why = "`20260101_01_aBcDe-people.rollback.sql` takes back the script beside it";
    let catalog = found("yoyo", why, &files);
    let said = told(&catalog);
    assert_eq!(
        said[0],
        "20260101.1 aBcDe-people: \"-- people\\n-- depends:\\nCREATE TABLE people (id integer);\\n\" | \"DROP TABLE people;\\n\""
    );
    assert!(said[1].starts_with("20260101.2 xYz12-pets: outside "), "{said:?}");
    assert!(said[1].contains(" | outside "), "{said:?}");
    assert_eq!(line(&catalog.migrations().nth(1).unwrap().up, "VACUUM"), 3);
    let why = "`20260101_02_xYz12-pets.sql` has a line `-- depends: 20260101_01_aBcDe-people`";
    found("yoyo", why, &[FIRST, SECOND]);
}

#[test]
fn old_names_have_a_dot_behind_the_number() {
    let files = [
        ("0001.people.sql", "SELECT 1;\n"),
        ("0002_2fa.sql", "-- depends: 0001.people\nSELECT 2;\n"),
    ];
    assert_eq!(names(&read("yoyo", &files).unwrap()), ["1 people", "2 2fa"]);
}

#[test]
fn an_order_that_is_not_that_of_the_numbers_is_refused() {
    for (files, wanted) in [
        (
            [("1_a.sql", "-- depends: 2_b\nSELECT 1;\n"), ("2_b.sql", "SELECT 2;\n")],
            "yoyo runs `2_b.sql` before it",
        ),
        (
            [("2_a.sql", "SELECT 1;\n"), ("10_b.sql", "SELECT 2;\n")],
            "yoyo runs `10_b.sql` before it",
        ),
        (
            [
                ("1_a.sql", "-- depends: 2_b\nSELECT 1;\n"),
                ("2_b.sql", "-- depends: 1_a\nSELECT 2;\n"),
            ],
            "what it depends on depends on it",
        ),
        (
            [("1_a.sql", "-- depends: 0_z\nSELECT 1;\n"), ("2_b.sql", "SELECT 2;\n")],
            "it depends on `0_z`, and there is no such file",
        ),
    ] {
        let said = refused("yoyo", &files).concat();
        assert!(said.contains(wanted), "{said}");
    }
    // What it depends on decides, and the numbers agree.
    let files = [("9_a.sql", "SELECT 1;\n"), ("10_b.sql", "-- depends: 9_a\nSELECT 2;\n")];
    assert_eq!(names(&read("yoyo", &files).unwrap()), ["9 a", "10 b"]);
}

#[test]
fn what_only_yoyo_can_run_is_refused() {
    for (file, wanted) in [
        ("0001.people.py", "a migration in Python"),
        ("post-apply.sql", "after each of its runs"),
        ("people.sql", "there is no number"),
    ] {
        let said = refused("yoyo", &[(file, "SELECT 1;\n")]).concat();
        assert!(said.contains(wanted), "{file}: {said}");
    }
}

#[test]
fn line_ends_and_a_mark_change_nothing() {
    the_same_on_windows("yoyo", &[FIRST, SECOND]);
}
