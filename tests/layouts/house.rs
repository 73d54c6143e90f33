//! House styles: a pattern that reads names, and a list that gives the order.

use std::path::Path;

use syncline::Catalog;
use syncline::catalog::Layout;
use syncline::files::Reading;
use syncline::script::Syntax;

use crate::read::{catalog, directory, names, told};

fn by<T: AsRef<[u8]>>(layout: Layout, files: &[(&str, T)]) -> Result<Catalog, Vec<String>> {
    in_directory(directory(files).path(), layout)
}

fn in_directory(path: &Path, layout: Layout) -> Result<Catalog, Vec<String>> {
    let reading = Reading {
        layout: Some(layout),
        ..Reading::default()
    };
    catalog(path, Syntax::Sqlite, &reading)
}

fn pattern(pattern: &str) -> Layout {
    Layout::pattern(pattern).unwrap()
}

fn list(list: &str) -> Layout {
    Layout::listed(list).unwrap()
}

#[test]
fn a_pattern_reads_version_name_and_direction() {
    let layout = pattern(r"(?<version>\d+([-_]\d+)*)\.(?<name>\w+)\.(?<direction>up|DOWN)\.sql");
    let files = [
        ("2024-01-02.b.up.sql", "SELECT 2;"),
        ("2024_1_1.a.up.sql", "SELECT 1;"),
        ("2024_1_1.a.DOWN.sql", "SELECT -1;"),
    ];
    assert_eq!(
        told(&by(layout, &files).unwrap()),
        [
            "2024.1.1 a: \"SELECT 1;\" | \"SELECT -1;\"",
            "2024.1.2 b: \"SELECT 2;\""
        ]
    );
}

#[test]
fn a_pattern_with_a_slash_reads_paths() {
    let layout = pattern(r"(?<version>\d+)/(?<direction>up|down)/[^/]+\.sql");
    let files = [
        ("1/up/x.sql", "SELECT 1;"),
        ("1/down/y.sql", "SELECT -1;"),
        ("2/up/z.sql", "SELECT 2;"),
    ];
    let error = by(layout, &files).unwrap_err();
    // The names come from the files here, and those of the two directions differ.
    assert!(error[0].contains("orphan-down"), "{error:?}");
    let layout = pattern(r"(?<version>\d+)/(?<direction>up|down)\.sql");
    let files = [("1/up.sql", "SELECT 1;"), ("2/up.sql", "SELECT 2;")];
    assert_eq!(names(&by(layout, &files).unwrap()), ["1 up", "2 up"]);
}

#[test]
fn scripts_that_no_pattern_reads_are_passed_over_with_a_word() {
    let layout = pattern(r"m(?<version>\d+)\.sql");
    let catalog = by(layout.clone(), &[("m1.sql", "SELECT 1;"), ("n2.sql", "")]).unwrap();
    assert_eq!(
        catalog.notes(),
        ["`n2.sql` does not match the pattern and is passed over"]
    );
    let catalog = by(layout, &[("m1.sql", "SELECT 1;"), ("n2.sql", ""), ("n3.SQL", "")]).unwrap();
    assert_eq!(
        catalog.notes(),
        ["2 SQL files do not match the pattern and are passed over, `n2.sql` first"]
    );
}

#[test]
fn a_pattern_that_cannot_be_used_says_why() {
    for (text, why) in [
        ("(", "the pattern `(` is no regular expression: "),
        (r"\d+\.sql", r"the pattern `\d+\.sql` has no group `(?<version>…)`"),
        (
            "(?<version>a)(?<who>b)",
            "the pattern `(?<version>a)(?<who>b)` has a group `who`: it takes `version`, `name` and `direction`",
        ),
    ] {
        let error = Layout::pattern(text).unwrap_err().to_string();
        assert!(error.starts_with(why), "{error}");
    }
    let error = by(pattern(r"(?<version>\w+)\.sql"), &[("abc.sql", "")]).unwrap_err();
    assert!(
        error[0].starts_with("abc.sql: near-miss: its version is `abc`"),
        "{error:?}"
    );
    let error = by(pattern(r"(?<version>\d+)(?<direction>\w+)\.sql"), &[("1do.sql", "")]).unwrap_err();
    assert!(
        error[0].starts_with("1do.sql: near-miss: its direction is `do`"),
        "{error:?}"
    );
}

#[test]
fn a_list_gives_the_order_and_its_places_are_the_versions() {
    let layout = list("\u{feff}# ours\r\nz.sql\r\n\r\nsub/a.up.sql\r\nR__views.sql\r\n");
    let files = [
        ("z.sql", "SELECT 1;"),
        ("sub/a.up.sql", "SELECT 2;"),
        ("sub/a.down.sql", "SELECT -2;"),
        ("R__views.sql", "SELECT 3;"),
    ];
    assert_eq!(
        told(&by(layout, &files).unwrap()),
        [
            "1 z: \"SELECT 1;\"",
            "2 a: \"SELECT 2;\" | \"SELECT -2;\"",
            "R__views views: \"SELECT 3;\""
        ]
    );
}

#[test]
fn a_list_that_cannot_be_used_says_why() {
    assert_eq!(
        Layout::listed("a.sql\nb.sql\na.sql\n").unwrap_err().to_string(),
        "the list names `a.sql` twice, at 1 and 3"
    );
    assert_eq!(
        by(list("a.sql\n"), &[("b.sql", "")]).unwrap_err(),
        ["a.sql: layout: the list names it, and there is no such file (put it back, or take it off the list)"]
    );
}

#[test]
fn a_down_script_on_the_list_is_refused_and_never_run_as_an_up_script() {
    assert_eq!(
        Layout::listed("1.down.sql\n1.up.sql\n").unwrap_err().to_string(),
        "the list names `1.down.sql`, which is a down script: it is found beside its `….up.sql`"
    );
}

#[test]
fn a_repeatable_script_without_a_name_is_refused() {
    assert_eq!(
        Layout::listed("R__.sql\n").unwrap_err().to_string(),
        "the list names `R__.sql`, and a repeatable migration needs a name"
    );
}

#[test]
fn scripts_that_are_not_on_the_list_are_passed_over_with_a_word() {
    let files = [("a.sql", "SELECT 1;"), ("b.sql", ""), ("c.txt", "")];
    let catalog = by(list("a.sql\n"), &files).unwrap();
    assert_eq!(names(&catalog), ["1 a"]);
    assert_eq!(catalog.notes(), ["`b.sql` is not on the list and is passed over"]);
}
