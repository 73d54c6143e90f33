//! Names as a list that gives their order.

use std::collections::{BTreeMap, BTreeSet};

use super::name::{Name, Place};
use crate::catalog::layouts::pattern::by_number;
use crate::catalog::words;
use crate::migration::Direction;

/// Names that may be scripts, as a list that gives their order: as people count, each with its down script.
pub(crate) fn listing(names: &[String]) -> String {
    let mut sorted: Vec<&String> = names.iter().collect();
    sorted.sort_by(|a, b| by_number(a, b));
    let mut taken: Vec<(String, Name)> = sorted.iter().map(|path| ((*path).clone(), Name::of(path))).collect();
    let deepest = taken
        .iter()
        .map(|(_, name)| name.directories.len())
        .max()
        .unwrap_or_default();
    let mut downs: BTreeMap<(Vec<String>, String), String> = BTreeMap::new();
    let mut ups = Vec::new();
    for (path, name) in &mut taken {
        let is_word = |place: &Place| {
            name.word(*place)
                .is_some_and(|(word, _)| words::direction(word).is_some())
        };
        let directories = (0..deepest).rev().map(Place::Directory);
        let place = [Place::Last, Place::First].into_iter().chain(directories).find(is_word);
        let way = place
            .and_then(|place| name.word(place))
            .and_then(|(word, _)| words::direction(word));
        let (directories, stem, _) = match place {
            Some(place) => name.rest(place),
            None => (
                name.directories.iter().map(String::as_str).collect(),
                name.stem.clone(),
                String::new(),
            ),
        };
        let key = (directories.into_iter().map(str::to_owned).collect(), stem);
        match way {
            Some(Direction::Down) => drop(downs.insert(key, path.clone())),
            _ => ups.push((key, path.clone())),
        }
    }
    let mut list = String::new();
    for (key, up) in ups {
        list.push_str(&format!("{up}\n"));
        let found = downs.remove(&key);
        let beside = |down: &String| {
            up.strip_suffix(".up.sql")
                .is_some_and(|stem| *down == format!("{stem}.down.sql"))
        };
        if let Some(down) = found.filter(|down| !beside(down)) {
            list.push_str(&format!("  down: {down}\n"));
        }
    }
    if !downs.is_empty() {
        list.push_str("# Down scripts whose up script is not known: name each below its own, as `  down: PATH`.\n");
        for down in downs.values() {
            list.push_str(&format!("# {down}\n"));
        }
    }
    list
}

/// Whether up scripts hold what may be the down script of another one: the same name with a word for the way back in it.
pub(crate) fn holds_both_ways(ups: &[&str]) -> bool {
    let without_words = |path: &str| -> (String, bool) {
        let is_back = |word: &&str| words::direction(word) == Some(Direction::Down);
        let all = || path.split(|c: char| !c.is_alphanumeric());
        let left: Vec<&str> = all().filter(|word| words::direction(word).is_none()).collect();
        (left.join("/"), all().any(|word| is_back(&word)))
    };
    let named: Vec<(String, bool)> = ups.iter().map(|path| without_words(path)).collect();
    let forth: BTreeSet<&str> = named
        .iter()
        .filter(|(_, back)| !back)
        .map(|(name, _)| name.as_str())
        .collect();
    named.iter().any(|(name, back)| *back && forth.contains(name.as_str()))
}

/// Whether a text takes away more than it makes.
pub(crate) fn takes_away(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_alphabetic());
    let (mut away, mut made) = (0, 0);
    for word in words {
        let is = |known: &str| word.eq_ignore_ascii_case(known);
        away += usize::from(["drop", "delete", "truncate"].iter().any(|known| is(known)));
        made += usize::from(["create", "insert", "add"].iter().any(|known| is(known)));
    }
    away > made
}
