//! Names, taken apart: words for the direction and the database are taken out of them, from the place where most have one.

use std::collections::{BTreeMap, BTreeSet};

use super::numbers::end_of_runs;
use super::{SEPARATORS, are_most};
use crate::catalog::layouts::ending;
use crate::catalog::words;
use crate::migration::Direction;
use crate::script::Syntax;

/// What stands in a name at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// The directory of that number.
    Directory(usize),
    /// Before everything else in the file's name.
    First,
    /// Behind the number.
    Second,
    /// Before the ending.
    Last,
    /// Behind the ending.
    Behind,
}

/// What a word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    Direction,
    Engine,
}

/// A word that was taken out of a name, with what separates it from the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) place: Place,
    pub(super) says: Says,
    pub(super) separator: String,
    pub(super) text: String,
    /// Of a word that no table knows: whether it is the one for the way back.
    pub(super) goes_back: bool,
}

/// A name, taken apart.
#[derive(Debug, Clone)]
pub(super) struct Name {
    pub(super) directories: Vec<String>,
    /// The file's name without what was taken out of it.
    pub(super) stem: String,
    pub(super) ending: String,
    /// In the order in which they were taken out.
    pub(super) words: Vec<Word>,
}

impl Name {
    pub(super) fn of(path: &str) -> Self {
        let mut directories: Vec<String> = path.split('/').map(str::to_owned).collect();
        let file = directories.pop().unwrap_or_default();
        let ending = ending(&file);
        Self {
            stem: file.strip_suffix(ending).unwrap_or(&file).to_owned(),
            ending: ending.to_owned(),
            directories,
            words: Vec::new(),
        }
    }

    /// The word at a place, with what separates it from the rest.
    pub(super) fn word(&self, place: Place) -> Option<(&str, &str)> {
        match place {
            Place::Directory(number) => self.directories.get(number).map(|word| (word.as_str(), "")),
            Place::First => {
                let end = self.stem.find(|c: char| !c.is_alphabetic())?;
                let (word, rest) = self.stem.split_at(end);
                let separator = rest.len() - rest.trim_start_matches(SEPARATORS).len();
                (!word.is_empty()).then(|| (word, &rest[..separator]))
            }
            Place::Second => {
                let begin = self.second()?;
                let rest = &self.stem[begin..];
                let word = rest.trim_start_matches(SEPARATORS);
                let separator = &rest[..rest.len() - word.len()];
                let word = &word[..word.find(|c: char| !c.is_alphabetic()).unwrap_or(word.len())];
                (!word.is_empty() && !separator.is_empty()).then_some((word, separator))
            }
            Place::Last => {
                let begin = self.stem.rfind(SEPARATORS).map_or(0, |at| at + 1);
                let word = &self.stem[begin..];
                let before = self.stem[..begin].trim_end_matches(SEPARATORS).len();
                let is_word = word.starts_with(char::is_alphabetic);
                is_word.then(|| (word, &self.stem[before..begin]))
            }
            Place::Behind => {
                let (before, word) = self.ending.rsplit_once('.')?;
                (!before.is_empty()).then_some((word, "."))
            }
        }
    }

    /// Where the number ends that the stem begins with, but for a word.
    pub(super) fn second(&self) -> Option<usize> {
        let digit = |c: char| c.is_ascii_digit();
        let begin = self.stem.find(digit)?;
        Some(begin + end_of_runs(&self.stem[begin..]))
    }

    /// The name without the word at a place.
    pub(super) fn without(&self, place: Place, says: Says) -> Self {
        let mut rest = self.clone();
        let Some((text, separator)) = self.word(place) else {
            return rest;
        };
        let cut = text.len() + separator.len();
        match place {
            Place::Directory(_) => {}
            Place::First => rest.stem = self.stem.get(cut..).unwrap_or_default().to_owned(),
            Place::Second => {
                let begin = self.second().unwrap_or_default();
                rest.stem.replace_range(begin..begin + cut, "");
            }
            Place::Last => rest.stem.truncate(self.stem.len() - cut),
            Place::Behind => rest.ending.truncate(self.ending.len() - cut),
        }
        rest.words.push(Word {
            place,
            says,
            separator: separator.to_owned(),
            text: text.to_owned(),
            goes_back: false,
        });
        rest
    }

    /// What is left of it beside a place, to be compared.
    pub(super) fn rest(&self, place: Place) -> (Vec<&str>, String, String) {
        let skip = match place {
            Place::Directory(number) => Some(number),
            _ => None,
        };
        let directories = self.directories.iter().enumerate();
        let directories = directories
            .filter(|(number, _)| Some(*number) != skip)
            .map(|(_, name)| name.as_str());
        let rest = match skip {
            Some(_) => self.clone(),
            None => self.without(place, Says::Direction),
        };
        (directories.collect(), rest.stem, rest.ending)
    }

    pub(super) fn is_taken(&self, number: usize) -> bool {
        self.words.iter().any(|word| word.place == Place::Directory(number))
    }
}

