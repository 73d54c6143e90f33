//! Flyway: names with prefixes, undo scripts, baselines, callbacks and a script's own configuration.

use syncline::files::Reading;
use syncline::script::{Placeholders, Syntax};

use crate::read::{catalog, directory, found, line, names, read, reading, refused, the_same_on_windows, told, unfit};

#[test]
fn versions_undo_scripts_and_repeatable_ones_are_read() {
    let files = [
        ("V1__users.sql", "CREATE TABLE users (id int);"),
        ("U1__take_users_away.sql", "DROP TABLE users;"),
        ("V1_2__more.sql", "SELECT 2;"),
        ("V1.10__last.sql", "SELECT 3;"),
        ("R__views.sql", "SELECT 4;"),
    ];
    let catalog = found(
        "flyway",
        "`V1_2__more.sql` is named as Flyway names its scripts",
        &files,
    );
    assert_eq!(
        told(&catalog),
        [
            "1 users: \"CREATE TABLE users (id int);\" | \"DROP TABLE users;\"",
            "1.2 more: \"SELECT 2;\"",
            "1.10 last: \"SELECT 3;\"",
            "R__views views: \"SELECT 4;\"",
        ]
    );
}

#[test]
fn each_thing_that_shows_flyway_is_said() {
    for (file, why) in [
        ("B1__base.sql", "`B1__base.sql` is named as Flyway names its scripts"),
        ("V2_1__a.sql", "`V2_1__a.sql` is named as Flyway names its scripts"),
        ("U3__c.sql", "`U3__c.sql` undoes the script of that version"),
    ] {
        let files = [(file, "SELECT 1;"), ("V3__c.sql", "SELECT 3;")];
        found("flyway", why, &files);
    }
    let files = [
        ("V3__c.sql", "SELECT 3;"),
        ("V3__c.sql.conf", "executeInTransaction=true"),
    ];
    found("flyway", "`V3__c.sql.conf` says how a script runs", &files);
    let files = [
        ("R__v.sql", "SELECT '${'; -- ${ } ${1}\nSELECT '${tag-1}';"),
        ("V3__c.sql", "SELECT 3;"),
    ];
    found("flyway", "`R__v.sql` holds `${tag-1}`, which Flyway replaces", &files);
}

/// Where somebody has written for syncline already, or named a file in another way, a text in braces shows nothing.
#[test]
fn a_text_in_braces_shows_flyway_only_among_its_own_names() {
    let placeholder = ("R__v.sql", "SELECT '${tag}';");
    for other in [
        ("1_a.sql", "SELECT 1;"),
        ("V1__a.up.sql", "SELECT 1;\n-- syncline: empty\n"),
        ("V1__a.sql", "SELECT 1;\n-- syncline: down\nSELECT 2;\n"),
    ] {
        let read = read("", &[placeholder, other]).unwrap();
        assert_eq!(read.detected().layout.name(), "native", "{other:?}");
    }
}

#[test]
fn directories_below_are_read() {
    let files = [
        ("V1_0__a.sql", "SELECT 1;"),
        ("v2/V2__b.sql", "SELECT 2;"),
        ("v2/deep/V3__c.sql", "SELECT 3;"),
        ("v2/deep/V3__c.sql.conf", "executeInTransaction=false"),
    ];
    assert_eq!(
        told(&read("", &files).unwrap()),
        [
            "1 a: \"SELECT 1;\"",
            "2 b: \"SELECT 2;\"",
            "3 c: outside \"-- syncline: no-transaction\\nSELECT 3;\"",
        ]
    );
}

#[test]
fn a_description_may_be_missing() {
    assert_eq!(
        names(&read("flyway", &[("V1.sql", "SELECT 1;")]).unwrap()),
        ["1 unnamed"]
    );
}

#[test]
fn callbacks_of_every_name_are_passed_over_with_a_word() {
    for file in [
        "beforeMigrate.sql",
        "beforeMigrate__words.sql",
        "afterMigrateError.sql",
        "afterMigrateApplied.sql",
        "afterMigrateOperationFinish.sql",
        "beforeEachMigrateStatement.sql",
        "afterEachMigrateStatementError.sql",
        "afterVersioned.sql",
        "createSchema.sql",
    ] {
        let catalog = read("flyway", &[("V1__a.sql", "SELECT 1;"), (file, "SELECT 2;")]).unwrap();
        assert_eq!(names(&catalog), ["1 a"]);
        assert!(
            catalog.notes()[0].ends_with(&format!("{file}` is a callback of Flyway and is not run")),
            "{file}"
        );
    }
}

