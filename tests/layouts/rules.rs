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
    // https://github.com/flyway/flyway/blob/main/flyway-core/src/main/java/org/flywaydb/core/internal/resource/ResourceNameParser.java, and what
    // `info` of Flyway 13.12.2 says of each; versions by `MigrationVersion.fromVersion` there.
    ("flyway", "V2.sql", Read("2 unnamed")),
    ("flyway", "V2__.sql", Read("2 unnamed")),
    ("flyway", "V02__b.sql", Read("2 b")),
    ("flyway", "V2.0__b.sql", Read("2 b")),
    ("flyway", "V2_1__b.sql", Read("2.1 b")),
    ("flyway", "V2__b__c.sql", Read("2 b__c")),
    ("flyway", "V2___b.sql", Read("2 _b")),
    ("flyway", "V2__b c.sql", Read("2 b c")),
    // Flyway 9 and newer; 7 and older pass over it.
    ("flyway", "V2__b.SQL", Read("2 b")),
    ("flyway", "R__b.SQL", Read("R__b b")),
    ("flyway", "seed.sql", PassedOver),
    ("flyway", "undo.sql", PassedOver),
    ("flyway", "Vx__b.sql", PassedOver),
    ("flyway", "V 2__b.sql", PassedOver),
    ("flyway", "afterFoo.sql", PassedOver),
    // Flyway passes over all of these.
    ("flyway", "V2_b.txt.sql", Refused("near-miss")),
    ("flyway", "V2_b.sql", Refused("near-miss")),
    ("flyway", "V2-1__b.sql", Refused("near-miss")),
    ("flyway", "V2.__b.sql", Refused("near-miss")),
    ("flyway", "V__b.sql", Refused("near-miss")),
    ("flyway", "v2__b.sql", Refused("near-miss")),
    ("flyway", "2__b.sql", Refused("near-miss")),
    ("flyway", "R2__b.sql", Refused("near-miss")),
    // It runs these as repeatable scripts without a name, so that there can be one alone.
    ("flyway", "R__.sql", Refused("near-miss")),
    ("flyway", "R.sql", Refused("near-miss")),
    // The free edition passes over it; a script that undoes nothing is a mistake.
    ("flyway", "U2__b.sql", Refused("orphan-down")),
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

/// Those of Flyway 13.12.2, by `Event.values()` there.
/// <https://github.com/flyway/flyway/blob/main/flyway-core/src/main/java/org/flywaydb/core/api/callback/Event.java>
const EVENTS: &str = "beforeClean afterClean afterCleanError beforeMigrate beforeEachMigrate beforeEachMigrateStatement afterEachMigrateStatement \
    afterEachMigrateStatementError afterEachMigrate afterEachMigrateError beforeRepeatables afterVersioned afterMigrateApplied afterMigrate \
    afterMigrateError beforeUndo beforeEachUndo beforeEachUndoStatement afterEachUndoStatement afterEachUndoStatementError afterEachUndo \
    afterEachUndoError afterUndo afterUndoError beforeValidate afterValidate afterValidateError beforeBaseline afterBaseline afterBaselineError \
    beforeRepair afterRepair afterRepairError beforeInfo afterInfo afterInfoError afterMigrateOperationFinish afterInfoOperationFinish \
    afterCleanOperationFinish afterValidateOperationFinish afterUndoOperationFinish afterRepairOperationFinish afterBaselineOperationFinish \
    afterReportGenerated createSchema beforeCreateSchema beforeConnect afterConnect";

