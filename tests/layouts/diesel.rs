//! diesel: a directory for each migration.

use crate::read::{found, names, read, refused, the_same_on_windows, told};

#[test]
fn a_directory_is_a_migration() {
    let files = [
        (
            "2024-01-01-120000_create_users/up.sql",
            "CREATE TABLE users (id int);\n",
        ),
        ("2024-01-01-120000_create_users/down.sql", "DROP TABLE users;\n"),
        ("00000000000000_diesel_initial_setup/up.sql", "SELECT 1;\n"),
        (".keep", ""),
    ];
    let catalog = found(
        "diesel",
        "`00000000000000_diesel_initial_setup/up.sql` is in a directory of its own",
        &files,
    );
    assert_eq!(
        told(&catalog),
        [
            "0 diesel_initial_setup: \"SELECT 1;\\n\"",
            "20240101120000 create_users: \"CREATE TABLE users (id int);\\n\" | \"DROP TABLE users;\\n\"",
        ]
    );
}

#[test]
fn every_form_of_version_keeps_the_order_of_texts() {
    let files = [
        ("00000000000001_a/up.sql", "SELECT 1;"),
        ("2023-12-31_b/up.sql", "SELECT 1;"),
        ("2024-01-01-120000_c/up.sql", "SELECT 1;"),
        ("2024-01-01-120000-0001_d/up.sql", "SELECT 1;"),
        ("20240101120001/up.sql", "SELECT 1;"),
    ];
    assert_eq!(
        names(&read("diesel", &files).unwrap()),
        [
            "1 a",
            "20231231000000 b",
            "20240101120000 c",
            "20240101120000.10001 d",
            "20240101120001 20240101120001",
        ]
    );
}

#[test]
fn an_order_of_texts_that_is_not_that_of_the_numbers_is_refused() {
    let files = [("2_a/up.sql", "SELECT 1;"), ("10_b/up.sql", "SELECT 1;")];
    assert_eq!(
        refused("diesel", &files),
        [
            "2_a/up.sql: order: diesel runs `10_b/up.sql` before it, because it compares versions as text, and by their numbers it comes first (give the versions the same number of digits)"
        ]
    );
}

#[test]
fn metadata_says_that_both_scripts_run_without_a_transaction() {
    let files = [
        ("1_a/up.sql", "VACUUM;"),
        ("1_a/down.sql", "SELECT 1;"),
        ("1_a/metadata.toml", "run_in_transaction = false\n"),
        ("2_b/up.sql", "SELECT 2;"),
        ("2_b/metadata.toml", "run_in_transaction = true\n"),
    ];
    assert_eq!(
        told(&read("diesel", &files).unwrap()),
        [
            "1 a: outside \"-- syncline: no-transaction\\nVACUUM;\" | outside \"-- syncline: no-transaction\\nSELECT 1;\"",
            "2 b: \"SELECT 2;\"",
        ]
    );
}

#[test]
fn metadata_that_is_not_understood_is_refused() {
    for (text, problem) in [
        (
            "run_in_transaction = 0",
            "`run_in_transaction` is neither true nor false (write `run_in_transaction = false`)",
        ),
        (
            "other = 1\nrun_in_transaction = true",
            "`other` is not supported (diesel reads `run_in_transaction`)",
        ),
    ] {
        let files = [("1_a/up.sql", "SELECT 1;"), ("1_a/metadata.toml", text)];
        assert_eq!(
            refused("diesel", &files),
            [format!("1_a/metadata.toml: layout: {problem}")]
        );
    }
    let files = [("1_a/up.sql", "SELECT 1;"), ("1_a/metadata.toml", "=")];
    assert!(refused("diesel", &files)[0].starts_with("1_a/metadata.toml: layout: it is no TOML: "));
}

#[test]
fn a_directory_that_is_no_migration_is_refused_as_diesel_does() {
    let files = [
        ("1_a/up.sql", "SELECT 1;"),
        ("2_b/UP.sql", "SELECT 2;"),
        ("3_c/down.sql", "SELECT 3;"),
        ("create_d/up.sql", "SELECT 4;"),
        ("5_e/metadata.toml", "run_in_transaction = false"),
        (".git/config", ""),
    ];
    let found = refused("diesel", &files);
    let told: Vec<&str> = found.iter().map(|told| told.split(" (").next().unwrap()).collect();
    assert_eq!(
        told,
        [
            "2_b: unreadable: there is no `up.sql` in it, and diesel takes every directory for a migration",
            "3_c/down.sql: orphan-down: there is no up script of version 3",
            "5_e: unreadable: there is no `up.sql` in it, and diesel takes every directory for a migration",
            "create_d/up.sql: near-miss: its directory is not named `<version>_<name>`",
        ]
    );
}

#[test]
fn directories_without_a_version_are_found_and_refused_and_not_passed_over() {
    let found = refused("", &[("create_users/up.sql", "SELECT 1;")]);
    assert!(found[0].starts_with("create_users/up.sql: near-miss: "), "{found:?}");
}

#[test]
fn two_directories_of_one_version_are_refused() {
    let files = [("2024-01-01_a/up.sql", "SELECT 1;"), ("20240101_b/up.sql", "SELECT 1;")];
    assert!(refused("diesel", &files)[0].contains("duplicate"));
}

#[test]
fn a_file_beside_the_directories_is_passed_over_with_a_word() {
    let catalog = read("diesel", &[("1_a/up.sql", "SELECT 1;"), ("2_b.sql", "SELECT 2;")]).unwrap();
    assert_eq!(names(&catalog), ["1 a"]);
    assert_eq!(catalog.notes(), ["`2_b.sql` is no file of diesel, and is passed over"]);
}

#[test]
fn line_ends_and_a_mark_change_nothing() {
    the_same_on_windows(
        "diesel",
        &[
            ("1_a/up.sql", "SELECT 1;\nSELECT 2;\n"),
            ("1_a/down.sql", "SELECT 3;\n"),
            ("1_a/metadata.toml", "run_in_transaction = false\n"),
        ],
    );
}
