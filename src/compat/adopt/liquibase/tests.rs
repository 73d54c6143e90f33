//! Sums that Liquibase 4.29.2 has written into its table on SQLite (`9:`), and what it computes for tables of older releases (`8:`).

use std::collections::BTreeMap;

use super::*;
use crate::catalog::{Catalog, Content, Depth, Detected, Entry, Layout, detect};
use crate::script::{Placeholders, Syntax};

/// Change sets with what Liquibase may say in comments, with both sums.
const FORMATTED: &[(&str, &str, &str)] = &[
    (
        "ann:1",
        "c59a5e54d424f37bd9a05655d2ad4b25",
        "f1467dffec88b3917b133c21fe70b148",
    ),
    (
        "ann:2",
        "e4e34353aebfc74e2d93c636ba6f7cd5",
        "7123edb9a0f090d23ace12606313b005",
    ),
    (
        "ann:3",
        "5509e7a76370bb2657242134fbeefc96",
        "b14d68e75a5bd379a5df07e2c920871e",
    ),
    (
        "ann:4",
        "cef4725590cbe4ef864fbdb5811b2e2f",
        "31349f849bb1b49d6db90eefb086bd7c",
    ),
    (
        "ann:5",
        "b382e631a74f16a339e5573b2272a74a",
        "92f72919a8e2a404f3bd542068b49e96",
    ),
    (
        "ann:6",
        "b5d7fb9a098a506ad9be00a9bf76a1c3",
        "ee4a358798e26b761e97373aa92c4897",
    ),
    (
        "ann:7",
        "2b377b0e8e064fc14f348a111c2fe7f2",
        "f1b905d7ecdbae0044b13b224d11cad4",
    ),
    (
        "ann:8",
        "93f4918d182daf1e0581af35a6c5d687",
        "a622dce66f83a3e3b85d6af08c48a69f",
    ),
    (
        "ann:9",
        "1be5eb917cd3a03371836ff89ea856c4",
        "9e615e9abfeeb40b978c9b83848c0bdf",
    ),
    (
        "ann:10",
        "8b31a3d6f1497fab3129039222c97ba9",
        "e8a6f295c08b87e072583533d72b01b8",
    ),
    (
        "ann:12",
        "3a279e48c8c74948b2312746188c0708",
        "d95e0a6fa514b5f3a22a3e80dc10f5cd",
    ),
    (
        "ann:13",
        "6612d15103747bcd58ea76f53ef69c38",
        "39fd52717bd74b4531cdcfc71aeff3be",
    ),
    (
        "ann:14",
        "8c538c35579924b4ab5f8d9f942edcfe",
        "6b660eca4e8451168dc79538449ce660",
    ),
    (
        "ann:15",
        "38e3d007ec295bc7f5cb7437dd22bb07",
        "4209e33ec24494414a10e3a553171894",
    ),
    (
        "dave:2",
        "417a94b0a5e818b7a99dd146e1e8aba3",
        "93fe41eece08fdb002d97d22d684bbd0",
    ),
    (
        "dave:3",
        "0ce503bcf31d1ad1974b74063c9299e9",
        "496453b2a4f446c8f843083d7aeb376b",
    ),
    (
        "eve:1",
        "b4605648117950f09bd4755f9940327f",
        "240f9de74f765c1c593ad47f3911d998",
    ),
    (
        "eve:2",
        "1f0c4391c5b86e9499a356a1b46ac4ab",
        "40a44e3b019d5a0f7ec4447fb1e526aa",
    ),
];

const XML: &[(&str, &str, &str)] = &[
    (
        "bob:x1",
        "df5f6dcda383e0f1ba096e9fc65e8001",
        "87b7241abc29dc4f898fde03275f0575",
    ),
    (
        "bob:x2",
        "ffdec8ff9d7a73d3018f52db69459e7b",
        "c292386be463670ddf3477f47fb310d7",
    ),
    (
        "bob:x5",
        "8346f1ab3b3de539c7b9d005bcdb205b",
        "0a44a16266718df7c9e8b23cbc318f95",
    ),
    (
        "bob:x6",
        "7ea2d7416be98b9c6098939fdd6e2a80",
        "731371102859e9ccd8e3bf28cd4b9073",
    ),
];

