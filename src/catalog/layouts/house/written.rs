//! Patterns as they are written, for the program and for people.

use std::collections::BTreeSet;

use regex_lite::Regex;

use super::name::{Name, Place, Says, Word};
use super::numbers::{Runs, end_of_runs, runs_of};
use super::{Candidate, PREFIXES};
use crate::catalog::words;

/// A regular expression, and the same for people.
#[derive(Debug, Clone, Default)]
pub(super) struct Both {
    pub(super) regex: String,
    pub(super) shape: String,
}

impl Both {
    pub(super) fn literal(&mut self, text: &str) {
        self.regex.push_str(&escaped(text));
        self.shape.push_str(text);
    }

    pub(super) fn put(&mut self, regex: &str, shape: &str) {
        self.regex.push_str(regex);
        self.shape.push_str(shape);
    }

    /// One of several texts, of which one may be nothing.
    pub(super) fn one_of(&mut self, texts: &BTreeSet<&str>) {
        let some: Vec<&str> = texts.iter().copied().filter(|text| !text.is_empty()).collect();
        let optional = some.len() < texts.len();
        match (some.as_slice(), optional) {
            ([], _) => {}
            ([only], false) => self.literal(only),
            (some, _) => {
                let mark = if optional { "?" } else { "" };
                let regexes: Vec<String> = some.iter().map(|text| escaped(text)).collect();
                self.put(
                    &format!("(?:{}){mark}", regexes.join("|")),
                    &bracketed(&some.join("|"), optional),
                );
            }
        }
    }
}

impl Both {
    pub(super) fn candidate(self) -> Candidate {
        let above = self.regex.rsplit_once('/').map_or("", |(above, _)| above);
        Candidate {
            is_above: above.contains("(?<version") || above.contains("(?<release"),
            pattern: self.regex,
            shape: self.shape,
        }
    }
}

pub(super) fn bracketed(text: &str, optional: bool) -> String {
    match optional {
        true => format!("[{text}]"),
        false => text.to_owned(),
    }
}

/// The groups of a version.
pub(super) struct Parts {
    pub(super) shared: bool,
    pub(super) count: usize,
}

impl Parts {
    pub(super) fn group(&mut self, regex: &str) -> String {
        self.count += 1;
        let word = if self.shared { "release" } else { "version" };
        match self.count {
            1 => format!("(?<{word}>{regex})"),
            number => format!("(?<{word}{number}>{regex})"),
        }
    }
}

/// The directories of a path, each with the `/` behind it. With `single` the one with a number is all of the version.
pub(super) fn directories_by(
    names: &[Name],
    numbered: &[usize],
    named: Option<usize>,
    single: Option<Runs>,
    parts: &mut Parts,
    both: &mut Both,
) -> Option<()> {
    let deepest = names.first().map_or(0, |name| name.directories.len());
    for number in 0..deepest {
        let texts: BTreeSet<&str> = names
            .iter()
            .filter_map(|name| name.directories.get(number))
            .map(String::as_str)
            .collect();
        let place = Place::Directory(number);
        if names.iter().any(|name| name.is_taken(number)) {
            said(names, place, both);
        } else if numbered.contains(&number) {
            with_number(&texts, named == Some(number), single, parts, both)?;
        } else if texts.len() == 1 {
            both.one_of(&texts);
        } else if parts.shared {
            // Which of them comes first nobody can tell.
            return None;
        } else {
            both.put("[^/]+", "<directory>");
        }
        both.literal("/");
    }
    Some(())
}

/// A directory with a version in it.
pub(super) fn with_number(
    texts: &BTreeSet<&str>,
    named: bool,
    single: Option<Runs>,
    parts: &mut Parts,
    both: &mut Both,
) -> Option<()> {
    let from = |text: &&'_ str| text.find(|c: char| c.is_ascii_digit());
    let mut prefixes = BTreeSet::new();
    let mut tails = Vec::new();
    let mut widths = Vec::new();
    for text in texts {
        let at = from(text)?;
        prefixes.insert(&text[..at]);
        let regex = Regex::new(&format!("^(?:{})", single.unwrap_or(Runs::Any).regex())).ok()?;
        let found = regex.find(&text[at..])?;
        // The first digits of a word are no part of the version.
        if found.end() > end_of_runs(&text[at..]) {
            return None;
        }
        widths.push(runs_of(found.as_str()).len());
        tails.push(&text[at + found.end()..]);
    }
    if prefixes.len() > PREFIXES {
        return None;
    }
    both.one_of(&prefixes);
    match single {
        Some(runs) => both.put(&parts.group(&runs.regex()), "<version>"),
        None => {
            let most = widths.iter().copied().max().unwrap_or(1);
            let least = widths.iter().copied().min().unwrap_or(1);
            // The next release may have a number more.
            let most = if most > 1 { most.max(3) } else { most };
            for number in 0..most {
                let group = parts.group("[0-9]+");
                match number {
                    0 => both.regex.push_str(&group),
                    _ if number < least => both.regex.push_str(&format!("[._-]{group}")),
                    _ => both.regex.push_str(&format!("(?:[._-]{group})?")),
                }
            }
            both.shape.push_str("<version>");
        }
    }
    let all: BTreeSet<&str> = tails.iter().copied().collect();
    match all.len() {
        1 => both.one_of(&all),
        _ if named => {
            let optional = all.contains("");
            let mark = if optional { "?" } else { "" };
            both.put(&format!("(?:[._ -]*(?<name>[^/]+)){mark}"), "_<name>");
        }
        _ => both.put("[^/]*", "<more>"),
    }
    Some(())
}

