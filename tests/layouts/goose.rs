//! goose: annotations in one file for both directions.

use crate::read::{found, line, names, read, read_for, refused, the_same_on_windows, told, unfit};
use syncline::script::Syntax;

const USERS: &str =
    "-- who may come in\n-- +goose Up\nCREATE TABLE users (id int);\n\n-- +goose Down\nDROP TABLE users;\n";

#[test]
fn both_directions_come_out_of_one_file_and_their_lines_are_those_of_the_file() {
    let files = [("20240101120000_users.sql", USERS)];
    let catalog = found("goose", "`20240101120000_users.sql` has a line `-- +goose Up`", &files);
    assert_eq!(
        told(&catalog),
        ["20240101120000 users: \"CREATE TABLE users (id int);\\n\\n\" | \"DROP TABLE users;\\n\""]
    );
    let migration = catalog.migrations().next().unwrap();
    assert_eq!(line(&migration.up, "CREATE"), 3);
    assert_eq!(line(migration.down.as_ref().unwrap(), "DROP"), 6);
}

#[test]
fn a_problem_of_a_part_is_told_with_its_line_in_the_file() {
    let text = "-- +goose Up\n-- +goose NO TRANSACTION\nSELECT 1;\n-- +goose Down\nSELECT 'open;\n";
    let catalog = read("goose", &[("1_a.sql", text)]).unwrap();
    assert_eq!(unfit(&catalog), [""; 0]);
    let down = catalog.migrations().next().unwrap().down.clone().unwrap();
    let problem = down.problems().remove(0);
    assert_eq!(down.position(problem.at).line, 5);
}

#[test]
fn versions_are_compared_as_numbers() {
    let files = ["2_b.sql", "10_c.sql", "001_a.sql"].map(|name| (name, USERS));
    assert_eq!(names(&read("goose", &files).unwrap()), ["1 a", "2 b", "10 c"]);
}

#[test]
fn annotations_are_read_in_any_case_and_with_any_blanks() {
    let text = "--+goose up\nSELECT 1;\n--   +goose   DOWN  \nSELECT 2;\n";
    assert_eq!(
        told(&read("goose", &[("1_a.sql", text)]).unwrap()),
        ["1 a: \"SELECT 1;\\n\" | \"SELECT 2;\\n\""]
    );
}

#[test]
fn no_transaction_is_for_both_parts_wherever_it_stands() {
    for text in [
        "-- +goose NO TRANSACTION\n-- +goose Up\nVACUUM;\n-- +goose Down\nVACUUM;\n",
        "-- +goose Up\n-- +goose NO TRANSACTION\nVACUUM;\n-- +goose Down\nVACUUM;\n",
        "-- +goose Up\nVACUUM;\n-- +goose Down\nVACUUM;\n-- +goose no transaction\n",
    ] {
        let catalog = read("goose", &[("1_a.sql", text)]).unwrap();
        assert_eq!(told(&catalog)[0].matches("outside").count(), 2, "{text}");
        let up = &catalog.migrations().next().unwrap().up;
        assert_eq!(
            line(up, "VACUUM"),
            1 + text[..text.find("VACUUM").unwrap()].matches('\n').count() as u32
        );
    }
}

#[test]
fn statements_between_marks_are_found_without_them() {
    let text = "-- +goose Up\n-- +goose StatementBegin\nCREATE FUNCTION f() RETURNS int AS $$ BEGIN\nRETURN 1; END $$ LANGUAGE plpgsql;\n-- +goose StatementEnd\nSELECT 1;\n";
    let catalog = read_for(Syntax::Postgres(Default::default()), "goose", &[("1_a.sql", text)]).unwrap();
    let up = &catalog.migrations().next().unwrap().up;
    assert_eq!(up.statements(), 2);
    assert_eq!(line(up, "SELECT 1"), 6);
}

#[test]
fn an_empty_part_runs_as_nothing() {
    let text = "-- +goose Up\n\n-- +goose Down\n-- nothing to undo\n";
    let catalog = read("goose", &[("1_a.sql", text)]).unwrap();
    assert_eq!(unfit(&catalog), [""; 0]);
    assert_eq!(catalog.migrations().next().unwrap().up.statements(), 0);
}

