//! graphile-migrate: committed files with their hashes, and what is not committed yet.

use syncline::script::Syntax;

use crate::read::{found, line, names, read, read_for, refused, told, unfit, windows};

/// As graphile-migrate 1.4.1 has committed them.
const PEOPLE: &str = "--! Previous: -\n--! Hash: sha1:137d5bbc305dc4b9c124c313a46166d5830ca721\n--! Message: People here\n\nCREATE TABLE people (id int primary key);\nCOMMENT ON DATABASE :DATABASE_NAME IS 'x';\n";
const PETS: &str = "--! Previous: sha1:137d5bbc305dc4b9c124c313a46166d5830ca721\n--! Hash: sha1:07671e05be60a69c28abc2c3e7ddc27e66978faa\n\nCREATE TABLE pets (id int);\nINSERT INTO pets VALUES (1); SELECT ':APP';\n";
const INDEX: &str = "--! Previous: sha1:07671e05be60a69c28abc2c3e7ddc27e66978faa\n--! Hash: sha1:0c40676516ba0ff8275434f65a4735606823e579\n--! Message: index\n\n--! no-transaction\nCREATE INDEX CONCURRENTLY pets_id ON pets (id);\n";
const BLANK: &str = "-- Enter migration here\n";

const PROJECT: [(&str, &str); 4] = [
    ("committed/000001-people-here.sql", PEOPLE),
    ("committed/000002.sql", PETS),
    ("committed/000003-index.sql", INDEX),
    ("current.sql", BLANK),
];

fn postgres() -> Syntax {
    Syntax::Postgres(Default::default())
}

#[test]
fn a_project_that_the_tool_has_written_is_read() {
    let why = "`committed/000001-people-here.sql` begins with `--! Previous: -`";
    let catalog = found("graphile-migrate", why, &PROJECT);
    assert_eq!(names(&catalog), ["1 people-here", "2 000002", "3 index"]);
    assert_eq!(catalog.notes(), [""; 0]);
    let up = &catalog.migrations().next().unwrap().up;
    assert_eq!(line(up, "CREATE TABLE"), 5);
    // Its own lines are no part of what is stored: they change when it is committed again behind another one.
    assert!(!up.text.contains("--!"), "{}", up.text);
    // In its directory it is the same.
    let inner: Vec<(&str, &str)> = (PROJECT[..3].iter())
        .map(|(name, text)| (name.trim_start_matches("committed/"), *text))
        .collect();
    let why = "`000001-people-here.sql` begins with `--! Previous: -`";
    assert_eq!(told(&found("graphile-migrate", why, &inner)), told(&catalog));
}

#[test]
fn one_that_says_so_runs_without_a_transaction() {
    let files = [(
        "000001.sql",
        "--! Previous: -\n--! Hash: sha1:0\n--! AllowInvalidHash\n\n--! no-transaction\nCREATE INDEX CONCURRENTLY i ON a (b);\nSELECT 1;\n",
    )];
    let catalog = read_for(postgres(), "", &files).unwrap();
    assert!(
        told(&catalog)[0].starts_with("1 000001: outside"),
        "{:?}",
        told(&catalog)
    );
    // On another line than the first it is a comment.
    let files = [("000001.sql", files[0].1.replace("\n--! no", "\n-- first\n--! no"))];
    assert!(!told(&read_for(postgres(), "", &files).unwrap())[0].contains("outside"));
}

#[test]
fn what_is_not_committed_is_told_and_never_run() {
    for file in ["current.sql", "current/1-current.sql"] {
        for (text, is_told) in [
            (BLANK, false),
            ("", false),
            ("-- x\n/* y */\n", false),
            ("CREATE TABLE no (id int);\n", true),
            ("SELECT 'open", true),
        ] {
            let files = [PROJECT[0], (file, text)];
            let catalog = read("", &files).unwrap();
            assert_eq!(names(&catalog), ["1 people-here"]);
            let name = file.trim_start_matches("current/");
            let told =
                format!("`{name}` is not committed, and is not run: `graphile-migrate commit` makes a migration of it");
            assert_eq!(catalog.notes(), if is_told { vec![told] } else { vec![] }, "{text}");
        }
    }
}

