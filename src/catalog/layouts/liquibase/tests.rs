//! What is read of formatted SQL, and what is refused.

mod xml;

use crate::catalog::{Catalog, Content, Entry, Layout, detect};
use crate::catalog::{CatalogError, Depth, Detected};
use crate::script::{Placeholders, SqlMode, Syntax};

fn entries(files: &[(&str, &str)]) -> Vec<Entry> {
    let entry = |(name, text): &(&str, &str)| Entry {
        path: (*name).to_owned(),
        name: (*name).to_owned(),
        content: Content::Bytes(text.as_bytes().to_vec()),
    };
    files.iter().map(entry).collect()
}

fn read_with(files: &[(&str, &str)], syntax: Syntax, placeholders: &[(&str, &str)]) -> Result<Catalog, CatalogError> {
    read_as(Layout::named("liquibase").unwrap(), files, syntax, placeholders)
}

fn read_as(
    layout: Layout,
    files: &[(&str, &str)],
    syntax: Syntax,
    placeholders: &[(&str, &str)],
) -> Result<Catalog, CatalogError> {
    let detected = Detected::asked(layout);
    let declared = placeholders
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    Catalog::from_entries(entries(files), detected, Placeholders::new(declared).unwrap(), syntax)
}

fn read(files: &[(&str, &str)]) -> Catalog {
    read_with(files, Syntax::Postgres(Default::default()), &[]).unwrap_or_else(|error| panic!("{:#?}", error.problems))
}

/// The change sets of a file, without its first line.
fn formatted(text: &str) -> Catalog {
    read(&[("a.sql", &format!("--liquibase formatted sql\n{text}"))])
}

/// `version name`, in the order in which they run.
fn names(catalog: &Catalog) -> Vec<String> {
    catalog
        .migrations()
        .map(|migration| format!("{} {}", migration.id, migration.name))
        .collect()
}

fn problems(files: &[(&str, &str)]) -> Vec<String> {
    let error = read_with(files, Syntax::Postgres(Default::default()), &[]).unwrap_err();
    let told = |problem: &crate::catalog::CatalogProblem| {
        let line = problem.position.map_or(0, |position| position.line);
        assert!(!problem.help.is_empty());
        format!("{}:{line} {}: {}", problem.path, problem.code, problem.message)
    };
    error.problems.iter().map(told).collect()
}

#[test]
fn change_sets_are_migrations_in_the_order_of_the_files() {
    let catalog = read(&[
        (
            "b/2.sql",
            "-- liquibase formatted sql\n\n-- changeset bob:third\nSELECT 3;\n",
        ),
        (
            "a/1.sql",
            "--LIQUIBASE formatted SQL changeLogId:x\n--changeset ann:first\nSELECT 1;\n--changeset \"ann b\":\"the second one\"\nSELECT 2;\n",
        ),
    ]);
    assert_eq!(
        names(&catalog),
        [
            "1 ann:first:a/1.sql",
            "2 ann b:the second one:a/1.sql",
            "3 bob:third:b/2.sql"
        ]
    );
    let second = catalog.migrations().nth(1).unwrap();
    assert_eq!(second.up.text, "SELECT 2;\n");
    assert_eq!((second.up.path.as_str(), second.up.position(0).line), ("a/1.sql", 5));
}

#[test]
fn a_file_or_a_change_set_may_say_itself_what_it_is_known_by() {
    for (first, attribute, wanted) in [
        ("", "", "1 ann:1:a.sql"),
        (" logicalFilePath:db/x.sql", "", "1 ann:1:db/x.sql"),
        (" logicalfilepath:'my x.sql'", "", "1 ann:1:my x.sql"),
        (
            " logicalFilePath:\"my x.sql\"",
            " logicalFilePath:y.sql",
            "1 ann:1:y.sql",
        ),
    ] {
        let text = format!("--liquibase formatted sql{first}\n--changeset ann:1{attribute}\nSELECT 1;\n");
        assert_eq!(names(&read(&[("a.sql", &text)])), [wanted]);
    }
}

#[test]
fn what_a_change_set_says_becomes_a_directive_or_nothing() {
    for (attributes, wanted) in [
        ("", "SELECT 1;\n"),
        (
            "splitStatements:false stripComments:true logicalFilePath:x",
            "SELECT 1;\n",
        ),
        ("runOnChange:false runAlways:false failOnError:true", "SELECT 1;\n"),
        ("runOnChange:true", "-- syncline: run-on-change\nSELECT 1;\n"),
        ("RUNINTRANSACTION:FALSE", "-- syncline: no-transaction\nSELECT 1;\n"),
        ("dbms:postgresql some words", "SELECT 1;\n"),
    ] {
        let catalog = formatted(&format!("--changeset ann:1 {attributes}\nSELECT 1;\n"));
        let migration = catalog.migrations().next().unwrap();
        assert_eq!(migration.up.text, wanted, "{attributes}");
        assert_eq!(migration.up.position(migration.up.text.find("SELECT").unwrap()).line, 3);
    }
}

