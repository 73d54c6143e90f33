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
                let line = format!("syncline {} --dir {proposed}", command.join(" "));
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

/// What a command prints first as the next one, without its remark.
fn first(project: &Project, words: &[&str]) -> (Value, String) {
    let said = project.silently(&[words, &["--format", "json"]].concat());
    let document = said.json();
    assert_ne!(said.exit, 0, "{document:#}");
    let next = lines(&document).into_iter().next().unwrap_or_default();
    let next = next.split("   #").next().unwrap_or_default().to_owned();
    (document, next)
}

fn applied(project: &Project, words: &[&str]) -> Vec<String> {
    let status = project
        .silently(&[&["status", "--format", "json"], words].concat())
        .json();
    let rows = status["migrations"].as_array().cloned().unwrap_or_default();
    let applied = rows.iter().filter(|row| row["state"] == "applied");
    applied.map(|row| row["version"].as_str().unwrap().to_owned()).collect()
}

const DEEP: &[(&str, &str)] = &[
    ("q/a/b/c/1_a.sql", "CREATE TABLE a (x);\n"),
    ("q/a/b/c/2_b.sql", "CREATE TABLE b (x);\n"),
    ("q/a/b/c/3_c.sql", "CREATE TABLE c (x);\n"),
];

#[test]
fn a_command_that_is_proposed_again_does_no_more_than_the_one_that_was_typed() {
    // What was typed; what is proposed; what is applied once that was followed.
    let cases: &[(&[&str], &str, &[&str])] = &[
        (
            &["up", "--to", "1", "--dry-run"],
            "up --to 1 --dry-run --dir q/a/b/c",
            &[],
        ),
        (&["up", "--dry-run", "--sql"], "up --dry-run --sql --dir q/a/b/c", &[]),
        (&["up", "--to", "2"], "up --to 2 --dir q/a/b/c", &["1", "2"]),
        (&["up", "--steps", "1"], "up --steps 1 --dir q/a/b/c", &["1"]),
        (
            &["up", "--allow-missing", "--allow-out-of-order", "--steps=1"],
            "up --allow-missing --allow-out-of-order --steps 1 --dir q/a/b/c",
            &["1"],
        ),
        (
            &["up", "--steps", "1", "--lock-timeout", "3s", "--retries", "0"],
            "up --steps 1 --dir q/a/b/c --lock-timeout 3s --retries 0",
            &["1"],
        ),
        (&["plan", "--to", "1"], "plan --to 1 --dir q/a/b/c", &[]),
        (&["plan", "--sql"], "plan --sql --dir q/a/b/c", &[]),
    ];
    for (typed, proposed, then) in cases {
        let project = project(DEEP);
        let (document, next) = first(&project, &[typed, &["--dir", "q"][..]].concat());
        assert_eq!(next, format!("syncline {proposed}"), "{document:#}");
        assert_eq!(follow(&project, &next), 0, "{next}");
        assert_eq!(applied(&project, &["--dir", "q/a/b/c"]), *then, "{next}");
    }
    // The same for what was meant to be nothing.
    let project = project(&[("q/notes.cql", "x")]);
    let (_, next) = first(&project, &["up", "--steps", "1", "--dry-run", "--dir", "q"]);
    assert_eq!(next, "syncline up --steps 1 --dry-run --allow-empty --dir q");
    assert_eq!(follow(&project, &next), 0);
    assert!(!project.path("shop.db").exists());
    // Who names a version does not mean nothing.
    let (document, _) = first(&project, &["up", "--to", "1", "--dir", "q"]);
    assert!(lines(&document).iter().all(|line| !line.contains("--allow-empty")));
}

#[test]
fn advice_on_a_refusal_keeps_how_far_the_command_was_to_go() {
    let project = project(&[("m/2_b.sql", "CREATE TABLE b (x);\n")]);
    assert_eq!(project.silently(&["up", "--dir", "m"]).exit, 0);
    project.write("m/1_a.sql", "CREATE TABLE a (x);\n");
    project.write("m/3_c.sql", "CREATE TABLE c (x);\n");
    let help = |words: &[&str]| {
        let said = project.silently(&[words, &["--dir", "m", "--format", "json"]].concat());
        let document = said.json();
        let help = document["findings"][0]["help"][0].as_str();
        help.unwrap().split("   #").next().unwrap().to_owned()
    };
    let next = help(&["up", "--to", "2", "--dry-run"]);
    assert_eq!(next, "syncline up --allow-out-of-order --to 2 --dry-run --dir m");
    assert_eq!(follow(&project, &next), 0);
    assert_eq!(applied(&project, &["--dir", "m"]), ["2"]);
    let next = help(&["plan", "--to", "2", "--sql"]);
    assert_eq!(next, "syncline up --allow-out-of-order --to 2 --dir m");
    assert_eq!(follow(&project, &next), 0);
    assert_eq!(applied(&project, &["--dir", "m"]), ["1", "2"]);
}

#[test]
fn steps_that_failed_on_the_way_are_proposed_as_those_that_are_left() {
    let project = project(DEEP);
    project.write("q/a/b/c/2_b.sql", "CREATE TABLE a (x);\n");
    let (document, next) = first(&project, &["up", "--steps", "2", "--dir", "q/a/b/c"]);
    assert_eq!(next, "syncline up --steps 1 --dir q/a/b/c", "{document:#}");
    project.write("q/a/b/c/2_b.sql", "CREATE TABLE b (x);\n");
    assert_eq!(follow(&project, &next), 0);
    assert_eq!(applied(&project, &["--dir", "q/a/b/c"]), ["1", "2"]);
}

