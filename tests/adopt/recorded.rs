//! Histories that the tools themselves have written: one directory for each tool and each thing that happens to a history.
//!
//! `recorded/TOOL/SCENARIO/` holds `project/` (the migrations, and `syncline.toml` where one is needed), a dump of the database for each engine
//! (`sqlite.sql`, `postgres.sql`, `mysql.sql`) whose first line is a comment that names the tool, its version and what was run, `words` with
//! further words of `adopt`, `then.sql` with what the tool did afterwards, `then/` with files that came by then, and `said.txt`, what syncline
//! says to it. `INSTA_UPDATE=always` writes that anew.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::place::Engine;
use crate::project::{Files, Project};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/adopt/recorded")
}

/// What is in a directory, by name.
fn listed(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

/// All files below a directory, by their paths in it.
fn below(directory: &Path, place: &str) -> Files {
    let mut files = Files::new();
    for path in listed(directory) {
        let place = format!("{place}{}", name(&path));
        if path.is_dir() {
            files.extend(below(&path, &format!("{place}/")));
        } else {
            files.push((place, fs::read_to_string(&path).unwrap()));
        }
    }
    files
}

/// The engines that a scenario was recorded on.
fn engines(scenario: &Path) -> Vec<(Engine, String)> {
    let all = [Engine::Sqlite, Engine::Postgres, Engine::MariaDb].into_iter();
    let dumps = all.filter_map(|engine| {
        let dump = scenario.join(format!("{}.sql", engine.dialect()));
        Some((engine, fs::read_to_string(dump).ok()?))
    });
    dumps.collect()
}

/// The words of a migration that tell what is known of it.
const COLUMNS: [&str; 6] = ["version", "name", "state", "verdict", "applied_at", "reverted_at"];

/// What a command says, as far as it is the same every time.
fn brief(project: &Project, words: &[&str]) -> String {
    let said = project.say(words);
    let mut text = format!("$ syncline {}   ok: {}\n", words.join(" "), said["ok"]);
    let tool = said["tool"].as_str().map(|tool| format!("tool: {tool}\n"));
    text.push_str(&tool.unwrap_or_default());
    for key in ["migrations", "applied", "recorded"] {
        for row in said[key].as_array().into_iter().flatten() {
            let told = COLUMNS.iter().filter_map(|column| {
                let value = &row[*column];
                let own = matches!(*column, "applied_at" | "reverted_at") && words[0] != "adopt";
                (!own && !value.is_null()).then(|| value.as_str().map_or(value.to_string(), str::to_owned))
            });
            writeln!(text, "  {key}: {}", told.collect::<Vec<_>>().join(" | ")).unwrap();
        }
    }
    if let Some(mirrored) = said["mirrored"].as_u64() {
        writeln!(text, "  mirrored: {mirrored}").unwrap();
    }
    let findings = said["findings"].as_array().filter(|findings| !findings.is_empty());
    let error = Some(std::slice::from_ref(&said["error"])).filter(|error| !error[0].is_null());
    for finding in findings.map(Vec::as_slice).or(error).unwrap_or_default() {
        let message = finding["message"].as_str().unwrap_or_default();
        let severity = finding["severity"].as_str().unwrap_or("error");
        writeln!(
            text,
            "  {severity} {}: {message}",
            finding["code"].as_str().unwrap_or_default()
        )
        .unwrap();
        let help = ["help", "next"].iter().filter_map(|key| finding[*key].as_array());
        for line in help.flatten().chain(finding.get("hint")).filter_map(Value::as_str) {
            writeln!(text, "    next: {line}").unwrap();
        }
    }
    text
}

/// The story of one scenario on one engine.
fn told(tool: &str, scenario: &Path, engine: Engine, dump: &str) -> String {
    let files = below(&scenario.join("project"), "");
    let title = format!("recorded-{tool}-{}", name(scenario));
    let project = Project::new(engine, &title, "", &Files::new());
    for (path, text) in &files {
        project.write(path, text);
    }
    project.place.load(dump);
    let more = fs::read_to_string(scenario.join("words")).unwrap_or_default();
    let with = |words: &[&'static str]| -> Vec<String> {
        let words = words.iter().map(|word| (*word).to_owned());
        words.chain(more.split_whitespace().map(str::to_owned)).collect()
    };
    let mut text = String::new();
    let mut say = |words: Vec<String>| {
        text.push_str(&brief(&project, &words.iter().map(String::as_str).collect::<Vec<_>>()));
    };
    let plain = |word: &str| vec![word.to_owned()];
    say(with(&["adopt", "--dry-run"]));
    say(with(&["adopt"]));
    say(plain("status"));
    let then = fs::read_to_string(scenario.join("then.sql")).ok();
    if let Some(then) = &then {
        let files = scenario.join("then");
        for (path, text) in files.is_dir().then(|| below(&files, "")).into_iter().flatten() {
            project.write(&path, &text);
        }
        project.place.load(then);
        say(plain("status"));
        say(plain("up"));
        say(with(&["adopt"]));
    }
    say(plain("up"));
    say(plain("verify"));
    text
}

#[test]
fn what_the_tools_have_written_is_taken_over_as_they_mean_it() {
    let is_update = std::env::vars().any(|(name, value)| name == "INSTA_UPDATE" && value == "always");
    let mut differs = Vec::new();
    for tool in listed(&root()) {
        for scenario in listed(&tool) {
            let mut stories: BTreeMap<String, Vec<&str>> = BTreeMap::new();
            for (engine, dump) in engines(&scenario) {
                let first = dump.lines().next().unwrap_or_default();
                assert!(
                    first.starts_with("-- "),
                    "{}: who wrote this, and how",
                    scenario.display()
                );
                println!("=== {} {} on {engine:?}", name(&tool), name(&scenario));
                let story = told(name(&tool), &scenario, engine, &dump);
                stories.entry(story).or_default().push(engine.dialect());
            }
            assert!(!stories.is_empty(), "{} has no dump", scenario.display());
            let stories = stories
                .iter()
                .map(|(story, on)| format!("=== {}\n{story}", on.join(", ")));
            let said = stories.collect::<Vec<_>>().join("\n");
            let path = scenario.join("said.txt");
            if is_update {
                fs::write(&path, &said).unwrap();
            } else if fs::read_to_string(&path).unwrap_or_default() != said {
                differs.push(format!("{}:\n{said}", path.display()));
            }
        }
    }
    assert!(
        differs.is_empty(),
        "{}\nINSTA_UPDATE=always writes them anew",
        differs.join("\n")
    );
}