#[test]
fn rollback_lines_are_the_down_script_with_their_places() {
    for (text, down) in [
        ("SELECT 1;\n", None),
        ("SELECT 1;\n--rollback DROP TABLE a;\n", Some(("DROP TABLE a;\n", 4))),
        (
            "SELECT 1;\n-- rollback DROP TABLE a\n--   rollback   CASCADE;\nSELECT 2;\n--ROLLBACK DROP b;",
            Some(("DROP TABLE a\n  CASCADE;\n\nDROP b;\n", 4)),
        ),
        ("SELECT 1;\n--rollback empty\n", Some(("-- syncline: empty\n", 4))),
        (
            "SELECT 1;\n--rollback not required\n",
            Some(("-- syncline: empty\n", 4)),
        ),
        (
            "SELECT 1;\n/* liquibase rollback\nDROP TABLE a;\nDROP TABLE b;\n*/\n",
            Some(("DROP TABLE a;\nDROP TABLE b;\n", 5)),
        ),
        ("SELECT 1; --rollback x\n--ROLLBACK;\n", None),
    ] {
        let catalog = formatted(&format!("--changeset ann:1\n{text}"));
        let migration = catalog.migrations().next().unwrap();
        let found = migration.down.as_ref();
        assert_eq!(
            found.map(|down| down.text.as_str()),
            down.map(|(text, _)| text),
            "{text}"
        );
        if let (Some(found), Some((text, line))) = (found, down.filter(|(text, _)| text.starts_with("DROP"))) {
            assert_eq!(found.position(0).line, line, "{text}");
        }
        assert!(!migration.up.text.contains("DROP"), "{}", migration.up.text);
    }
}

#[test]
fn a_precondition_that_marks_as_run_is_asked_of_the_database() {
    let catalog = formatted(
        "--changeset ann:1\n--preconditions onFail:MARK_RAN onError:HALT\n--precondition-sql-check expectedResult:'dev' select x from ${s}.t;\nSELECT 1;\n\
         --property name:s value:main\n",
    );
    let script = &catalog.migrations().next().unwrap().up;
    let question = &script.questions()[0];
    assert_eq!(
        (question.answer.as_str(), question.query.as_str()),
        ("dev", "select x from main.t")
    );
    assert_eq!(script.position(script.text.find("SELECT 1").unwrap()).line, 5);
}

#[test]
fn what_is_for_other_databases_is_left_out_and_keeps_its_place() {
    let file = "--liquibase formatted sql\n--changeset ann:1 dbms:h2\nSELECT 1;\n--rollback SELECT 2;\n--changeset ann:2 dbms:postgresql,sqlite\nSELECT 2;\n\
         --changeset ann:3 dbms:mysql\nSELECT 3;\n--changeset ann:4 ignore:true\nSELECT 4;\n--property name:n value:a dbms:sqlite\n--property name:n value:b\n--changeset ann:5\nSELECT '${n}';\n";
    for (syntax, wanted, value) in [
        (
            Syntax::Postgres(Default::default()),
            ["2 ann:2:a.sql", "5 ann:5:a.sql"],
            "b",
        ),
        (Syntax::Sqlite, ["2 ann:2:a.sql", "5 ann:5:a.sql"], "a"),
        (
            Syntax::Mysql(SqlMode::default()),
            ["3 ann:3:a.sql", "5 ann:5:a.sql"],
            "b",
        ),
    ] {
        let catalog = read_with(&[("a.sql", file)], syntax, &[]).unwrap();
        assert_eq!(names(&catalog), wanted);
        assert_eq!(
            catalog.migrations().last().unwrap().up.text,
            format!("SELECT '{value}';\n")
        );
        assert!(catalog.notes()[0].contains("left out"), "{:?}", catalog.notes());
    }
}

#[test]
fn mysql_and_mariadb_are_not_told_apart_and_who_tells_them_apart_is_told() {
    let file = "--liquibase formatted sql\n--changeset ann:1 dbms:mysql\nSELECT 1;\n--changeset ann:2 dbms:mariadb\nSELECT 2;\n";
    assert!(read_with(&[("a.sql", file)], Syntax::Mysql(SqlMode::default()), &[]).is_err());
    assert!(read_with(&[("a.sql", file)], Syntax::Sqlite, &[]).unwrap().is_empty());
}

#[test]
fn lines_that_are_ignored_are_not_run() {
    let catalog = formatted(
        "--changeset ann:1\nSELECT 1;\n--ignoreLines:1\nno\nSELECT 2;\n--ignoreLines:start\n--changeset no\n--ignoreLines:end\nSELECT 3;\n",
    );
    assert_eq!(
        catalog.migrations().next().unwrap().up.text,
        "SELECT 1;\n\n\nSELECT 2;\n\n\n\nSELECT 3;\n"
    );
}

