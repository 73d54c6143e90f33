//! Names of files: near misses, versions, twins, and characters that do harm.

use crate::bench::run;
use crate::case::{Case, GOOD, case};

/// A file beside a good migration that is refused, with what is said about it.
fn near_miss(name: &'static str, file: &'static str, words: &[&str]) -> Case {
    case(name).file("1_good.sql", GOOD).file(file, GOOD).says(words)
}

const FORMS: &str = "`<version>_<name>.up.sql`";

#[test]
fn near_misses_are_never_passed_over() {
    run([
        near_miss(
            "the ending in capitals",
            "2_a.SQL",
            &["2_a.SQL", "small letters", FORMS],
        ),
        near_miss(
            "a hyphen for the underscore",
            "2-a.sql",
            &["2-a.sql", "an underscore", FORMS],
        ),
        near_miss("no version", "_a.sql", &["_a.sql", "no version", FORMS]),
        near_miss("no underscore", "2a.sql", &["2a.sql", "an underscore", FORMS]),
        near_miss(
            "one underscore after V",
            "V2_a.sql",
            &["V2_a.sql", "two underscores", FORMS],
        ),
        near_miss("a small v", "v2__a.sql", &["v2__a.sql", FORMS]),
        near_miss(
            "one more ending",
            "2_a.sql.txt",
            &["2_a.sql.txt", "does not end in `.sql`"],
        ),
        near_miss(
            "a program",
            "2_a.js",
            &["2_a.js", "it is a program", "directory of its own"],
        ),
        near_miss("no ending", "2_a", &["2_a", "does not end in `.sql`"]),
        near_miss("a blank at the end", "2_a.sql ", &["2_a.sql", "does not end in `.sql`"]),
        near_miss("a dot at the end", "2_a.sql.", &["2_a.sql.", "does not end in `.sql`"]),
        near_miss("no name", "2_.sql", &["2_.sql", FORMS]),
        near_miss("one underscore after R", "R_a.sql", &["R_a.sql", "two underscores"]),
        near_miss(
            "a script without a version of refinery's beside one of ours",
            "U2__a.sql",
            &["U2__a.sql", "refinery", "1_good.sql", "native"],
        ),
        near_miss(
            "a name reserved by Windows, without a version",
            "CON.sql",
            &["CON.sql", FORMS],
        ),
        near_miss("a file of another kind", "schema.sql", &["schema.sql", FORMS]),
    ]);
}

#[test]
fn what_editors_and_systems_leave_behind_is_passed_over() {
    let mut droppings = case("droppings").done().tables(&["a"]).file("1_a.sql", GOOD);
    for name in [
        "1_a.sql~",
        ".1_a.sql.swp",
        "1_a.sql.orig",
        "#1_a.sql#",
        ".DS_Store",
        "README.md",
        "1_a.sql.bak",
        "1_a.sql.rej",
        "notes.txt",
        "syncline.toml",
        ".gitkeep",
    ] {
        droppings = droppings.file(name, "\0\0\0");
    }
    run([droppings]);
}

#[test]
fn versions() {
    const DIGITS_38: &str = "99999999999999999999999999999999999999_a.sql";
    const DIGITS_39: &str = "100000000000000000000000000000000000000_a.sql";
    run([
        near_miss("39 digits", DIGITS_39, &[DIGITS_39, "more than 38 digits"]),
        near_miss("a negative version", "-2_a.sql", &["-2_a.sql", FORMS]),
        near_miss("a sign", "+2_a.sql", &["+2_a.sql", FORMS]),
        near_miss("full-width digits", "２_a.sql", &["２_a.sql", FORMS]),
        near_miss("Arabic digits", "٢_a.sql", &["٢_a.sql", FORMS]),
        near_miss("letters", "2x_a.sql", &["2x_a.sql", FORMS]),
        near_miss("a dot at the beginning", "V.2__a.sql", &["V.2__a.sql", FORMS]),
        near_miss("two dots", "1..2_a.sql", &["1..2_a.sql", FORMS]),
        near_miss(
            "17 numbers",
            "1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1_a.sql",
            &["more than 16 numbers"],
        ),
        case("38 digits").file(DIGITS_38, GOOD).done().tables(&["a"]),
        case("20 digits")
            .file("99999999999999999999_a.sql", GOOD)
            .done()
            .tables(&["a"]),
        case("a dot").file("1.5_a.sql", GOOD).done().tables(&["a"]),
        case("version 0").file("0_a.sql", GOOD).done().tables(&["a"]),
        case("times that never were")
            .file("20261332999999_a.sql", GOOD)
            .file("20250230000000_b.sql", "CREATE TABLE b (id integer);")
            .file("20251231235960_c.sql", "CREATE TABLE c (id integer);")
            .file("99991231235959_d.sql", "CREATE TABLE d (id integer);")
            .done()
            .says(&["future-version", "99991231235959"])
            .tables(&["a", "b", "c", "d"]),
        case("counted versions and times in one directory run in the order of numbers")
            .file("20260101120000_b.sql", "ALTER TABLE a RENAME TO b;")
            .file("3_a.sql", GOOD)
            .done()
            .says(&["mixed-versions", "3 counts and 20260101120000 is a time stamp"])
            .tables(&["b"]),
        case("a name that Windows does not know")
            .file("1_what?.sql", GOOD)
            .done()
            .says(&["reserved-name", "1_what?.sql"])
            .tables(&["a"]),
    ]);
}

