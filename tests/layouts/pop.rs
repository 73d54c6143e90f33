//! pop and popx: one directory for all databases, and files for one of them in the place of those for all.

use syncline::script::Syntax;

use crate::read::{found, line, names, read, read_deep, read_for, refused, the_same_on_windows, told, unfit};

const ALL: [(&str, &str); 6] = [
    ("1_a.up.sql", "CREATE TABLE a (id int);\n"),
    ("1_a.down.sql", "DROP TABLE a;\n"),
    ("2_b.up.sql", "CREATE TABLE b (id int);\n"),
    ("2_b.sqlite3.up.sql", "CREATE TABLE b (id integer PRIMARY KEY);\n"),
    ("2_b.down.sql", "DROP TABLE b;\n"),
    ("2_b.mysql.down.sql", "DROP TABLE IF EXISTS b;\n"),
];

fn mysql() -> Syntax {
    Syntax::Mysql(Default::default())
}

fn postgres() -> Syntax {
    Syntax::Postgres(Default::default())
}

#[test]
fn a_file_for_one_database_takes_the_place_of_that_for_all() {
    found("pop", "`2_b.mysql.down.sql` is for one database by its name", &ALL);
    for (syntax, up, down) in [
        (Syntax::Sqlite, ALL[3].1, ALL[4].1),
        (postgres(), ALL[2].1, ALL[4].1),
        (mysql(), ALL[2].1, ALL[5].1),
    ] {
        let catalog = read_for(syntax, "", &ALL).unwrap();
        assert_eq!(names(&catalog), ["1 a", "2 b"]);
        // On MySQL every script runs without a transaction.
        let told = told(&catalog)[1].replace("outside ", "");
        assert_eq!(told, format!("2 b: {up:?} | {down:?}"), "{syntax:?}");
        assert_eq!(catalog.notes(), [""; 0]);
    }
}

#[test]
fn every_name_that_pop_has_for_a_dialect_is_known() {
    for (dialect, is_for) in [
        ("sqlite3", [true, false, false]),
        ("sqlite", [true, false, false]),
        ("postgres", [false, true, false]),
        ("postgresql", [false, true, false]),
        ("pg", [false, true, false]),
        ("pgx", [false, true, false]),
        ("mysql", [false, false, true]),
        ("mariadb", [false, false, true]),
        ("cockroach", [false; 3]),
        ("cockroachdb", [false; 3]),
        ("crdb", [false; 3]),
    ] {
        let own = format!("1_a.{dialect}.up.sql");
        let files = [
            (own.as_str(), "SELECT 1;"),
            ("1_a.up.sql", "SELECT 2;"),
            ("1_a.down.sql", "SELECT 3;"),
        ];
        for (syntax, is_for) in [Syntax::Sqlite, postgres(), mysql()].into_iter().zip(is_for) {
            let catalog = read_for(syntax, "", &files).unwrap();
            assert_eq!(catalog.detected().layout.name(), "pop", "{dialect}");
            let text = if is_for { "SELECT 1;" } else { "SELECT 2;" };
            let told = told(&catalog)[0].replace("outside ", "");
            assert_eq!(told, format!("1 a: {text:?} | \"SELECT 3;\""), "{dialect} {syntax:?}");
        }
    }
}

#[test]
fn a_version_that_is_for_other_databases_alone_is_left_out_with_a_word() {
    let files = [
        ("1_a.up.sql", "SELECT 1;"),
        ("2_b.cockroach.up.sql", "SELECT 2;"),
        ("2_b.mysql.up.sql", "SELECT 2;"),
        ("2_b.down.sql", "SELECT -2;"),
    ];
    let catalog = read("", &files).unwrap();
    assert_eq!(names(&catalog), ["1 a"]);
    assert_eq!(
        catalog.notes(),
        ["version 2 is for other databases by the names of its files, and is left out"]
    );
    assert_eq!(names(&read_for(mysql(), "", &files).unwrap()), ["1 a", "2 b"]);
}

#[test]
fn mysql_and_mariadb_are_told_apart_by_nobody_here() {
    let files = [("1_a.mysql.up.sql", "SELECT 1;"), ("1_a.mariadb.up.sql", "SELECT 2;")];
    let error = read_for(mysql(), "", &files).unwrap_err();
    assert!(
        error[0].contains("some of the files are for MySQL and some for MariaDB, and both are read alike"),
        "{error:?}"
    );
}

#[test]
fn autocommit_runs_without_a_transaction() {
    let files = [
        (
            "1_a.autocommit.up.sql",
            "CREATE INDEX CONCURRENTLY i ON a (b);\nSELECT 1;\n",
        ),
        ("1_a.down.sql", "SELECT -1;"),
        (
            "2_b.postgres.autocommit.up.sql",
            "CREATE INDEX CONCURRENTLY j ON a (c);\nSELECT 1;\n",
        ),
        ("2_b.up.sql", "SELECT 2;"),
        ("2_b.autocommit.down.sql", "SELECT -2;"),
    ];
    let catalog = read_for(postgres(), "", &files).unwrap();
    assert_eq!(
        catalog.detected().reason,
        "`1_a.autocommit.up.sql` commits each statement by its name"
    );
    let is_outside = |script: &str| script.starts_with("outside");
    let parts: Vec<(bool, bool)> = (told(&catalog).iter())
        .map(|told| {
            let (up, down) = told.split_once(": ").unwrap().1.split_once(" | ").unwrap();
            (is_outside(up), is_outside(down))
        })
        .collect();
    assert_eq!(parts, [(true, false), (true, true)]);
    assert_eq!(line(&catalog.migrations().next().unwrap().up, "CONCURRENTLY"), 1);
}

