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
    ("graphile-migrate", &[&[Some("sha1:0"), Some("000004.sql"), None]]),
];

#[test]
fn what_a_row_speaks_for_is_done_and_the_next_one_is_not() {
    for (tool, rows) in SPOKEN_FOR {
        let taken = taken((tool, "native"), &[], &FIVE, rows).unwrap();
        let ids: Vec<String> = taken.iter().map(|taken| taken.id.to_string()).collect();
        assert_eq!(ids, ["1", "2", "3", "4"], "{tool}");
    }
}

/// Each has the hashes that Atlas wrote: 4 and 5 were applied first, in one second, and 3 was merged later, with `--exec-order non-linear`.
#[test]
fn hashes_of_atlas_from_before_an_earlier_file_came_accuse_nobody() {
    let rows: &[&[Option<&str>]] = &[
        &atlas_row("1", &["1_a.sql"], "1"),
        &atlas_row("2", &["1_a.sql", "2_b.sql"], "1"),
        &atlas_row("3", &["1_a.sql", "2_b.sql", "3_c.sql"], "3"),
        &atlas_row("4", &["1_a.sql", "2_b.sql", "4_d.sql"], "2"),
        &atlas_row("5", &["1_a.sql", "2_b.sql", "4_d.sql", "5_e.sql"], "2"),
    ];
    let taken = taken(("atlas", "native"), &[], &FIVE, rows).unwrap();
    let verified: Vec<String> = (1..=5).map(|number| format!("{number} verified")).collect();
    assert_eq!(told(&taken), verified);
}

#[test]
fn behind_a_file_that_was_edited_nothing_is_known_by_hashes_of_atlas() {
    let rows: &[&[Option<&str>]] = &[
        &atlas_row("1", &["1_a.sql"], "1"),
        &atlas_row("2", &["1_a.sql", "4_d.sql"], "1"),
        &atlas_row("3", &["1_a.sql", "4_d.sql", "3_c.sql"], "1"),
    ];
    let taken = taken(("atlas", "native"), &[], &FIVE, rows).unwrap();
    assert_eq!(told(&taken), ["1 verified", "2 edited since", "3 not verifiable"]);
}

/// A row of Atlas' table, with the hash that runs over these files.
fn atlas_row(version: &'static str, files: &[&str], at: &'static str) -> [Option<&'static str>; 9] {
    let mut running = crate::catalog::AtlasSums::default();
    let mut hash = None;
    for name in files {
        let (_, text) = FIVE.iter().find(|(known, _)| known == name).unwrap();
        hash = running.next(name, text.as_bytes());
    }
    let hash: &'static str = Box::leak(hash.unwrap_or_default().into_boxed_str());
    let (one, name) = (Some("1"), Some("x"));
    [
        Some(version),
        name,
        Some("2"),
        one,
        one,
        Some(at),
        Some("0"),
        None,
        Some(hash),
    ]
}

#[test]
fn a_short_version_of_pop_is_that_of_all_long_ones_that_begin_with_it() {
    let files = [
        ("20150101000001000000_a.up.sql", "SELECT 1;\n"),
        ("20150101000001000001_b.up.sql", "SELECT 2;\n"),
        ("20150101000002000000_c.up.sql", "SELECT 3;\n"),
    ];
    let taken = taken(("pop", "pop"), &[], &files, &[&[Some("20150101000001")]]).unwrap();
    let ids: Vec<String> = taken.iter().map(|taken| taken.id.to_string()).collect();
    assert_eq!(ids, ["20150101000001000000", "20150101000001000001"]);
}

#[test]
fn files_that_are_known_by_their_names_share_numbers_and_keep_apart() {
    let marked = "-- +migrate Up\nSELECT 1;\n";
    let files = [("2_b.sql", marked), ("2_c.sql", marked), ("seed.sql", marked)];
    for tool in ["sql-migrate", "wrangler-d1"] {
        let rows: Vec<Vec<Option<&str>>> = ["2_a.sql", "2_b.sql", "gone.sql", "seed.sql"]
            .into_iter()
            .map(|name| match tool {
                "sql-migrate" => vec![Some(name), None],
                _ => vec![None, Some(name), None],
            })
            .collect();
        let rows: Vec<&[Option<&str>]> = rows.iter().map(Vec::as_slice).collect();
        let taken = taken((tool, tool), &[], &files, &rows).unwrap();
        let mut said: Vec<String> = taken
            .iter()
            .map(|taken| format!("{} {} {}", taken.id, taken.name, taken.verdict))
            .collect();
        said.sort();
        assert_eq!(
            said,
            [
                "0 gone no file",
                "2 2_b not verifiable",
                "2.2 seed not verifiable",
                "2.3 2_a no file"
            ],
            "{tool}"
        );
    }
}

#[test]
fn a_hash_of_graphile_migrate_tells_whether_the_text_is_what_was_committed() {
    let text = "--! Previous: -\n--! Hash: sha1:137d5bbc305dc4b9c124c313a46166d5830ca721\n--! Message: People here\n\nCREATE TABLE people (id int primary key);\nCOMMENT ON DATABASE :DATABASE_NAME IS 'x';\n";
    let hash = "sha1:137d5bbc305dc4b9c124c313a46166d5830ca721";
    let edited = text
        .replace("Message: People here\n", "AllowInvalidHash\n")
        .replace("int", "bigint");
    for (text, hash, wanted) in [
        (text, hash, "verified"),
        (text, "sha1:0", "edited since"),
        (edited.as_str(), hash, "not verifiable"),
    ] {
        let rows: &[&[Option<&str>]] = &[&[Some(hash), Some("000001.sql"), None]];
        let taken = taken(
            ("graphile-migrate", "graphile-migrate"),
            &[(":DATABASE_NAME", "x")],
            &[("committed/000001-people-here.sql", text)],
            rows,
        );
        assert_eq!(told(&taken.unwrap()), [format!("1 {wanted}")]);
    }
}
