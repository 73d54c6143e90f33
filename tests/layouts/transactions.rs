//! Transactions and foreign keys that scripts of other tools see to themselves.

use syncline::script::{Mode, Syntax};

use crate::read::{line, read, read_for, told, unfit};

fn up(layout: &str, file: &str, text: &str) -> (String, Vec<String>) {
    let catalog = read(layout, &[(file, text)]).unwrap();
    (
        told(&catalog)[0].split_once(": ").unwrap().1.to_owned(),
        unfit(&catalog),
    )
}

fn sqlx(text: &str) -> (String, Vec<String>) {
    up("sqlx", "1_a.sql", text)
}

#[test]
fn a_transaction_of_the_scripts_own_becomes_ours() {
    let (told, unfit) = sqlx("BEGIN;\nSELECT 1;\nCOMMIT;\n");
    assert_eq!((told.as_str(), unfit.len()), ("\"\\nSELECT 1;\\n\\n\"", 0));
}

#[test]
fn foreign_keys_that_are_switched_off_around_everything_are_off_in_ours() {
    let (told, unfit) = sqlx("PRAGMA foreign_keys=OFF;\nSELECT 1;\nPRAGMA foreign_keys=ON;\n");
    assert_eq!(
        (told.as_str(), unfit.len()),
        ("\"-- syncline: foreign-keys=off\\n\\nSELECT 1;\\n\\n\"", 0)
    );
}

#[test]
fn foreign_keys_may_be_on_beside_what_they_have_no_part_in() {
    let (told, unfit) = sqlx(
        "CREATE TABLE b (id int);\nINSERT INTO b SELECT id FROM a;\nPRAGMA foreign_keys=OFF;\nDROP TABLE a;\nPRAGMA foreign_keys=ON;\nCREATE INDEX i ON b (id);\n",
    );
    assert!(told.starts_with("\"-- syncline: foreign-keys=off\\n"), "{told}");
    assert_eq!(unfit, [""; 0]);
}

#[test]
fn foreign_keys_that_are_switched_on_are_never_switched_off_by_that() {
    // They are on as it is, and in a transaction SQLite passes over the pragma.
    let (told, unfit) = sqlx("PRAGMA foreign_keys=ON;\nDELETE FROM a;\n");
    assert_eq!((told.as_str(), unfit.len()), ("\"\\nDELETE FROM a;\\n\"", 0));
    for text in [
        "PRAGMA foreign_keys=ON;\nDELETE FROM a;\nPRAGMA foreign_keys=OFF;\n",
        "DELETE FROM a;\nPRAGMA foreign_keys=OFF;\nDELETE FROM b;\nPRAGMA foreign_keys=ON;\n",
        "PRAGMA foreign_keys=OFF;\nDELETE FROM a;\nPRAGMA foreign_keys=ON;\nDELETE FROM b;\n",
    ] {
        let (told, unfit) = sqlx(text);
        assert!(!told.contains("foreign-keys=off"), "{told}");
        assert!(unfit[0].contains("foreign_keys"), "{text}: {unfit:?}");
    }
}

#[test]
fn a_script_without_a_transaction_that_opens_one_around_everything_runs_in_ours() {
    let text = "-- no-transaction\nPRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nSELECT 1;\nCOMMIT;\nPRAGMA foreign_keys=ON;\n";
    let catalog = read("sqlx", &[("1_a.sql", text)]).unwrap();
    assert_eq!(unfit(&catalog), [""; 0]);
    let up = &catalog.migrations().next().unwrap().up;
    assert_eq!(up.mode(), Mode::Inside);
    assert_eq!(line(up, "SELECT 1"), 4);
    let text = "-- +goose Up\n-- +goose NO TRANSACTION\nBEGIN;\nSELECT 1;\nSELECT 2;\nEND;\n";
    let (told, unfit) = super::transactions::up("goose", "1_a.sql", text);
    assert_eq!(unfit.len(), 0, "{unfit:?}");
    assert!(!told.starts_with("outside"), "{told}");
}

