//! The numbers in names: where they stand, and how they are joined.

use std::collections::{BTreeMap, BTreeSet};

use super::name::Name;
use super::{PREFIXES, are_most};

/// How the numbers of a version are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Runs {
    One,
    Dotted,
    /// So many.
    Of(usize),
    Any,
    /// Also by the letter between date and time.
    Stamp,
}

impl Runs {
    pub(super) fn regex(self) -> String {
        match self {
            Runs::One => "[0-9]+".to_owned(),
            Runs::Dotted => "[0-9]+(?:[.][0-9]+)*".to_owned(),
            Runs::Of(2) => "[0-9]+[._-][0-9]+".to_owned(),
            Runs::Of(many) => format!("[0-9]+(?:[._-][0-9]+){{{}}}", many.saturating_sub(1)),
            Runs::Any => "[0-9]+(?:[._-][0-9]+)*".to_owned(),
            Runs::Stamp => "[0-9]+(?:[._T-][0-9]+)*".to_owned(),
        }
    }
}

/// The files' names where they hold versions.
pub(super) struct Stems<'a> {
    /// What stands before the number; empty where the name does.
    pub(super) prefixes: BTreeSet<&'a str>,
    /// Whether the number is the last thing in the name.
    pub(super) is_last: bool,
    /// Each stem from its number on, or up to its end.
    pub(super) numbers: Vec<&'a str>,
}

impl<'a> Stems<'a> {
    pub(super) fn of(names: &'a [Name]) -> Option<Self> {
        let digit = |c: char| c.is_ascii_digit();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for name in names {
            if let Some(at) = name.stem.find(digit) {
                *counts.entry(&name.stem[..at]).or_default() += 1;
            }
        }
        let mut prefixes: Vec<(&str, usize)> = counts.into_iter().collect();
        prefixes.sort_by_key(|(prefix, count)| (std::cmp::Reverse(*count), *prefix));
        // One that a single file has is a name, and no prefix.
        let usual: Vec<&(&str, usize)> = prefixes
            .iter()
            .take(PREFIXES)
            .filter(|(_, count)| *count > 1 || names.len() < 3)
            .collect();
        let covered: usize = usual.iter().map(|(_, count)| count).sum();
        if are_most(covered, names.len()) {
            let prefixes: BTreeSet<&str> = usual.iter().map(|(prefix, _)| *prefix).collect();
            let numbers = names.iter().filter_map(|name| {
                let at = name.stem.find(digit)?;
                prefixes.contains(&name.stem[..at]).then(|| &name.stem[at..])
            });
            return Some(Self {
                numbers: numbers.collect(),
                prefixes,
                is_last: false,
            });
        }
        let numbers: Vec<&str> = names
            .iter()
            .filter(|name| name.stem.ends_with(digit))
            .map(|name| {
                let begin = name.stem.trim_end_matches(|c: char| digit(c) || c == '.').len();
                &name.stem[begin..]
            })
            .collect();
        are_most(numbers.len(), names.len()).then_some(Self {
            prefixes: BTreeSet::new(),
            is_last: true,
            numbers,
        })
    }

    /// How the numbers may be joined, the likeliest first.
    pub(super) fn runs(&self) -> Vec<Runs> {
        ways(&self.numbers)
    }
}

/// How numbers at the beginning of these texts may be joined, the likeliest first.
pub(super) fn ways(texts: &[&str]) -> Vec<Runs> {
    let runs: Vec<Vec<&str>> = texts.iter().map(|text| runs_of(text)).collect();
    let least = runs.iter().map(Vec::len).min().unwrap_or(1).max(1);
    let is_dotted = |text: &&&str| {
        let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
        rest.strip_prefix('.')
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let dotted = texts.iter().filter(is_dotted).count();
    if are_backward(&runs) {
        return Vec::new();
    }
    let mut ways = Vec::new();
    let has_time = |text: &&&str| {
        text.match_indices('T')
            .any(|(at, _)| is_time(&text[at..]) && text[..at].ends_with(|c: char| c.is_ascii_digit()))
    };
    if texts.iter().any(|text| has_time(&text)) {
        return vec![Runs::Stamp];
    }
    if dotted * 2 >= texts.len().max(1) {
        ways.push(Runs::Dotted);
    } else if least > 1 {
        ways.push(Runs::Of(least));
    } else {
        ways.push(Runs::One);
    }
    ways.push(Runs::Any);
    ways
}

/// Whether most of these numbers are dates with the day or the month before the year: no order of numbers is theirs.
fn are_backward(runs: &[Vec<&str>]) -> bool {
    let firsts: BTreeSet<&str> = runs.iter().filter_map(|runs| runs.first().copied()).collect();
    // A number that several have, or that is no longer than that of a day, counts nothing alone.
    let is_part = |run: &str| run.len() <= 2 || firsts.len() < runs.len() && run.len() <= 3;
    let is_backward = |runs: &&Vec<&str>| {
        let year = runs.iter().position(|run| run.len() == 4 && is_year(run));
        let before = year.and_then(|year| runs.get(..year)).unwrap_or_default();
        let is_split = !before.is_empty() && before.iter().all(|run| is_part(run));
        is_split || runs.first().is_some_and(|run| is_backward(run))
    };
    let backward = runs.iter().filter(is_backward).count();
    backward > 0 && backward * 2 >= runs.len()
}

fn is_year(text: &str) -> bool {
    text.starts_with("19") || text.starts_with("20")
}

/// Whether a number, perhaps with a time behind it, is a date with the year behind day and month, and none with the year first.
fn is_backward(run: &str) -> bool {
    let number = |from: usize, to: usize| run.get(from..to).and_then(|part| part.parse::<u32>().ok());
    let is_date = |month: usize, day: usize| {
        number(month, month + 2).is_some_and(|month| (1..=12).contains(&month))
            && number(day, day + 2).is_some_and(|day| (1..=31).contains(&day))
    };
    let is_forward = is_year(run) && is_date(4, 6);
    let ends_in_a_year = run.get(4..).is_some_and(is_year) && (is_date(0, 2) || is_date(2, 0));
    [8, 12, 14].contains(&run.len()) && !is_forward && ends_in_a_year
}

/// The numbers that a text begins with, with what is between them: no more than that is a version.
pub(super) fn end_of_runs(text: &str) -> usize {
    let last = runs_of(text).last().copied();
    last.map_or(0, |last| last.as_ptr() as usize - text.as_ptr() as usize + last.len())
}

/// The numbers that a text begins with, separated by single characters.
pub(super) fn runs_of(text: &str) -> Vec<&str> {
    let mut runs = Vec::new();
    let mut rest = text;
    loop {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (run, behind) = rest.split_at(end);
        // A number that letters follow belongs to a word.
        let is_a_word = behind.starts_with(char::is_alphabetic) && !is_time(behind);
        if run.is_empty() || !runs.is_empty() && is_a_word {
            return runs;
        }
        runs.push(run);
        match behind.strip_prefix(['.', '_', '-', 'T']) {
            Some(next) => rest = next,
            None => return runs,
        }
    }
}

/// Whether a text goes on with a time of day, as in `2026-01-31T120000`.
pub(super) fn is_time(text: &str) -> bool {
    text.strip_prefix('T')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

pub(super) fn directory_runs(names: &[Name], numbered: &[usize]) -> Vec<Runs> {
    let Some(number) = numbered.last() else {
        return Vec::new();
    };
    let from = |name: &'_ String| name.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    let texts = names.iter().filter_map(|name| name.directories.get(*number));
    let texts: Vec<&str> = texts.map(|text| &text[from(text)..]).collect();
    ways(&texts)
}