/// popx switches them off for its run, pop itself has them on.
#[test]
fn foreign_keys_are_off_on_sqlite_where_the_files_are_ory_s() {
    let ory = [
        ("20150101000001000000_a.up.sql", "DROP TABLE a;"),
        ("20150101000001000000_a.down.sql", "SELECT 1;"),
    ];
    let catalog = read("pop", &ory).unwrap();
    assert_eq!(
        told(&catalog),
        [
            "20150101000001000000 a: \"-- syncline: foreign-keys=off\\nDROP TABLE a;\" | \"-- syncline: foreign-keys=off\\nSELECT 1;\""
        ]
    );
    assert_eq!(unfit(&catalog), [""; 0]);
    let own = [("20150101000001_a.up.sql", "DROP TABLE a;")];
    assert_eq!(
        told(&read("pop", &own).unwrap()),
        ["20150101000001 a: \"DROP TABLE a;\""]
    );
    assert_eq!(
        told(&read_for(postgres(), "pop", &ory).unwrap())[0],
        "20150101000001000000 a: \"DROP TABLE a;\" | \"SELECT 1;\""
    );
    let outside = [("1_a.autocommit.up.sql", "DROP TABLE a;\nVACUUM;\n")];
    let catalog = read("pop", &outside).unwrap();
    let text = "-- syncline: no-transaction\nPRAGMA foreign_keys = off;\nDROP TABLE a;\nVACUUM;\n";
    assert_eq!(told(&catalog), [format!("1 a: outside {text:?}")]);
    assert_eq!(unfit(&catalog), [""; 0]);
    assert_eq!(line(&catalog.migrations().next().unwrap().up, "VACUUM"), 2);
}

#[test]
fn up_and_down_belong_together_by_the_version_alone() {
    let files = [
        ("1_a.up.sql", "SELECT 1;"),
        ("1_drop_a.down.sql", "SELECT -1;"),
        ("1_z.mysql.up.sql", "SELECT 2;"),
    ];
    assert_eq!(
        told(&read("", &files).unwrap()),
        ["1 a: \"SELECT 1;\" | \"SELECT -1;\""]
    );
}

#[test]
fn directories_below_are_read_as_pop_reads_them() {
    let files = [("1_a.sqlite3.up.sql", "SELECT 1;"), ("more/2_b.up.sql", "SELECT 2;")];
    assert_eq!(names(&read("", &files).unwrap()), ["1 a", "2 b"]);
    assert_eq!(names(&read_deep("", &files).unwrap()), ["1 a", "2 b"]);
}

#[test]
fn what_pop_passes_over_is_told_and_what_it_alone_can_run_is_refused() {
    let files = [
        ("1_a.sqlite.up.sql", "SELECT 1;"),
        ("2_b.oracle.up.sql", "SELECT 2;"),
        ("schema.sql", "SELECT 3;"),
    ];
    let catalog = read("", &files).unwrap();
    assert_eq!(names(&catalog), ["1 a"]);
    let notes = catalog.notes();
    assert!(
        notes[0].starts_with("2 files are none of pop, and are passed over, `")
            && notes[0].ends_with("2_b.oracle.up.sql` first"),
        "{notes:?}"
    );
    for (file, problem) in [
        (
            "1_a.up.fizz",
            "1_a.up.fizz: layout: it is written in fizz, which pop alone translates (write it as SQL, in a file that ends in `.sql`)",
        ),
        (
            "1_a.sql",
            "1_a.sql: near-miss: pop has names `<version>_<name>.up.sql` and `.down.sql`, and `.<dialect>` before those for one database (rename the file, or choose another `layout`)",
        ),
        (
            "1_a.sqlite3.autocommit.more.up.sql",
            "1_a.sqlite3.autocommit.more.up.sql: near-miss: pop has names `<version>_<name>.up.sql` and `.down.sql`, and `.<dialect>` before those for one database (rename the file, or choose another `layout`)",
        ),
    ] {
        assert_eq!(refused("pop", &[(file, "SELECT 1;")]), [problem]);
    }
    found_by_fizz();
    let error = refused("pop", &[("9_a.up.sql", "SELECT 1;"), ("10_b.up.sql", "SELECT 1;")]);
    assert!(error[0].contains("pop runs `"), "{error:?}");
}

fn found_by_fizz() {
    let error = refused(
        "",
        &[("1_a.up.fizz", "create_table(\"a\") {}\n"), ("2_b.up.sql", "SELECT 1;")],
    );
    assert!(error[0].contains("written in fizz"), "{error:?}");
}

#[test]
fn its_templates_are_refused_unless_they_are_declared() {
    for text in [
        "{{ if .IsSQLite }}SELECT 1;{{ end }}\n",
        "{{- if .IsSQLite }}SELECT 1;{{ end }}\n",
        "SELECT {{ index .Options \"Namespace\" }};",
    ] {
        let catalog = read("pop", &[("1_a.up.sql", text)]).unwrap();
        let problems = unfit(&catalog);
        assert!(problems[0].contains("placeholder"), "{problems:?}");
    }
}

#[test]
fn line_ends_and_a_mark_change_nothing() {
    the_same_on_windows(
        "pop",
        &[
            ("1_a.up.sql", "SELECT 1;\nSELECT 2;\n"),
            ("1_a.sqlite3.autocommit.down.sql", "SELECT 3;\n"),
        ],
    );
}