#[test]
fn every_callback_of_flyway_is_told_as_one() {
    for event in EVENTS.split_whitespace() {
        for file in [format!("{event}.sql"), format!("{event}__why.sql")] {
            let catalog = read("flyway", &[("V1__a.sql", BOTH), (&file, BOTH)]).unwrap();
            let told = format!("/{file}` is a callback of Flyway and is not run");
            assert!(
                matches!(catalog.notes(), [note] if note.ends_with(&told)),
                "{file}: {:?}",
                catalog.notes()
            );
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

/// What becomes of a changelog, by
/// <https://github.com/liquibase/liquibase/blob/master/liquibase-standard/src/main/java/liquibase/parser/AbstractFormattedChangeLogParser.java> and
/// by what Liquibase 5.0.4 has made of each.
const LIQUIBASE: &[(&str, Is)] = &[
    (
        "-- liquibase formatted sql\n-- changeset a:1\nSELECT 1;\n",
        Read("1 a:1:db.sql"),
    ),
    (
        "--LIQUIBASE FORMATTED\n  --CHANGESET a:1\nSELECT 1;\n",
        Read("1 a:1:db.sql"),
    ),
    (
        "\n\n  --liquibase formatted sql\n--changeset a:1\nSELECT 1;\n",
        Read("1 a:1:db.sql"),
    ),
    (
        "--liquibase formatted sql\n--changeset a b:1\nSELECT 1;\n",
        Read("1 a b:1:db.sql"),
    ),
    (
        "--liquibase formatted sql\n--changeset \"a:b\":\"1 2\"\nSELECT 1;\n",
        Read("1 a:b:1 2:db.sql"),
    ),
    (
        "--liquibase formatted sql\n--changeset a:1:2 runonchange:TRUE\nSELECT 1;\n",
        Read("1 a:1:2:db.sql"),
    ),
    (
        "--liquibase formatted sql\n--changeset a:1\n--comment why\n--validCheckSum: ANY\nSELECT 1;\n",
        Read("1 a:1:db.sql"),
    ),
    (
        "--liquibase formatted sql\n--changeset a:1\n--ignoreLines:1\nSELECT 0;\nSELECT 1;\n",
        Read("1 a:1:db.sql"),
    ),
    (
        "--liquibase formatted sql\n--changeset a:1\n/* liquibase rollback\nSELECT 2;\n*/\nSELECT 1;\n",
        Read("1 a:1:db.sql"),
    ),
    // Liquibase 5.0.4 stops at these two; newer source reads the first.
    (
        "--liquibase formatted sql\n--changeset a: 1\nSELECT 1;\n",
        Read("1 a:1:db.sql"),
    ),
    (
        "--liquibase formatted sql\n--changeset a:1\n--comments why\nSELECT 1;\n",
        Read("1 a:1:db.sql"),
    ),
    // Liquibase stops, too.
    ("--liquibase formatted sql\n-changeset a:1\n", Refused("layout")),
    ("--liquibase formatted sql\n--changeset\n", Refused("layout")),
    ("--liquibase formatted sql\n--changeset a\n", Refused("layout")),
    ("--liquibase formatted sql\n--changeset :1\n", Refused("layout")),
    ("--liquibase formatted sql\n--changeset a:\n", Refused("layout")),
    (
        "--liquibase formatted sql\n--changeset a:1\n-rollback SELECT 2;\nSELECT 1;\n",
        Refused("layout"),
    ),
    (
        "--liquibase formatted sql\n--changeset a:1\n--ignore:1\nSELECT 1;\n",
        Refused("layout"),
    ),
    (
        "--liquibase formatted sql\n--changeset a:1\n--precondition-foo x\nSELECT 1;\n",
        Refused("layout"),
    ),
    (
        "--liquibase formatted sql\n--changeset a:1\n--changeset a:1\n",
        Refused("duplicate"),
    ),
    // Liquibase passes over these without a word, or runs the whole file as one.
    (
        "--liquibase formatted sql\n---changeset a:1\nSELECT 1;\n",
        Refused("layout"),
    ),
    (
        "--liquibase formatted sql\nSELECT 0;\n--changeset a:1\nSELECT 1;\n",
        Refused("layout"),
    ),
    (
        "--liquibase formatted sql\n--changeset a:1 runOnChange: true\nSELECT 1;\n",
        Refused("layout"),
    ),
    (
        "--liquibase formatted sql\n--changeset a:1 runOnChanges:true\nSELECT 1;\n",
        Refused("layout"),
    ),
    (
        "SELECT 0;\n--liquibase formatted sql\n--changeset a:1\nSELECT 1;\n",
        Refused("layout"),
    ),
];

#[test]
fn lines_of_a_changelog_are_read_by_the_rules_of_liquibase() {
    for (text, is) in LIQUIBASE {
        let found = read("liquibase", &[("db.sql", text)]);
        match is {
            Read(told) => assert_eq!(names(&found.unwrap()), [*told], "{text}"),
            PassedOver => unreachable!("a line is never passed over"),
            Refused(code) => {
                let problems = found.map(|catalog| names(&catalog)).expect_err(text);
                let said = format!(": {code}: ");
                assert!(
                    problems.iter().any(|problem| problem.contains(&said)),
                    "{text}: {problems:?}"
                );
            }
        }
    }
}
