//! Drizzle Kit: a journal gives the order, and lines end statements.

use crate::read::{found, line, names, read, read_for, refused, the_same_on_windows, told};
use syncline::script::Syntax;

const JOURNAL: &str = r#"{"version": "7", "dialect": "sqlite", "entries": [
  {"idx": 0, "version": "6", "when": 1700000000000, "tag": "0000_first", "breakpoints": true},
  {"idx": 1, "version": "6", "when": 1700000000001, "tag": "0001_second_one", "breakpoints": true}
]}"#;
const FIRST: &str = "CREATE TABLE a (id int);\n--> statement-breakpoint\nCREATE TABLE b (id int)\n--> statement-breakpoint\nCREATE TABLE c (id int);\n";

fn files(journal: &str) -> [(&str, &str); 3] {
    [
        ("meta/_journal.json", journal),
        ("0000_first.sql", FIRST),
        ("0001_second_one.sql", "SELECT 1;\n"),
    ]
}

#[test]
fn the_journal_gives_the_order_and_breakpoints_end_statements() {
    let catalog = found("drizzle", "`meta/_journal.json` gives the order", &files(JOURNAL));
    assert_eq!(names(&catalog), ["0 0000_first", "1 0001_second_one"]);
    let up = &catalog.migrations().next().unwrap().up;
    assert_eq!(up.statements(), 3);
    assert_eq!(line(up, "CREATE TABLE c"), 5);
    assert_eq!(catalog.problems().len(), 0);
}

#[test]
fn breakpoints_end_statements_on_every_engine_and_behind_comments() {
    let text = "SELECT 1 -- one\n--> statement-breakpoint\nSELECT 2;--> statement-breakpoint\nSELECT 3 -- x --> statement-breakpoint\nSELECT 4\n";
    for syntax in [
        Syntax::Sqlite,
        Syntax::Postgres(Default::default()),
        Syntax::Mysql(Default::default()),
    ] {
        let journal = r#"{"entries": [{"idx": 0, "tag": "0000_a"}]}"#;
        let files = [("meta/_journal.json", journal), ("0000_a.sql", text)];
        let catalog = read_for(syntax, "drizzle", &files).unwrap();
        let up = &catalog.migrations().next().unwrap().up;
        assert_eq!(up.statements(), 4, "{:?}", up.text);
        assert_eq!(line(up, "SELECT 4"), 5);
    }
}

#[test]
fn names_are_free_and_the_order_is_the_journals() {
    let journal = r#"{"entries": [{"idx": 0, "tag": "zebra"}, {"idx": 1, "tag": "20240101120000_ant"}]}"#;
    let files = [
        ("meta/_journal.json", journal),
        ("20240101120000_ant.sql", "SELECT 2;"),
        ("zebra.sql", "SELECT 1;"),
    ];
    assert_eq!(
        told(&read("drizzle", &files).unwrap()),
        ["0 zebra: \"SELECT 1;\"", "1 20240101120000_ant: \"SELECT 2;\""]
    );
}

#[test]
fn the_order_is_that_of_the_entries_whatever_numbers_they_say() {
    for numbers in [(1, 0), (0, 0)] {
        let (first, second) = numbers;
        let journal = format!(
            r#"{{"entries": [{{"idx": {first}, "tag": "0000_first"}}, {{"idx": {second}, "tag": "0001_second_one"}}]}}"#
        );
        let catalog = read("drizzle", &files(&journal)).unwrap();
        assert_eq!(names(&catalog), ["0 0000_first", "1 0001_second_one"]);
    }
}

#[test]
fn journal_and_files_have_to_fit() {
    let found = refused(
        "drizzle",
        &[
            ("meta/_journal.json", JOURNAL),
            ("0000_first.sql", FIRST),
            ("0002_lost.sql", "SELECT 1;"),
        ],
    );
    assert_eq!(
        found,
        [
            "0002_lost.sql: near-miss: `meta/_journal.json` does not name it, so Drizzle would pass over it (add it with `drizzle-kit generate --custom`, or move it elsewhere)",
            "meta/_journal.json: layout: there is no file `0001_second_one.sql` (put it back: the journal names it)",
        ]
    );
    assert_eq!(
        refused("drizzle", &[("0000_first.sql", FIRST)]),
        ["meta/_journal.json: layout: there is no such file, and it gives the order (drizzle-kit writes it)"]
    );
    assert!(
        refused("drizzle", &[("meta/_journal.json", "[]")])[0]
            .starts_with("meta/_journal.json: layout: it is no journal of Drizzle: ")
    );
}

#[test]
fn what_drizzle_kit_keeps_beside_the_journal_is_not_read() {
    let mut all = files(JOURNAL).to_vec();
    all.push(("meta/0000_snapshot.json", "{}"));
    all.push(("meta/0001_snapshot.json", "{}"));
    assert_eq!(
        told(&read("drizzle", &all).unwrap()),
        told(&read("drizzle", &files(JOURNAL)).unwrap())
    );
}

#[test]
fn line_ends_and_a_mark_change_nothing() {
    the_same_on_windows("drizzle", &files(JOURNAL));
}
