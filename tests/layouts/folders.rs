//! A folder of each layout with a migration that goes both ways where its tool knows that: found as its own and as no other's, and
//! converted to one direction in a file.

use std::fs;

use syncline::catalog::Layout;

use crate::project::Project;
use crate::read::read;

/// A file by its path, with its text.
type Files = &'static [(&'static str, &'static str)];

/// Layouts with their files. Those without a line or a file of their own are found as syncline's (`false`).
const FOLDERS: &[(&str, bool, Files)] = &[
    (
        "native",
        false,
        &[("1_a.sql", "CREATE TABLE a (b int);\n-- syncline: down\nDROP TABLE a;\n")],
    ),
    (
        "atlas",
        true,
        &[
            (
                "20260101090000_people.sql",
                "CREATE TABLE `people` (`id` integer NOT NULL);\n",
            ),
            (
                "atlas.sum",
                "h1:2ZH4cX2UHEM411r4Ck1eS/M/MYC14jqWaV7OFeGzorc=\n20260101090000_people.sql h1:t56T1yRaHGbZgJT2jznKy9ThDaT5WlU0cthye83OL7A=\n",
            ),
        ],
    ),
    (
        "dbmate",
        true,
        &[(
            "1_a.sql",
            "-- migrate:up\nCREATE TABLE a (b int);\n-- migrate:down\nDROP TABLE a;\n",
        )],
    ),
    (
        "diesel",
        true,
        &[
            ("1_a/up.sql", "CREATE TABLE a (b int);\n"),
            ("1_a/down.sql", "DROP TABLE a;\n"),
        ],
    ),
    (
        "drizzle",
        true,
        &[
            ("0000_a.sql", "CREATE TABLE a (b int);\n"),
            (
                "meta/_journal.json",
                r#"{"version":"7","dialect":"sqlite","entries":[{"idx":0,"version":"6","when":1,"tag":"0000_a","breakpoints":true}]}"#,
            ),
        ],
    ),
    (
        "flyway",
        true,
        &[
            ("V1__a.sql", "CREATE TABLE a (b int);\n"),
            ("U1__a.sql", "DROP TABLE a;\n"),
        ],
    ),
    (
        "golang-migrate",
        false,
        &[
            ("1_a.up.sql", "CREATE TABLE a (b int);\n"),
            ("1_a.down.sql", "DROP TABLE a;\n"),
        ],
    ),
    (
        "goose",
        true,
        &[(
            "1_a.sql",
            "-- +goose Up\nCREATE TABLE a (b int);\n-- +goose Down\nDROP TABLE a;\n",
        )],
    ),
    (
        "graphile-migrate",
        true,
        &[(
            "committed/000001-a.sql",
            "--! Previous: -\n--! Hash: sha1:0\n--! AllowInvalidHash\n\nCREATE TABLE a (b int);\n",
        )],
    ),
    (
        "liquibase",
        true,
        &[(
            "a.sql",
            "--liquibase formatted sql\n--changeset ann:1\nCREATE TABLE a (b int);\n--rollback DROP TABLE a;\n",
        )],
    ),
    (
        "maragudk",
        false,
        &[
            ("1_a.up.sql", "CREATE TABLE a (b int);\n"),
            ("1_a.down.sql", "DROP TABLE a;\n"),
        ],
    ),
    (
        "node-pg-migrate",
        true,
        &[(
            "1_a.sql",
            "-- Up Migration\nCREATE TABLE a (b int);\n-- Down Migration\nDROP TABLE a;\n",
        )],
    ),
    (
        "pop",
        true,
        &[
            ("1_a.up.sql", "CREATE TABLE a (b text);\n"),
            ("1_a.sqlite3.up.sql", "CREATE TABLE a (b int);\n"),
            ("1_a.down.sql", "DROP TABLE a;\n"),
        ],
    ),
    (
        "postgres-migrations",
        true,
        &[(
            "1_a.sql",
            "-- postgres-migrations disable-transaction\nCREATE TABLE a (b int);\n",
        )],
    ),
    (
        "prisma",
        true,
        &[
            ("1_a/migration.sql", "CREATE TABLE a (b int);\n"),
            ("1_a/down.sql", "DROP TABLE a;\n"),
            ("migration_lock.toml", "provider = \"sqlite\"\n"),
        ],
    ),
    ("refinery", false, &[("V1__a.sql", "CREATE TABLE a (b int);\n")]),
    (
        "sqitch",
        true,
        &[
            (
                "sqitch.plan",
                "%syntax-version=1.0.0\n%project=x\n\na 2026-01-01T00:00:00Z Ann <ann@example.com> # a\n",
            ),
            ("deploy/a.sql", "CREATE TABLE a (b int);\n"),
            ("revert/a.sql", "DROP TABLE a;\n"),
        ],
    ),
    (
        "sql-migrate",
        true,
        &[(
            "1_a.sql",
            "-- +migrate Up\nCREATE TABLE a (b int);\n-- +migrate Down\nDROP TABLE a;\n",
        )],
    ),
    (
        "sqlx",
        true,
        &[("1_a.sql", "-- no-transaction\nCREATE TABLE a (b int);\n")],
    ),
    (
        "supabase",
        false,
        &[("20260101090000_a.sql", "CREATE TABLE a (b int);\n")],
    ),
    (
        "tern",
        true,
        &[(
            "001_a.sql",
            "CREATE TABLE a (b int);\n---- create above / drop below ----\nDROP TABLE a;\n",
        )],
    ),
    (
        "wrangler-d1",
        true,
        &[(
            "0001_a.sql",
            "-- Migration number: 0001 \t 2026-11-30T22:09:26.044Z\nCREATE TABLE a (b int);\n",
        )],
    ),
    (
        "yoyo",
        true,
        &[
            ("0001_a.sql", "-- depends:\nCREATE TABLE a (b int);\n"),
            ("0001_a.rollback.sql", "DROP TABLE a;\n"),
        ],
    ),
];