/// Takes a word for the direction or the database out of the names, from the place where it stands.
pub(super) fn take_out(names: &mut [(String, Name)], says: Says, looks_back: &impl Fn(&[&str], &[&str]) -> bool) {
    let known = |word: &str| match says {
        Says::Direction => words::direction(word).is_some(),
        Says::Engine => words::database(word).is_some(),
    };
    let places = places(names);
    let said = |place: &Place| is_said(names, *place, says, &known);
    // Where most names have one; the first place of several.
    let best = places
        .iter()
        .rev()
        .filter_map(|place| Some((said(place)?, *place)))
        .max_by_key(|(count, _)| *count);
    if let Some((_, place)) = best {
        for (_, name) in names.iter_mut() {
            if matches!(place, Place::Directory(_)) || name.word(place).is_some_and(|(word, _)| known(word)) {
                *name = name.without(place, says);
            }
        }
        return;
    }
    if says == Says::Engine {
        return;
    }
    let found = places
        .iter()
        .find_map(|place| Some((*place, pair(names, *place, looks_back)?)));
    let Some((place, back)) = found else { return };
    for (_, name) in names.iter_mut() {
        *name = name.without(place, says);
        // The word itself says nothing; which of the two goes back does.
        if let Some(word) = name.words.last_mut()
            && word.text == back
        {
            word.goes_back = true;
        }
    }
}

/// The names of files that are for other databases than this one: at a place that says the database they name another one, and at none this.
pub(crate) fn for_others(names: &[String], syntax: Syntax) -> BTreeMap<String, &'static str> {
    let mut depths: BTreeMap<usize, Vec<(String, Name)>> = BTreeMap::new();
    for name in names {
        let of_depth = depths.entry(name.matches('/').count()).or_default();
        of_depth.push((name.clone(), Name::of(name)));
    }
    let known = |word: &str| words::database(word).is_some();
    let mut said: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    for names in depths.into_values() {
        let mut without = names.clone();
        // A word for the direction may hide the other one.
        take_out(&mut without, Says::Direction, &|_, _| false);
        for names in [names, without] {
            let is_place = |place: &Place| match place {
                Place::Directory(_) => true,
                place => is_said(&names, *place, Says::Engine, &known).is_some(),
            };
            for place in places(&names).into_iter().filter(is_place) {
                for (path, name) in &names {
                    let database = name.word(place).and_then(|(word, _)| words::database(word));
                    said.entry(path.clone()).or_default().extend(database);
                }
            }
        }
    }
    let other = |databases: &BTreeSet<&'static str>| {
        let is_ours = databases.iter().any(|database| words::is_of(database, syntax));
        databases.first().copied().filter(|_| !is_ours)
    };
    let others = said
        .into_iter()
        .filter_map(|(path, databases)| Some((path, other(&databases)?)));
    others.collect()
}

/// The places where a word may stand, the likeliest first.
pub(super) fn places(names: &[(String, Name)]) -> Vec<Place> {
    let deepest = names.first().map_or(0, |(_, name)| name.directories.len());
    let is_free = |number: &usize| !names.iter().any(|(_, name)| name.is_taken(*number));
    let directories = (0..deepest).rev().filter(is_free).map(Place::Directory);
    let file = [Place::Behind, Place::Last, Place::Second];
    file.into_iter().chain(directories).chain([Place::First]).collect()
}

/// In how many names a place holds such a word; `None` where it is a part of some names, and says nothing.
pub(super) fn is_said(
    names: &[(String, Name)],
    place: Place,
    says: Says,
    known: &impl Fn(&str) -> bool,
) -> Option<usize> {
    let all = || {
        names
            .iter()
            .filter_map(|(_, name)| name.word(place).map(|(word, _)| word))
    };
    let words: BTreeSet<&str> = all().filter(|word| known(word)).collect();
    let counted = all().filter(|word| known(word)).count();
    let is_directory = matches!(place, Place::Directory(_));
    let is_said = match says {
        Says::Direction => {
            let back = words.iter().any(|word| words::direction(word) == Some(Direction::Down));
            back && (!is_directory || counted == names.len())
        }
        Says::Engine => {
            let databases: BTreeSet<_> = words.iter().filter_map(|word| words::database(word)).collect();
            let rest: BTreeSet<&str> = all().filter(|word| !known(word)).collect();
            match is_directory {
                true => rest.len() <= 1 && are_most(counted, names.len()),
                false => databases.len() > 1 || counted == names.len() || place == Place::Behind,
            }
        }
    };
    (is_said && counted > 0).then_some(counted)
}

/// Two words that no table knows, and that make two names of what is else one: the one that goes back.
pub(super) fn pair(
    names: &[(String, Name)],
    place: Place,
    looks_back: &impl Fn(&[&str], &[&str]) -> bool,
) -> Option<String> {
    let mut files: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut rests: BTreeMap<&str, BTreeSet<_>> = BTreeMap::new();
    for (path, name) in names {
        let (word, _) = name.word(place)?;
        files.entry(word).or_default().push(path);
        rests.entry(word).or_default().insert(name.rest(place));
    }
    let words: Vec<&str> = files.keys().copied().collect();
    let [one, other] = words.as_slice() else { return None };
    let (first, second) = (rests.get(one)?, rests.get(other)?);
    if !(first.is_subset(second) || second.is_subset(first)) || first.len().min(second.len()) < 2 {
        return None;
    }
    let back = [(one, other), (other, one)]
        .into_iter()
        .filter(|(back, forth)| looks_back(&files[*back], &files[*forth]));
    let back: Vec<_> = back.collect();
    match back.as_slice() {
        [(back, _)] => Some((**back).to_owned()),
        _ => None,
    }
}
