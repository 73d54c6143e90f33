//! Rows that Flyway itself has written, of each age: 3.2.1, 4.2.0, 5.0.7, 5.2.4, 6.5.7, 7.15.0, 9.22.3 and 13.12.2 on PostgreSQL.

use crate::compat::adopt::rows::{taken, told};

fn row<'a>(version: Option<&'a str>, kind: &'a str, script: &'a str, sum: &'a str) -> [Option<&'a str>; 10] {
    let sum = Some(sum).filter(|sum| !sum.is_empty());
    let description = script.split("__").nth(1).map(|rest| rest.trim_end_matches(".sql"));
    [
        Some("1"),
        version,
        description,
        Some(kind),
        Some(script),
        sum,
        Some("fly"),
        None,
        Some("1"),
        Some("t"),
    ]
}

fn found(placeholders: &[(&str, &str)], files: &[(&str, &str)], rows: &[[Option<&str>; 10]]) -> Vec<String> {
    let rows: Vec<&[Option<&str>]> = rows.iter().map(|row| &row[..]).collect();
    told(&taken(("flyway", "flyway"), placeholders, files, &rows).unwrap())
}

/// Flyway 3.2.1: the byte-order mark, both ends of lines and the empty line at the end are part of the sum.
#[test]
fn sums_of_flyway_3_are_those_of_the_bytes() {
    let (b, c) = (
        "CREATE TABLE b (\n  id int\n);\n",
        "\u{feff}CREATE TABLE c (\r\n  id int\r\n);\r\n\r\n",
    );
    let rows = [
        row(Some("1"), "BASELINE", "<< Flyway Baseline >>", ""),
        row(Some("1.1"), "SQL", "V1_1__b.sql", "-1665743603"),
        row(Some("2"), "SQL", "V2__c.sql", "1223898299"),
    ];
    let files = [("V1_1__b.sql", b), ("V2__c.sql", c)];
    assert_eq!(
        found(&[], &files, &rows),
        ["1 in the baseline", "1.1 verified", "2 verified"]
    );
    // Git has changed the ends of lines since.
    let windows = b.replace('\n', "\r\n");
    let files = [("V1_1__b.sql", windows.as_str()), ("V2__c.sql", c)];
    assert_eq!(found(&[], &files, &rows)[1], "1.1 verified");
    let edited = b.replace("id", "key");
    let files = [("V1_1__b.sql", edited.as_str()), ("V2__c.sql", c)];
    assert_eq!(found(&[], &files, &rows)[1], "1.1 edited since");
}

const VIEW: &str = "CREATE OR REPLACE VIEW v AS SELECT '${tag}' AS tag;\n";
/// Flyway 4 and 5: of the text as it stands.
const BEFORE: &str = "-596805418";
/// Flyway 6 and newer: with `blue` put in.
const AFTER: &str = "-1041271465";

#[test]
fn a_repeatable_of_flyway_is_only_called_edited_where_the_values_are_known() {
    let edited = VIEW.replace("AS tag", "AS other");
    for (text, values, sum, wanted) in [
        (VIEW, &[("${tag}", "blue")][..], AFTER, "verified"),
        (VIEW, &[("${tag}", "blue")], BEFORE, "verified"),
        (VIEW, &[], BEFORE, "verified"),
        (VIEW, &[], AFTER, "not verifiable"),
        (&edited, &[], AFTER, "not verifiable"),
        // Flyway itself would run it again.
        (VIEW, &[("${tag}", "red")], AFTER, "edited since"),
        (&edited, &[("${tag}", "blue")], AFTER, "edited since"),
        ("SELECT 1;\n", &[], AFTER, "edited since"),
    ] {
        let rows = [row(None, "SQL", "R__v.sql", sum)];
        let found = found(values, &[("R__v.sql", text)], &rows);
        assert_eq!(found, [format!("R__v {wanted}")], "{text} {values:?} {sum}");
    }
}

/// The sum of a versioned script is that of the text before values are put in, in every release.
#[test]
fn a_versioned_script_of_flyway_is_compared_as_it_stands() {
    let files = [("V1__v.sql", VIEW)];
    for (sum, wanted) in [(BEFORE, "1 verified"), (AFTER, "1 edited since")] {
        assert_eq!(found(&[], &files, &[row(Some("1"), "SQL", "V1__v.sql", sum)]), [wanted]);
    }
}

/// By the rules of Flyway 13: <https://github.com/flyway/flyway/blob/main/flyway-core/src/main/java/org/flywaydb/core/internal/info/MigrationInfoServiceImpl.java>
#[test]
fn each_kind_of_row_of_flyway_is_what_it_says() {
    let files = [
        ("V1__a.sql", "SELECT 1;\n"),
        ("V2__b.sql", "SELECT 2;\n"),
        ("B2__b.sql", "SELECT 12;\n"),
    ];
    let sql = |version, script, sum| row(Some(version), "SQL", script, sum);
    for (rows, wanted) in [
        (vec![row(Some("0"), "SCHEMA", "\"app\"", "")], &[][..]),
        (
            vec![row(Some("1"), "INIT", "<< Flyway Init >>", "")],
            &["1 in the baseline"],
        ),
        (
            vec![row(Some("2"), "BASELINE", "<< Flyway Baseline >>", "")],
            &["1 in the baseline", "2 in the baseline"],
        ),
        // A script that has since been replaced by a newer one is compared with nothing.
        (
            vec![row(Some("1"), "SQL_BASELINE", "B1__a.sql", "7")],
            &["1 in the baseline"],
        ),
        (
            vec![row(Some("2"), "SQL_BASELINE", "B2__b.sql", "7")],
            &["1 in the baseline", "2 edited since"],
        ),
        (
            vec![row(Some("2"), "JDBC_BASELINE", "db.B2__b", "")],
            &["1 in the baseline", "2 in the baseline"],
        ),
        (vec![row(Some("1"), "SPRING_JDBC", "db.V1__a", "7")], &["1 a program"]),
        (
            vec![sql("1", "V1__a.sql", "7"), row(Some("1"), "DELETE", "V1__a.sql", "7")],
            &[],
        ),
        (
            vec![sql("1", "V1__a.sql", "7"), row(Some("1"), "UNDO_SQL", "U1__a.sql", "7")],
            &[],
        ),
        // Newer than every file: another release of the application has run it.
        (vec![sql("9", "V9__z.sql", "7")], &["9 no file"]),
        (
            vec![
                row(None, "SQL", "R__gone.sql", "7"),
                row(None, "JDBC", "db.R__Code", ""),
            ],
            &["R__gone no file"],
        ),
    ] {
        assert_eq!(found(&[], &files, &rows), wanted, "{rows:?}");
    }
}