#[test]
fn no_other_directory_is_proposed_where_it_would_be_a_part_of_the_migrations() {
    let project = project(&[
        ("mix/1_a.sql", "CREATE TABLE a (x);\n"),
        ("mix/v1.0/deep/2_b.sql", "CREATE TABLE b (x);\n"),
    ]);
    let (document, next) = first(&project, &["up", "--dir", "mix"]);
    assert_eq!(next, "", "{document:#}");
    let hint = document["error"]["hint"].as_str().unwrap();
    assert_eq!(
        hint,
        "`recursive = true` in the configuration reads 2 migrations in and below `mix`"
    );
    project.write("syncline.toml", "recursive = true\n");
    assert_eq!(project.silently(&["up", "--dir", "mix"]).exit, 0);
    assert_eq!(applied(&project, &["--dir", "mix"]), ["1", "2"]);
}

#[test]
fn of_several_directories_none_is_chosen_but_that_of_the_engine() {
    let both = project(&[("two/postgres/1_a.sql", UP), ("two/sqlite/1_a.sql", UP)]);
    let (_, next) = first(&both, &["up", "--dir", "two"]);
    assert_eq!(next, "syncline up --dir two/sqlite");
    assert_eq!(follow(&both, &next), 0);
    let alike = project(&[("two/billing/1_a.sql", UP), ("two/shop/1_a.sql", UP)]);
    let (document, next) = first(&alike, &["up", "--dir", "two"]);
    assert!(!next.contains("two/"), "{next}");
    let hint = document["error"]["hint"].as_str().unwrap();
    assert!(
        hint.contains("`two/billing` (1 migration), `two/shop` (1 migration)"),
        "{hint}"
    );
    // As many as there may be, and however deep: what holds files is tried first.
    let project = Project::new().variable("SYNCLINE_URL", "sqlite:shop.db");
    for n in 1..=60 {
        project.write(&format!("many/d{n}/x/{n}_t.sql"), "SELECT 1;\n");
    }
    let (document, _) = first(&project, &["up", "--dir", "many"]);
    let hint = document["error"]["hint"].as_str().unwrap_or_default();
    assert!(hint.contains("`many/d1/x` (1 migration)"), "{document:#}");
    assert!(hint.contains("reads 60 migrations in and below `many`"), "{document:#}");
}

#[test]
fn a_project_of_many_directories_is_found_however_many_are_beside_it() {
    let project = Project::new().variable("SYNCLINE_URL", "sqlite:shop.db");
    for n in 1..=60 {
        project.write(&format!("top/d{n}/x/README.sql"), "SELECT 1;\n");
        project.write(
            &format!("top/app/migrations/2024-01-01-0000{n:02}_t/up.sql"),
            "SELECT 1;\n",
        );
    }
    let (document, next) = first(&project, &["up", "--dir", "top"]);
    assert_eq!(next, "syncline up --dir top/app/migrations", "{document:#}");
    assert_eq!(follow(&project, &next), 0);
}

#[test]
fn a_history_whose_files_are_all_gone_goes_on_with_what_is_proposed() {
    for words in [&["up"][..], &["up", "--allow-empty"], &["up", "--steps", "1"]] {
        let project = project(&[("m/1_a.sql", UP), ("empty/.gitkeep", "")]);
        assert_eq!(project.silently(&["up", "--dir", "m"]).exit, 0);
        let said = project.silently(&[words, &["--dir", "empty", "--format", "json"]].concat());
        assert_eq!(said.exit, 3);
        let document = said.json();
        let next = document["findings"][0]["help"][1].as_str().unwrap().to_owned();
        assert!(next.starts_with("syncline up --allow-missing --allow-empty"), "{next}");
        assert_eq!(follow(&project, &next), 0, "{next}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_to_a_directory_of_migrations_is_named_as_what_it_is_and_typed_it_is_read() {
    use std::os::unix::fs::symlink;
    for configured in ["", "recursive = true\n"] {
        let project = project(&[("real/1_a.sql", UP), ("db/.gitkeep", ""), ("syncline.toml", configured)]);
        symlink("../real", project.path("db/migs")).unwrap();
        let (document, next) = first(&project, &["up", "--dir", "db"]);
        let what = document["problems"][0]["message"].as_str().unwrap();
        assert!(what.contains("symbolic link") && !what.contains("recursive"), "{what}");
        assert_eq!(next, "syncline up --dir db/migs", "{document:#}");
        assert_eq!(follow(&project, &next), 0);
        assert_eq!(applied(&project, &["--dir", "db/migs"]), ["1"]);
    }
}

#[test]
fn what_only_records_warns_of_files_that_it_does_not_read() {
    let project = project(&[("flat/v1.0/schema.sql", UP)]);
    let said = project.silently(&["baseline", "5", "--dir", "flat", "--format", "json"]);
    let document = said.json();
    let warning = document["warnings"][0].as_str().unwrap_or_default();
    assert!(warning.contains("`v1.0/schema.sql`"), "{document:#}");
}

#[test]
fn settings_of_other_tools_are_no_files_that_could_be_run() {
    let project = project(&[
        ("prisma/migrations/migration_lock.toml", "provider = \"sqlite\"\n"),
        ("prisma/migrations/V1__a.sql.conf", "executeInTransaction=false\n"),
        ("prisma/migrations/sqitch.conf", ""),
    ]);
    let (document, _) = first(&project, &["up", "--dir", "prisma"]);
    let message = document["error"]["message"].as_str().unwrap();
    assert_eq!(message, "there are no migrations in `prisma`");
}
