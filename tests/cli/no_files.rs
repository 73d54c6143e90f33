//! A deployment of nothing: a directory without migrations is no success, whatever lies there is told, and what is proposed works.

use std::process::Command;

use insta::assert_snapshot;
use serde_json::Value;

use super::project::Project;

const UP: &str = "CREATE TABLE users (id integer);\n";
const DOWN: &str = "DROP TABLE users;\n";
const GOOSE: &str = "-- +goose Up\nCREATE TABLE users (id integer);\n-- +goose Down\nDROP TABLE users;\n";

/// Files at these paths; how `up` is called; and the directory that is proposed, where one is.
type Case = (
    &'static [(&'static str, &'static str)],
    &'static [&'static str],
    Option<&'static str>,
);

const DIESEL: &[(&str, &str)] = &[
    ("db/migrations/2024-01-01-000000_users/up.sql", UP),
    ("db/migrations/2024-01-01-000000_users/down.sql", DOWN),
];

const CASES: &[Case] = &[
    // One level off, two, three, and more.
    (DIESEL, &["--dir", "db"], Some("db/migrations")),
    (DIESEL, &["--dir", "."], Some("./db/migrations")),
    (&[("a/b/c/1_users.sql", UP)], &["--dir", "a"], Some("a/b/c")),
    (&[("a/b/c/d/e/f/1_users.sql", UP)], &["--dir", "a"], Some("a/b/c/d/e/f")),
    (
        &[("a/migrations/1_users.sql", UP)],
        &["--dir", "a"],
        Some("a/migrations"),
    ),
    (
        &[("my app/sql files/1_users.sql", UP)],
        &["--dir", "my app"],
        Some("'my app/sql files'"),
    ),
    (
        &[("a/b/prisma/1_users/migration.sql", UP)],
        &["--dir", "a"],
        Some("a/b/prisma"),
    ),
    (&[("a/b/c/1_users.sql", GOOSE)], &["--dir", "a"], Some("a/b/c")),
    (
        &[("a/x/y/V1__users.sql", UP), ("a/x/y/U1__users.sql", DOWN)],
        &["--dir", "a"],
        Some("a/x/y"),
    ),
    // Right, but for the layout that was forced.
    (
        &[("a/b/c/1_users.sql", UP)],
        &["--dir", "a", "--layout", "diesel"],
        Some("a/b/c --layout native"),
    ),
    (
        &[("a/b/c/1_users.sql", GOOSE)],
        &["--dir", "a/b", "--layout", "goose"],
        Some("a/b/c --layout goose"),
    ),
    // Names that no layout has.
    (&[("a/v1.0/schema.sql", UP)], &["--dir", "a"], None),
    (&[("a/v1.0/SCHEMA.SQL", UP)], &["--dir", "a"], None),
    (&[("a/b/schema.cql", "x")], &["--dir", "a"], None),
    (&[("a/b/schema.cypher", "x")], &["--dir", "a"], None),
    (&[("a/b/c/1_users.js", "x")], &["--dir", "a"], None),
    (&[("a/b/dump.sql.gz", "x")], &["--dir", "a"], None),
    (&[("a/schema.cql", "x")], &["--dir", "a"], None),
];

fn project(files: &[(&str, &str)]) -> Project {
    let project = Project::new().variable("SYNCLINE_URL", "sqlite:shop.db");
    files
        .iter()
        .fold(project, |project, (path, text)| project.file(path, text))
}

/// Runs a proposed command as it stands.
fn follow(project: &Project, line: &str) -> i32 {
    let bin = std::path::Path::new(env!("CARGO_BIN_EXE_syncline")).parent().unwrap();
    let status = Command::new("sh")
        .args(["-c", line])
        .current_dir(project.path(""))
        .env("PATH", format!("{}:/usr/bin:/bin", bin.display()))
        .env("SYNCLINE_URL", "sqlite:shop.db")
        .env("USER", "ann")
        .output()
        .unwrap();
    status.status.code().unwrap()
}

fn lines(said: &Value) -> Vec<String> {
    let lines = said["error"]["next"].as_array().unwrap();
    lines.iter().map(|line| line.as_str().unwrap().to_owned()).collect()
}

