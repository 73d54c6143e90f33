//! House styles that no tool owns: a pattern that names are read by.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Range;

use regex_lite::{Captures, Regex};

use super::native::file_of;
use super::{Depth, Draft, Entry, Tool};
use crate::catalog::source::Found;
use crate::catalog::words;
use crate::migration::{Direction, Id};
use crate::version::Version;

/// A pattern or a list that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadPattern(pub(super) String);

/// The groups that are not parts of a version.
const GROUPS: [&str; 5] = ["name", "direction", "up", "down", "engine"];
const TAKES: &str = "it takes `version` or `release`, perhaps in several parts (`version2` …), `name`, `direction`, `up`, `down` and `engine`";

/// Names that a regular expression reads.
pub(super) struct Pattern {
    names: Regex,
    depth: Depth,
    /// The groups that make a version, in their order.
    parts: Vec<String>,
    /// Whether several files may have one version: they are known by their names.
    releases: bool,
}

/// A file that the pattern reads.
struct Named {
    entry: Entry,
    parts: Vec<Version>,
    direction: Direction,
    /// The path without what says direction and database: what the files of one migration share.
    key: String,
    name: String,
    engine: Option<String>,
}

impl Pattern {
    pub fn new(pattern: &str) -> Result<Self, BadPattern> {
        let wrong = |what: String| BadPattern(format!("the pattern `{pattern}` {what}"));
        let whole = Regex::new(&format!("^(?:{pattern})$"));
        let names = whole.map_err(|error| wrong(format!("is no regular expression: {error}")))?;
        let groups: Vec<&str> = names.capture_names().flatten().collect();
        let of = |word: &str| -> Vec<String> {
            let mut found: Vec<(u32, String)> = groups
                .iter()
                .filter_map(|group| {
                    let number = group.strip_prefix(word)?;
                    let number = if number.is_empty() { 1 } else { number.parse().ok()? };
                    Some((number, (*group).to_owned()))
                })
                .collect();
            found.sort();
            found.into_iter().map(|(_, group)| group).collect()
        };
        let (versions, releases) = (of("version"), of("release"));
        let is_known = |group: &&&str| {
            let is_a_part = versions.iter().chain(&releases).any(|part| part == **group);
            !GROUPS.contains(*group) && !is_a_part
        };
        if let Some(other) = groups.iter().find(is_known) {
            return Err(wrong(format!("has a group `{other}`: {TAKES}")));
        }
        let (parts, releases) = match (versions.is_empty(), releases.is_empty()) {
            (false, true) => (versions, false),
            (true, false) => (releases, true),
            (false, false) => return Err(wrong(format!("has groups `version` and `release`: {TAKES}"))),
            (true, true) => return Err(wrong("has no group `(?<version>…)`".to_owned())),
        };
        let depth = if pattern.contains('/') {
            Depth::Recursive
        } else {
            Depth::Flat
        };
        Ok(Self {
            names,
            depth,
            parts,
            releases,
        })
    }

