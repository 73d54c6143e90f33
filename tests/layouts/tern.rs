//! tern: one file with a line that parts it, in the templates of Go.

use crate::read::{found, line, names, read, read_for, refused, the_same_on_windows, told, unfit};
use syncline::script::Syntax;

const NOTES: &str = "-- Write your migrate up statements here\nCREATE TABLE notes (id int);\n\n---- create above / drop below ----\n\n-- Write your migrate down statements here. If this migration is irreversible\n-- Then delete the separator line above.\nDROP TABLE notes;\n";

#[test]
fn the_part_below_the_line_is_the_down_script_and_lines_are_those_of_the_file() {
    let files = [("001_notes.sql", NOTES)];
    let catalog = found(
        "tern",
        "`001_notes.sql` has a line `---- create above / drop below ----`",
        &files,
    );
    assert_eq!(names(&catalog), ["1 notes"]);
    let migration = catalog.migrations().next().unwrap();
    assert_eq!(line(&migration.up, "CREATE"), 2);
    assert_eq!(line(migration.down.as_ref().unwrap(), "DROP TABLE"), 8);
    assert_eq!(
        (migration.up.statements(), migration.down.as_ref().unwrap().statements()),
        (1, 1)
    );
    assert_eq!(unfit(&catalog), [""; 0]);
}

#[test]
fn a_file_without_the_line_or_with_nothing_below_it_has_no_way_back() {
    let files = [
        ("001_a.sql", NOTES),
        ("002_b.sql", "CREATE TABLE b (id int);\n"),
        (
            "003_c.sql",
            "CREATE TABLE c (id int);\n---- create above / drop below ----\n\n",
        ),
    ];
    let catalog = read("tern", &files).unwrap();
    let has_down: Vec<bool> = catalog.migrations().map(|migration| migration.down.is_some()).collect();
    assert_eq!(has_down, [true, false, false]);
}

#[test]
fn a_part_runs_without_a_transaction_where_its_own_line_says_so() {
    let text = "---- tern: disable-tx ----\nVACUUM;\nSELECT 1;\n---- create above / drop below ----\nSELECT 2;\n";
    let outside = |text: &str| {
        let catalog = read_for(Syntax::Postgres(Default::default()), "tern", &[("001_a.sql", text)]).unwrap();
        let told = told(&catalog).remove(0);
        let (up, down) = told.split_once(" | ").unwrap();
        (up.contains("outside"), down.contains("outside"))
    };
    assert_eq!(outside(text), (true, false));
    let (up, down) = text.split_once("---- create above / drop below ----\n").unwrap();
    let turned = format!("{down}---- create above / drop below ----\n{up}");
    assert_eq!(outside(&turned), (false, true));
    assert_eq!(outside(&text.replace("disable-tx ----", "disable-tx")), (false, false));
    let catalog = read_for(Syntax::Postgres(Default::default()), "tern", &[("001_a.sql", text)]).unwrap();
    assert_eq!(line(&catalog.migrations().next().unwrap().up, "VACUUM"), 2);
}

#[test]
fn what_tern_refuses_or_fills_in_is_refused() {
    for (file, text, problem) in [
        (
            "001_a.sql",
            "-- only words\n---- create above / drop below ----\nDROP TABLE a;\n",
            "001_a.sql: layout: tern takes no up script without a statement (write what it should do)",
        ),
        (
            "001_a.sql",
            "SELECT 1; ---- create above / drop below ----\nSELECT 2;\n",
            "001_a.sql:1: layout: tern cuts the file here, in the middle of a line (give the mark a line of its own, or write it in another way)",
        ),
        (
            "001_a.sql",
            "SELECT '\n  x ---- create above / drop below ---- ';\n",
            "001_a.sql:2: layout: tern cuts the file here, in the middle of a line (give the mark a line of its own, or write it in another way)",
        ),
        (
            "1.2_a.sql",
            NOTES,
            "1.2_a.sql: near-miss: tern has names `<number>_<name>.sql`, and would pass over this one (rename the file, or choose another `layout`)",
        ),
    ] {
        assert_eq!(refused("tern", &[(file, text)]), [problem], "{text}");
    }
    for text in [
        "CREATE TABLE {{.prefix}}a (x int);\n",
        "{{ template \"shared/v1.sql\" . }}\nSELECT 1;\n",
    ] {
        let catalog = read("tern", &[("001_a.sql", text)]).unwrap();
        let problems = unfit(&catalog);
        assert!(problems[0].contains("placeholder"), "{problems:?}");
    }
}

#[test]
fn line_ends_and_a_mark_change_nothing() {
    the_same_on_windows("tern", &[("001_notes.sql", NOTES)]);
}
