//! sql-migrate: annotations in one file for both directions, and files in the order of their numbers.

use crate::read::{found, line, names, read, refused, the_same_on_windows, told, unfit};

const PEOPLE: &str = "-- +migrate Up\n-- SQL in section 'Up' is executed when this migration is applied\nCREATE TABLE people (id int);\n\n-- +migrate Down\n-- SQL section 'Down' is executed when this migration is rolled back\nDROP TABLE people;\n";

#[test]
fn both_directions_come_out_of_one_file_and_their_lines_are_those_of_the_file() {
    let files = [("20240101120000-people.sql", PEOPLE)];
    let catalog = found(
        "sql-migrate",
        "`20240101120000-people.sql` has a line `-- +migrate Up`",
        &files,
    );
    assert_eq!(names(&catalog), ["20240101120000 20240101120000-people"]);
    let migration = catalog.migrations().next().unwrap();
    assert_eq!(line(&migration.up, "CREATE"), 3);
    assert_eq!(line(migration.down.as_ref().unwrap(), "DROP TABLE"), 7);
    assert_eq!(unfit(&catalog), [""; 0]);
}

#[test]
fn files_go_by_their_numbers_and_those_of_one_number_by_their_names() {
    let files = [
        "10_c.sql",
        "2-b.sql",
        "2_a.sql",
        "002_first.sql",
        "1.sql",
        "1 with blanks.sql",
    ]
    .map(|name| (name, PEOPLE));
    let catalog = read("sql-migrate", &files).unwrap();
    let paths: Vec<&str> = catalog
        .migrations()
        .map(|migration| migration.up.path.rsplit('/').next().unwrap())
        .collect();
    // As the tool itself sorts them: by number, then by text.
    assert_eq!(
        paths,
        [
            "1 with blanks.sql",
            "1.sql",
            "002_first.sql",
            "2-b.sql",
            "2_a.sql",
            "10_c.sql"
        ]
    );
    assert_eq!(names(&catalog)[..3], ["1 1 with blanks", "1.1 1", "2 002_first"]);
}

#[test]
fn a_part_runs_without_a_transaction_where_its_line_says_so() {
    let text = "-- +migrate Up notransaction\nVACUUM;\n-- +migrate Down\nSELECT 1;\n";
    let catalog = read("sql-migrate", &[("1_a.sql", text)]).unwrap();
    let told = told(&catalog).remove(0);
    let (up, down) = told.split_once(" | ").unwrap();
    assert!(up.contains("outside") && !down.contains("outside"), "{told}");
}

#[test]
fn statements_between_marks_are_found_without_them() {
    let text = "-- +migrate Up\n-- +migrate StatementBegin\nCREATE TRIGGER t AFTER INSERT ON a BEGIN\nSELECT 1; SELECT 2;\nEND;\n-- +migrate StatementEnd\nSELECT 1;\n";
    let catalog = read("sql-migrate", &[("1_a.sql", text)]).unwrap();
    let up = &catalog.migrations().next().unwrap().up;
    assert_eq!(up.statements(), 2);
    assert_eq!(line(up, "SELECT 1;\n"), 7);
}

#[test]
fn what_sql_migrate_refuses_or_passes_over_is_refused() {
    for (text, problem) in [
        (
            "SELECT 1;\n",
            "1_a.sql: layout: sql-migrate finds no line `-- +migrate Up` in it (write it before the statements of the up script)",
        ),
        (
            "SELECT 0;\n-- +migrate Up\nSELECT 1;\n",
            "1_a.sql:1: layout: a statement before the line `-- +migrate Up`, which sql-migrate does not run (move it behind that line)",
        ),
        (
            "-- +migrate Up\nSELECT 1;\n-- +migrate Don\nSELECT 2;\n",
            "1_a.sql:3: layout: sql-migrate knows no `-- +migrate Don` (it knows Up, Down, StatementBegin and StatementEnd, and `notransaction` behind the first two)",
        ),
        (
            "-- +migrate Up\nSELECT 1;\n-- +migrate down\nSELECT 2;\n",
            "1_a.sql:3: layout: sql-migrate knows no `-- +migrate down` (it knows Up, Down, StatementBegin and StatementEnd, and `notransaction` behind the first two)",
        ),
        (
            "-- +migrate Up\nSELECT 1;\n--+migrate Down\nSELECT 2;\n",
            "1_a.sql:3: layout: sql-migrate passes over `--+migrate Down`: it knows `-- +migrate ` alone, at the beginning of a line (write it so, or remove the line)",
        ),
        (
            "-- +migrate Up\nSELECT 1;\n  -- +migrate Down\nSELECT 2;\n",
            "1_a.sql:3: layout: sql-migrate passes over `-- +migrate Down`: it knows `-- +migrate ` alone, at the beginning of a line (write it so, or remove the line)",
        ),
        (
            "-- +migrate Up\nSELECT 1;\n-- +migrate Down\nSELECT 2;\n-- +migrate Up\nSELECT 3;\n",
            "1_a.sql:5: layout: a second up part (keep one of the two)",
        ),
    ] {
        assert_eq!(refused("sql-migrate", &[("1_a.sql", text)]), [problem], "{text}");
    }
    assert_eq!(
        refused("sql-migrate", &[("2_b.SQL", PEOPLE)]),
        [
            "2_b.SQL: near-miss: the ending has to be `.sql`, in small letters (names are `<version>_<name>.up.sql` and `.down.sql`, `<version>_<name>.sql`, `V<version>__<name>.sql` or `R__<name>.sql`)",
        ]
    );
}

#[test]
fn names_without_a_number_come_last() {
    let files = [("people.sql", PEOPLE), ("2-b.sql", PEOPLE), ("a.sql", PEOPLE)];
    assert_eq!(
        names(&read("sql-migrate", &files).unwrap()),
        ["2 2-b", "2.1 a", "2.2 people"]
    );
}

#[test]
fn line_ends_and_a_mark_change_nothing() {
    the_same_on_windows("sql-migrate", &[("1-people.sql", PEOPLE)]);
}
