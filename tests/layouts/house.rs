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
    // The names come from the files here, and the version says which down script belongs to which.
    assert_eq!(
        told(&by(layout, &files).unwrap()),
        ["1 x: \"SELECT 1;\" | \"SELECT -1;\"", "2 z: \"SELECT 2;\""]
    );
    let layout = pattern(r"(?<version>\d+)/(?<direction>up|down)\.sql");
    let files = [("1/up.sql", "SELECT 1;"), ("2/up.sql", "SELECT 2;")];
    assert_eq!(names(&by(layout, &files).unwrap()), ["1 1", "2 2"]);
    // A name that says nothing is made from the directory.
    let layout = pattern(r"[a-z]+(?<version>\d+)/migration\.sql");
    let files = [
        ("first1/migration.sql", "SELECT 1;"),
        ("second2/migration.sql", "SELECT 2;"),
    ];
    assert_eq!(names(&by(layout, &files).unwrap()), ["1 first1", "2 second2"]);
}

#[test]
fn a_version_comes_from_several_parts_and_one_that_is_left_out_is_0() {
    let layout = pattern(r"(?<version>\d+)\.(?<version2>\d+)(\.(?<version3>\d+))?/(?<version4>\d+)__(?<name>.+)\.sql");
    let files = [
        ("0.1/01__b.sql", "SELECT 1;"),
        ("0.1.1/00__c.sql", "SELECT 2;"),
        ("0.1/00__a.sql", "SELECT 0;"),
    ];
    assert_eq!(names(&by(layout, &files).unwrap()), ["0.1 a", "0.1.0.1 b", "0.1.1 c"]);
    // Where nothing says how many numbers there are, those behind them would lose their places.
    let layout = pattern(r"(?<version>[0-9.]+)/(?<version2>\d+)__(?<name>.+)\.sql");
    let error = by(layout, &files).unwrap_err();
    assert!(error[0].contains("several numbers"), "{error:?}");
}

#[test]
fn files_of_one_release_are_known_by_their_paths() {
    let layout = pattern(r"(?<release>[0-9.]+)/(?<name>.+?)(\.(?<direction>undo))?\.sql");
    let files = [
        ("1.10/a.sql", "SELECT 3;"),
        ("1.9/10.sql", "SELECT 2;"),
        ("1.9/2.sql", "SELECT 1;"),
        ("1.9/2.undo.sql", "SELECT -1;"),
    ];
    assert_eq!(
        told(&by(layout, &files).unwrap()),
        [
            "1 1.9/2: \"SELECT 1;\" | \"SELECT -1;\"",
            "2 1.9/10: \"SELECT 2;\"",
            "3 1.10/a: \"SELECT 3;\""
        ]
    );
}

#[test]
fn files_of_other_databases_are_left_out_and_one_for_this_database_stands_for_that_of_all() {
    let layout = || pattern(r"(?<version>\d+)_(?<name>[a-z]+)(\.(?<engine>[a-z0-9]+))?\.(?<direction>up|down)\.sql");
    let files = [
        ("1_a.up.sql", "SELECT 1;"),
        ("1_a.sqlite3.up.sql", "SELECT 11;"),
        ("1_a.down.sql", "SELECT -1;"),
        ("2_b.postgresql.up.sql", "SELECT 2;"),
        ("3_c.pg.up.sql", "SELECT 3;"),
        ("3_d.sqlite.up.sql", "SELECT 33;"),
    ];
    assert_eq!(
        told(&by(layout(), &files).unwrap()),
        ["1 a: \"SELECT 11;\" | \"SELECT -1;\"", "3 d: \"SELECT 33;\""]
    );
    let both = [("1_a.mysql.up.sql", "SELECT 1;"), ("2_a.mariadb.up.sql", "SELECT 1;")];
    let reading = Reading {
        layout: Some(layout()),
        ..Reading::default()
    };
    let mysql = Syntax::Mysql(Default::default());
    let error = catalog(directory(&both).path(), mysql, &reading).unwrap_err();
    assert!(error[0].contains("some for MariaDB"), "{error:?}");
    let none = by(layout(), &both).unwrap();
    assert!(
        none.is_empty() && none.notes()[0].contains("none is for this one"),
        "{:?}",
        none.notes()
    );
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
            "the pattern `(?<version>a)(?<who>b)` has a group `who`: it takes `version`",
        ),
        (
            "(?<version>a)(?<release>b)",
            "the pattern `(?<version>a)(?<release>b)` has groups `version` and `release`: ",
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
    let error = by(pattern(r"(?<version>\d+)(?<direction>\w+)\.sql"), &[("1go.sql", "")]).unwrap_err();
    assert!(
        error[0].starts_with("1go.sql: near-miss: its direction is `go`"),
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
            "2 sub/a: \"SELECT 2;\" | \"SELECT -2;\"",
            "R__views views: \"SELECT 3;\""
        ]
    );
}

#[test]
fn a_list_names_down_scripts_and_names_of_its_own_and_passes_over_what_it_leaves_out() {
    let layout = list("a b.sql\n  down: back/a.sql\n  name: the first\nx/up.sql\n");
    let files = [
        ("a b.sql", "SELECT 1;"),
        ("back/a.sql", "SELECT -1;"),
        ("x/up.sql", "SELECT 2;"),
        // A directory that the list leaves out may hold whatever it likes.
        ("other/1_a.sql", "SELECT 0;"),
        ("other/y.sql/z", "SELECT 0;"),
    ];
    let catalog = by(layout, &files).unwrap();
    assert_eq!(told(&catalog)[0], "1 the first: \"SELECT 1;\" | \"SELECT -1;\"");
    assert!(catalog.notes().is_empty(), "{:?}", catalog.notes());
    for (text, why) in [
        (
            "  down: a.sql\n",
            "line 1 of the list is indented, and there is no path above it",
        ),
        ("a.sql\n  up: b.sql\n", "line 2 of the list is indented and says `up`"),
        (
            "a.sql\n  down:\n",
            "line 2 of the list says `down` without a value, or twice",
        ),
        (
            "a.sql\n  down: c\nb.sql\n  down: c\n",
            "line 4 of the list says `c`, which another one has already",
        ),
        (
            "a.sql\n  down: b.sql\nb.sql\n",
            "the list names `b.sql` as an up script and as the down script of `a.sql`",
        ),
    ] {
        let error = Layout::listed(text).unwrap_err().to_string();
        assert!(error.starts_with(why), "{error}");
    }
    let gone = by(list("a.sql\n  down: b.sql\n"), &[("a.sql", "SELECT 1;")]).unwrap_err();
    assert!(gone[0].starts_with("b.sql: layout: the list names it"), "{gone:?}");
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
        "the list names `1.down.sql`, which is a down script: it is found beside its `….up.sql`, or named below it by an indented `down:`"
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