#[test]
fn whatever_lies_below_is_told_and_the_directory_that_would_be_right_is_the_next_line() {
    for (files, words, proposed) in CASES {
        for command in [&["up"][..], &["plan"], &["up", "--dry-run"], &["status", "--exit-code"]] {
            let project = project(files);
            let typed: Vec<&str> = command.iter().chain(*words).copied().collect();
            let said = project.silently(&[&typed[..], &["--format", "json"]].concat());
            let document = said.json();
            let which = format!("{typed:?} {files:?}\n{document:#}");
            assert_eq!(said.exit, 2, "{which}");
            assert!(!project.path("shop.db").exists(), "{which}");
            let next = lines(&document);
            if let Some(proposed) = proposed {
                let line = format!("syncline {} --dir {proposed}", command[0]);
                assert_eq!(next[0].split("   #").next().unwrap().trim(), line, "{which}");
                if command == ["up"] {
                    assert_eq!(follow(&project, &next[0]), 0, "{which}");
                    assert!(project.path("shop.db").exists(), "{which}");
                    let again = project.silently(&["status", "--format", "json"]);
                    assert_ne!(again.exit, 70);
                }
            } else {
                assert!(
                    next.iter()
                        .all(|line| !line.contains(" --dir ") || line.contains("--allow-empty")),
                    "{which}"
                );
                assert_eq!(document["error"]["code"], "no-migrations", "{which}");
                assert!(!document["error"]["hint"].is_null(), "{which}");
            }
            if document["error"]["code"] == "no-migrations" {
                let message = document["error"]["message"].as_str().unwrap();
                let first = files[0].0.rsplit('/').next().unwrap();
                assert!(message.contains(first) || files.len() > 1, "{which}");
            }
        }
    }
}

#[test]
fn commands_that_only_read_say_it_and_go_on() {
    let mut project = project(DIESEL);
    for command in [&["status"][..], &["verify"]] {
        let said = project.silently(&[command, &["--dir", "db"]].concat());
        assert_eq!(said.exit, 0, "{command:?}");
        assert!(
            said.stderr.contains("did you mean `--dir db/migrations`?"),
            "{}",
            said.stderr
        );
        let document = project
            .silently(&[command, &["--dir", "db", "--format", "json"]].concat())
            .json();
        assert!(
            document["warnings"][0].as_str().unwrap().contains("up.sql"),
            "{document:#}"
        );
    }
    let said = project.run(&["convert", "--to", "native", "out", "--dir", "db"]);
    assert_eq!(said.exit, 2);
    assert!(
        said.stderr
            .contains("next:  syncline convert --to native out --dir db/migrations"),
        "{}",
        said.stderr
    );
    assert!(!project.path("out").exists());
    // What goes back needs no files.
    project.ok(&["up", "--dir", "db/migrations"]);
    project.ok(&["down", "--yes", "--dir", "db"]);
}

#[test]
fn a_project_that_was_just_begun_has_nothing_to_do_and_no_other_empty_directory_has() {
    let mut project = Project::new();
    project.ok(&["init"]);
    project.ok(&["up"]);
    project.ok(&["plan"]);
    assert_eq!(project.silently(&["status", "--exit-code"]).exit, 0);
    project.note("what nobody reads changes nothing");
    project.write("migrations/README.md", "words");
    project.write("migrations/.gitkeep", "");
    project.ok(&["up"]);
    project.note("another directory is no such beginning");
    project.write("other/.gitkeep", "");
    assert_eq!(project.run(&["up", "--dir", "other"]).exit, 2);
    assert_eq!(project.run(&["plan", "--dir", "other"]).exit, 2);
    project.ok(&["up", "--dir", "other", "--allow-empty"]);
    project.ok(&["up", "--dir", "migrations"]);
    project.note("nor is a directory whose history has gone on");
    project.write(
        "migrations/1_a.sql",
        "CREATE TABLE a (x);\n-- syncline: down\nDROP TABLE a;\n",
    );
    project.ok(&["up"]);
    project.ok(&["down", "--yes"]);
    project.remove("migrations/1_a.sql");
    assert_eq!(project.run(&["up"]).exit, 2);
    assert_eq!(project.silently(&["status", "--exit-code"]).exit, 2);
    project.ok(&["up", "--allow-empty"]);
    assert_snapshot!(project.story());
}

