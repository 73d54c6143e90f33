//! Directories below: what is in them is read or told, and never passed over without a word.

use crate::read::{names, read, read_deep, refused, told};

const GOOSE: &str = "-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;\n";

#[test]
fn recursive_reads_the_directories_below_by_every_layout() {
    for (layout, file, text) in [
        ("native", "v1/1_a.sql", "SELECT 1;"),
        ("dbmate", "v1/1_a.sql", "-- migrate:up\nSELECT 1;\n"),
        ("golang-migrate", "v1/1_a.up.sql", "SELECT 1;"),
        ("goose", "v1/deep/1_a.sql", GOOSE),
        ("maragudk", "v1/1_a.up.sql", "SELECT 1;"),
        ("node-pg-migrate", "v1/1_a.sql", "-- Up Migration\nSELECT 1;\n"),
        ("postgres-migrations", "v1/1-a.sql", "SELECT 1;"),
        ("refinery", "v1/V1__a.sql", "SELECT 1;"),
        ("sqlx", "v1/1_a.sql", "-- no-transaction\nVACUUM;"),
        ("flyway", "v1/deep/V1__a.sql", "SELECT 1;"),
        ("diesel", "v1/deep/1_a/up.sql", "SELECT 1;"),
        ("prisma", "v1/deep/1_a/migration.sql", "SELECT 1;"),
    ] {
        let name = if layout == "prisma" { "1 1_a" } else { "1 a" };
        assert_eq!(names(&read_deep(layout, &[(file, text)]).unwrap()), [name], "{layout}");
    }
}

#[test]
fn whose_files_they_are_is_found_in_the_directories_that_are_read() {
    let catalog = read_deep("", &[("v1/1_a.sql", GOOSE)]).unwrap();
    assert_eq!(catalog.detected().reason, "`1_a.sql` has a line `-- +goose Up`");
    assert_eq!(told(&catalog), ["1 a: \"SELECT 1;\\n\" | \"SELECT 2;\\n\""]);
    let catalog = read_deep("", &[("v1/1_a.sql", "-- no-transaction\nVACUUM;")]).unwrap();
    assert_eq!(catalog.detected().layout.name(), "sqlx");
    let catalog = read_deep("", &[("v1/deep/1_a/up.sql", "SELECT 1;")]).unwrap();
    assert_eq!(catalog.detected().layout.name(), "diesel");
    let catalog = read_deep("", &[("v1/deep/1_a/migration.sql", "SELECT 1;")]).unwrap();
    assert_eq!((catalog.detected().layout.name(), catalog.len()), ("prisma", 1));
    let catalog = read_deep("", &[("v1/U1__a.sql", "SELECT 1;")]).unwrap();
    assert_eq!(catalog.detected().layout.name(), "refinery");
}

#[test]
fn drizzle_goes_by_its_journal_in_every_directory() {
    let files = [
        ("meta/_journal.json", "{\"entries\": []}"),
        ("v1/0000_a.sql", "SELECT 1;"),
    ];
    let found = read_deep("drizzle", &files).map(|catalog| names(&catalog)).unwrap_err();
    assert!(
        found[0].starts_with("v1/0000_a.sql: near-miss: `meta/_journal.json` does not name it"),
        "{found:?}"
    );
}

#[test]
fn without_it_a_directory_with_migrations_in_it_is_told_by_every_layout() {
    for layout in [
        "native",
        "dbmate",
        "golang-migrate",
        "goose",
        "maragudk",
        "sqlx",
        "refinery",
    ] {
        let found = refused(
            layout,
            &[("v1/1_a.sql", GOOSE), ("meta/_journal.json", "{\"entries\": []}")],
        );
        assert_eq!(
            found,
            [
                "v1: unreadable: the directory holds migrations (`1_a.sql`) and is not read; `recursive = true` reads it (move it elsewhere, or mend it)"
            ],
            "{layout}"
        );
    }
}

#[test]
fn a_directory_two_levels_below_is_told_too() {
    let found = refused("native", &[("a/b/1_a.sql", "SELECT 1;"), ("2_b.sql", "SELECT 2;")]);
    assert_eq!(
        found,
        [
            "a/b: unreadable: the directory holds migrations (`1_a.sql`) and is not read; `recursive = true` reads it (move it elsewhere, or mend it)"
        ]
    );
}

#[test]
fn one_level_too_deep_for_a_tool_of_directories_is_told() {
    for (layout, file) in [("diesel", "up.sql"), ("prisma", "migration.sql")] {
        let deep = format!("v1/2_b/{file}");
        let flat = format!("1_a/{file}");
        let found = refused(layout, &[(flat.as_str(), "SELECT 1;"), (deep.as_str(), "SELECT 2;")]);
        assert!(found.iter().any(|told| told.starts_with("v1")), "{found:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_to_a_directory_that_a_tool_would_follow_is_told() {
    use crate::read::{catalog, directory, reading};
    use syncline::script::Syntax;

    let files = directory(&[
        ("migrations/1_a/up.sql", "SELECT 1;"),
        ("elsewhere/up.sql", "SELECT 2;"),
    ]);
    let migrations = files.path().join("migrations");
    std::os::unix::fs::symlink("../elsewhere", migrations.join("2_b")).unwrap();
    let found = catalog(&migrations, Syntax::Sqlite, &reading("diesel")).map(|catalog| names(&catalog));
    assert_eq!(
        found.unwrap_err(),
        [
            "2_b: unreadable: it is a symbolic link to a directory, and those are not followed (move it elsewhere, or mend it)"
        ]
    );
}

#[test]
fn directories_of_other_things_are_nothing() {
    let files = [
        ("1_a.sql", "SELECT 1;"),
        ("seeds/users.csv", ""),
        ("docs/notes.md", ""),
        (".git/1_a.sql", "SELECT 1;"),
    ];
    assert_eq!(names(&read("", &files).unwrap()), ["1 a"]);
}