#[test]
fn a_script_without_a_transaction_keeps_its_pragmas() {
    let (told, unfit) = sqlx("-- no-transaction\nPRAGMA foreign_keys=OFF;\nSELECT 1;\nPRAGMA foreign_keys=ON;\n");
    assert_eq!(
        (told.as_str(), unfit),
        (
            "outside \"-- syncline: no-transaction\\n\\nPRAGMA foreign_keys=OFF;\\nSELECT 1;\\nPRAGMA foreign_keys=ON;\\n\"",
            vec![]
        )
    );
}

#[test]
fn what_is_more_than_one_transaction_is_refused_with_its_line() {
    for (text, wrong) in [
        ("SELECT 1;\nCOMMIT;\nBEGIN;\nSELECT 2;\n", 2),
        ("SELECT 1;\nCOMMIT;\nSELECT 2;\n", 2),
        ("BEGIN;\nSELECT 1;\nROLLBACK;\n", 1),
    ] {
        let (_, unfit) = sqlx(text);
        assert!(
            unfit[0].starts_with(&format!("1_a.sql:{wrong}: transaction-control: ")),
            "{unfit:?}"
        );
    }
}

#[test]
fn transactions_beside_other_statements_are_one_with_the_record_and_that_is_told() {
    let text = "SELECT 0;\nBEGIN;\nSELECT 1;\nCOMMIT;\nSELECT 2;\n";
    let files = [("1_a/migration.sql", text), ("2_b/migration.sql", text)];
    let catalog = read("prisma", &files).unwrap();
    assert_eq!(unfit(&catalog), [""; 0]);
    let up = &catalog.migrations().next().unwrap().up;
    assert_eq!((up.mode(), up.statements(), line(up, "SELECT 2")), (Mode::Inside, 3, 5));
    assert_eq!(catalog.notes().len(), 1);
    let note = &catalog.notes()[0];
    assert!(
        note.contains("begins and ends transactions of its own beside other statements"),
        "{note}"
    );
    assert!(note.ends_with("so it is with 1 more"), "{note}");
}

#[test]
fn a_lone_commit_at_the_end_is_not_sent_and_that_is_told() {
    let mysql = Syntax::Mysql(Default::default());
    for (syntax, layout, text) in [
        // As Quartz ships its tables.
        (mysql, "native", "CREATE TABLE a (id int);\n\ncommit;\n"),
        (mysql, "flyway", "CREATE TABLE a (id int);\n\ncommit;\n"),
        (
            Syntax::Postgres(Default::default()),
            "flyway",
            "CREATE TABLE a (id int);\n\ncommit;\n",
        ),
        (Syntax::Sqlite, "sqlx", "CREATE TABLE a (id int);\nCOMMIT;\n"),
    ] {
        let file = if layout == "sqlx" { "1_a.sql" } else { "V1__a.sql" };
        let catalog = read_for(syntax, layout, &[(file, text)]).unwrap();
        assert_eq!(unfit(&catalog), [""; 0], "{layout} {syntax:?}");
        assert_eq!(
            catalog.migrations().next().unwrap().up.statements(),
            1,
            "{layout} {syntax:?}"
        );
        assert_eq!(catalog.notes().len(), 1, "{layout} {syntax:?}");
        assert!(
            catalog.notes()[0].contains("has a `COMMIT` that ends no transaction of its own"),
            "{:?}",
            catalog.notes()
        );
    }
}

#[test]
fn synclines_own_files_are_never_changed() {
    let (told, unfit) = up("native", "1_a.sql", "BEGIN;\nSELECT 1;\nCOMMIT;\n");
    assert_eq!(told, "\"BEGIN;\\nSELECT 1;\\nCOMMIT;\\n\"");
    assert!(unfit[0].contains("transaction-control"), "{unfit:?}");
}

#[test]
fn pragmas_mean_nothing_on_other_engines() {
    let text = "BEGIN;\nSELECT 1;\nCOMMIT;\n";
    let catalog = read_for(Syntax::Postgres(Default::default()), "sqlx", &[("1_a.sql", text)]).unwrap();
    assert_eq!(told(&catalog), ["1 a: \"\\nSELECT 1;\\n\\n\""]);
}
