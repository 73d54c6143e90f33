//! postgres-migrations: numbers with a dash or an underscore, and a line that says to run without a transaction.

use syncline::script::Syntax;

use crate::read::{line, names, read, read_for, refused, the_same_on_windows, told};

const INDEX: &str = "-- why\n-- postgres-migrations disable-transaction\nCREATE INDEX CONCURRENTLY i ON t (a);\n";

#[test]
fn names_have_a_dash_or_an_underscore_or_neither() {
    let files = ["1-a.sql", "2_b.sql", "003c.sql", "10-d-e.sql"].map(|name| (name, "SELECT 1;"));
    assert_eq!(
        names(&read("postgres-migrations", &files).unwrap()),
        ["1 a", "2 b", "3 c", "10 d-e"]
    );
}

#[test]
fn a_line_says_that_a_script_runs_without_a_transaction() {
    let files = [("1_a.sql", "SELECT 1;"), ("2_b.sql", INDEX)];
    let catalog = read_for(Syntax::Postgres(Default::default()), "", &files).unwrap();
    assert_eq!(
        (catalog.detected().layout.name(), catalog.detected().reason.as_str()),
        (
            "postgres-migrations",
            "`2_b.sql` has a line `-- postgres-migrations disable-transaction`"
        )
    );
    assert_eq!(
        told(&catalog)[1],
        "2 b: outside \"-- syncline: no-transaction\\n-- why\\n\\nCREATE INDEX CONCURRENTLY i ON t (a);\\n\""
    );
    assert_eq!(line(&catalog.migrations().nth(1).unwrap().up, "CREATE"), 3);
    assert_eq!(catalog.problems().len(), 0);
}

#[test]
fn names_that_it_does_not_take_and_scripts_in_javascript_are_refused() {
    for file in ["a.sql", "-1_a.sql", "V1__a.sql"] {
        let found = refused("postgres-migrations", &[(file, "SELECT 1;")]);
        assert!(
            found[0].starts_with(&format!("{file}: near-miss: ")),
            "{file}: {found:?}"
        );
    }
}

#[test]
fn two_files_of_one_number_are_refused() {
    let found = refused(
        "postgres-migrations",
        &[("1-a.sql", "SELECT 1;"), ("01_b.sql", "SELECT 1;")],
    );
    assert!(found[0].contains(": duplicate: "), "{found:?}");
}

#[test]
fn line_ends_and_a_mark_change_nothing() {
    the_same_on_windows("postgres-migrations", &[("1_a.sql", INDEX)]);
}