#[test]
fn a_hash_that_is_not_that_of_the_text_is_refused() {
    let edited = PETS.replace("VALUES (1)", "VALUES (2)");
    let help = "put the text back that was committed; if the new one is meant, write a line `--! AllowInvalidHash` below that of its hash";
    let files = [(PROJECT[0].0, PEOPLE.to_owned()), (PROJECT[1].0, edited.clone())];
    let error = refused("", &files);
    assert!(
        error[0].starts_with("committed/000002.sql: layout: its hash is sha1:07671e05be60a69c28abc2c3e7ddc27e66978faa, and that of its text sha1:")
            && error[0].ends_with(&format!("({help})")),
        "{error:?}"
    );
    // What the help says helps.
    let allowed = edited.replace("\n\nCREATE", "\n--! AllowInvalidHash\n\nCREATE");
    let files = [(PROJECT[0].0, PEOPLE.to_owned()), (PROJECT[1].0, allowed)];
    assert_eq!(names(&read("", &files).unwrap()), ["1 people-here", "2 000002"]);
    let needless = PETS.replace("\n\nCREATE", "\n--! AllowInvalidHash\n\nCREATE");
    let error = refused("", &[(PROJECT[0].0, PEOPLE.to_owned()), (PROJECT[1].0, needless)]);
    assert!(error[0].contains("(remove that line)"), "{error:?}");
}

#[test]
fn a_chain_that_is_broken_is_refused() {
    let error = refused("", &[PROJECT[0], PROJECT[2]]);
    let help = "commit it again behind what came before it (`graphile-migrate uncommit`, then `commit`)";
    assert_eq!(
        error,
        [format!(
            "committed/000003-index.sql: layout: its line `Previous` names another one than `committed/000001-people-here.sql`, which has the hash sha1:137d5bbc305dc4b9c124c313a46166d5830ca721 ({help})"
        )]
    );
    let error = refused("", &[PROJECT[1]]);
    assert_eq!(
        error,
        [format!(
            "committed/000002.sql: layout: it follows another one by its line `Previous`, and there is none before it ({help})"
        )]
    );
}

#[test]
fn lines_that_are_missing_are_told() {
    for (text, what) in [
        ("SELECT 1;\n", "it has no line `--! Previous: …`"),
        ("--! Previous: -\n\nSELECT 1;\n", "it has no line `--! Hash: …`"),
        (
            "--! Previous: -\n--! Hash: sha1:0\nSELECT 1;\n",
            "no empty line follows its first lines",
        ),
        (
            "--! Previous: -\n--! Previous: -\n",
            "one of its first lines is there twice",
        ),
    ] {
        let error = refused("graphile-migrate", &[("committed/000001.sql", text)]);
        assert_eq!(
            error,
            [format!(
                "committed/000001.sql: layout: {what} (`graphile-migrate commit` writes them)"
            )]
        );
    }
}

#[test]
fn its_placeholders_are_refused_unless_they_are_declared() {
    let catalog = read_for(postgres(), "", &PROJECT).unwrap();
    let problems = unfit(&catalog);
    assert!(problems[0].contains("`:DATABASE_NAME` has no value"), "{problems:?}");
    assert!(problems[1].contains("`:APP` has no value"), "{problems:?}");
    assert_eq!(problems.len(), 2);
    let text = "--! Previous: -\n--! Hash: sha1:0\n--! AllowInvalidHash\n\nSELECT to_char(now(), 'HH24:MI:SS'), '1'::TEXT, (ARRAY[1,2])[1:2];\n";
    assert_eq!(
        unfit(&read_for(postgres(), "", &[("000001.sql", text)]).unwrap()),
        [""; 0]
    );
}

#[test]
fn what_it_does_not_read_is_passed_over_with_a_word() {
    let files = [
        PROJECT[0],
        ("afterReset.sql", "SELECT 1;"),
        ("committed/x.sql", "SELECT 2;"),
    ];
    let catalog = read("", &files).unwrap();
    assert_eq!(names(&catalog), ["1 people-here"]);
    let notes = catalog.notes();
    assert!(
        notes[0].starts_with("2 files are none of graphile-migrate, and are passed over, `"),
        "{notes:?}"
    );
}

/// Git may have changed them, and the hash is that of the text with LF.
#[test]
fn line_ends_and_a_mark_change_nothing() {
    let here = read("", &PROJECT).unwrap();
    let there = read("", &windows(&PROJECT)).unwrap();
    let sums = |catalog: &syncline::Catalog| -> Vec<String> {
        catalog
            .migrations()
            .map(|migration| migration.up.checksum.to_string())
            .collect()
    };
    assert_eq!(sums(&here), sums(&there));
}