/// Words that stand before everything else in a file's name.
pub(super) fn first(names: &[Name], both: &mut Both) {
    said(names, Place::First, both);
}

/// Words before the ending, the ending, and words behind it.
pub(super) fn last(names: &[Name], both: &mut Both) {
    said(names, Place::Last, both);
    let endings: BTreeSet<&str> = names.iter().map(|name| name.ending.as_str()).collect();
    // A template's ending may stand behind that of some scripts.
    let shortest = endings
        .iter()
        .min_by_key(|ending| ending.len())
        .copied()
        .unwrap_or_default();
    match endings.len() > 1 && endings.iter().all(|ending| ending.starts_with(shortest)) {
        true => {
            both.literal(shortest);
            both.one_of(&endings.iter().map(|ending| &ending[shortest.len()..]).collect());
        }
        false => both.one_of(&endings),
    }
    said(names, Place::Behind, both);
}

/// The words that were taken out at a place. The one that was taken out last stands nearest to the rest.
pub(super) fn said(names: &[Name], place: Place, both: &mut Both) {
    let most = names
        .iter()
        .map(|name| at(name, place).count())
        .max()
        .unwrap_or_default();
    let mut kinds: Vec<Says> = names
        .iter()
        .find(|name| at(name, place).count() == most)
        .map(|name| at(name, place).map(|word| word.says).collect())
        .unwrap_or_default();
    for name in names {
        for word in at(name, place) {
            if !kinds.contains(&word.says) {
                kinds.push(word.says);
            }
        }
    }
    if place != Place::First {
        kinds.reverse();
    }
    for says in kinds {
        let words: Vec<&Word> = names
            .iter()
            .filter_map(|name| at(name, place).find(|word| word.says == says))
            .collect();
        let optional = words.len() < names.len();
        let texts: BTreeSet<&str> = words.iter().map(|word| word.text.as_str()).collect();
        let backs: BTreeSet<&str> = words
            .iter()
            .filter(|word| word.goes_back)
            .map(|word| word.text.as_str())
            .collect();
        let separators: BTreeSet<&str> = words.iter().map(|word| word.separator.as_str()).collect();
        let known = |text: &&&str| says == Says::Direction || words::database(text).is_some();
        let alternatives = |of: Vec<&str>| of.iter().map(|text| escaped(text)).collect::<Vec<_>>().join("|");
        let group = match says {
            Says::Direction if !backs.is_empty() => {
                let forth = texts.iter().filter(|text| !backs.contains(*text)).copied().collect();
                format!(
                    "(?:(?<up>{})|(?<down>{}))",
                    alternatives(forth),
                    alternatives(backs.iter().copied().collect())
                )
            }
            Says::Direction => format!("(?<direction>{})", alternatives(texts.iter().copied().collect())),
            Says::Engine => {
                let engines = format!(
                    "(?<engine>{})",
                    alternatives(texts.iter().filter(known).copied().collect())
                );
                let others: Vec<&str> = texts.iter().filter(|text| !known(text)).copied().collect();
                match others.is_empty() {
                    true => engines,
                    false => format!("(?:{engines}|{})", alternatives(others)),
                }
            }
        };
        let separator = match separators.iter().collect::<Vec<_>>().as_slice() {
            [only] => escaped(only),
            _ => "[._ -]*".to_owned(),
        };
        let shown: Vec<&str> = texts.iter().copied().collect();
        let shown_separator = separators.iter().next().copied().unwrap_or_default();
        let shape = format!("<{}>", shown.join("|"));
        let (regex, shape) = match place {
            Place::First => (format!("{group}{separator}"), format!("{shape}{shown_separator}")),
            _ => (format!("{separator}{group}"), format!("{shown_separator}{shape}")),
        };
        match optional {
            true => both.put(&format!("(?:{regex})?"), &format!("[{shape}]")),
            false => both.put(&regex, &shape),
        }
    }
}

pub(super) fn at(name: &Name, place: Place) -> impl Iterator<Item = &Word> {
    name.words.iter().filter(move |word| word.place == place)
}

pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '.' | '+' | '*' | '?' | '(' | ')' | '|' | '{' | '}' | '$' => escaped.push_str(&format!("[{c}]")),
            '[' | ']' | '^' | '\\' => escaped.push_str(&format!("\\{c}")),
            c => escaped.push(c),
        }
    }
    escaped
}
