//! Wrangler for D1: the number gives the order, the file's name is the identity.

use crate::read::{found, names, read, refused, the_same_on_windows};

/// As `wrangler d1 migrations create` of 4.164.0 begins a file.
const PEOPLE: &str =
    "-- Migration number: 0001 \t 2026-11-30T22:09:26.044Z\nCREATE TABLE people (id integer PRIMARY KEY);\n";

#[test]
fn files_are_read_in_the_order_in_which_wrangler_runs_them() {
    let files = [
        ("0001_people.sql", PEOPLE),
        ("0002_add_pets.sql", "SELECT 2;"),
        ("0002_other.sql", "SELECT 3;"),
        ("10_later.sql", "SELECT 5;"),
        ("9_nine.sql", "SELECT 4;"),
        ("another.sql", "SELECT 6;"),
        ("seed.sql", "SELECT 7;"),
    ];
    let why = "`0001_people.sql` has a line `-- Migration number: 0001 \t 2026-11-30T22:09:26.044Z`";
    let catalog = found("wrangler-d1", why, &files);
    assert_eq!(
        names(&catalog),
        [
            "1 0001_people",
            "2 0002_add_pets",
            "2.1 0002_other",
            "9 9_nine",
            "10 10_later",
            "10.1 another",
            "10.2 seed"
        ]
    );
    let files = [("b.sql", "SELECT 2;"), ("a.sql", "SELECT 1;")];
    assert_eq!(names(&read("wrangler-d1", &files).unwrap()), ["0 a", "0.1 b"]);
}

#[test]
fn a_down_script_that_wrangler_would_run_is_refused() {
    let files = [("0001_a.sql", PEOPLE), ("0001_a.down.sql", "DROP TABLE people;")];
    assert_eq!(
        refused("wrangler-d1", &files),
        [
            "0001_a.down.sql: near-miss: Wrangler knows no down scripts, and would run it like any other (rename the file, or choose another `layout`)"
        ]
    );
}

#[test]
fn line_ends_and_a_mark_change_nothing() {
    the_same_on_windows("wrangler-d1", &[("0001_people.sql", PEOPLE)]);
}
