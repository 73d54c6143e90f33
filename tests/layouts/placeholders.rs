//! Placeholders: every form of one, where values come from, and that no value is kept or shown.

use syncline::files::Reading;
use syncline::script::{Placeholders, Syntax};

use crate::project::Project;
use crate::read::{catalog, checksums, directory, told, unfit};

const CANARY: &str = "canary7e1f";

fn declared(pairs: &[(&str, &str)]) -> Placeholders {
    Placeholders::new(
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned())),
    )
    .unwrap()
}

fn with(pairs: &[(&str, &str)], text: &str) -> syncline::Catalog {
    let files = directory(&[("1_a.sql", text)]);
    let reading = Reading {
        placeholders: declared(pairs),
        ..Reading::default()
    };
    catalog(files.path(), Syntax::Postgres(Default::default()), &reading).unwrap()
}

#[test]
fn every_form_is_replaced() {
    for (key, text) in [
        ("${name}", "SELECT '${name}', '${ name }';"),
        ("{{ name }}", "SELECT '{{name}}', '{{ name }}';"),
        ("$(name)", "SELECT '$(name)', '$( name )';"),
        (
            "/* TEMPLATE: name */",
            "SELECT '/* TEMPLATE: name */', '/* TEMPLATE:name*/';",
        ),
        (":NAME", "SELECT ':NAME', ':NAME';"),
        ("@NAME@", "SELECT '@NAME@', '@NAME@';"),
        ("%name%", "SELECT '%name%', '%name%';"),
    ] {
        assert_eq!(told(&with(&[(key, "v")], text)), ["1 a: \"SELECT 'v', 'v';\""], "{key}");
    }
}

#[test]
fn of_two_that_begin_alike_the_longer_one_is_meant() {
    let pairs = [("$USER", "short"), ("$USERNAME", "long")];
    assert_eq!(
        told(&with(&pairs, "SELECT '$USERNAME $USER';")),
        ["1 a: \"SELECT 'long short';\""]
    );
}

#[test]
fn one_that_is_declared_in_two_spellings_is_refused() {
    let pairs = [("{{name}}", "a"), ("{{ name }}", "b")].map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(
        Placeholders::new(pairs).unwrap_err().to_string(),
        "`{{ name }}` is no placeholder: it is declared twice"
    );
}

#[test]
fn one_without_a_value_is_told_in_its_line_with_the_nearest_that_has_one() {
    let catalog = with(&[("${user}", "x")], "SELECT 1;\nSELECT '${usr}';\n");
    assert_eq!(
        unfit(&catalog),
        [
            "1_a.sql:2: placeholder: the placeholder `${usr}` has no value (did you mean `${user}`? if not, declare it in `placeholders` of the configuration)"
        ]
    );
}

#[test]
fn a_value_changes_no_checksum() {
    let text = "SELECT '${name}';";
    assert_eq!(
        checksums(&with(&[("${name}", "a")], text)),
        checksums(&with(&[("${name}", "b")], text))
    );
}

#[test]
fn a_place_behind_a_value_of_several_lines_is_that_in_the_file() {
    let catalog = with(&[("${x}", "1;\nSELECT\n2")], "SELECT ${x};\nSELECT '");
    let problem = &catalog.problems()[0];
    assert_eq!(
        (problem.position.unwrap().line, problem.line.as_deref()),
        (2, Some("SELECT '"))
    );
}

/// A project whose script holds a secret that comes from a variable, and one that comes from a file.
fn project(script: &str) -> Project {
    Project::new()
        .variable("SYNCLINE_URL", "sqlite:shop.db")
        .variable("OWNER", CANARY)
        .file("secret.txt", format!("{CANARY}-file\n"))
        .file(
            "syncline.toml",
            "[placeholders]\n\"${owner}\" = { env = \"OWNER\" }\n\"${secret}\" = { file = \"secret.txt\" }\n",
        )
        .file("migrations/1_a.up.sql", script)
        .file(
            "migrations/1_a.down.sql",
            "DELETE FROM people WHERE name = '${owner}';\nDROP TABLE people;\n",
        )
}

const PEOPLE: &str = "CREATE TABLE people (name text);\nINSERT INTO people VALUES ('${owner}'), ('${secret}');\n";

fn people(project: &Project, query: &str) -> String {
    let output = std::process::Command::new("sqlite3")
        .arg(project.path("shop.db"))
        .arg(query)
        .output();
    String::from_utf8(
        output
            .expect("the sqlite3 program is installed (tests/run installs it)")
            .stdout,
    )
    .unwrap()
}

