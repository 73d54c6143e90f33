//! Supabase: a number, an underscore and any name, all of them up scripts.

use crate::read::{names, read, refused, the_same_on_windows};

#[test]
fn names_are_read_as_its_command_reads_them() {
    let files = [
        ("20240101120000_people.sql", "SELECT 1;"),
        ("20240102120000_.sql", "SELECT 2;"),
        ("20240103120000_with more.dots.up.sql", "SELECT 3;"),
    ];
    let catalog = read("supabase", &files).unwrap();
    assert_eq!(
        names(&catalog),
        [
            "20240101120000 people",
            "20240102120000 20240102120000",
            "20240103120000 with more.dots.up"
        ]
    );
    assert_eq!(catalog.notes(), [""; 0]);
}

#[test]
fn what_it_passes_over_is_passed_over_with_a_word() {
    let files = [
        ("20211208000000_init.sql", "SELECT 0;"),
        ("20240101120000_people.sql", "SELECT 1;"),
        ("20240102-pets.sql", "SELECT 2;"),
        ("seed.sql", "SELECT 3;"),
    ];
    let catalog = read("supabase", &files).unwrap();
    assert_eq!(names(&catalog), ["20240101120000 people"]);
    let notes = catalog.notes();
    assert!(
        notes[0].starts_with("3 files are none of Supabase, and are passed over, `")
            && notes[0].ends_with("20211208000000_init.sql` first"),
        "{notes:?}"
    );
    // A later one, and one that is not the first, is like any other.
    for first in ["20211209000000_init.sql", "20211201000000_first.sql"] {
        let files = [(first, "SELECT 0;"), ("20211208000000_init.sql", "SELECT 1;")];
        let wanted = if first.ends_with("init.sql") { 1 } else { 2 };
        assert_eq!(read("supabase", &files).unwrap().len(), wanted, "{first}");
    }
}

#[test]
fn what_would_run_in_another_order_or_direction_is_refused() {
    let error = refused("supabase", &[("9_a.sql", "SELECT 1;"), ("10_b.sql", "SELECT 1;")]);
    assert!(error[0].contains("Supabase runs `"), "{error:?}");
    let error = refused(
        "supabase",
        &[("1_a.up.sql", "SELECT 1;"), ("1_a.down.sql", "SELECT 1;")],
    );
    assert_eq!(
        error,
        [
            "1_a.down.sql: near-miss: Supabase knows no down scripts, and would run it like any other (rename the file, or choose another `layout`)"
        ]
    );
}

#[test]
fn line_ends_and_a_mark_change_nothing() {
    the_same_on_windows("supabase", &[("20240101120000_people.sql", "SELECT 1;\nSELECT 2;\n")]);
}
