//! House styles that no tool owns: a pattern that names are read by, and a list that gives the order.

use std::collections::BTreeMap;

use regex_lite::Regex;

use super::native::file_of;
use super::{Depth, Draft, Entry, Tool};
use crate::catalog::source::Found;
use crate::migration::{Direction, Id, REPEATABLE};
use crate::version::Version;

/// A pattern or a list that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadPattern(String);

/// Names that a regular expression reads: `version`, and perhaps `name` and `direction`.
pub(super) struct Pattern {
    names: Regex,
    depth: Depth,
}

impl Pattern {
    pub fn new(pattern: &str) -> Result<Self, BadPattern> {
        let wrong = |what: String| BadPattern(format!("the pattern `{pattern}` {what}"));
        let whole = Regex::new(&format!("^(?:{pattern})$"));
        let names = whole.map_err(|error| wrong(format!("is no regular expression: {error}")))?;
        let groups: Vec<&str> = names.capture_names().flatten().collect();
        if !groups.contains(&"version") {
            return Err(wrong("has no group `(?<version>…)`".to_owned()));
        }
        if let Some(other) = groups
            .iter()
            .find(|group| !["version", "name", "direction"].contains(group))
        {
            return Err(wrong(format!(
                "has a group `{other}`: it takes `version`, `name` and `direction`"
            )));
        }
        let depth = if pattern.contains('/') {
            Depth::Recursive
        } else {
            Depth::Flat
        };
        Ok(Self { names, depth })
    }
}

impl Tool for Pattern {
    fn name(&self) -> &'static str {
        "pattern"
    }

    fn depth(&self) -> Depth {
        self.depth
    }

    fn wants(&self, name: &str) -> bool {
        self.names.is_match(name) || name.to_ascii_lowercase().ends_with(".sql")
    }

    fn shown_by(&self, _: &[Entry]) -> Option<String> {
        None
    }

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        let mut passed: Vec<String> = Vec::new();
        for entry in files {
            let Some(groups) = self.names.captures(&entry.name) else {
                passed.push(entry.name);
                continue;
            };
            let group = |name: &str| groups.name(name).map(|group| group.as_str().to_owned());
            let version = group("version").unwrap_or_default();
            let direction = match group("direction").as_deref().map(str::to_ascii_lowercase).as_deref() {
                None | Some("" | "up") => Direction::Up,
                Some("down") => Direction::Down,
                Some(other) => {
                    let message = format!("its direction is `{other}`");
                    draft.problem(
                        "near-miss",
                        &entry.path,
                        message,
                        "the group `direction` of the pattern takes `up` and `down`",
                    );
                    continue;
                }
            };
            let dotted: String = version
                .chars()
                .map(|c| if matches!(c, '_' | '-') { '.' } else { c })
                .collect();
            let Ok(id) = dotted.parse::<Version>().map(Id::Version) else {
                let message = format!("its version is `{version}`");
                draft.problem(
                    "near-miss",
                    &entry.path,
                    message,
                    "the group `version` of the pattern takes digits, and `.`, `_` or `-` between numbers",
                );
                continue;
            };
            let name = group("name")
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| stem(&entry.name).to_owned());
            take(entry, id, name, direction, draft);
        }
        pass(&passed, "does not match the pattern", "do not match the pattern", draft);
    }
}

/// Files in the order of a list.
pub(super) struct Listed {
    /// Paths from the directory on.
    files: Vec<String>,
}

impl Listed {
    /// Reads a list: a path from the directory on in each line, `#` before what is for people.
    pub fn new(list: &str) -> Result<Self, BadPattern> {
        let lines = list.trim_start_matches('\u{feff}').lines().map(str::trim);
        let files: Vec<String> = lines
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(str::to_owned)
            .collect();
        let mut seen = BTreeMap::new();
        for (number, file) in (1..).zip(&files) {
            let last = file_of(file);
            if stem(last) == REPEATABLE {
                let what = "and a repeatable migration needs a name";
                return Err(BadPattern(format!("the list names `{file}`, {what}")));
            }
            if last.to_ascii_lowercase().ends_with(".down.sql") {
                let what = "which is a down script: it is found beside its `….up.sql`";
                return Err(BadPattern(format!("the list names `{file}`, {what}")));
            }
            if let Some(before) = seen.insert(file, number) {
                return Err(BadPattern(format!(
                    "the list names `{file}` twice, at {before} and {number}"
                )));
            }
        }
        Ok(Self { files })
    }
}

impl Tool for Listed {
    fn name(&self) -> &'static str {
        "order"
    }

    fn depth(&self) -> Depth {
        if self.files.iter().any(|file| file.contains('/')) {
            Depth::Recursive
        } else {
            Depth::Flat
        }
    }

    fn wants(&self, name: &str) -> bool {
        // Those that are not on the list are told.
        name.to_ascii_lowercase().ends_with(".sql")
            || self
                .files
                .iter()
                .any(|file| file == name || down_of(file).as_deref() == Some(name))
    }

    fn shown_by(&self, _: &[Entry]) -> Option<String> {
        None
    }

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        let mut files: BTreeMap<String, Entry> = files.into_iter().map(|file| (file.name.clone(), file)).collect();
        for (number, file) in (1_u32..).zip(&self.files) {
            let id = match file.rsplit('/').next().and_then(|last| last.strip_prefix(REPEATABLE)) {
                Some(name) => Id::Repeatable(stem(name).to_owned()),
                None => Id::Version(Version::from_number(number.into())),
            };
            let Some(entry) = files.remove(file) else {
                draft.problem(
                    "layout",
                    file,
                    "the list names it, and there is no such file",
                    "put it back, or take it off the list",
                );
                continue;
            };
            let name = match &id {
                Id::Repeatable(name) => name.clone(),
                Id::Version(_) => stem(file).to_owned(),
            };
            take(entry, id.clone(), name.clone(), Direction::Up, draft);
            if let Some(entry) = down_of(file).and_then(|down| files.remove(&down)) {
                take(entry, id, name, Direction::Down, draft);
            }
        }
        let passed: Vec<String> = files.into_keys().collect();
        pass(&passed, "is not on the list", "are not on the list", draft);
    }
}

/// Says what is not read, and why.
fn pass(passed: &[String], one: &str, several: &str, draft: &mut Draft) {
    match passed {
        [] => {}
        [only] => draft.notes.push(format!("`{only}` {one} and is passed over")),
        [first, ..] => draft.notes.push(format!(
            "{} SQL files {several} and are passed over, `{first}` first",
            passed.len()
        )),
    }
}

fn take(entry: Entry, id: Id, name: String, direction: Direction, draft: &mut Draft) {
    if let Some((path, text)) = draft.text(entry) {
        draft.scripts.push(Found::new(id, name, direction, (path, text)));
    }
}

/// The down script that belongs to `….up.sql`.
fn down_of(file: &str) -> Option<String> {
    file.strip_suffix(".up.sql").map(|stem| format!("{stem}.down.sql"))
}

/// A file's name without its endings.
fn stem(file: &str) -> &str {
    let last = file_of(file);
    let last = last.strip_suffix(".in").unwrap_or(last);
    let last = last.strip_suffix(".sql").unwrap_or(last);
    last.strip_suffix(".up")
        .or_else(|| last.strip_suffix(".down"))
        .unwrap_or(last)
}