#[test]
fn values_come_from_variables_and_files_and_the_end_of_a_files_line_does_not_count() {
    let mut project = project(PEOPLE);
    project.ok(&["up"]);
    assert_eq!(
        people(&project, "SELECT quote(name) FROM people"),
        format!("'{CANARY}'\n'{CANARY}-file'\n")
    );
    project.ok(&["down", "--yes"]);
}

#[test]
fn no_value_is_kept_or_shown() {
    let mut project = project(PEOPLE);
    let mut all = String::new();
    for arguments in [
        &["plan"][..],
        &["plan", "--format", "json"],
        &["up"],
        &["status", "--format", "json"],
        &["show", "1"],
        &["show", "1", "--down"],
        &["show", "1", "--format", "json"],
        &["log", "--format", "json"],
        &["verify", "--format", "json"],
    ] {
        let said = project.run(arguments);
        all += &format!("{arguments:?}\n{}{}", said.stdout, said.stderr);
    }
    project.write(
        "migrations/1_a.up.sql",
        PEOPLE.replace("name text", "name text, age int"),
    );
    for arguments in [
        &["plan"][..],
        &["plan", "--format", "json"],
        &["verify"],
        &["up"],
        &["status", "--format", "json"],
    ] {
        let said = project.run(arguments);
        all += &format!("{arguments:?}\n{}{}", said.stdout, said.stderr);
    }
    assert!(all.contains("${owner}"), "{all}");
    assert!(!all.contains(CANARY), "{all}");
    let ledger = people(&project, ".dump syncline_history") + &people(&project, ".dump syncline_script");
    assert!(ledger.contains("${owner}"), "{ledger}");
    assert!(!ledger.contains(CANARY), "{ledger}");
}

#[test]
fn a_statement_that_fails_shows_and_keeps_no_value() {
    let mut project = project("CREATE TABLE people (name text);\nINSERT INTO peopel VALUES ('${owner}');\n");
    let mut all = String::new();
    for arguments in [
        &["up"][..],
        &["up", "--format", "json"],
        &["status", "--format", "json"],
        &["log", "--format", "json"],
    ] {
        let said = project.run(arguments);
        all += &format!("{arguments:?}\n{}{}", said.stdout, said.stderr);
    }
    assert!(all.contains("peopel"), "{all}");
    assert!(!all.contains(CANARY), "{all}");
    let project = self::project(&format!("SELECT 1;\nSELECT x FROM \"{}\";\n", "${owner}"));
    let said = project.silently(&["up"]);
    assert_ne!(said.exit, 0);
    assert!(
        !format!("{}{}", said.stdout, said.stderr).contains(CANARY),
        "{}",
        said.stderr
    );
    let ledger = people(&project, ".dump");
    assert!(!ledger.contains(CANARY), "{ledger}");
}

#[test]
fn a_value_in_a_name_is_shown_nowhere_either() {
    let mut all = String::new();
    for script in [
        "CREATE TABLE \"${owner}\" (id int);\nSELECT 1;\n",
        "CREATE TABLE \"${owner}\" (id int);\nVACUUM INTO \"${secret}\";\n",
        "-- syncline: no-transaction\nCREATE TABLE \"${owner}\" (id int);\nCREATE TABLE \"${owner}\" (id int);\n",
        "BEGIN;\nSELECT '${owner}';\n",
        "SELECT '${owner}' '\n",
    ] {
        let mut project = project(script);
        for arguments in [
            &["plan"][..],
            &["plan", "--format", "json"],
            &["up", "-v"],
            &["up"],
            &["status", "--format", "json"],
            &["status"],
            &["log"],
            &["verify"],
        ] {
            let said = project.run(arguments);
            all += &format!("{arguments:?}\n{}{}", said.stdout, said.stderr);
        }
        let ledger = people(&project, ".dump syncline_history") + &people(&project, ".dump syncline_script");
        assert!(!ledger.contains(CANARY), "{ledger}");
    }
    assert!(!all.contains(CANARY), "{all}");
}

