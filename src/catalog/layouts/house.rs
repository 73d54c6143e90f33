//! What names that no layout knows have in common: patterns that may read them, found by laying the names over each other. Whether one of
//! them does is for its reader to say; here nothing is read.

mod list;
mod name;
mod numbers;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use regex_lite::Regex;

pub(crate) use list::{holds_both_ways, listing, takes_away};
pub(crate) use name::for_others;
use name::{Name, Place, Says, take_out};
use numbers::{Runs, Stems, directory_runs, end_of_runs};
use written::{Both, Parts, directories_by, first, last, said};

/// A pattern, and the names that it is made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// The regular expression.
    pub pattern: String,
    /// What the names have in common, for people.
    pub shape: String,
    /// Whether a directory has a part of the version.
    pub is_above: bool,
}

/// Most names have to be of one kind: so many in a hundred.
const MOST: usize = 60;
/// So many words may stand before a number, where it is the first thing that differs.
const PREFIXES: usize = 3;
const SEPARATORS: [char; 4] = ['.', '_', '-', ' '];

/// Patterns that may read most of these names, the likeliest first. `looks_back` says whether the files of some names look like down
/// scripts more than those of others.
pub(crate) fn candidates(names: &[String], looks_back: impl Fn(&[&str], &[&str]) -> bool) -> Vec<Candidate> {
    let mut depths: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for name in names {
        depths.entry(name.matches('/').count()).or_default().push(name);
    }
    let Some(class) = depths.values().max_by_key(|class| class.len()) else {
        return Vec::new();
    };
    if !are_most(class.len(), names.len()) {
        return Vec::new();
    }
    let mut found: Vec<Candidate> = Vec::new();
    for says in [
        &[Says::Engine, Says::Direction, Says::Engine][..],
        &[Says::Direction],
        &[Says::Engine],
        &[],
    ] {
        let mut taken: Vec<(String, Name)> = class.iter().map(|path| ((*path).to_owned(), Name::of(path))).collect();
        for says in says {
            take_out(&mut taken, *says, &looks_back);
        }
        let taken: Vec<Name> = taken.into_iter().map(|(_, name)| name).collect();
        for candidate in of_kind(&taken) {
            if !found.contains(&candidate) {
                found.push(candidate);
            }
        }
    }
    found
}

fn are_most(part: usize, all: usize) -> bool {
    part * 100 >= all * MOST
}

/// Patterns for names from which the words are taken out.
fn of_kind(names: &[Name]) -> Vec<Candidate> {
    let stems = Stems::of(names);
    let mut found = Vec::new();
    let numbered: Vec<usize> = directories_with_numbers(names);
    if let Some(stems) = &stems {
        for runs in stems.runs() {
            found.extend(pattern(names, &numbered, Some((stems, runs)), false));
        }
    }
    for runs in directory_runs(names, &numbered) {
        let last = numbered.len().checked_sub(1);
        if let Some(last) = last {
            found.extend(pattern_of_directories(names, &numbered[last..], runs, false));
        }
    }
    if !directory_runs(names, &numbered).is_empty() {
        found.extend(pattern_of_directories(names, &numbered, Runs::Any, true));
    } else if let Some(stems) = stems.as_ref().filter(|_| numbered.is_empty()) {
        found.extend(
            stems
                .runs()
                .into_iter()
                .next()
                .and_then(|runs| pattern(names, &[], Some((stems, runs)), true)),
        );
    }
    found
}

/// Directories whose names hold a number in every path, and none that says direction or database.
fn directories_with_numbers(names: &[Name]) -> Vec<usize> {
    let deepest = names.first().map_or(0, |name| name.directories.len());
    let has = |number: usize| {
        let all = names.iter().all(|name| {
            let directory = name.directories.get(number);
            !name.is_taken(number)
                && directory.is_some_and(|directory| directory.contains(|c: char| c.is_ascii_digit()))
        });
        let differ: BTreeSet<_> = names.iter().filter_map(|name| name.directories.get(number)).collect();
        all && (differ.len() > 1 || deepest == 1)
    };
    (0..deepest).filter(|number| has(*number)).collect()
}

/// A pattern whose version comes from directories and the file.
fn pattern(names: &[Name], numbered: &[usize], stems: Option<(&Stems<'_>, Runs)>, shared: bool) -> Option<Candidate> {
    let mut parts = Parts { shared, count: 0 };
    let mut both = Both::default();
    directories(names, numbered, None, &mut parts, &mut both)?;
    first(names, &mut both);
    let (stems, runs) = stems?;
    let any = any(names);
    let mut name = Both::default();
    let mut has_more = false;
    let tails: Vec<&str> = match stems.is_last {
        true => {
            both.put(&format!("(?<name>{any}+?)[._ -]*"), "<name>_");
            both.put(&parts.group(&runs.regex()), "<version>");
            Vec::new()
        }
        false => {
            both.one_of(&stems.prefixes);
            both.put(&parts.group(&runs.regex()), "<version>");
            said(names, Place::Second, &mut both);
            let number = Regex::new(&format!("^(?:{})", runs.regex())).ok()?;
            stems
                .numbers
                .iter()
                .map(|text| {
                    let end = number.find(text).map_or(0, |found| found.end());
                    // The first digits of a word are no part of the version.
                    has_more |= end > end_of_runs(text);
                    &text[end.min(end_of_runs(text))..]
                })
                .collect()
        }
    };
    if tails.iter().any(|tail| !tail.is_empty()) {
        let separators: BTreeSet<&str> = tails
            .iter()
            .filter(|tail| !tail.is_empty())
            .map(|tail| &tail[..tail.len() - tail.trim_start_matches(SEPARATORS).len()])
            .collect();
        match separators.iter().collect::<Vec<_>>().as_slice() {
            [only] => name.literal(only),
            // Nothing would keep the digits of the word from the version.
            _ if separators.contains("") && has_more => return None,
            _ if separators.contains("") => name.put("[._ -]*", "_"),
            _ => name.put("[._ -]+", "_"),
        }
        name.put(&format!("(?<name>{any}+?)"), "<name>");
        match tails.iter().any(|tail| tail.is_empty()) {
            true => both.put(&format!("(?:{})?", name.regex), &format!("[{}]", name.shape)),
            false => both.put(&name.regex, &name.shape),
        }
    }
    last(names, &mut both);
    Some(both.candidate())
}

/// A pattern whose version comes from directories alone.
fn pattern_of_directories(names: &[Name], numbered: &[usize], runs: Runs, shared: bool) -> Option<Candidate> {
    let mut parts = Parts { shared, count: 0 };
    let mut both = Both::default();
    let stems: BTreeSet<&str> = names.iter().map(|name| name.stem.as_str()).collect();
    // Where all files have one name, it says nothing.
    let is_one = stems.len() == 1;
    let named = is_one.then(|| numbered.last().copied()).flatten();
    let single = (numbered.len() == 1).then_some(runs);
    directories_by(names, numbered, named, single, &mut parts, &mut both)?;
    first(names, &mut both);
    match is_one {
        true => both.one_of(&stems),
        false => both.put(&format!("(?<name>{}+?)", any(names)), "<name>"),
    }
    last(names, &mut both);
    Some(both.candidate())
}

fn any(names: &[Name]) -> &'static str {
    match names.iter().any(|name| !name.directories.is_empty()) {
        true => "[^/]",
        false => ".",
    }
}

fn directories(
    names: &[Name],
    numbered: &[usize],
    named: Option<usize>,
    parts: &mut Parts,
    both: &mut Both,
) -> Option<()> {
    directories_by(names, numbered, named, None, parts, both)
}
