//! Flyway: `V<version>__<name>.sql`, `U` undoes it, `R` runs whenever it changes, `B` stands for everything up to its version.
//! <https://documentation.red-gate.com/fd/migrations-184127470.html>

use super::adapt::{OUTSIDE, say};
use super::liquibase::formatted;
use super::native::{self, Name, file_of};
use super::numbered::one_name;
use super::{Depth, Draft, Entry, Fact, Fresh, Tool};
use crate::catalog::source::Found;
use crate::migration::{Direction, Id, REPEATABLE};
use crate::version::Version;
use std::collections::BTreeMap;

pub(super) struct Flyway;

/// Scripts that it runs at moments of a run, by how their names begin.
/// <https://documentation.red-gate.com/fd/callback-concept-184127466.html>
const CALLBACKS: [&str; 27] = [
    "beforemigrate",
    "aftermigrate",
    "beforeeachmigrate",
    "aftereachmigrate",
    "beforerepeatables",
    "beforevalidate",
    "aftervalidate",
    "beforeclean",
    "afterclean",
    "beforeinfo",
    "afterinfo",
    "createschema",
    "beforecreateschema",
    "afterreportgenerated",
    "beforebaseline",
    "afterbaseline",
    "beforerepair",
    "afterrepair",
    "beforeundo",
    "afterundo",
    "beforeeachundo",
    "aftereachundo",
    "beforeconnect",
    "afterconnect",
    "beforedeploy",
    "beforeversioned",
    "afterversioned",
];
/// What may follow those names.
const MOMENTS: [&str; 5] = ["statementerror", "statement", "operationfinish", "applied", "error"];

impl Tool for Flyway {
    fn name(&self) -> &'static str {
        "flyway"
    }

    fn depth(&self) -> Depth {
        Depth::Recursive
    }

    fn fresh(&self, fresh: &Fresh<'_>) -> Option<Vec<(String, String)>> {
        let Fresh { version, name } = fresh;
        Some(vec![
            (format!("V{version}__{name}.sql"), format!("-- {name}\n")),
            (format!("U{version}__{name}.sql"), format!("-- revert {name}\n")),
        ])
    }

    fn by_file(&self) -> bool {
        true
    }

    fn way_back(&self, path: &str) -> String {
        match file_of(path).strip_prefix('V') {
            Some(rest) => format!("move what goes back to `U{rest}`"),
            None => super::moved(path, ".up.sql", ".down.sql"),
        }
    }

    fn wants(&self, name: &str) -> bool {
        let file = file_of(name);
        file.ends_with(".sql.conf") || native::read(file) != Name::Other
    }

    fn reads(&self, name: &str) -> bool {
        name.starts_with(REPEATABLE) || parts(name).is_some()
    }

    /// Names that are syncline's own need no reason. A version with underscores is Flyway's alone, and so is a baseline.
    fn shown_by(&self, files: &[Entry]) -> Option<String> {
        let flat = || files.iter().filter(|file| !file.name.contains('/'));
        if let Some(file) = flat().find(|file| file.name.ends_with(".sql.conf")) {
            return Some(format!("`{}` says how a script runs", file.name));
        }
        let own = |file: &&Entry| match parts(&file.name) {
            Some(('V', version, name)) => version.contains('_') && !name.is_empty(),
            Some(('B', ..)) => true,
            _ => false,
        };
        if let Some(file) = flat().find(own) {
            return Some(format!("`{}` is named as Flyway names its scripts", file.name));
        }
        let versions: Vec<Version> = flat()
            .filter_map(|file| parts(&file.name))
            .filter(|part| part.0 == 'V')
            .filter_map(|part| version(part.1))
            .collect();
        let undoes = |file: &&Entry| {
            parts(&file.name)
                .is_some_and(|part| part.0 == 'U' && version(part.1).is_some_and(|version| versions.contains(&version)))
        };
        if let Some(file) = flat().find(undoes) {
            return Some(format!("`{}` undoes the script of that version", file.name));
        }
        // Names alone show nothing, but of all who give them Flyway alone replaces anything.
        let is_named = |file: &Entry| super::is_sql(&file.name) && self.reads(&file.name);
        let is_anothers = |text: &str| text.contains("syncline:") || formatted::is_formatted(text);
        if flat().any(|file| !is_named(file) || file.peek().is_none_or(is_anothers)) {
            return None;
        }
        flat().find_map(|file| {
            let written = placeholder(file.peek()?)?;
            Some(format!("`{}` holds `{written}`, which Flyway replaces", file.name))
        })
    }

    fn always_replaces(&self) -> Option<&'static str> {
        Some("${name}")
    }

    /// What depends on the machine that it runs on, on the time or on its own settings has to be declared.
    /// <https://documentation.red-gate.com/fd/default-placeholders-275218523.html>
    fn fills_in(&self) -> &'static [(&'static str, Fact)] {
        &[
            ("${flyway:defaultSchema}", Fact::Schema),
            ("${flyway:database}", Fact::Database),
            ("${flyway:user}", Fact::User),
            ("${flyway:filename}", Fact::File),
        ]
    }

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        let (configured, files): (Vec<Entry>, Vec<Entry>) =
            files.into_iter().partition(|file| file.name.ends_with(".conf"));
        let mut outside: BTreeMap<String, bool> = BTreeMap::new();
        for entry in configured {
            let script = entry.path.trim_end_matches(".conf").to_owned();
            if let Some(wish) = script_configuration(entry, draft) {
                outside.insert(script, wish);
            }
        }
        for entry in files {
            if let Some(found) = script(entry, draft) {
                draft.scripts.push(found);
            }
        }
        for found in &mut draft.scripts {
            if outside.remove(&found.path) == Some(true) {
                say(found, OUTSIDE);
            }
        }
        for path in outside.into_keys() {
            draft.problem(
                "layout",
                &format!("{path}.conf"),
                "there is no such script",
                "remove it, or rename it to the script's name and `.conf`",
            );
        }
        // The two need not have the same description there.
        one_name(draft);
    }
}

