//! Pages with transcripts: their commands are typed in a copy of a project, and what is printed has to be what stands there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The lines between ```console and ```, and where they stand.
fn transcripts(page: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = page[at..].find("```console\n").map(|i| at + i + "```console\n".len()) {
        let end = start + page[start..].find("```").expect("a block is closed");
        found.push(start..end);
        at = end;
    }
    found
}

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &target);
        } else if path.extension().is_none_or(|extension| extension != "db") {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// Times, ids and the width of columns differ from run to run.
fn normal(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let number = |word: &str| word.chars().all(|c| c.is_ascii_digit());
        let mut normal: Vec<&str> = Vec::new();
        for (i, word) in words.iter().enumerate() {
            let before_ms = number(word) && words.get(i + 1).is_some_and(|next| next.starts_with("ms"));
            let is_hash = word.len() == 64 && word.chars().all(|c| c.is_ascii_hexdigit());
            let of_digits = |form: &str| {
                let fits = |(c, f): (char, char)| if f == '0' { c.is_ascii_digit() } else { c == f };
                word.len() == form.len() && word.chars().zip(form.chars()).all(fits)
            };
            let is_time = of_digits("0000-00-00") || of_digits("00:00:00Z");
            normal.push(if before_ms || is_hash || is_time { "_" } else { word });
        }
        lines.push(normal.join(" "));
    }
    lines.join("\n")
}

/// Runs the commands of a page in a copy of its project, and returns the page with what they print.
fn played(page: &str, project: &Path, environment: &[(&str, &str)]) -> String {
    let directory = tempfile::tempdir().unwrap();
    copy(project, directory.path());
    let binary = Path::new(env!("CARGO_BIN_EXE_syncline")).parent().unwrap();
    let system = std::env::vars().find(|(name, _)| name == "PATH").unwrap().1;
    let path = format!("{}:{system}", binary.display());
    let mut played = page.to_owned();
    let mut shift = 0_isize;
    for range in transcripts(page) {
        let mut output = String::new();
        for command in page[range.clone()].lines().filter_map(|line| line.strip_prefix("$ ")) {
            let run = Command::new("sh")
                .args(["-c", &format!("{command} 2>&1")])
                .current_dir(directory.path())
                .env_clear()
                .envs([("PATH", path.as_str()), ("LC_ALL", "C.UTF-8"), ("USER", "you")])
                .envs(environment.iter().copied())
                .output()
                .unwrap();
            output.push_str(&format!("$ {command}\n{}", String::from_utf8(run.stdout).unwrap()));
        }
        let start = usize::try_from(range.start as isize + shift).unwrap();
        let end = usize::try_from(range.end as isize + shift).unwrap();
        played.replace_range(start..end, &output);
        shift += output.len() as isize - range.len() as isize;
    }
    played
}

/// Plays a page in a copy of a directory, which is told from the repository on or by its whole path.
pub(crate) fn check(page: &str, project: &str, environment: &[(&str, &str)]) {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let said = fs::read_to_string(root.join(page)).unwrap();
    assert!(!transcripts(&said).is_empty());
    let played = played(&said, &root.join(project), environment);
    if normal(&played) == normal(&said) {
        return;
    }
    if std::env::vars().any(|(name, _)| name == "UPDATE") {
        fs::write(root.join(page), played).unwrap();
        return;
    }
    let diff = similar::TextDiff::from_lines(normal(&said), normal(&played))
        .unified_diff()
        .to_string();
    panic!("{page} does not say what the program prints:\n{diff}");
}