    /// What is read of a path: the file's name, whatever directory it is in, where the pattern has no `/`.
    fn read<'t>(&self, name: &'t str) -> &'t str {
        match self.depth {
            Depth::Flat => file_of(name),
            _ => name,
        }
    }

    /// What a name says. `None` where the pattern does not read it; problems are noted.
    fn named(&self, entry: Entry, draft: &mut Draft) -> Result<Option<Named>, Entry> {
        let Some(groups) = self.names.captures(self.read(&entry.name)) else {
            return Err(entry);
        };
        let mut parts = Vec::new();
        for text in self.texts(&groups) {
            let dotted = text.replace(['_', '-', 'T'], ".");
            let Ok(part) = dotted.parse::<Version>() else {
                let message = format!("its version is `{text}`");
                let help = "the group `version` of the pattern takes digits, and `.`, `_` or `-` between numbers";
                draft.problem("near-miss", &entry.path, message, help);
                return Ok(None);
            };
            parts.push((part, dotted.split('.').count()));
        }
        let group = |name: &str| groups.name(name).filter(|group| !group.is_empty());
        let direction = match (group("down"), group("direction")) {
            (Some(_), _) => Direction::Down,
            (None, None) => Direction::Up,
            (None, Some(word)) => match words::direction(word.as_str()) {
                Some(direction) => direction,
                None => {
                    let message = format!("its direction is `{}`", word.as_str());
                    let help = "the group `direction` of the pattern takes `up`, `down` and words like them; groups `up` and `down` take any";
                    draft.problem("near-miss", &entry.path, message, help);
                    return Ok(None);
                }
            },
        };
        let marks = ["direction", "up", "down", "engine"].into_iter().filter_map(group);
        // The places are those in the part of the path that was read.
        let before = entry.name.len() - self.read(&entry.name).len();
        let places = marks.map(|mark| mark.start() + before..mark.end() + before);
        let key = without(&entry.name, places);
        let name = match group("name") {
            Some(name) => name.as_str().to_owned(),
            None => made(&key),
        };
        let engine = group("engine").map(|word| word.as_str().to_owned());
        Ok(Some(Named {
            parts: self.padded(parts, &entry, draft),
            entry,
            direction,
            key,
            name,
            engine,
        }))
    }

    /// The texts of the parts of a version. One that is left out counts as 0 where another one follows.
    fn texts<'t>(&self, groups: &Captures<'t>) -> Vec<&'t str> {
        let found: Vec<Option<&str>> = self
            .parts
            .iter()
            .map(|part| groups.name(part).map(|group| group.as_str()))
            .collect();
        let last = found.iter().rposition(Option::is_some).unwrap_or_default();
        found
            .into_iter()
            .take(last + 1)
            .map(|text| text.unwrap_or("0"))
            .collect()
    }

    /// Parts that are followed by others are single numbers: `0.1` and `0.1.1` would not keep their places before those behind them.
    fn padded(&self, parts: Vec<(Version, usize)>, entry: &Entry, draft: &mut Draft) -> Vec<Version> {
        let before = parts.len().saturating_sub(1);
        if !self.releases && parts.iter().take(before).any(|(_, numbers)| *numbers > 1) {
            let message = "a part of its version that others follow has several numbers".to_owned();
            let help = "give each number a group of its own: `(?<version>[0-9]+)[.](?<version2>[0-9]+)`; one that is left out counts as 0";
            draft.problem("near-miss", &entry.path, message, help);
        }
        parts.into_iter().map(|(part, _)| part).collect()
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
        self.reads(name) || name.to_ascii_lowercase().ends_with(".sql")
    }

    fn takes_several(&self) -> bool {
        !self.releases
    }

    fn reads(&self, name: &str) -> bool {
        self.names.is_match(self.read(name))
    }

    fn is_known_by_name(&self) -> bool {
        self.releases
    }

    fn shown_by(&self, _: &[Entry]) -> Option<String> {
        None
    }

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        let mut passed: Vec<String> = Vec::new();
        let mut named: Vec<Named> = Vec::new();
        for entry in files {
            match self.named(entry, draft) {
                Ok(found) => named.extend(found),
                Err(entry) => passed.push(entry.name),
            }
        }
        pass(&passed, "does not match the pattern", "do not match the pattern", draft);
        let ids = match self.releases {
            true => places(&named),
            false => named
                .iter()
                .map(|named| Some((joined(&named.parts)?, named.name.clone())))
                .collect(),
        };
        // A down script may have a name of its own: the version says what it belongs to.
        let mut ups: BTreeMap<(Version, Option<String>), String> = BTreeMap::new();
        for (named, id) in named.iter().zip(&ids) {
            if let Some((version, name)) = id.as_ref().filter(|_| named.direction == Direction::Up) {
                ups.insert((version.clone(), named.engine.clone()), name.clone());
            }
        }
        for (named, id) in named.into_iter().zip(ids) {
            let Some((version, name)) = id else {
                let help = "take fewer of them";
                draft.problem("near-miss", &named.entry.path, "its version has too many numbers", help);
                continue;
            };
            let name = match named.direction {
                Direction::Up => name,
                Direction::Down => {
                    let up = |engine: &Option<String>| ups.get(&(version.clone(), engine.clone())).cloned();
                    up(&named.engine).or_else(|| up(&None)).unwrap_or(name)
                }
            };
            if let Some(engine) = named.engine {
                draft.only_for.insert(named.entry.path.clone(), engine);
            }
            take(named.entry, Id::Version(version), name, named.direction, draft);
        }
    }
}

