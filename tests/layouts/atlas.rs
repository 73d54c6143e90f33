//! Atlas' own directory: hashes in `atlas.sum`, and lines that say how a file runs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use syncline::history::History;

use crate::read::{checksums, found, line, names, read, refused, told, unfit, windows};

/// What `atlas migrate hash` writes for the files.
const SUM: &str = "h1:p2LaG/QkDhAI9PJSfAalXy6htHODLMp0ywK/H/44Pi0=\n20260101090000_people.sql h1:t56T1yRaHGbZgJT2jznKy9ThDaT5WlU0cthye83OL7A=\n20260102090000_pets.sql h1:dbZp0/PDAk8T3cIWmYh5mEAg2idLGr89bpSOjW2tUGs=\n20260103090000_toys.sql h1:7JYxmJbp5JyrnzT1kmzcVRZxnJkOb3dbNBOqKUfKNUk=\n";
const PEOPLE: &str = "CREATE TABLE `people` (`id` integer NOT NULL);\n";
const PETS: &str = "-- atlas:txmode none\n\nVACUUM;\nCREATE TABLE pets (id int);\n";
const TOYS: &str = "-- atlas:delimiter \\n\\n\\n\n-- atlas:nolint\n\nCREATE TABLE toys (id int);\n\n\nCREATE TRIGGER t AFTER INSERT ON toys BEGIN\n  SELECT 1;\n  SELECT 2;\nEND\n\n\n";
const ALL: [(&str, &str); 4] = [
    ("20260101090000_people.sql", PEOPLE),
    ("20260102090000_pets.sql", PETS),
    ("20260103090000_toys.sql", TOYS),
    ("atlas.sum", SUM),
];

/// <https://github.com/ariga/atlas/tree/master/sql/migrate/testdata/partial-checkpoint>
const CHECKPOINTS: [(&str, &str); 7] = [
    ("1_first.sql", "create table `tbl_1` (`col` int);\n"),
    ("2_second.sql", "create table `tbl_2` (`col` int);\n"),
    (
        "3_checkpoint.sql",
        "-- atlas:checkpoint\n\nCREATE TABLE `tbl_1` (`col` int);\nCREATE TABLE `tbl_2` (`col` int);\n",
    ),
    ("4_fourth.sql", "create table `tbl_3` (`col` int);\n"),
    (
        "5_checkpoint.sql",
        "-- atlas:checkpoint\n\nCREATE TABLE `tbl_1` (`col` int);\nCREATE TABLE `tbl_2` (`col` int);\ncreate table `tbl_3` (`col` int);\n",
    ),
    ("6_sixth.sql", "CREATE TABLE `tbl_4` (`col` int);\n"),
    (
        "atlas.sum",
        "h1:POfbsH2G2GIXAZQ2CdPa5ufTxcLpcnperz/gX0Vw6Uk=\n1_first.sql h1:uJ2MyyeTqXx4rCqtRMQAvRrfsvdwmvsZ3LcadVvCdOc=\n2_second.sql h1:TLO00GtsqSi8o0ySoaofBqxemrElL8fHOs3IRnqYvB8=\n3_checkpoint.sql h1:LR4UjDYVtrRuHLN5GQwLAYnXrSf/iO70psY8hTmLmjw=\n4_fourth.sql h1:QvaneqKxg+3R+zNzCP/wW43XkECdHkUwEpxJKPICEP8=\n5_checkpoint.sql h1:syyuaJb/hoMRO7MJlv4AMhYqMCoSb8ZgcHENO8RqN3I=\n6_sixth.sql h1:JNhpyBtH7XKqGBNRHQ+AvM9IDpO08C3G/swWPHfLkfw=\n",
    ),
];

#[test]
fn a_directory_whose_sum_is_right_is_read() {
    let catalog = found("atlas", "`atlas.sum` holds their hashes", &ALL);
    assert_eq!(
        names(&catalog),
        ["20260101090000 people", "20260102090000 pets", "20260103090000 toys"]
    );
    assert_eq!(catalog.notes(), [""; 0]);
    assert_eq!(unfit(&catalog), [""; 0]);
    let told = told(&catalog);
    assert!(!told[0].contains("outside") && told[1].contains("outside"), "{told:?}");
    let toys = &catalog.migrations().last().unwrap().up;
    assert_eq!(toys.statements(), 2);
    assert_eq!(line(toys, "SELECT 2"), 9);
}

