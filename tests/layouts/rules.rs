//! Which files each tool reads, which it passes over and at which it stops, by its own source; and where syncline is stricter, since what
//! looks like a migration and would never run is worth a question. `docs/compatibility.md` has the reasons.

use crate::read::{names, read};

/// What becomes of a file.
enum Is {
    /// A migration, with its version and name.
    Read(&'static str),
    /// It is told, and nothing else.
    PassedOver,
    /// It keeps everything from running: as it stops the tool, or as stricter than the tool is.
    Refused(&'static str),
}
use Is::{PassedOver, Read, Refused};

const BOTH: &str = "-- +goose Up\n-- migrate:up\n-- Up Migration\nSELECT 1;\n";

/// Layout, name of a file, and what becomes of it beside one that is a migration.
const RULES: &[(&str, &str, Is)] = &[
    // https://github.com/golang-migrate/migrate/blob/master/source/parse.go
    ("golang-migrate", "2_.up.sql", Read("2 2_")),
    ("golang-migrate", "2_b.up.SQL", Read("2 b")),
    ("golang-migrate", "2_b.c.up.sql", Read("2 b.c")),
    ("golang-migrate", "seed.sql", PassedOver),
    ("golang-migrate", "2_b.sql", Refused("near-miss")),
    ("golang-migrate", "b.up.sql", Refused("near-miss")),
    ("golang-migrate", "2_b.down.sql", Refused("orphan-down")),
    // https://github.com/amacneil/dbmate/blob/main/pkg/dbmate/db.go: `^(\d+).*\.sql$`
    ("dbmate", "2.sql", Read("2 2")),
    ("dbmate", "2-b.sql", Read("2 b")),
    ("dbmate", "2b.sql", Read("2 b")),
    ("dbmate", "2_b.up.sql", Read("2 b.up")),
    ("dbmate", "schema.sql", PassedOver),
    ("dbmate", "2_b.sql.txt", PassedOver),
    ("dbmate", "V2__b.sql", Refused("near-miss")),
    // https://github.com/pressly/goose/blob/main/migration.go: NumericComponent
    ("goose", "2_.sql", Read("2 2_")),
    ("goose", "2_b.up.sql", Read("2 b.up")),
    ("goose", "2_b.sql.example", PassedOver),
    ("goose", "2-b.sql", Refused("near-miss")),
    ("goose", "schema.sql", Refused("near-miss")),
    // https://github.com/launchbadge/sqlx/blob/main/sqlx-core/src/migrate/source.rs
    ("sqlx", "2_.sql", Read("2 2_")),
    ("sqlx", "2_b c.up.sql", Read("2 b c")),
    ("sqlx", "seed.sql", PassedOver),
    ("sqlx", "2-b.sql", Refused("near-miss")),
    // sqlx stops at it; seeds beside migrations are told.
    ("sqlx", "seed_data.sql", PassedOver),
    // https://github.com/salsita/node-pg-migrate/blob/main/src/utils/fileNameUtils.ts
    ("node-pg-migrate", "2-b.sql", Read("2 b")),
    ("node-pg-migrate", "2.sql", Read("2 2")),
    ("node-pg-migrate", "schema.sql", Refused("near-miss")),
    // https://github.com/ThomWright/postgres-migrations/blob/master/src/file-name-parser.ts
    ("postgres-migrations", "2.sql", Read("2 2")),
    ("postgres-migrations", "2b.SQL", Read("2 b")),
    ("postgres-migrations", "2_b.sql.bak.sql", Read("2 b.sql.bak")),
    ("postgres-migrations", "2_b.js", Refused("layout")),
    ("postgres-migrations", "schema.sql", Refused("near-miss")),
    // https://github.com/jackc/tern/blob/master/migrate/migrate.go: `\A(\d+)_.+\.sql\z`
    ("tern", "2_b.up.sql", Read("2 b.up")),
    ("tern", "001_create_people.sql.example", PassedOver),
    ("tern", "shared.sql", PassedOver),
    ("tern", "2-b.sql", Refused("near-miss")),
    // https://github.com/rust-db/refinery/blob/main/refinery_core/src/util.rs
    ("refinery", "U2__b.sql", Read("2 b")),
    ("refinery", "schema.sql", PassedOver),
    ("refinery", "V2_b.sql", Refused("near-miss")),
    ("refinery", "V2__b.rs", Refused("layout")),
    // It matches there, and then is no version.
    ("refinery", "V2.1__b.sql", Refused("near-miss")),
    ("refinery", "V2__b c.sql", Refused("near-miss")),
    // https://github.com/maragudk/migrate/blob/main/migrate.go
    ("maragudk", "2-b.up.sql", Read("2 b")),
    ("maragudk", "schema.sql", PassedOver),
    ("maragudk", "2_b.sql", PassedOver),
    // https://documentation.red-gate.com/fd/migrations-184127470.html
    ("flyway", "V2.sql", Read("2 unnamed")),
    ("flyway", "seed.sql", PassedOver),
    ("flyway", "V2_b.txt.sql", Refused("near-miss")),
    ("flyway", "2__b.sql", Refused("near-miss")),
    // https://docs.rs/diesel_migrations/latest/diesel_migrations/struct.FileBasedMigrations.html
    ("diesel", "2/up.sql", Read("2 2")),
    ("diesel", "2_b.sql/up.sql", Read("2 b.sql")),
    ("diesel", "2_b.sql", PassedOver),
    ("diesel", "b/up.sql", Refused("near-miss")),
    (
        "diesel",
        "2026-01-02-030405-0001_b/up.sql",
        Read("20260102030405.10001 b"),
    ),
];

fn first(layout: &str) -> &'static str {
    match layout {
        "golang-migrate" | "maragudk" => "1_a.up.sql",
        "flyway" | "refinery" => "V1__a.sql",
        "diesel" => "1_a/up.sql",
        _ => "1_a.sql",
    }
}

#[test]
fn files_are_read_passed_over_and_refused_by_the_rules_of_their_tools() {
    for (layout, file, is) in RULES {
        let found = read(layout, &[(first(layout), BOTH), (file, BOTH)]);
        let at = format!("{layout}: {file}");
        match is {
            Read(told) => {
                let catalog = found.unwrap_or_else(|problems| panic!("{at}: {problems:?}"));
                assert_eq!(names(&catalog), ["1 a", *told], "{at}");
            }
            PassedOver => {
                let catalog = found.unwrap_or_else(|problems| panic!("{at}: {problems:?}"));
                assert_eq!(names(&catalog), ["1 a"], "{at}");
                let notes = catalog.notes();
                assert_eq!(notes.len(), 1, "{at}: {notes:?}");
                assert!(
                    notes[0].contains(file) && notes[0].contains("is passed over"),
                    "{at}: {notes:?}"
                );
            }
            Refused(code) => {
                let problems = found.map(|catalog| names(&catalog)).expect_err(&at);
                assert_eq!(problems.len(), 1, "{at}: {problems:?}");
                assert!(
                    problems[0].starts_with(&format!("{file}: {code}: ")),
                    "{at}: {problems:?}"
                );
            }
        }
    }
}

#[test]
fn files_that_are_passed_over_are_one_note_however_many_they_are() {
    let files = [("1_a.sql", BOTH), ("seed.sql", ""), ("views.sql", ""), ("old.sql", "")];
    let notes = read("sqlx", &files).unwrap().notes().to_vec();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(
        notes[0].starts_with("3 files are none of sqlx, and are passed over"),
        "{notes:?}"
    );
}

const PLAN: &str = "%syntax-version=1.0.0\n%project=a\n\n";
const BY_ANN: &str = "2024-01-01T00:00:00Z Ann <a@example.com> # why";

/// What becomes of a line behind one change, by <https://github.com/sqitchers/sqitch/blob/develop/lib/App/Sqitch/Plan.pm>: `_parse`.
const SQITCH_LINES: &[(&str, Is)] = &[
    ("b", Read("2 b")),
    ("  +  b [users other:c !old] ", Read("2 b")),
    ("dir/b", Read("2 dir/b")),
    ("b.c", Read("2 b.c")),
    ("@v1", PassedOver),
    ("# b", PassedOver),
    // Sqitch stops, too.
    ("users", Refused("layout")),
    ("<<<<<<< HEAD", Refused("conflict-marker")),
    // Sqitch reverts it, and syncline goes by what is left in the plan.
    ("-users", Refused("layout")),
    ("gone", Refused("layout")),
];

#[test]
fn lines_of_a_plan_are_read_by_the_rules_of_sqitch() {
    for (line, is) in SQITCH_LINES {
        let plan = format!("{PLAN}users {BY_ANN}\n{line} {BY_ANN}\n");
        let name = line.trim_matches([' ', '+']).split(' ').next().unwrap_or_default();
        let file = format!("deploy/{name}.sql");
        let mut files = vec![("sqitch.plan", plan.as_str()), ("deploy/users.sql", "SELECT 1;")];
        if matches!(is, Read(_)) {
            files.push((&file, "SELECT 2;"));
        }
        let found = read("sqitch", &files);
        match is {
            Read(told) => assert_eq!(names(&found.unwrap()), ["1 users", *told], "{line}"),
            PassedOver => assert_eq!(names(&found.unwrap()), ["1 users"], "{line}"),
            Refused(code) => {
                let problems = found.map(|catalog| names(&catalog)).expect_err(line);
                let all = problems.iter().all(|problem| problem.contains(&format!(": {code}: ")));
                assert!(all && !problems.is_empty(), "{line}: {problems:?}");
            }
        }
    }
}

#[test]
fn files_that_no_change_of_a_plan_names_are_told_or_refused() {
    let plan = format!("{PLAN}users {BY_ANN}\n");
    let with = |file| {
        read(
            "sqitch",
            &[
                ("sqitch.plan", plan.as_str()),
                ("deploy/users.sql", "SELECT 1;"),
                (file, "SELECT 2;"),
            ],
        )
    };
    for (file, told) in [
        ("revert/gone.sql", "is passed over"),
        ("verify/users.sql", "are not run"),
    ] {
        let catalog = with(file).unwrap();
        assert_eq!(names(&catalog), ["1 users"], "{file}");
        assert!(catalog.notes()[0].contains(told), "{file}: {:?}", catalog.notes());
    }
    let problems = with("deploy/other.sql").map(|catalog| names(&catalog)).unwrap_err();
    assert!(problems[0].starts_with("deploy/other.sql: near-miss: "), "{problems:?}");
}
