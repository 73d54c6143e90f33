//! yoyo's SQL files: `<name>.sql` and `<name>.rollback.sql`, with what they depend on in comment lines at their beginning.
//! <https://ollycope.com/software/yoyo/latest/#migrations-as-sql-scripts>

use std::collections::{BTreeMap, BTreeSet};

use super::adapt::{OUTSIDE, say};
use super::native::file_of;
use super::{Draft, Entry, Found, Fresh, Tool, compared, moved};
use crate::migration::{Direction, Id};

pub(super) struct Yoyo;

const UP: &str = ".sql";
const DOWN: &str = ".rollback.sql";

impl Tool for Yoyo {
    fn name(&self) -> &'static str {
        "yoyo"
    }

    fn fresh(&self, Fresh { version, name }: &Fresh<'_>) -> Option<Vec<(String, String)>> {
        Some(vec![
            (format!("{version}_{name}{UP}"), format!("-- {name}\n")),
            (format!("{version}_{name}{DOWN}"), format!("-- revert {name}\n")),
        ])
    }

    fn way_back(&self, path: &str) -> String {
        moved(path, UP, DOWN)
    }

    fn wants(&self, name: &str) -> bool {
        !name.contains('/') && (name.ends_with(UP) || is_code(name))
    }

    fn shown_by(&self, files: &[Entry]) -> Option<String> {
        let down = files.iter().find(|file| {
            let stem = file.name.strip_suffix(DOWN);
            stem.is_some_and(|stem| files.iter().any(|other| other.name.strip_suffix(UP) == Some(stem)))
        });
        if let Some(file) = down {
            return Some(format!("`{}` takes back the script beside it", file.name));
        }
        super::line_that(files, |line| {
            said(line).is_some_and(|(word, names)| word == "depends" && !names.trim().is_empty())
        })
    }

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        let mut scripts: Vec<Script> = Vec::new();
        let mut downs: Vec<(String, Found)> = Vec::new();
        for entry in files {
            if is_code(&entry.name) {
                let message = "a migration in Python, which only yoyo can run";
                let help = "apply it with yoyo, and move it elsewhere: `adopt` takes it over by its name";
                draft.problem("layout", &entry.path, message, help);
                continue;
            }
            let file = entry.file().to_owned();
            let (stem, direction) = match file.strip_suffix(DOWN) {
                Some(stem) => (stem, Direction::Down),
                None => (file.strip_suffix(UP).unwrap_or(&file), Direction::Up),
            };
            if stem.starts_with("post-apply") {
                let message = "yoyo runs it after each of its runs, and syncline knows no such scripts";
                let help = "keep it elsewhere, and run it yourself behind `syncline up`";
                draft.problem("layout", &entry.path, message, help);
                continue;
            }
            let Some((id, name)) = identity(stem) else {
                let message = "there is no number at the beginning of the name, so its version cannot be told";
                draft.misnamed(&entry.path, message);
                continue;
            };
            let stem = stem.to_owned();
            let Some((path, text)) = draft.text(entry) else {
                continue;
            };
            let words = beginning(&text);
            let is_outside = words
                .iter()
                .any(|(word, value)| *word == "transactional" && value.eq_ignore_ascii_case("false"));
            let depends = words.iter().filter(|(word, _)| *word == "depends");
            let depends = depends.flat_map(|(_, names)| names.split_whitespace());
            let depends: BTreeSet<String> = depends.map(str::to_owned).collect();
            let mut found = Found::new(id, name, direction, (path, text));
            match direction {
                Direction::Down => downs.push((stem, found)),
                Direction::Up => {
                    if is_outside {
                        say(&mut found, OUTSIDE);
                    }
                    scripts.push(Script {
                        stem,
                        found,
                        depends,
                        is_outside,
                    });
                }
            }
        }
        for (stem, mut found) in downs {
            // What is said in the other file holds for both.
            if scripts.iter().any(|script| script.stem == stem && script.is_outside) {
                say(&mut found, OUTSIDE);
            }
            draft.scripts.push(found);
        }
        let order = order(&scripts, draft);
        compared(
            "yoyo",
            ("names, and by what depends on what", "number the files in that order"),
            draft,
            order,
        );
        draft.scripts.extend(scripts.into_iter().map(|script| script.found));
    }
}

/// An up script, and what is said at its beginning.
struct Script {
    stem: String,
    found: Found,
    depends: BTreeSet<String>,
    is_outside: bool,
}

/// The order in which yoyo runs them: by name, and none before what it depends on.
fn order(scripts: &[Script], draft: &mut Draft) -> Vec<(usize, Id, String)> {
    let mut waiting: BTreeMap<&str, &Script> = scripts.iter().map(|script| (script.stem.as_str(), script)).collect();
    for script in scripts {
        for name in script
            .depends
            .iter()
            .filter(|name| !waiting.contains_key(name.as_str()))
        {
            let message = format!("it depends on `{name}`, and there is no such file");
            draft.problem(
                "layout",
                &script.found.path,
                message,
                "put the file back: yoyo would refuse to run",
            );
        }
    }
    let mut order = Vec::new();
    loop {
        let is_free = |script: &&Script| script.depends.iter().all(|name| !waiting.contains_key(name.as_str()));
        let Some(next) = waiting.values().copied().find(is_free) else {
            break;
        };
        waiting.remove(next.stem.as_str());
        order.push((order.len(), next.found.id.clone(), next.found.path.clone()));
    }
    if let Some(script) = waiting.values().next() {
        let message = "what it depends on depends on it";
        draft.problem(
            "layout",
            &script.found.path,
            message,
            "take one of the names out of `-- depends:`",
        );
    }
    order
}

/// The version and the name: groups of digits at the beginning are parts of the version.
fn identity(stem: &str) -> Option<(Id, String)> {
    let (mut parts, mut rest) = (Vec::new(), stem);
    loop {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (part, behind) = rest.split_at(digits);
        let ends = behind.is_empty() || behind.starts_with(['_', '-', '.']);
        if part.is_empty() || !ends && !parts.is_empty() {
            break;
        }
        parts.push(part);
        rest = behind.trim_start_matches(['_', '-', '.', ' ']);
    }
    let name = if rest.is_empty() { stem } else { rest };
    Some((Id::Version(parts.join(".").parse().ok()?), name.to_owned()))
}

/// What the comment lines at the beginning say.
fn beginning(text: &str) -> Vec<(&str, &str)> {
    let lines = text.trim_start_matches('\u{feff}').lines();
    let lines = lines.take_while(|line| line.trim().is_empty() || line.trim_start().starts_with("--"));
    lines.filter_map(said).collect()
}

/// `^\s*--\s*(transactional|depends)\s*:\s*(.*)$`
fn said(line: &str) -> Option<(&str, &str)> {
    let (word, value) = line.trim_start().strip_prefix("--")?.split_once(':')?;
    let word = word.trim();
    matches!(word, "transactional" | "depends").then(|| (word, value.trim()))
}

fn is_code(name: &str) -> bool {
    let stem = file_of(name).strip_suffix(".py");
    stem.is_some_and(|stem| identity(stem).is_some())
}
