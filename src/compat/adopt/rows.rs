//! What is taken of rows, for every tool in whose history a row speaks for other migrations than its own.

use std::collections::BTreeMap;

use super::{Files, HalfDone, Row, TOOLS, Tool};
use crate::catalog::{Catalog, Content, Detected, Entry, Layout};
use crate::plan::Taken;
use crate::script::{Placeholders, Syntax};

/// The tool of that name.
pub(super) fn tool(name: &str) -> &'static dyn Tool {
    TOOLS.iter().copied().find(|tool| tool.name() == name).unwrap()
}

/// What a tool's rows say beside files of a layout. A row holds the values of the tool's columns, in their order.
pub(super) fn taken(
    (tool, layout): (&str, &str),
    placeholders: &[(&str, &str)],
    texts: &[(&str, &str)],
    rows: &[&[Option<&str>]],
) -> Result<Vec<Taken>, HalfDone> {
    let entry = |(name, text): &(&str, &str)| Entry {
        path: format!("db/{name}"),
        name: (*name).to_owned(),
        content: Content::Bytes(text.as_bytes().to_vec()),
    };
    let declared = placeholders
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    let catalog = Catalog::from_entries(
        texts.iter().map(entry),
        Detected::asked(Layout::named(layout).unwrap()),
        Placeholders::new(declared).unwrap(),
        Syntax::Postgres(Default::default()),
    );
    let catalog = catalog.unwrap();
    let bytes: BTreeMap<String, Vec<u8>> = texts
        .iter()
        .map(|(name, text)| (format!("db/{name}"), text.as_bytes().to_vec()))
        .collect();
    let tool = self::tool(tool);
    let row = |values: &&[Option<&str>]| {
        assert_eq!(values.len(), tool.columns().len(), "{values:?}");
        Row::new(
            tool.columns(),
            values.iter().map(|value| value.map(str::to_owned)).collect(),
        )
    };
    let rows: Vec<Row<'_>> = rows.iter().map(row).collect();
    tool.read(&rows, &Files::new(&catalog, &bytes))
}

/// Each with its version and what is said of it.
pub(super) fn told(taken: &[Taken]) -> Vec<String> {
    taken
        .iter()
        .map(|taken| format!("{} {}", taken.id, taken.verdict))
        .collect()
}

const FIVE: [(&str, &str); 5] = [
    ("1_a.sql", "SELECT 1;\n"),
    ("2_b.sql", "SELECT 2;\n"),
    ("3_c.sql", "SELECT 3;\n"),
    ("4_d.sql", "SELECT 4;\n"),
    ("5_e.sql", "SELECT 5;\n"),
];

/// A history that begins at 3 and goes on to 4, as each tool writes it that never goes back behind such a beginning.
const SPOKEN_FOR: &[(&str, &[&[Option<&str>]])] = &[
    (
        "flyway",
        &[
            &[
                Some("0"),
                None,
                Some("<< Flyway Schema Creation >>"),
                Some("SCHEMA"),
                Some("\"app\""),
                None,
                Some("fly"),
                None,
                Some("0"),
                Some("t"),
            ],
            &[
                Some("1"),
                Some("3"),
                Some("<< Flyway Baseline >>"),
                Some("BASELINE"),
                Some("<< Flyway Baseline >>"),
                None,
                Some("fly"),
                None,
                Some("0"),
                Some("t"),
            ],
            &[
                Some("2"),
                Some("4"),
                Some("d"),
                Some("SQL"),
                Some("V4__d.sql"),
                None,
                Some("fly"),
                None,
                Some("1"),
                Some("t"),
            ],
        ],
    ),
    (
        "atlas",
        &[
            &[
                Some("3"),
                Some("c"),
                Some("1"),
                Some("0"),
                Some("0"),
                None,
                Some("0"),
                None,
                Some(""),
            ],
            &[
                Some("4"),
                Some("d"),
                Some("2"),
                Some("1"),
                Some("1"),
                None,
                Some("1"),
                None,
                Some(""),
            ],
        ],
    ),
    ("golang-migrate", &[&[Some("4"), Some("f")]]),
    ("tern", &[&[Some("4")]]),
];

#[test]
fn what_a_row_speaks_for_is_done_and_the_next_one_is_not() {
    for (tool, rows) in SPOKEN_FOR {
        let taken = taken((tool, "native"), &[], &FIVE, rows).unwrap();
        let ids: Vec<String> = taken.iter().map(|taken| taken.id.to_string()).collect();
        assert_eq!(ids, ["1", "2", "3", "4"], "{tool}");
    }
}
