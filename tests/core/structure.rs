//! The shape of the house: what the core may not import, and what must not be forgotten.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(path)
}

fn rust_files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let mut files = Vec::new();
    for found in fs::read_dir(path).unwrap() {
        let path = found.unwrap().path();
        if path.is_dir() || path.extension().is_some_and(|extension| extension == "rs") {
            files.extend(rust_files(&path));
        }
    }
    files
}

#[test]
fn the_core_does_no_input_or_output_and_knows_no_engine() {
    let core = [
        "version.rs",
        "code.rs",
        "migration.rs",
        "script",
        "script.rs",
        "catalog",
        "catalog.rs",
        "history.rs",
        "places.rs",
        "renumbered.rs",
        "settle.rs",
        "shell.rs",
        "status.rs",
        "plan",
        "plan.rs",
        "diff.rs",
        "verify.rs",
    ];
    for path in core
        .iter()
        .map(|part| source(part))
        .filter(|path| path.exists())
        .flat_map(|path| rust_files(&path))
    {
        let text = fs::read_to_string(&path).unwrap();
        let code: String = text
            .lines()
            .take_while(|line| !line.contains("#[cfg(test)]"))
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect();
        for banned in [
            "std::fs",
            "std::io",
            "std::net",
            "std::env",
            "tokio",
            "sqlx::",
            "crate::database",
            "crate::executor",
            "crate::error",
            "async fn",
            "Instant",
            "SystemTime",
        ] {
            assert!(!code.contains(banned), "{} mentions `{banned}`", path.display());
        }
    }
}

#[test]
fn only_the_engines_know_the_driver() {
    for path in rust_files(&source("")) {
        let inside = path.strip_prefix(source("")).unwrap().to_string_lossy().into_owned();
        // What lends a connection of the caller's to refinery is no engine of ours, and consists of the driver.
        if !inside.starts_with("database/") && inside != "compat/refinery/driver.rs" {
            assert!(
                !fs::read_to_string(&path).unwrap().contains("sqlx::"),
                "{inside} mentions sqlx"
            );
        }
    }
}

#[test]
fn features_are_asked_for_only_where_a_module_or_an_engine_is_listed() {
    for path in rust_files(&source("")) {
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for pair in lines
            .windows(2)
            .filter(|pair| pair[0].contains("cfg(feature") || pair[0].contains("cfg(any(feature"))
        {
            let next = pair[1].trim_start();
            // Tests may ask for the engine that they need.
            let fine = [
                "mod ",
                "pub mod ",
                "&sqlite::",
                "&postgres::",
                "&mysql::",
                // One of the driver's own connections each.
                "impl Engine for sqlx::",
                "fn a_",
                "pub(super) fn secret_url",
                // What other builds have nothing of.
                "pub(crate) fn point(",
            ];
            assert!(
                fine.iter().any(|start| next.starts_with(start)),
                "{}: {}",
                path.display(),
                pair[1]
            );
        }
    }
}

#[test]
fn every_file_says_its_job_in_its_first_line_and_none_is_too_long() {
    for path in rust_files(&source("")) {
        let text = fs::read_to_string(&path).unwrap();
        assert!(
            text.starts_with("//!"),
            "{} does not say what it is for",
            path.display()
        );
        let code = text
            .lines()
            .take_while(|line| !line.starts_with("#[cfg(test)]"))
            .count();
        assert!(code <= 600, "{} has {code} lines", path.display());
    }
}

#[test]
fn no_test_file_is_forgotten() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    for suite in fs::read_dir(&tests)
        .unwrap()
        .map(|found| found.unwrap().path())
        .filter(|path| path.join("main.rs").exists())
    {
        let main = fs::read_to_string(suite.join("main.rs")).unwrap();
        for file in fs::read_dir(&suite).unwrap().map(|found| found.unwrap().path()) {
            let name = file.file_stem().unwrap().to_string_lossy().into_owned();
            let is_module = file.extension().is_some_and(|extension| extension == "rs") && name != "main";
            assert!(
                !is_module || main.contains(&format!("mod {name};")),
                "{} is in no suite",
                file.display()
            );
        }
    }
}

#[test]
fn every_promise_names_a_test_that_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/reliability.md")).unwrap();
    let tests = rust_files(&root.join("tests"));
    let sources: Vec<String> = tests.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let promises: Vec<&str> = page
        .lines()
        .filter(|line| line.starts_with("| ") && line.ends_with(" |"))
        .collect();
    let promises = promises
        .iter()
        .filter_map(|line| line.trim_end_matches(" |").rsplit_once("| "));
    let mut checked = 0;
    for (promise, named) in promises.filter(|(_, named)| named.starts_with('`')) {
        for name in named.split(", ").map(|name| name.trim_matches('`')) {
            let is_test = sources.iter().any(|text| text.contains(&format!("fn {name}(")));
            assert!(is_test || root.join(name).is_file(), "{promise}: there is no {name}");
            checked += 1;
        }
    }
    assert!(checked > 30, "{checked}");
}

#[test]
fn every_mutant_still_fits_and_says_what_has_to_catch_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = fs::read_dir(root.join("tests/mutants")).unwrap();
    let patches: Vec<PathBuf> = found.map(|found| found.unwrap().path()).collect();
    assert!(patches.len() >= 14, "{patches:?}");
    for patch in patches {
        let text = fs::read_to_string(&patch).unwrap();
        let (head, _) = text.split_once("\ndiff --git ").unwrap();
        let (what, catch) = head.split_once("\nCatch: ").unwrap_or_default();
        assert!(!what.is_empty() && catch.trim().contains(' '), "{}", patch.display());
        let mut git = Command::new("git");
        git.args(["apply", "--check"]).arg(&patch).current_dir(root);
        // Inside another repository it would leave out what it does not find there, and say nothing.
        git.env("GIT_CEILING_DIRECTORIES", root.parent().unwrap());
        let checked = git.output().unwrap();
        let said = String::from_utf8_lossy(&checked.stderr);
        assert!(checked.status.success(), "{}: {said}", patch.display());
    }
}
