//! `--format json`: one document for every command, also when it fails, with the keys that docs/json.md shows.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use super::project::{Project, Said};

/// The paths of all keys; the elements of an array count as one.
fn keys(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let path = format!("{path}.{key}");
                keys(value, &path, found);
                found.insert(path);
            }
        }
        Value::Array(all) => all.iter().for_each(|value| keys(value, &format!("{path}[]"), found)),
        _ => {}
    }
}

fn keys_of(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    keys(value, "", &mut found);
    found
}

/// The example of the documentation below this heading.
fn example(heading: &str) -> Value {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/json.md")).unwrap();
    let (_, below) = page
        .split_once(&format!("\n## {heading}\n"))
        .unwrap_or_else(|| panic!("no heading `{heading}`"));
    let (_, below) = below.split_once("```json\n").unwrap();
    serde_json::from_str(below.split_once("```").unwrap().0).unwrap_or_else(|error| panic!("{heading}: {error}"))
}

fn is_documented(heading: &str, said: &Said) {
    let document = said.json();
    assert_eq!(said.stderr, "", "{heading}");
    assert_eq!(document["exit_code"].as_i64(), Some(said.exit.into()));
    assert_eq!(document["ok"].as_bool(), Some(matches!(said.exit, 0 | 10)));
    assert_eq!(document["error"].is_null(), matches!(said.exit, 0 | 10));
    let (printed, documented) = (keys_of(&document), keys_of(&example(heading)));
    let missing: Vec<_> = printed.difference(&documented).collect();
    let invented: Vec<_> = documented.difference(&printed).collect();
    assert!(
        missing.is_empty() && invented.is_empty(),
        "{heading}: not documented {missing:?}, not printed {invented:?}"
    );
}

fn run(project: &Project, words: &[&str]) -> Said {
    let words: Vec<&str> = words.iter().copied().chain(["--format", "json"]).collect();
    project.silently(&words)
}

#[test]
fn the_documentation_shows_what_every_command_prints() {
    let project = Project::shop();
    is_documented("plan", &run(&project, &["plan", "--sql"]));
    is_documented("up, down, redo, repair and baseline", &run(&project, &["up"]));
    is_documented("status", &run(&project, &["status"]));
    is_documented("log", &run(&project, &["log"]));
    is_documented("show", &run(&project, &["show", "1"]));
    is_documented("verify", &run(&project, &["verify"]));
    is_documented("new, init and convert", &run(&project, &["new", "x"]));
    is_documented("completions", &run(&project, &["completions", "fish"]));
    let migrated = Project::shop();
    migrated.sql("CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean); INSERT INTO schema_migrations VALUES (1, 0)");
    is_documented("adopt", &run(&migrated, &["adopt"]));
}

#[test]
fn the_documentation_shows_what_failures_look_like() {
    let project = Project::shop().file("migrations/3_a.sql", "CREATE TABLE a (x);\nSELECT nope FROM a;\n");
    let said = run(&project, &["up"]);
    is_documented("A migration that fails", &said);
    let document = said.json();
    assert_eq!(document["applied"].as_array().unwrap().len(), 2);
    let failure = &document["failure"];
    assert_eq!(
        (&failure["line"], &failure["column"]),
        (&2.into(), &8.into()),
        "{failure}"
    );
    assert_eq!(
        (&failure["statement"], &failure["state"]),
        (&2.into(), &"unchanged".into())
    );

    project.write("migrations/1_customers.up.sql", "CREATE TABLE customers (id bigint);\n");
    project.write("migrations/3_a.sql", "SELECT 1;\n");
    let said = run(&project, &["up"]);
    is_documented("A run that is refused", &said);
    assert_eq!(said.json()["findings"][0]["code"], "changed");

    let broken = Project::shop().file("migrations/3_a.sql", "SELECT 'x;\n");
    let said = run(&broken, &["up"]);
    is_documented("Files with problems", &said);
    assert_eq!(said.json()["problems"][0]["line"], 1);
}