#[test]
fn names_that_flyway_would_pass_over_are_refused_where_they_look_like_its_own() {
    let files = [
        ("V1_a.sql", ""),
        ("V__a.sql", ""),
        ("1__a.sql", ""),
        ("R_a.sql", ""),
        ("v1__a.sql", ""),
        ("V3__a.java", ""),
    ];
    let found = refused("flyway", &files);
    assert_eq!(found.len(), files.len(), "{found:#?}");
    assert!(found.iter().all(|told| told.contains(": near-miss: ")), "{found:#?}");
}

#[test]
fn two_scripts_of_one_version_or_name_are_refused() {
    for (one, other) in [
        ("V1.1__a.sql", "V1_1__b.sql"),
        ("V1__a.sql", "x/V01__b.sql"),
        ("R__a.sql", "x/R__a.sql"),
    ] {
        let found = refused("flyway", &[(one, "SELECT 1;"), (other, "SELECT 1;")]);
        assert!(found[0].contains(": duplicate: "), "{found:?}");
    }
    let found = refused("flyway", &[("V1__a.sql", "SELECT 1;"), ("U2__b.sql", "SELECT 1;")]);
    assert_eq!(
        found,
        ["U2__b.sql: orphan-down: there is no up script of version 2 (add the up script, or remove this file)"]
    );
}

#[test]
fn a_baseline_stands_for_what_is_not_there_any_more_and_for_nothing_else() {
    let files = [("B3__base.sql", "SELECT 3;"), ("V4__d.sql", "SELECT 4;")];
    assert_eq!(names(&read("flyway", &files).unwrap()), ["3 base", "4 d"]);
    // Beside what it stands for it is no migration but a way to begin.
    let files = [("B3__base.sql", "SELECT 3;"), ("V2__b.sql", "SELECT 2;")];
    let catalog = read("flyway", &files).unwrap();
    assert_eq!(names(&catalog), ["2 b"]);
    assert_eq!(catalog.stand_in().unwrap().id.to_string(), "3");
}

#[test]
fn a_scripts_own_configuration_is_read_or_refused() {
    let with = |text: &str| {
        let files = [("V1__a.sql", "VACUUM;".to_owned()), ("V1__a.sql.conf", text.to_owned())];
        read("flyway", &files).map(|catalog| told(&catalog))
    };
    let outside = ["1 a: outside \"-- syncline: no-transaction\\nVACUUM;\""];
    assert_eq!(
        with("# words\n! more\n\nencoding : UTF-8\nexecuteInTransaction = false\n").unwrap(),
        outside
    );
    assert_eq!(
        with("placeholderReplacement=false\n").unwrap_err(),
        [
            "V1__a.sql.conf:1: layout: `placeholderReplacement` is not supported here (of a script's configuration, `executeInTransaction` and `encoding = UTF-8` are read)"
        ]
    );
    let found = refused(
        "flyway",
        &[("V1__a.sql", ""), ("V2__a.sql.conf", "executeInTransaction=false")],
    );
    assert_eq!(
        found,
        ["V2__a.sql.conf: layout: there is no such script (remove it, or rename it to the script's name and `.conf`)"]
    );
}

#[test]
fn placeholders_are_always_replaced_and_an_unknown_one_is_told_in_its_line() {
    let files = directory(&[("V1_0__a.sql", "SELECT 1;\nSELECT '${who}', '${there}';\n")]);
    let reading = Reading {
        placeholders: Placeholders::new([("${who}".to_owned(), "me".to_owned())]).unwrap(),
        ..reading("")
    };
    let catalog = catalog(files.path(), Syntax::Sqlite, &reading).unwrap();
    assert_eq!(
        unfit(&catalog),
        [
            "V1_0__a.sql:2: placeholder: the placeholder `${there}` has no value (declare it in `placeholders` of the configuration; as itself, where it is meant as it stands)"
        ]
    );
}

#[test]
fn a_place_is_that_in_the_file() {
    let files = [
        ("V1__a.sql", "-- words\nVACUUM;\n"),
        ("V1__a.sql.conf", "executeInTransaction=false"),
    ];
    let catalog = read("flyway", &files).unwrap();
    assert_eq!(line(&catalog.migrations().next().unwrap().up, "VACUUM"), 2);
}

#[test]
fn line_ends_and_a_mark_change_nothing() {
    the_same_on_windows(
        "flyway",
        &[
            ("V1__a.sql", "VACUUM;\n"),
            ("V1__a.sql.conf", "executeInTransaction=false\n"),
            ("R__b.sql", "SELECT 1;\n"),
        ],
    );
}
