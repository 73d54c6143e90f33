//! Whose files they are: found out by what shows it, and asked where two answers fit.

use syncline::catalog::Layout;

use crate::read::{found, names, read, refused};

const GOOSE: &str = "-- +goose Up\nSELECT 1;\n";
const DBMATE: &str = "-- migrate:up\nSELECT 1;\n";

#[test]
fn every_layout_has_a_name() {
    assert_eq!(
        Layout::names().collect::<Vec<_>>(),
        [
            "native",
            "atlas",
            "dbmate",
            "diesel",
            "drizzle",
            "flyway",
            "golang-migrate",
            "goose",
            "graphile-migrate",
            "liquibase",
            "maragudk",
            "node-pg-migrate",
            "pop",
            "postgres-migrations",
            "prisma",
            "refinery",
            "sqitch",
            "sql-migrate",
            "sqlx",
            "supabase",
            "tern",
            "wrangler-d1",
            "yoyo",
        ]
    );
    for name in Layout::names() {
        assert_eq!(Layout::named(name).unwrap().name(), name);
    }
    assert!(Layout::named("alembic").is_none());
}

#[test]
fn what_fits_two_tools_is_an_error_that_names_both() {
    for (files, told) in [
        (
            vec![("1_a.sql", GOOSE), ("2_b.sql", DBMATE)],
            "the files could be those of dbmate (`2_b.sql` has a line `-- migrate:up`) or of goose (`1_a.sql` has a line `-- +goose Up`)",
        ),
        (
            vec![("1_a/up.sql", ""), ("1_a/migration.sql", "")],
            "the files could be those of diesel (`1_a/up.sql` is in a directory of its own) or of prisma (`1_a/migration.sql` is in a directory of its own)",
        ),
        (
            vec![("1_a/up.sql", ""), ("2_b.sql", "")],
            "the files could be those of diesel (`1_a/up.sql` is in a directory of its own) or of native (`2_b.sql` is named like a migration)",
        ),
        (
            vec![("U1__a.sql", ""), ("V1__b.sql", ""), ("U2__c.sql", "")],
            "the files could be those of flyway (`U1__a.sql` undoes the script of that version) or of refinery (`U1__a.sql` is unversioned and undoes nothing)",
        ),
        (
            vec![("V1_1__a.sql", ""), ("2_b.sql", "")],
            "the files could be those of flyway (`V1_1__a.sql` is named as Flyway names its scripts) or of native (`2_b.sql` is named like a migration)",
        ),
        (
            vec![("sqitch.plan", ""), ("meta/_journal.json", "{}")],
            "the files could be those of drizzle (`meta/_journal.json` gives the order) or of sqitch (`sqitch.plan` gives the order)",
        ),
        (
            vec![("1_a.sql", "-- no-transaction\n-- +goose Up\n")],
            "the files could be those of goose (`1_a.sql` has a line `-- +goose Up`) or of sqlx (`1_a.sql` begins with `-- no-transaction`)",
        ),
    ] {
        assert_eq!(refused("", &files), [told]);
    }
}

#[test]
fn whoever_says_which_is_not_asked() {
    let files = [("1_a.sql", "-- no-transaction\n-- +goose Up\nVACUUM;\n")];
    assert_eq!(names(&read("goose", &files).unwrap()), ["1 a"]);
    let files = [("1_a/up.sql", "SELECT 1;"), ("1_a/migration.sql", "SELECT 1;")];
    assert_eq!(names(&read("prisma", &files).unwrap()), ["1 1_a"]);
}

#[test]
fn one_file_of_a_tool_makes_all_of_them_that_tools() {
    let found = refused("", &[("1_a.sql", GOOSE), ("2_b.sql", "SELECT 2;")]);
    assert_eq!(
        found,
        ["2_b.sql: layout: goose finds no line `-- +goose Up` in it (write it before the statements of the up script)"]
    );
}

#[test]
fn synclines_own_names_need_no_reason() {
    let files = [
        ("1_a.sql", "SELECT 1;"),
        ("V2__b.sql", "SELECT 2;"),
        ("R__c.sql", "SELECT 3;"),
    ];
    found("native", "", &files);
}

#[test]
fn other_files_show_nothing() {
    let files = [
        ("1_a.sql", "SELECT 1;"),
        ("notes.txt", GOOSE),
        ("templates/up.sql", "SELECT 1;"),
        (".2_b.sql.swp", DBMATE),
    ];
    found("native", "", &files);
}

#[test]
fn a_bom_before_the_line_that_shows_it_hides_nothing() {
    found(
        "goose",
        "`1_a.sql` has a line `-- +goose Up`",
        &[("1_a.sql", format!("\u{feff}{GOOSE}"))],
    );
}