/// Files by their paths, with their texts.
type Files = Vec<(&'static str, String)>;

#[test]
fn what_is_not_in_the_sum_is_refused() {
    let help = "(`atlas migrate hash` writes it anew when the files are right)";
    let with = |change: &dyn Fn(&mut Files)| {
        let mut files: Vec<(&str, String)> = ALL.iter().map(|(name, text)| (*name, (*text).to_owned())).collect();
        change(&mut files);
        refused("", &files)
    };
    let told = |line: u32, what: &str| {
        [format!(
            "atlas.sum:{line}: layout: the files are not those that it holds the hashes of: {what} {help}"
        )]
    };
    assert_eq!(
        with(&|files| files[1].1.push('\n')),
        told(3, "`20260102090000_pets.sql` was edited")
    );
    assert_eq!(
        with(&|files| drop(files.remove(2))),
        told(4, "`20260103090000_toys.sql` was removed")
    );
    assert_eq!(
        with(&|files| files.push(("20260104090000_more.sql", String::new()))),
        told(5, "`20260104090000_more.sql` was added")
    );
    assert_eq!(
        with(&|files| files.push(("20260101100000_between.sql", String::new()))),
        told(3, "`20260101100000_between.sql` was added")
    );
    assert_eq!(
        with(&|files| files[3].1 = SUM.replace("t56T", "t56t")),
        [format!(
            "atlas.sum:1: layout: its first line is not the hash of the others {help}"
        )]
    );
    assert_eq!(
        with(&|files| files[3].1.push_str("what\n")),
        [format!("atlas.sum:5: layout: the line holds no name and hash {help}")]
    );
    let error = refused("atlas", &ALL[..3]);
    assert_eq!(
        error,
        [
            "atlas.sum: layout: there is no such file, and it holds the hashes of the others (`atlas migrate hash` writes it; where Atlas does not look after the files any more, choose `layout = \"native\"`)"
        ]
    );
}

#[test]
fn line_ends_that_git_has_changed_are_not_an_edit() {
    let crlf: Vec<(&str, String)> = ALL
        .iter()
        .map(|(name, text)| (*name, text.replace('\n', "\r\n")))
        .collect();
    assert_eq!(
        checksums(&read("", &crlf).unwrap())[..2],
        checksums(&read("", &ALL).unwrap())[..2]
    );
    // A byte-order mark is one to Atlas as well.
    assert!(read("", &windows(&ALL)).is_err());
}

#[test]
fn a_file_whose_text_does_not_count_may_change() {
    let mut files = ALL.to_vec();
    // Made by `atlas migrate hash` for this name and these files.
    files.insert(0, ("20260101080000_free.sql", "-- atlas:sum ignore\n\nSELECT 1;\n"));
    let error = refused("", &files);
    assert!(
        error[0].contains("`20260101090000_people.sql` was edited"),
        "its name counts: {error:?}"
    );
}

#[test]
fn a_checkpoint_stands_for_what_comes_before_it_on_a_new_database() {
    let catalog = read("", &CHECKPOINTS).unwrap();
    assert_eq!(names(&catalog), ["1 first", "2 second", "4 fourth", "6 sixth"]);
    assert_eq!(catalog.stand_in().unwrap().id.to_string(), "5");
    let new = catalog.for_history(&History::default());
    assert_eq!(
        names(&new),
        ["1 first", "2 second", "4 fourth", "5 checkpoint", "6 sixth"]
    );
}

#[test]
fn every_delimiter_of_its_documentation_ends_statements() {
    for (delimiter, between) in [
        ("\\n\\n", "\n\n"),
        ("\\n\\n\\n", "\n\n\n"),
        ("\\n---\\n", "\n---\n"),
        ("\\n-- end --\\n", "\n-- end --\n"),
        ("-- end", "\n-- end\n"),
        ("//", "//\n"),
        ("\\r\\n\\r\\n", "\r\n\r\n"),
    ] {
        let body = "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n  SELECT '-- end', 1; SELECT 2;\nEND";
        let text = format!(
            "-- atlas:delimiter {delimiter}\n{between}CREATE TABLE a (b int){between}{body}{between}SELECT 3 /* why */{between}SELECT 4;{between}"
        );
        let files = [("1_a.sql", text.as_str())];
        let catalog = by_hand(&files);
        let up = &catalog.migrations().next().unwrap().up;
        assert_eq!(unfit(&catalog), [""; 0], "{delimiter}");
        assert_eq!(up.statements(), 4, "{delimiter}: {:?}", up.text);
        assert_eq!(
            up.position(up.text.find("SELECT 4").unwrap()).line,
            u32::try_from(text[..text.find("SELECT 4").unwrap()].matches('\n').count()).unwrap() + 1,
            "{delimiter}"
        );
    }
}

/// Without a sum, whose files these are does not matter to what their lines mean.
fn by_hand(files: &[(&str, &str)]) -> syncline::Catalog {
    read("atlas", &summed(files)).unwrap()
}

/// The files with the sum that is theirs.
fn summed<'a>(files: &[(&'a str, &str)]) -> Vec<(&'a str, String)> {
    let (mut running, mut total, mut lines) = (Sha256::new(), Sha256::new(), String::new());
    for (name, text) in files {
        running.update(name);
        running.update(text);
        let hash = STANDARD.encode(running.clone().finalize());
        total.update(format!("{name}{hash}"));
        lines.push_str(&format!("{name} h1:{hash}\n"));
    }
    let sum = format!("h1:{}\n{lines}", STANDARD.encode(total.finalize()));
    let files = files.iter().map(|(name, text)| (*name, (*text).to_owned()));
    files.chain([("atlas.sum", sum)]).collect()
}