/// Asserts both sums of change sets of a file.
fn come_out(path: &str, text: &str, sums: &[(&str, &str, &str)]) {
    for (name, nine, eight) in sums {
        let changes = hashed::set(path, text.as_bytes(), name).unwrap().changes;
        for sum in [format!("9:{nine}"), format!("8:{eight}")] {
            assert_eq!(sum::of(&sum, &changes), Some(sum.clone()), "{name}: {changes:#?}");
        }
    }
}

#[test]
fn the_sums_that_liquibase_has_written_come_out() {
    come_out("one.sql", include_str!("tests/one.sql"), FORMATTED);
    come_out("log.xml", include_str!("tests/log.xml"), XML);
    come_out(
        "one.sql",
        &include_str!("tests/one.sql").replace('\n', "\r\n"),
        FORMATTED,
    );
    come_out("log.xml", &include_str!("tests/log.xml").replace('\n', "\r\n"), XML);
    let windows = "--liquibase formatted sql\r\n\r\n--changeset crlf:1\r\nCREATE TABLE w1 (\r\n  id integer);\r\n-- remark\r\n\
        CREATE TABLE w2 (id integer); -- behind\r\n--rollback DROP TABLE w1;\r\n";
    come_out(
        "w.sql",
        windows,
        &[(
            "crlf:1",
            "a8f53a955727a3aa7222ce7796300968",
            "a20589d8a5d5dc3ffa46d1e5a1b233a4",
        )],
    );
    come_out(
        "bare.sql",
        "-- bare\nCREATE TABLE bare (id integer);\n",
        &[(
            "includeAll:raw:bare.sql",
            "1e51b31a466a3decaf982fcfa35ec3cb",
            "edc72491f0a209a397712493c076ae97",
        )],
    );
}

#[test]
fn the_sum_of_a_file_is_that_of_its_text_with_parameters_as_they_are() {
    let text = "CREATE TABLE ${zz}ph (id integer);\n";
    let changes = hashed::set("ph.sql", text.as_bytes(), "bob:x7").unwrap().changes;
    let sum = "9:da305bbd52acbf5c377da4f1e67d0823";
    assert_eq!(sum::of(sum, &changes).as_deref(), Some(sum));
    assert_eq!(sum::of("8:1", &changes), None, "how it was before is not known");
}

#[test]
fn a_sum_of_another_kind_says_nothing() {
    let changes = hashed::set("one.sql", include_bytes!("tests/one.sql"), "ann:1")
        .unwrap()
        .changes;
    for sum in [
        "7:c59a5e54d424f37bd9a05655d2ad4b25",
        "c59a5e54d424f37bd9a05655d2ad4b25",
        "1:any",
        "ANY",
        "",
    ] {
        assert_eq!(sum::of(sum, &changes), None, "{sum}");
    }
}

/// What is taken of rows: author, id, file, kind and sum; the files have the layout of Liquibase's.
fn taken(texts: &[(&str, &str)], rows: &[[&str; 5]]) -> Result<Vec<String>, HalfDone> {
    let entry = |(name, text): &(&str, &str)| Entry {
        path: format!("db/{name}"),
        name: (*name).to_owned(),
        content: Content::Bytes(text.as_bytes().to_vec()),
    };
    let mut entries: Vec<Entry> = texts.iter().map(entry).collect();
    let detected: Detected = detect(&mut entries, Depth::Flat).unwrap();
    assert_eq!(detected.layout.name(), Layout::named("liquibase").unwrap().name());
    let catalog = Catalog::from_entries(entries, detected, Placeholders::default(), Syntax::Sqlite).unwrap();
    let bytes: BTreeMap<String, Vec<u8>> = texts
        .iter()
        .map(|(name, text)| (format!("db/{name}"), text.as_bytes().to_vec()))
        .collect();
    let row = |[author, id, file, kind, sum]: &[&str; 5]| {
        let values = [*id, author, file, "2026-01-02 03:04:05", "1", kind, sum];
        Row::new(Liquibase.columns(), values.map(|value| Some(value.to_owned())).into())
    };
    let rows: Vec<Row<'_>> = rows.iter().map(row).collect();
    let taken = Liquibase.read(&rows, &Files::new(&catalog, &bytes))?;
    Ok(taken
        .iter()
        .map(|taken| format!("{} {}: {}", taken.id, taken.name, taken.verdict))
        .collect())
}

