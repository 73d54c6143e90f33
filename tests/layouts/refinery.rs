//! refinery: `V` in order, `U` whenever it comes.

use syncline::Code;

use crate::read::{found, line, names, read, refused, the_same_on_windows, told};

#[test]
fn unversioned_ones_may_come_late() {
    let files = [
        ("V1__a.sql", "SELECT 1;\n"),
        ("U2__b.sql", "SELECT 2;\n"),
        ("V10__c_d.sql", "SELECT 3;\n"),
    ];
    let catalog = found("refinery", "`U2__b.sql` is unversioned and undoes nothing", &files);
    assert_eq!(names(&catalog), ["1 a", "2 b", "10 c_d"]);
    let late: Vec<bool> = catalog
        .migrations()
        .map(|migration| migration.up.allows(Code::OutOfOrder.id()))
        .collect();
    assert_eq!(late, [false, true, false]);
    let second = catalog.migrations().nth(1).unwrap();
    assert!(second.down.is_none());
    assert_eq!(line(&second.up, "SELECT"), 1);
}

#[test]
fn what_refinery_would_not_read_or_only_its_program_can_run_is_refused() {
    let files = [
        ("V1__a.rs", ""),
        ("V2_b.sql", ""),
        ("V3__b-c.sql", ""),
        ("4_d.sql", ""),
        ("V5.1__e.sql", ""),
        ("R__f.sql", ""),
        ("V99999999999999999999999999999999999999999__g.sql", ""),
    ];
    let found = refused("refinery", &files);
    assert_eq!(found.len(), files.len(), "{found:#?}");
    assert!(
        found
            .iter()
            .any(|told| told.starts_with("V1__a.rs: layout: a migration in Rust"))
    );
}

#[test]
fn other_rust_files_are_nothing() {
    let files = [("V1__a.sql", "SELECT 1;"), ("mod.rs", "")];
    assert_eq!(told(&read("refinery", &files).unwrap()), ["1 a: \"SELECT 1;\""]);
}

#[test]
fn one_version_twice_is_refused_whatever_its_letter() {
    let found = refused("refinery", &[("V1__a.sql", "SELECT 1;"), ("U1__b.sql", "SELECT 1;")]);
    assert!(found[0].contains(": duplicate: "), "{found:?}");
}

#[test]
fn line_ends_and_a_mark_change_nothing() {
    the_same_on_windows(
        "refinery",
        &[("V1__a.sql", "SELECT 1;\n"), ("U2__b.sql", "SELECT 2;\n")],
    );
}