#[test]
fn what_goose_refuses_or_would_not_run_is_refused() {
    for (text, problem) in [
        (
            "SELECT 1;\n",
            "1_a.sql: layout: goose finds no line `-- +goose Up` in it (write it before the statements of the up script)",
        ),
        (
            "-- only back\n-- +goose Down\nSELECT 1;\n",
            "1_a.sql:2: layout: goose finds no line `-- +goose Up` in it (write it before the statements of the up script)",
        ),
        (
            "-- first\nSELECT 0;\n-- +goose Up\nSELECT 1;\n",
            "1_a.sql:2: layout: a statement before the line `-- +goose Up`, which goose does not run (move it behind that line)",
        ),
        (
            "-- +goose Up\nSELECT 1;\n-- +goose Up\nSELECT 2;\n",
            "1_a.sql:3: layout: a second up part (keep one of the two)",
        ),
        (
            "-- +goose Up\n-- +goose Upp\nSELECT 1;\n",
            "1_a.sql:2: layout: goose knows no annotation `Upp` (the annotations are Up, Down, StatementBegin, StatementEnd, NO TRANSACTION and ENVSUB)",
        ),
        (
            "-- +goose Up\n-- +goose ENVSUB ON\nSELECT '${A}';\n",
            "1_a.sql:2: layout: goose replaces variables of the environment from here on (declare each as a placeholder in the configuration (`\"${NAME}\" = { env = \"NAME\" }`) and remove the line)",
        ),
    ] {
        assert_eq!(refused("goose", &[("1_a.sql", text)]), [problem], "{text}");
    }
}

#[test]
fn a_comment_that_mentions_an_annotation_is_none_and_not_a_part() {
    let text = "-- +goose Up\nSELECT 1;\n-- what +goose Down would undo\nSELECT 2;\n";
    assert_eq!(
        refused("goose", &[("1_a.sql", text)]),
        [
            "1_a.sql:3: layout: goose knows no annotation `what +goose Down would undo` (the annotations are Up, Down, StatementBegin, StatementEnd, NO TRANSACTION and ENVSUB)"
        ]
    );
}

#[test]
fn an_annotation_with_blanks_before_it_is_refused_and_no_text() {
    let text = "-- +goose Up\nSELECT 1;\n  -- +goose Down\nSELECT 2;\n";
    assert_eq!(
        refused("goose", &[("1_a.sql", text)]),
        [
            "1_a.sql:3: layout: goose takes no annotation with blanks before it, as `+goose Down` has (remove the blanks)"
        ]
    );
}

#[test]
fn a_directive_before_the_first_part_is_refused_because_it_would_be_lost() {
    let text = "-- syncline: no-transaction\n-- +goose Up\nSELECT 1;\n";
    assert_eq!(
        refused("goose", &[("1_a.sql", text)]),
        ["1_a.sql:1: layout: a directive before the line `-- +goose Up` (move it behind that line)"]
    );
}

#[test]
fn names_that_are_not_gooses_are_refused() {
    let found = refused(
        "goose",
        &[
            ("1_a.go", "package m"),
            ("2-b.sql", USERS),
            ("R__c.sql", USERS),
            ("users.sql", USERS),
        ],
    );
    let codes: Vec<&str> = found.iter().map(|told| told.split(" (").next().unwrap()).collect();
    assert_eq!(
        codes,
        [
            "1_a.go: layout: a migration in Go, which only its program can run",
            "2-b.sql: near-miss: goose has names `<version>_<name>.sql`, and stops at this one",
            "R__c.sql: near-miss: goose has names `<version>_<name>.sql`, and stops at this one",
            "users.sql: near-miss: goose has names `<version>_<name>.sql`, and stops at this one",
        ]
    );
}

#[test]
fn tests_in_go_and_other_files_are_nothing() {
    let files = [
        ("1_a.sql", USERS),
        ("1_a_test.go", "package m"),
        ("embed.go", "package m"),
        ("README.md", "x"),
    ];
    assert_eq!(names(&read("goose", &files).unwrap()), ["1 a"]);
}

#[test]
fn line_ends_and_a_mark_change_nothing() {
    the_same_on_windows("goose", &[("1_a.sql", USERS)]);
}