const TWO: &str = "--liquibase formatted sql\n--property name:nm value:c11\n--changeset ann:1\nCREATE TABLE people (\n  id integer PRIMARY KEY\n);\n\
    --changeset ann:11 runInTransaction:false\n--comment: x\nCREATE TABLE ${nm} (id integer);\n";

#[test]
fn each_kind_of_row_is_what_it_says() {
    let (first, second) = (
        "9:c59a5e54d424f37bd9a05655d2ad4b25",
        "9:eb74111a0591309b4697cb3e5c217e87",
    );
    for (kind, sum, wanted) in [
        ("EXECUTED", first, &["1 ann:1:a.sql: verified"][..]),
        ("RERAN", first, &["1 ann:1:a.sql: verified"]),
        ("MARK_RAN", first, &["1 ann:1:a.sql: not verifiable"]),
        ("EXECUTED", second, &["1 ann:1:a.sql: edited since"]),
        ("EXECUTED", "7:1", &["1 ann:1:a.sql: not verifiable"]),
        ("EXECUTED", "", &["1 ann:1:a.sql: not verifiable"]),
        ("SKIPPED", first, &[]),
    ] {
        let found = taken(&[("a.sql", TWO)], &[["ann", "1", "x/a.sql", kind, sum]]).unwrap();
        assert_eq!(found, wanted, "{kind} {sum}");
    }
    let stopped = taken(&[("a.sql", TWO)], &[["ann", "1", "a.sql", "FAILED", first]]).unwrap_err();
    assert!(
        stopped.what.contains("FAILED") && stopped.what.contains("ann:1"),
        "{stopped}"
    );
}

#[test]
fn values_of_parameters_are_part_of_the_sum_and_another_sum_says_nothing() {
    for (sum, wanted) in [
        ("9:eb74111a0591309b4697cb3e5c217e87", "2 ann:11:a.sql: verified"),
        ("9:c59a5e54d424f37bd9a05655d2ad4b25", "2 ann:11:a.sql: not verifiable"),
    ] {
        let found = taken(&[("a.sql", TWO)], &[["ann", "11", "a.sql", "EXECUTED", sum]]).unwrap();
        assert_eq!(found, [wanted]);
    }
}

#[test]
fn change_sets_of_one_name_are_told_apart() {
    let other = "--liquibase formatted sql\n--changeset ann:1\nSELECT 1;\n";
    let sum = "9:c59a5e54d424f37bd9a05655d2ad4b25";
    let files = [("a.sql", other), ("b.sql", TWO)];
    let row = |file: &'static str, sum: &'static str| ["ann", "1", file, "EXECUTED", sum];
    // By the file.
    let found = taken(&files, &[row("classpath:db/b.sql", ""), row("db/a.sql", "")]).unwrap();
    assert_eq!(
        found,
        ["2 ann:1:b.sql: not verifiable", "1 ann:1:a.sql: not verifiable"]
    );
    // By the sum, where a logical path says nothing of the file. Without one it is another change set, as it is to Liquibase.
    let found = taken(&files, &[row("logical", sum), row("other", "")]).unwrap();
    assert_eq!(found, ["2 ann:1:b.sql: verified", "4 ann:1:other: no file"]);
    // A change set that no file has comes behind all others, and the last of several rows counts.
    let found = taken(
        &files,
        &[
            ["bob", "7", "c.sql", "EXECUTED", sum],
            row("b.sql", sum),
            row("b.sql", ""),
        ],
    )
    .unwrap();
    assert_eq!(found, ["4 bob:7:c.sql: no file", "2 ann:1:b.sql: not verifiable"]);
}

