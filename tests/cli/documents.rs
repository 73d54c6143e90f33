//! The reference pages are complete.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use syncline::Code;

use super::project::Project;

fn page(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)).unwrap()
}

fn sources(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for found in fs::read_dir(directory).unwrap() {
        let path = found.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else {
            files.push(path);
        }
    }
    files
}

#[test]
fn every_code_is_explained_with_its_exit_code() {
    let page = page("errors.md");
    let documented: BTreeSet<(&str, &str)> = page
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix("| `")?.split(" | ");
            Some((cells.next()?.trim_end_matches('`'), cells.next()?))
        })
        .collect();
    for code in Code::ALL {
        let exit = code.exit().to_string();
        assert!(
            documented.contains(&(code.id(), exit.as_str())),
            "docs/errors.md lacks | `{code}` | {exit} |"
        );
    }
    for (word, exit) in &documented {
        let known = Code::ALL
            .iter()
            .any(|code| code.id() == *word && code.exit().to_string() == *exit);
        assert!(
            known || !exit.chars().all(|c| c.is_ascii_digit()),
            "docs/errors.md explains `{word}`, which there is not"
        );
    }
}

/// The words that stand where a problem's code stands in the sources.
fn problem_codes() -> BTreeSet<String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = sources(&source.join("script"));
    files.extend(sources(&source.join("catalog")));
    files.push(source.join("catalog.rs"));
    let mut codes = BTreeSet::new();
    for file in files.iter().filter(|file| !file.ends_with("tests.rs")) {
        let text = fs::read_to_string(file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for start in ["Problem::new(", "problem(", "code: "] {
            for rest in code.split(start).skip(1) {
                let word = rest
                    .trim_start()
                    .strip_prefix('"')
                    .and_then(|rest| rest.split('"').next());
                codes.extend(word.map(str::to_owned));
            }
        }
    }
    codes
}

#[test]
fn every_problem_of_files_is_explained() {
    let page = page("errors.md");
    let codes = problem_codes();
    assert!(codes.len() > 15, "{codes:?}");
    for code in &codes {
        assert!(
            page.contains(&format!("\n| `{code}` |")),
            "docs/errors.md does not explain `{code}`"
        );
    }
}

#[test]
fn every_key_of_the_configuration_is_explained() {
    let page = page("configuration.md");
    let project = Project::new();
    for text in ["x = 1\n", "[target.dev]\nx = 1\n", "[policy]\nx = 1\n"] {
        project.write("syncline.toml", text);
        let said = project.silently(&["status"]);
        let keys = said.stderr.split_once("the keys here are ").unwrap().1.trim();
        for key in keys.split(", ") {
            assert!(
                page.contains(&format!("\n| {key} |")),
                "docs/configuration.md does not explain {key}"
            );
        }
    }
}

#[test]
fn the_configuration_that_is_shown_is_understood() {
    let page = page("configuration.md");
    let blocks: Vec<&str> = page
        .split("```toml\n")
        .skip(1)
        .map(|block| block.split_once("```").unwrap().0)
        .collect();
    assert!(!blocks.is_empty());
    for block in blocks {
        let project = Project::new()
            .variable("OWNER", "ann")
            .file("syncline.toml", block)
            .file("migrations/1_a.sql", "SELECT 1;\n");
        let said = project.silently(&["status", "--url", "sqlite:a.db"]);
        assert_eq!(said.exit, 0, "{block}\n{}", said.stderr);
    }
}