#[test]
fn a_document_has_the_same_keys_whether_the_command_works_or_not() {
    let (good, bad) = (Project::shop(), Project::new());
    run(&good, &["up"]);
    for words in [
        &["status"][..],
        &["plan"],
        &["up"],
        &["up", "--dry-run"],
        &["down"],
        &["down", "--dry-run"],
        &["redo"],
        &["log"],
        &["show", "1"],
        &["verify"],
        &["baseline", "9"],
        &["repair", "forget", "1", "--reason", "x"],
        &["new", "x"],
        &["init"],
        &["completions", "zsh"],
    ] {
        let top = |said: &Said| said.json().as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        let (good, bad) = (run(&good, words), run(&bad, words));
        assert_eq!(top(&good), top(&bad), "{words:?}");
        assert_eq!(good.json()["command"], words[0]);
    }
}

#[test]
fn human_and_json_tell_the_same() {
    let project = Project::shop().file("migrations/3_a.sql", "SELECT 1;\n");
    run(&project, &["up", "--to", "2"]);
    project.write("migrations/1_customers.up.sql", "CREATE TABLE customers (id bigint);\n");
    for words in [
        &["status"][..],
        &["plan"],
        &["plan", "down"],
        &["log"],
        &["verify"],
        &["up"],
    ] {
        let (human, json) = (project.silently(words), run(&project, words));
        assert_eq!(human.exit, json.exit, "{words:?}");
        let (human, document) = (format!("{}{}", human.stdout, human.stderr), json.json());
        for list in ["migrations", "steps", "records"] {
            for row in document[list].as_array().into_iter().flatten() {
                let name = row["name"].as_str().unwrap();
                assert!(human.contains(name), "{words:?}: {name} is not in {human}");
            }
        }
        for finding in document["findings"].as_array().unwrap() {
            assert!(
                human.contains(finding["message"].as_str().unwrap()),
                "{words:?}: {human}"
            );
        }
        if let Some(verdict) = document["verdict"].as_str() {
            assert!(human.contains(verdict));
        }
    }
}

#[test]
fn a_plan_says_what_it_knows_of_each_step() {
    let project = Project::shop().file(
        "migrations/3_a.sql",
        "-- syncline: no-transaction\nSELECT 1;\nSELECT 2;\n",
    );
    let plan = run(&project, &["plan"]).json();
    assert_eq!(plan["head"], Value::Null);
    let step = &plan["steps"][2];
    assert_eq!(step["transactional"], false);
    assert_eq!(step["statements"], 2);
    assert_eq!(step["direction"], "up");
    assert_eq!(step["source"], "file");
    run(&project, &["up", "--to", "2"]);
    let plan = run(&project, &["plan", "down", "--steps", "2"]).json();
    assert_eq!(plan["head"], "2");
    assert_eq!(plan["steps"][0]["source"], "stored");
    assert_eq!(plan["steps"][1]["sql"], "DROP TABLE customers;\n");
}

#[test]
fn the_head_follows_what_was_done() {
    let project = Project::shop();
    assert_eq!(run(&project, &["up", "--to", "1"]).json()["head"], "1");
    assert_eq!(run(&project, &["up"]).json()["head"], "2");
    assert_eq!(run(&project, &["redo", "--yes"]).json()["head"], "2");
    assert_eq!(run(&project, &["down", "--yes"]).json()["head"], "1");
    assert_eq!(
        run(&project, &["repair", "forget", "1", "--reason", "x"]).json()["head"],
        Value::Null
    );
    // What was taken back is told, and recorded when it was forgotten.
    let said = run(&project, &["baseline", "2"]).json();
    assert_eq!(said["head"], "1");
    let told = said["findings"][0]["message"].as_str().unwrap();
    assert!(told.contains("was taken back, and is not recorded"), "{told}");
    run(&project, &["repair", "forget", "2", "--reason", "x"]);
    assert_eq!(run(&project, &["baseline", "2"]).json()["head"], "2");
}