fn script(entry: Entry, draft: &mut Draft) -> Option<Found> {
    let file = entry.file().to_owned();
    if let Some(name) = file
        .strip_prefix(REPEATABLE)
        .and_then(stem)
        .filter(|name| !name.is_empty())
    {
        let (path, text) = draft.text(entry)?;
        return Some(found(Id::Repeatable(name.to_owned()), name, Direction::Up, path, text));
    }
    let Some((letter, version_text, name)) = parts(&file) else {
        let word = file.split(['_', '.']).next().unwrap_or_default().to_ascii_lowercase();
        let moment = MOMENTS.iter().find_map(|moment| word.strip_suffix(moment));
        if CALLBACKS
            .iter()
            .any(|callback| *callback == word || Some(*callback) == moment)
        {
            draft
                .notes
                .push(format!("`{}` is a callback of Flyway and is not run", entry.path));
        } else if !looks_like_one(&file) {
            draft.passed.push(entry.name);
        } else {
            let message = "it is not named as Flyway names its scripts, so Flyway would pass over it";
            draft.problem(
                "near-miss",
                &entry.path,
                message,
                "names are `V<version>__<name>.sql`, `U…`, `B…` and `R__<name>.sql`",
            );
        }
        return None;
    };
    let Some(id) = version(version_text).map(Id::Version) else {
        draft.problem(
            "near-miss",
            &entry.path,
            format!("`{version_text}` is no version"),
            "it takes digits with dots or underscores between numbers",
        );
        return None;
    };
    let name = if name.is_empty() {
        "unnamed".to_owned()
    } else {
        name.to_owned()
    };
    let (path, text) = draft.text(entry)?;
    if letter == 'B' {
        draft.baselines.push(found(id, &name, Direction::Up, path, text));
        return None;
    }
    let direction = if letter == 'U' { Direction::Down } else { Direction::Up };
    Some(found(id, &name, direction, path, text))
}

fn found(id: Id, name: &str, direction: Direction, path: String, text: String) -> Found {
    Found::new(id, name.to_owned(), direction, (path, text))
}

/// A name without its ending, which is in capitals or not since Flyway 9.
fn stem(file: &str) -> Option<&str> {
    let at = file.len().checked_sub(".sql".len())?;
    let ending = file.get(at..)?;
    ending.eq_ignore_ascii_case(".sql").then(|| file.get(..at))?
}

/// Letter, version and description of a name.
fn parts(file: &str) -> Option<(char, &str, &str)> {
    let letter = file.chars().next().filter(|letter| matches!(letter, 'V' | 'U' | 'B'))?;
    let stem = stem(file.get(1..)?)?;
    let (version, name) = stem.split_once("__").unwrap_or((stem, ""));
    version
        .starts_with(|c: char| c.is_ascii_digit())
        .then_some((letter, version, name))
}

/// Whether a file that Flyway passes over without a word could have been meant for it.
fn looks_like_one(file: &str) -> bool {
    let lower = file.to_ascii_lowercase();
    let rest = lower.strip_prefix(['v', 'u', 'b', 'r']).unwrap_or(&lower);
    let numbered = rest.starts_with(|c: char| c.is_ascii_digit() || c == '_' || c == '.');
    numbered || native::is_migration(file)
}

/// The first text that is written like one of its placeholders.
fn placeholder(text: &str) -> Option<&str> {
    text.match_indices("${").find_map(|(at, open)| {
        let name = text.get(at + open.len()..)?;
        let end = name.find(|c: char| !(c.is_alphanumeric() || "_.:-".contains(c)))?;
        let is_one = name.starts_with(|c: char| c.is_alphabetic() || c == '_') && name[end..].starts_with('}');
        is_one.then(|| text.get(at..at + open.len() + end + 1))?
    })
}

fn version(text: &str) -> Option<Version> {
    text.replace('_', ".").parse().ok()
}

/// Whether a script's own configuration says that it runs without a transaction.
/// <https://documentation.red-gate.com/fd/script-configuration-files-184127468.html>
fn script_configuration(entry: Entry, draft: &mut Draft) -> Option<bool> {
    let (path, text) = draft.text(entry)?;
    let mut outside = false;
    for (number, line) in text.lines().enumerate() {
        let said = line.trim();
        if said.is_empty() || said.starts_with(['#', '!']) {
            continue;
        }
        let (key, value) = said.split_once(['=', ':']).unwrap_or((said, ""));
        match (key.trim(), value.trim()) {
            ("executeInTransaction", "true") | ("encoding", "UTF-8" | "utf-8" | "UTF8") => {}
            ("executeInTransaction", "false") => outside = true,
            (key, _) => {
                let message = format!("`{key}` is not supported here");
                draft.problem_at(
                    "layout",
                    &path,
                    (number, line),
                    message,
                    "of a script's configuration, `executeInTransaction` and `encoding = UTF-8` are read",
                );
            }
        }
    }
    Some(outside)
}