#[test]
fn every_layout_has_a_folder_here() {
    let mut here: Vec<&str> = FOLDERS.iter().map(|(layout, ..)| *layout).collect();
    let mut all: Vec<&str> = Layout::names().collect();
    here.sort_unstable();
    all.sort_unstable();
    assert_eq!(here, all);
}

#[test]
fn a_folder_is_found_as_that_of_its_own_tool_and_of_no_other() {
    for (layout, is_shown, folder) in FOLDERS {
        let catalog = read("", folder).unwrap_or_else(|error| panic!("{layout}: {error:?}"));
        let wanted: &str = if *is_shown { layout } else { "native" };
        assert_eq!(catalog.detected().layout.name(), wanted);
        assert_eq!(catalog.len(), 1, "{layout}");
    }
}

#[test]
fn whatever_is_converted_has_one_direction_in_a_file() {
    for (layout, _, folder) in FOLDERS {
        let mut project = Project::new().variable("SYNCLINE_URL", "sqlite:x.db");
        for (name, text) in *folder {
            project.write(&format!("migrations/{name}"), *text);
        }
        project.ok(&["convert", "--to", "native", "written", "--layout", layout]);
        let mut found: Vec<(String, String)> = fs::read_dir(project.path("written"))
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                let text = fs::read_to_string(entry.path()).unwrap();
                (entry.file_name().into_string().unwrap(), text)
            })
            .collect();
        found.sort();
        assert!(!found.is_empty(), "{layout}");
        for (name, text) in &found {
            let is_down = name.ends_with(".down.sql");
            assert!(is_down || name.ends_with(".up.sql"), "{layout}: {name}");
            let (own, other) = if is_down {
                ("DROP TABLE", "CREATE TABLE")
            } else {
                ("CREATE TABLE", "DROP TABLE")
            };
            assert!(text.contains(own) && !text.contains(other), "{layout}: {name}: {text}");
        }
        let has_down = folder.iter().any(|(_, text)| text.contains("DROP TABLE"));
        assert_eq!(found.len(), if has_down { 2 } else { 1 }, "{layout}: {found:?}");
    }
}