#[test]
fn the_configuration_can_let_it_through_for_all_or_for_one_target() {
    let project = Project::new()
        .file("empty/.gitkeep", "")
        .file("full/1_a.sql", "CREATE TABLE a (x);\n")
        .file(
            "syncline.toml",
            "[target.one]\nurl = \"sqlite:one.db\"\ndir = \"empty\"\npolicy = { empty = \"allow\" }\n\
             [target.two]\nurl = \"sqlite:two.db\"\ndir = \"full\"\n\
             [target.three]\nurl = \"sqlite:three.db\"\ndir = \".\"\n",
        );
    assert_eq!(project.silently(&["up", "-t", "one"]).exit, 0);
    assert_eq!(project.silently(&["up", "-t", "two"]).exit, 0);
    let said = project.silently(&["up", "-t", "three", "--layout", "goose"]);
    assert_eq!(said.exit, 2, "{}", said.stderr);
    project.write(
        "syncline.toml",
        "dir = \"other\"\n[policy]\nempty = \"allow\"\n[target.one]\nurl = \"sqlite:one.db\"\n",
    );
    project.write("other/x/schema.sql", "SELECT 1;\n");
    assert_eq!(project.silently(&["up"]).exit, 0);
    assert_eq!(project.silently(&["up", "--dir", "empty"]).exit, 0);
}

#[test]
fn names_that_are_configured_and_match_nothing_are_no_success() {
    for (key, words) in [
        (
            "pattern = 'X(?<version>[0-9]+)[.]sql'",
            "--dir migrations --layout native",
        ),
        ("order = 'order.txt'", "--dir migrations --layout native"),
    ] {
        let project = Project::new()
            .variable("SYNCLINE_URL", "sqlite:shop.db")
            .file("migrations/1_users.sql", UP)
            .file("order.txt", "")
            .file("syncline.toml", key);
        let said = project.silently(&["up", "--format", "json"]);
        assert_eq!(said.exit, 2, "{}", said.stdout);
        let document = said.json();
        if document["error"]["code"] == "no-migrations" {
            let next = lines(&document);
            assert!(next[0].starts_with(&format!("syncline up {words}")), "{next:?}");
            assert_eq!(follow(&project, &next[0]), 0);
            assert!(project.path("shop.db").exists());
        }
    }
}

#[cfg(unix)]
#[test]
fn links_are_not_followed_out_and_what_cannot_be_read_is_told() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let project = project(&[("elsewhere/deep/1_users.sql", UP), ("empty/a/.gitkeep", "")]);
    symlink("../../elsewhere", project.path("empty/a/link")).unwrap();
    symlink("..", project.path("empty/a/up")).unwrap();
    let said = project.silently(&["up", "--dir", "empty"]);
    assert_eq!(said.exit, 2);
    assert!(!said.stderr.contains("1_users"), "{}", said.stderr);
    std::fs::create_dir_all(project.path("empty/b/closed")).unwrap();
    std::fs::set_permissions(project.path("empty/b/closed"), std::fs::Permissions::from_mode(0o0)).unwrap();
    let is_closed = std::fs::read_dir(project.path("empty/b/closed")).is_err();
    let said = project.silently(&["up", "--dir", "empty"]);
    assert_eq!(said.exit, 2);
    // Whoever may read everything is not kept out.
    assert!(!is_closed || said.stderr.contains("closed"), "{}", said.stderr);
}

#[test]
fn a_directory_of_thousands_is_told_in_a_moment() {
    let project = Project::new().variable("SYNCLINE_URL", "sqlite:shop.db");
    for directory in 0..300 {
        for file in 0..20 {
            project.write(&format!("many/a/b{directory}/x{file}.sql"), "SELECT 1;");
        }
    }
    let begun = std::time::Instant::now();
    let said = project.silently(&["up", "--dir", "many"]);
    assert_eq!(said.exit, 2);
    assert!(said.stderr.contains("6000 files"), "{}", said.stderr);
    assert!(begun.elapsed().as_secs() < 15, "{:?}", begun.elapsed());
}