#[test]
fn what_only_liquibase_can_do_is_a_problem_at_its_line() {
    for (line, wanted) in [
        ("--changeset ann:1 runAlways:true", "it runs in every run"),
        ("--changeset ann:1 context:test", "`context` chooses"),
        ("--changeset ann:1 labels:\"a, b\"", "`labels` chooses"),
        ("--changeset ann:1 failOnError:false", "`failOnError:false` goes on"),
        ("--changeset ann:1 runWith:psql", "`runWith` hands"),
        (
            "--changeset ann:1 runOnchange:maybe",
            "`runOnchange` with the value `maybe`",
        ),
        ("--changeset ann:1 endDelimiter:\\s*", "the end delimiter"),
        ("--changeset ann", "it has no `author:id`"),
        ("--changeset", "it has no `author:id`"),
        ("-changeset ann:2", "one dash instead of two"),
        (
            "--changeset a:1\n--rollback changesetId:1 changesetAuthor:a",
            "its rollback is that",
        ),
        (
            "--changeset a:1\n--preconditions onFail:HALT\n--precondition-sql-check expectedResult:0 SELECT 1",
            "a question with `onFail` HALT",
        ),
        ("--changeset a:1\n--preconditions onError:WARN", "`onError:WARN` is not"),
        (
            "--changeset a:1\n--precondition-table-exists table:a",
            "`precondition-table-exists`",
        ),
        ("--rollback DROP TABLE a;", "it stands before the first line"),
        ("SELECT 1;", "it stands before the first line"),
        ("--property name:a value:b context:c", "`context` of a property"),
    ] {
        let file = format!("--liquibase formatted sql\n{line}");
        let found = problems(&[("a.sql", &file)]);
        let number = file.lines().count();
        let start = format!("a.sql:{number} layout: {wanted}");
        assert!(found.iter().any(|found| found.starts_with(&start)), "{line}: {found:?}");
    }
    assert_eq!(
        problems(&[(
            "a.sql",
            "--liquibase formatted sql\n--changeset a:1\nSELECT 1;\n--changeset a:1\nSELECT 2;\n"
        )]),
        ["a.sql:0 duplicate: the change set `a:1` is there twice"]
    );
    assert_eq!(
        problems(&[("a.sql", "SELECT 1;")]),
        ["a.sql:0 layout: its first line is not `--liquibase formatted sql`"]
    );
}

#[test]
fn a_placeholder_without_a_value_is_refused_unless_it_stands_for_itself() {
    let file = [("a.sql", "--liquibase formatted sql\n--changeset a:1\nSELECT '${x}';\n")];
    assert_eq!(read(&file).problems()[0].code, "placeholder");
    let catalog = read_with(&file, Syntax::Postgres(Default::default()), &[("${x}", "${x}")]).unwrap();
    assert!(catalog.problems().is_empty());
}

#[test]
fn a_directory_shows_that_it_is_liquibases() {
    let log = xml::xml("");
    for (name, text, found) in [
        ("1_a.sql", "\n--liquibase formatted sql\n", true),
        ("changelog.xml", log.as_str(), true),
        ("1_a.sql", "SELECT 1;\n--liquibase formatted sql\n", false),
        ("pom.xml", "<project/>", false),
        ("db.changelog.yaml", "databaseChangeLog:\n", true),
        ("below/a.sql", "--liquibase formatted sql\n", false),
    ] {
        let detected = detect(&mut entries(&[(name, text)]), Depth::Flat).unwrap();
        assert_eq!(detected.layout.name() == "liquibase", found, "{name}");
    }
}

#[test]
fn deep_and_long_files_are_read_in_a_moment() {
    let deep = format!("<databaseChangeLog>{}", "<a>".repeat(200_000));
    assert!(problems(&[("a.xml", &deep)])[0].contains("it is no XML"));
    let sets: String = (0..20_000)
        .map(|n| format!("<changeSet id=\"{n}\" author=\"a\">\n<sql>SELECT {n};</sql>\n</changeSet>\n"))
        .collect();
    assert_eq!(read(&[("a.xml", &xml::xml(&sets))]).len(), 20_000);
    let lines = "--rollback SELECT 1;\n".repeat(50_000);
    let catalog = formatted(&format!("--changeset a:1 rollbackEndDelimiter:;;\nSELECT 1;\n{lines}"));
    let down = catalog.migrations().next().unwrap().down.clone().unwrap();
    assert_eq!(down.statements(), 50_000);
}

#[test]
fn what_stands_before_a_path_tells_no_two_change_sets_apart() {
    use crate::catalog::layouts::Tool;
    let same = [
        "ann:1:db/a.sql",
        "ann:1:/db/a.sql",
        "ann:1:classpath:db/a.sql",
        "ann:1:classpath:/db/a.sql",
        "ann:1:main/db/a.sql",
    ];
    for name in same {
        assert_eq!(super::Liquibase::PLAIN.kin(name), "ann:1", "{name}");
        assert!(super::Liquibase::PLAIN.is_the_same(same[0], name), "{name}");
    }
    assert!(!super::Liquibase::PLAIN.is_the_same(same[0], "ann:1:db/aa.sql"));
    assert_eq!(super::Liquibase::PLAIN.kin("ann:file:a.sql"), "ann:file");
}
