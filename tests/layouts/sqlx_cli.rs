//! sqlx: syncline's own names, and a first line.

use crate::read::{found, line, names, read, refused, the_same_on_windows, told};

#[test]
fn a_first_line_says_that_a_script_runs_without_a_transaction() {
    let files = [
        ("1_a.up.sql", "-- no-transaction because\nVACUUM;\n"),
        ("1_a.down.sql", "SELECT 1;\n"),
        ("2_b.sql", "SELECT 2;\n-- no-transaction\n"),
    ];
    let catalog = read("sqlx", &files[..2]).unwrap();
    assert_eq!(
        told(&catalog),
        ["1 a: outside \"-- syncline: no-transaction\\n\\nVACUUM;\\n\" | \"SELECT 1;\\n\""]
    );
    assert_eq!(line(&catalog.migrations().next().unwrap().up, "VACUUM"), 2);
    found("sqlx", "`1_a.up.sql` begins with `-- no-transaction`", &files[..2]);
    assert_eq!(names(&read("sqlx", &files[..2]).unwrap()), ["1 a"]);
}

#[test]
fn names_that_sqlx_does_not_take_are_refused() {
    for file in ["V1__a.sql", "R__a.sql", "a.up.sql", "1-a.sql", "1_a.SQL", "1.5_a.sql"] {
        let found = refused("sqlx", &[(file, "SELECT 1;")]);
        assert!(found[0].starts_with(&format!("{file}: near-miss: ")), "{found:?}");
    }
}

#[test]
fn a_line_of_synclines_own_that_would_cut_the_file_is_refused() {
    let catalog = read("sqlx", &[("1_a.sql", "SELECT 1;\n-- syncline: down\nSELECT 2;\n")]).unwrap();
    assert_eq!(
        crate::read::unfit(&catalog),
        [
            "1_a.sql:2: misplaced-directive: `down` starts the second half of a migration that is one file, and this is no such file (remove the line, or move the statements after it to the down script)"
        ]
    );
}

#[test]
fn line_ends_and_a_mark_change_nothing() {
    the_same_on_windows("sqlx", &[("1_a.sql", "-- no-transaction\nVACUUM;\n")]);
}
