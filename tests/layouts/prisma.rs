//! Prisma Migrate: a directory for each migration, and a lock file that names the database.

use crate::read::{found, names, read, refused, the_same_on_windows, told};

#[test]
fn a_directory_is_a_migration_and_the_lock_file_none() {
    let files = [
        ("migration_lock.toml", "provider = \"sqlite\"\n"),
        ("20240101120000_init/migration.sql", "CREATE TABLE users (id int);\n"),
        ("20240102120000_more/migration.sql", "CREATE TABLE more (id int);\n"),
        ("20240102120000_more/down.sql", "DROP TABLE more;\n"),
    ];
    let catalog = found(
        "prisma",
        "`20240101120000_init/migration.sql` is in a directory of its own",
        &files,
    );
    assert_eq!(
        told(&catalog),
        [
            "20240101120000 20240101120000_init: \"CREATE TABLE users (id int);\\n\"",
            "20240102120000 20240102120000_more: \"CREATE TABLE more (id int);\\n\" | \"DROP TABLE more;\\n\"",
        ]
    );
}

#[test]
fn names_without_an_underscore_are_read() {
    let files = [
        ("0_init/migration.sql", "SELECT 1;"),
        ("20240101120000/migration.sql", "SELECT 1;"),
    ];
    assert_eq!(
        names(&read("prisma", &files).unwrap()),
        ["0 0_init", "20240101120000 20240101120000"]
    );
}

#[test]
fn a_directory_s_name_is_what_a_migration_is_and_where_it_stands() {
    let files = [
        ("20240101120000_b/migration.sql", "SELECT 2;"),
        ("20240101120000_a/migration.sql", "SELECT 1;"),
        ("20240101_c/migration.sql", "SELECT 3;"),
        ("20240102_fix.sql/migration.sql", "SELECT 4;"),
        ("init/migration.sql", "SELECT 5;"),
        ("migration_lock.toml", "provider = \"postgresql\"\n"),
    ];
    let catalog = found(
        "prisma",
        "`20240101120000_a/migration.sql` is in a directory of its own",
        &files,
    );
    assert_eq!(
        names(&catalog),
        [
            "20240101120000 20240101120000_a",
            "20240101120000.1 20240101120000_b",
            "20240101120000.2 20240101_c",
            "20240101120000.3 20240102_fix.sql",
            "20240101120000.4 init",
        ]
    );
}

#[test]
fn directories_of_others_that_its_order_would_not_fit_are_not_taken_for_its() {
    for files in [
        [
            ("release-1.2/migration.sql", "SELECT 2;"),
            ("release-1.10/migration.sql", "SELECT 10;"),
        ],
        [("2_b/migration.sql", "SELECT 2;"), ("10_c/migration.sql", "SELECT 10;")],
        [
            ("2026_a/migration.sql", "SELECT 1;"),
            ("later/migration.sql", "SELECT 2;"),
        ],
    ] {
        assert!(read("", &files).is_ok_and(|catalog| catalog.is_empty()));
    }
}

#[test]
fn a_directory_that_is_no_migration_is_refused_as_prisma_does() {
    let files = [
        ("1_a/migration.sql", "SELECT 1;"),
        ("2_b/Migration.sql", "SELECT 2;"),
        ("3_c/down.sql", "SELECT 3;"),
    ];
    let found = refused("prisma", &files);
    let told: Vec<&str> = found.iter().map(|told| told.split(" (").next().unwrap()).collect();
    assert_eq!(
        told,
        [
            "2_b: unreadable: there is no `migration.sql` in it, and prisma takes every directory for a migration",
            "3_c/down.sql: orphan-down: there is no up script of version 3",
        ]
    );
}

#[test]
fn line_ends_and_a_mark_change_nothing() {
    the_same_on_windows(
        "prisma",
        &[
            ("migration_lock.toml", "provider = \"sqlite\"\n"),
            ("1_a/migration.sql", "SELECT 1;\nSELECT 2;\n"),
        ],
    );
}