#[test]
fn twins() {
    run([
        case("two files of one version")
            .file("1_a.sql", GOOD)
            .file("1_b.sql", GOOD)
            .says(&["1_a.sql", "1_b.sql", "version 1 is taken"]),
        case("two developers in the same second")
            .file("20261122093000_a.sql", GOOD)
            .file("20261122093000_b.sql", GOOD)
            .says(&["20261122093000_a.sql", "20261122093000_b.sql", "another version"]),
        case("the same number with zeros")
            .file("1_a.sql", GOOD)
            .file("01_b.sql", GOOD)
            .file("001_c.sql", GOOD)
            .says(&["1_a.sql", "01_b.sql", "001_c.sql", "version 1 is taken"]),
        case("the same version in two forms")
            .file("V1__a.sql", GOOD)
            .file("1.0_b.sql", GOOD)
            .says(&["V1__a.sql", "1.0_b.sql", "version 1 is taken"]),
        case("names that differ only in capitals")
            .file("R__View.sql", "SELECT 1;")
            .file("R__view.sql", "SELECT 1;")
            .says(&["R__View.sql", "R__view.sql", "fold case or accents"]),
        case("names that differ only in how an accent is written")
            .file("R__\u{e9}.sql", "SELECT 1;")
            .file("R__e\u{301}.sql", "SELECT 1;")
            .says(&["R__\u{e9}.sql", "R__e\u{301}.sql", "fold case or accents"]),
        case("down scripts that differ only in capitals")
            .file("1_a.up.sql", GOOD)
            .file("1_a.down.sql", "SELECT 1;")
            .file("1_A.down.sql", "SELECT 1;")
            .says(&["1_a.down.sql", "1_A.down.sql"]),
    ]);
}

#[test]
fn characters_that_do_harm() {
    run([
        near_miss("a line break", "2_a\nb.sql", &["2_a", "U+000A"]),
        near_miss("an escape sequence", "2_\u{1b}]0;owned\u{7}.sql", &["2_", "U+001B"]),
        near_miss("an escape sequence in a near miss", "2-\u{1b}[31m.SQL", &["2-"]),
        near_miss("a change of direction", "2_\u{202e}lqs.sql", &["2_", "U+202E"]),
        near_miss("a letter of no width", "2_a\u{200b}.sql", &["2_a", "U+200B"]),
        near_miss(
            "an escape sequence of one character",
            "2_\u{9b}31m.sql",
            &["2_", "U+009B"],
        ),
        case("quotes, semicolons and commands of a shell are only letters")
            .file("1_it's a \"test\"; $(touch pwned) `id` %s {} \\ 表.sql", GOOD)
            .done()
            .tables(&["a"])
            .says(&["it's a \"test\"; $(touch pwned) `id` %s {} \\ 表"]),
        case("a name that ends the statement of the history")
            .file("1_x'); DROP TABLE syncline_history; --.sql", GOOD)
            .done()
            .tables(&["a"]),
        case("a name of 255 bytes")
            .file(format!("1_{}.sql", "n".repeat(249)), GOOD)
            .done()
            .tables(&["a"]),
        case("a name that Windows reserves")
            .file("1_CON.sql", GOOD)
            .done()
            .tables(&["a"]),
        case("a name of blanks")
            .file("1_   .sql", GOOD)
            .says(&["1_   .sql", FORMS]),
    ]);
}