/// The parts of a version as one.
fn joined(parts: &[Version]) -> Option<Version> {
    let texts: Vec<String> = parts.iter().map(Version::to_string).collect();
    texts.join(".").parse().ok()
}

/// The places of files that are known by their paths: by release, and in it by name, as people count.
fn places(named: &[Named]) -> Vec<Option<(Version, String)>> {
    let key = |named: &'_ Named| (named.parts.clone(), named.key.clone());
    let mut keys: Vec<(Vec<Version>, String)> = named.iter().map(key).collect();
    keys.sort_by(|(a, first), (b, second)| a.cmp(b).then_with(|| by_number(first, second)));
    keys.dedup();
    let places: BTreeMap<(Vec<Version>, String), u128> = keys.into_iter().zip(1..).collect();
    let place = |named: &Named| {
        let number = places.get(&key(named))?;
        Some((Version::from_number(*number), named.key.clone()))
    };
    named.iter().map(place).collect()
}

/// The order of names in which 2 comes before 10.
pub(super) fn by_number(a: &str, b: &str) -> Ordering {
    runs(a).cmp(&runs(b)).then_with(|| a.cmp(b))
}

/// A name as texts and numbers; a number is its digits without zeros before them, the shorter the less.
fn runs(name: &str) -> Vec<(bool, usize, &str)> {
    let mut runs = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let is_number = first.is_ascii_digit();
        let end = rest
            .find(|c: char| c.is_ascii_digit() != is_number)
            .unwrap_or(rest.len());
        let (run, behind) = rest.split_at(end);
        let run = if is_number { run.trim_start_matches('0') } else { run };
        runs.push((!is_number, if is_number { run.len() } else { 0 }, run));
        rest = behind;
    }
    runs
}

/// A path without these places, without what separates them from the rest, and without its ending.
fn without(path: &str, places: impl Iterator<Item = Range<usize>>) -> String {
    let mut places: Vec<Range<usize>> = places.collect();
    places.sort_by_key(|place| place.start);
    let is_separator = |c: char| matches!(c, '.' | '_' | '-' | ' ' | '/');
    let mut left = String::new();
    let mut at = 0;
    for place in places {
        left.push_str(path.get(at..place.start).unwrap_or_default());
        at = place.end.max(at);
        match left.pop() {
            Some(c) if !is_separator(c) => left.push(c),
            Some(_) => {}
            None if path[at..].starts_with(is_separator) => at += 1,
            None => {}
        }
    }
    left.push_str(path.get(at..).unwrap_or_default());
    let ending = super::ending(file_of(&left)).len();
    left.truncate(left.len() - ending);
    left
}

/// The name of a migration whose pattern has none: the file's, or the directory's where that says nothing.
pub(super) fn made(path: &str) -> String {
    let file = stem(path);
    match path.rsplit_once('/') {
        Some((above, _)) if words::says_nothing(file) => file_of(above).to_owned(),
        _ => file.to_owned(),
    }
}

/// Says what is not read, and why.
pub(super) fn pass(passed: &[String], one: &str, several: &str, draft: &mut Draft) {
    match passed {
        [] => {}
        [only] => draft.notes.push(format!("`{only}` {one} and is passed over")),
        [first, ..] => draft.notes.push(format!(
            "{} SQL files {several} and are passed over, `{first}` first",
            passed.len()
        )),
    }
}

pub(super) fn take(entry: Entry, id: Id, name: String, direction: Direction, draft: &mut Draft) {
    if let Some((path, text)) = draft.text(entry) {
        draft.scripts.push(Found::new(id, name, direction, (path, text)));
    }
}

/// A file's name without its endings.
pub(super) fn stem(file: &str) -> &str {
    let last = file_of(file);
    let last = last.strip_suffix(super::ending(last)).unwrap_or(last);
    last.strip_suffix(".up")
        .or_else(|| last.strip_suffix(".down"))
        .unwrap_or(last)
}