/// What is taken beside `1.sql`, `sets/1.sql` and `sets/2.sql`, which all hold `ann:1`, for rows of that change set under these paths and with
/// these sums.
fn under(paths: &[(&str, Option<&str>)]) -> Result<Vec<String>, HalfDone> {
    use crate::compat::adopt::rows;
    let text =
        |table: &str| format!("--liquibase formatted sql\n\n--changeset ann:1\nCREATE TABLE {table} (id int);\n");
    let texts = [
        ("1.sql", text("a")),
        ("sets/1.sql", text("b")),
        ("sets/2.sql", text("c")),
    ];
    let texts: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let rows: Vec<[Option<&str>; 7]> = paths
        .iter()
        .map(|(path, sum)| {
            [
                Some("1"),
                Some("ann"),
                Some(*path),
                None,
                Some("1"),
                Some("EXECUTED"),
                *sum,
            ]
        })
        .collect();
    let rows: Vec<&[Option<&str>]> = rows.iter().map(|row| &row[..]).collect();
    let taken = rows::taken(("liquibase", "liquibase"), &[], &texts, &rows)?;
    Ok(taken
        .iter()
        .map(|taken| format!("{} {}", taken.name, taken.verdict))
        .collect())
}

#[test]
fn the_end_of_a_path_tells_whatever_is_put_before_it() {
    for before in [
        "",
        "/",
        "./",
        "db/changelog/",
        "/db/changelog/",
        "classpath:",
        "classpath:/db/changelog/",
        "classpath*:db/changelog/",
        "BOOT-INF/classes/db/changelog/",
        "WEB-INF/classes/",
        "file:/srv/app/db/",
        "file:///srv/app/db/",
        "jar:file:/srv/app.jar!/BOOT-INF/classes!/db/changelog/",
        "C:/app/db/",
        "src/main/resources/db/changelog/",
    ] {
        let path = format!("{before}sets/2.sql");
        assert_eq!(
            under(&[(&path, None)]).unwrap(),
            ["ann:1:sets/2.sql not verifiable"],
            "{path}"
        );
        let path = path.replace('/', "\\");
        assert_eq!(
            under(&[(&path, None)]).unwrap(),
            ["ann:1:sets/2.sql not verifiable"],
            "{path}"
        );
        // The longest end counts: `1.sql` is in the directory above.
        let path = format!("{before}sets/1.sql");
        assert_eq!(
            under(&[(&path, None)]).unwrap(),
            ["ann:1:sets/1.sql not verifiable"],
            "{path}"
        );
    }
}

#[test]
fn rows_of_one_change_set_under_two_paths_are_one() {
    let rows = [
        ("db/changelog/sets/1.sql", None),
        ("db/changelog/sets/2.sql", None),
        ("BOOT-INF/classes/db/changelog/sets/1.sql", None),
        ("classpath:db/changelog/sets/2.sql", None),
    ];
    assert_eq!(
        under(&rows).unwrap(),
        ["ann:1:sets/1.sql not verifiable", "ann:1:sets/2.sql not verifiable"]
    );
}

#[test]
fn where_the_end_of_a_path_and_the_sum_do_not_tell_nothing_is_guessed() {
    // The directory has another name.
    let moved = "db/old/2.sql";
    let stopped = under(&[(moved, None)]).unwrap_err();
    assert!(
        stopped.what.contains("`ann:1` of `db/old/2.sql`") && stopped.what.contains("`sets/2.sql`"),
        "{stopped}"
    );
    assert!(stopped.help.contains("logicalFilePath"), "{}", stopped.help);
    let text = "--liquibase formatted sql\n\n--changeset ann:1\nCREATE TABLE c (id int);\n";
    let changes = hashed::set("2.sql", text.as_bytes(), "ann:1:2.sql").unwrap().changes;
    for kind in ["9:1", "8:1"] {
        let sum = sum::of(kind, &changes).unwrap();
        assert_eq!(under(&[(moved, Some(&sum))]).unwrap(), ["ann:1:sets/2.sql verified"]);
    }
    // Liquibase itself would take that for another change set, and run this one.
    assert_eq!(under(&[(moved, Some("9:1"))]).unwrap(), ["ann:1:db/old/2.sql no file"]);
    assert_eq!(
        under(&[("db/old/9.sql", None)]).unwrap(),
        ["ann:1:db/old/9.sql no file"]
    );
}