#[test]
fn what_its_lines_cannot_say_here_is_refused() {
    for (text, problem) in [
        (
            "-- atlas:txmode all\n\nSELECT 1;\n",
            "1_a.sql:1: layout: a file has one `atlas:txmode`, which is `none` or `file` (keep one of the two)",
        ),
        (
            "-- atlas:txmode none\n-- atlas:txmode file\n\nSELECT 1;\n",
            "1_a.sql:2: layout: a file has one `atlas:txmode`, which is `none` or `file` (keep one of the two)",
        ),
        (
            "-- atlas:txtar\n\n-- checks.sql --\nSELECT 1;\n-- migration.sql --\nSELECT 2;\n",
            "1_a.sql:1: layout: `atlas:txtar` is of Atlas' Pro edition, and is not read here (write its statements into the file, without the line)",
        ),
        (
            "-- atlas:delimiter\nSELECT 1;\n",
            "1_a.sql:1: layout: `atlas:delimiter` names none (write the delimiter behind it)",
        ),
    ] {
        assert_eq!(refused("atlas", &summed(&[("1_a.sql", text)])), [problem], "{text}");
    }
    // At a statement it is one of that statement, and says nothing of the file.
    let catalog = by_hand(&[("1_a.sql", "-- atlas:txmode none\nSELECT 1;\n")]);
    assert!(!told(&catalog)[0].contains("outside"));
    for (file, problem) in [
        (
            "a_b.sql",
            "a_b.sql: near-miss: its version is no number, and there is no order of others here (rename the file, or choose another `layout`)",
        ),
        (
            "1_a.down.sql",
            "1_a.down.sql: near-miss: Atlas knows no down scripts, and would run it like any other (rename the file, or choose another `layout`)",
        ),
    ] {
        assert_eq!(refused("atlas", &summed(&[(file, "SELECT 1;")])), [problem]);
    }
    let error = refused("atlas", &summed(&[("10_b.sql", "SELECT 1;"), ("9_a.sql", "SELECT 1;")]));
    assert!(error[0].contains("Atlas runs `"), "{error:?}");
}

/// It looks after files of other tools, and they are read as those.
#[test]
fn the_sum_beside_files_of_another_tool_says_nothing() {
    let goose = "-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;\n";
    let dbmate = "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n";
    for (layout, files) in [
        ("goose", vec![("1_a.sql", goose)]),
        ("dbmate", vec![("1_a.sql", dbmate)]),
        (
            "native",
            vec![("1_a.up.sql", "SELECT 1;"), ("1_a.down.sql", "SELECT 2;")],
        ),
        ("native", vec![("V1__a.sql", "SELECT 1;")]),
        ("flyway", vec![("V1__a.sql", "SELECT 1;"), ("U1__a.sql", "SELECT 2;")]),
        ("native", vec![]),
    ] {
        let files: Vec<(&str, &str)> = files.into_iter().chain([("atlas.sum", "h1:x\n")]).collect();
        let catalog = match read("", &files) {
            Ok(catalog) => catalog,
            Err(error) => panic!("{layout}: {error:?}"),
        };
        assert_eq!(catalog.detected().layout.name(), layout);
    }
}
