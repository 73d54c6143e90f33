//! Rows of tools whose migrations are programs, where files have the same names: what ran is not pending, in whatever language.

use crate::place::Engine;
use crate::special::project;
use crate::walk::count;

/// Tool, its table, a row for a migration, and the file that the row is about.
const NAMED: [(&str, &str, &str, &str); 7] = [
    (
        "yoyo",
        "CREATE TABLE _yoyo_migration (migration_hash VARCHAR(64) PRIMARY KEY, migration_id VARCHAR(255), applied_at_utc timestamp)",
        "INSERT INTO _yoyo_migration VALUES ('a', '20260102_01_aBcDe-people', '2026-01-02 03:04:05')",
        "20260102_01_aBcDe-people.sql",
    ),
    (
        "knex",
        "CREATE TABLE knex_migrations (id integer PRIMARY KEY, name varchar(255), batch integer, migration_time timestamp)",
        "INSERT INTO knex_migrations VALUES (1, '20260102030405_people.js', 1, '2026-01-02 03:04:05')",
        "20260102030405_people.sql",
    ),
    (
        "rails",
        "CREATE TABLE ar_internal_metadata (value varchar(9)); CREATE TABLE schema_migrations (version varchar(255) PRIMARY KEY)",
        "INSERT INTO schema_migrations VALUES ('20260102030405')",
        "20260102030405_people.sql",
    ),
    (
        "ecto",
        "CREATE TABLE schema_migrations (version bigint PRIMARY KEY, inserted_at timestamp)",
        "INSERT INTO schema_migrations VALUES (20260102030405, '2026-01-02 03:04:05')",
        "20260102030405_people.up.sql",
    ),
    (
        "laravel",
        "CREATE TABLE migrations (id integer PRIMARY KEY, migration varchar(255), batch integer)",
        "INSERT INTO migrations VALUES (1, '2026_people', 1)",
        "2026_people.sql",
    ),
    (
        "typeorm",
        "CREATE TABLE migrations (id integer PRIMARY KEY, timestamp bigint, name varchar(255))",
        "INSERT INTO migrations VALUES (1, 1767323045000, '1767323045000_people')",
        "1767323045000_people.sql",
    ),
    (
        "seaorm",
        "CREATE TABLE seaql_migrations (version varchar(255) PRIMARY KEY, applied_at bigint)",
        "INSERT INTO seaql_migrations VALUES ('20260102_people', 1767323045)",
        "20260102_people.sql",
    ),
];

#[test]
fn a_file_with_the_name_of_what_the_other_tool_has_run_is_not_run_again() {
    for (tool, table, row, file) in NAMED {
        let text = "CREATE TABLE people (id integer);\nINSERT INTO people VALUES (1);\n";
        let sql = format!("{table}; {row}; {text}");
        let layout = if tool == "yoyo" { "layout = 'yoyo'" } else { "" };
        let project = project(Engine::Sqlite, &format!("named-{tool}"), layout, &[(file, text)], &sql);
        let adopted = project.does(&["adopt", "--from", tool]);
        assert_eq!(
            adopted["migrations"][0]["verdict"], "unverifiable",
            "{tool}: {adopted:#}"
        );
        assert_eq!(count(&project.does(&["up"])["applied"]), 0, "{tool}");
        assert_eq!(project.place.ask("SELECT count(*) FROM people").trim(), "1", "{tool}");
    }
}