#[test]
fn a_value_that_is_not_there_says_which_and_where() {
    for (text, told) in [
        (
            "\"${a}\" = { env = \"NOBODY_SET_IT\" }",
            "the variable NOBODY_SET_IT for the placeholder `${a}` is not set",
        ),
        (
            "\"${a}\" = { file = \"nowhere.txt\" }",
            "for the placeholder `${a}` cannot be read",
        ),
        (
            "\"x\" = \"y\"",
            "`x` is no placeholder: it is too short to be told from other text",
        ),
    ] {
        let project = project(PEOPLE);
        project.write("syncline.toml", format!("[placeholders]\n{text}\n"));
        let said = project.silently(&["plan"]);
        assert_ne!(said.exit, 0);
        assert!(said.stderr.contains(told), "{}", said.stderr);
        assert!(said.stderr.contains("syncline.toml:2"), "{}", said.stderr);
    }
}

/// What is written like a placeholder and has no value, by what each tool does with it: one that always replaces stops, and so does syncline;
/// the others send it as it stands.
#[test]
fn one_without_a_value_stops_where_the_tool_would_not_have_sent_it() {
    let text = "SELECT '${tag}', '{{ .tag }}' AS a;\n";
    let goose = format!("-- +goose Up\n{text}");
    let dbmate = format!("-- migrate:up\n{text}");
    let sql_migrate = format!("-- +migrate Up\n{text}");
    let liquibase = format!("--liquibase formatted sql\n--changeset ann:1\n{text}");
    let graphile = format!("--! Previous: -\n--! Hash: sha1:0\n--! AllowInvalidHash\n\n{text}");
    let tern = format!("{text}---- create above / drop below ----\n");
    let node = format!("-- Up Migration\n{text}");
    let journal = r#"{"version":"7","dialect":"sqlite","entries":[{"idx":0,"version":"6","when":1,"tag":"0000_a","breakpoints":true}]}"#;
    let plan = "%syntax-version=1.0.0\n%project=p\n\na 2026-01-02T03:04:05Z Ann <ann@example.com> # a\n";
    // What `atlas migrate hash` writes for it.
    let sum =
        "h1:SX2tRlDRzP+u1wZF+j9MkuUSsZQwgXowrrOluV3RQf4=\n1_a.sql h1:ho3FW8eZNZcQRo5A6q+FBvukKo8zPcjv9AaPWY8VB5U=\n";
    let one = |file: &'static str, text: &str| vec![(file, text.to_owned())];
    let with = |mut files: Vec<(&'static str, String)>, file: &'static str, text: &str| {
        files.push((file, text.to_owned()));
        files
    };
    for layout in syncline::catalog::Layout::names() {
        let (files, stops): (_, &[&str]) = match layout {
            "graphile-migrate" => (one("committed/000001-a.sql", &graphile), &[]),
            "pop" => (one("1_a.up.sql", text), &["{{ .tag }}"]),
            "flyway" => (one("V1__a.sql", text), &["${tag}"]),
            "liquibase" => (one("a.sql", &liquibase), &["${tag}"]),
            "tern" => (one("001_a.sql", &tern), &["{{ .tag }}"]),
            "goose" => (one("1_a.sql", &goose), &[]),
            "dbmate" => (one("1_a.sql", &dbmate), &[]),
            "sql-migrate" => (one("1_a.sql", &sql_migrate), &[]),
            "node-pg-migrate" => (one("1_a.sql", &node), &[]),
            "golang-migrate" => (one("1_a.up.sql", text), &[]),
            "maragudk" => (one("1_a.up.sql", text), &[]),
            "diesel" => (one("1_a/up.sql", text), &[]),
            "prisma" => (one("1_a/migration.sql", text), &[]),
            "refinery" => (one("V1__a.sql", text), &[]),
            "drizzle" => (with(one("0000_a.sql", text), "meta/_journal.json", journal), &[]),
            "sqitch" => (with(one("deploy/a.sql", text), "sqitch.plan", plan), &[]),
            "atlas" => (with(one("1_a.sql", text), "atlas.sum", sum), &[]),
            // Read elsewhere, in tests of their own.
            _ => (one("1_a.sql", text), &[]),
        };
        let read = match crate::read::read(layout, &files) {
            Ok(read) => read,
            Err(problems) => panic!("{layout}: {problems:#?}"),
        };
        let problems = unfit(&read);
        let stopped: Vec<&String> = problems
            .iter()
            .filter(|problem| problem.contains("placeholder:"))
            .collect();
        assert_eq!(stopped.len(), stops.len(), "{layout}: {problems:#?}");
        for (problem, placeholder) in stopped.iter().zip(stops) {
            assert!(problem.contains(placeholder), "{layout}: {problem}");
        }
    }
}
