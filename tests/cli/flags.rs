//! Command lines that make no sense, and flags that decide where things come from.

use insta::assert_snapshot;

use super::project::Project;

#[test]
fn what_makes_no_sense_is_refused_with_a_reason() {
    let mut project = Project::shop();
    for line in [
        "upp",
        "up --stesp 1",
        "up --steps 0",
        "up --steps -1",
        "up --steps 99999999999999999999999",
        "up --to 1a",
        "up --to 1 --steps 1",
        "up --quiet --quiet",
        "up --sql",
        "up --lock-wait 5",
        "up --lock-timeout 0s",
        "up --connect-timeout -1s",
        "up --statement-timeout 100us",
        "up --retries=-1",
        "up --retries two",
        "up --url sqlite:a.db --target dev",
        "up --target prod",
        "up --format xml",
        "plan sideways",
        "plan --use file",
        "plan down --allow-missing",
        "show",
        "show 1 --down --file x",
        "repair",
        "baseline",
        "down --use both",
        "up --dir ~/migrations",
        "status --config nowhere.toml",
        "completions tcsh",
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let said = project.run(&words);
        assert_eq!(said.exit, 2, "{line}");
        assert_eq!(said.stdout, "", "{line}");
    }
    assert_snapshot!(project.story());
}

#[test]
fn a_command_line_that_makes_no_sense_is_one_document_in_json() {
    let project = Project::shop();
    for line in [
        "up --bogus --format json",
        "--format=json upp",
        "up --steps 0 --format json",
        "--format json",
        "repair accept 1 --format json",
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let said = project.silently(&words);
        let document = said.json();
        assert_eq!(said.stderr, "", "{line}");
        assert_eq!(
            (said.exit, document["exit_code"].as_i64(), document["ok"].as_bool()),
            (2, Some(2), Some(false))
        );
        assert_eq!(document["error"]["code"], "usage", "{line}");
        assert!(!document["error"]["message"].as_str().unwrap().is_empty(), "{line}");
    }
    assert_eq!(
        project.silently(&["up", "--bogus", "--format", "json"]).json()["command"],
        "up"
    );
}

#[test]
fn the_url_may_come_from_several_places_in_a_fixed_order() {
    let project = Project::shop().variable("DATABASE_URL", "sqlite:general.db").file(
        "syncline.toml",
        "default-target = \"a\"\n[target.a]\nurl = \"sqlite:a.db\"\n[target.b]\nurl = \"sqlite:b.db\"\n",
    );
    let target = |project: &Project, words: &[&str]| {
        let words: Vec<&str> = ["status", "--format", "json"].iter().chain(words).copied().collect();
        project.silently(&words).json()["target"].as_str().unwrap().to_owned()
    };
    assert_eq!(target(&project, &["--url", "sqlite:typed.db"]), "sqlite:typed.db");
    assert_eq!(target(&project, &["-t", "b"]), "sqlite:b.db");
    assert_eq!(
        target(&project, &[]),
        "sqlite:shop.db",
        "SYNCLINE_URL comes before the default target"
    );
    let general = Project::new()
        .variable("DATABASE_URL", "sqlite:general.db")
        .file("migrations/1_a.sql", "SELECT 1;\n");
    assert_eq!(target(&general, &[]), "sqlite:general.db");
    general.write("syncline.toml", "[target.only]\nurl = \"sqlite:only.db\"\n");
    assert_eq!(
        target(&general, &[]),
        "sqlite:only.db",
        "the only target comes before DATABASE_URL"
    );
}

#[test]
fn proposed_commands_carry_the_flags_that_were_typed() {
    let mut project = Project::new()
        .file("my files/1_a.sql", "CREATE TABLE a (x);\n")
        .file("conf.toml", "[target.dev]\nurl = \"sqlite:a.db\"\n");
    project.ok(&["up", "-q", "--config", "conf.toml", "--dir", "my files"]);
    project.write("my files/1_a.sql", "CREATE TABLE a (y);\n");
    project.run(&["up", "--config", "conf.toml", "--dir", "my files", "-t", "dev"]);
    project.run(&["up", "--url", "sqlite:a.db", "--dir", "my files"]);
    project.remove("my files/1_a.sql");
    project.run(&["up", "--config", "conf.toml", "--dir", "my files"]);
    assert_snapshot!(project.story());
}

#[test]
fn bad_urls_are_refused_without_being_repeated() {
    let mut project = Project::shop();
    for url in [
        "shop.db",
        "sqlite:",
        "sqlite::memory:",
        "sqlite:a.db?mode=x",
        "sqlite:~/a.db",
        "postgre://localhost/x",
        "postgres://me@h/d?sslmod=require",
    ] {
        let said = project.run(&["status", "--url", url]);
        assert_eq!(said.exit, 2, "{url}");
    }
    assert_snapshot!(project.story());
}

#[test]
fn a_file_that_is_no_database_is_not_touched() {
    let mut project = Project::shop().file("shop.db", "this is a letter to my aunt, and not a database at all\n");
    let said = project.run(&["up"]);
    assert_ne!(said.exit, 0);
    assert!(project.read("shop.db").starts_with("this is a letter"));
    assert_snapshot!(project.story());
}
