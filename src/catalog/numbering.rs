//! Which version each migration has in a database, where a layout knows migrations by their names and its files give nothing but the
//! order: what was recorded keeps the version it got then, wherever it stands in the files now, and what is new gets one that fits in.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use super::Catalog;
use crate::history::History;
use crate::migration::{Checksum, Id, Migration};
use crate::version::Version;

/// A migration of the ledger.
struct Recorded<'a> {
    id: &'a Id,
    name: &'a str,
    checksum: Option<Checksum>,
}

/// What a file and a record have in common, the surest first.
#[derive(Clone, Copy)]
enum By {
    /// The name, which is the identity, and the text.
    NameAndText,
    /// Names that may be one migration's, and the text. A name may have passed to another one: a change of Sqitch's that is made anew.
    KinAndText,
    /// The name: the text was edited.
    Name,
    /// Names that may be one migration's, where the tool needs no text to tell.
    Kin,
    /// The place and the text: the name alone was changed.
    PlaceAndText,
}

/// The identity that each migration of the files has in a database, by the one that it has in the files. Holds those that differ.
#[derive(Debug, Default)]
pub(crate) struct Numbering(BTreeMap<Id, Id>);

impl Numbering {
    /// Whether both sides have the same.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What a migration of the files has in the database.
    pub fn recorded<'a>(&'a self, id: &'a Id) -> &'a Id {
        self.0.get(id).unwrap_or(id)
    }

    /// What a migration of the database has in the files, should it be there.
    pub fn in_files<'a>(&'a self, id: &'a Id) -> Option<&'a Id> {
        let found = self
            .0
            .iter()
            .find(|(_, recorded)| *recorded == id)
            .map(|(file, _)| file);
        found.or_else(|| (!self.0.contains_key(id)).then_some(id))
    }
}

impl Catalog {
    /// The identities that the migrations of the files have in a database.
    pub(crate) fn numbering(&self, history: &History) -> Numbering {
        if !self.is_known_by_name() {
            return Numbering::default();
        }
        let files: Vec<&Migration> = self
            .migrations()
            .filter(|migration| migration.id.version().is_some())
            .collect();
        let recorded: Vec<Recorded<'_>> = recorded(history);
        let found = self.matched(&files, &recorded);
        let mut taken: BTreeSet<Version> = recorded
            .iter()
            .filter_map(|known| known.id.version().cloned())
            .collect();
        let known = |at: &Option<usize>| at.and_then(|at| recorded.get(at)?.id.version());
        // Those of the files that are still to come.
        let mut later: BTreeSet<&Version> = found.iter().filter_map(known).collect();
        let mut last: Option<Version> = None;
        let mut numbering = BTreeMap::new();
        for (migration, at) in files.iter().zip(&found) {
            let version = match (known(at), migration.id.version()) {
                (Some(version), _) => {
                    later.remove(version);
                    version.clone()
                }
                (None, Some(proposed)) => {
                    let behind = last.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
                    let upper = later.range::<Version, _>((behind, Bound::Unbounded)).next();
                    free(proposed, last.as_ref(), upper.copied(), &taken)
                }
                (None, None) => continue,
            };
            taken.insert(version.clone());
            if last.as_ref().is_none_or(|last| version > *last) {
                last = Some(version.clone());
            }
            let id = Id::Version(version);
            if id != migration.id {
                numbering.insert(migration.id.clone(), id);
            }
        }
        Numbering(numbering)
    }

    /// For each file the index of its record. A record belongs to one file, and where more than one fits as well none is chosen.
    fn matched(&self, files: &[&Migration], recorded: &[Recorded<'_>]) -> Vec<Option<usize>> {
        let tool = self.detected.layout.tool();
        let mut found: Vec<Option<usize>> = vec![None; files.len()];
        let mut used = BTreeSet::new();
        for by in [By::NameAndText, By::KinAndText, By::Name, By::Kin, By::PlaceAndText] {
            if used.len() == files.len().min(recorded.len()) {
                break;
            }
            let handle = |id: &Id, name: &str| match by {
                By::Name | By::NameAndText => name.to_owned(),
                By::Kin | By::KinAndText => tool.kin(name).to_owned(),
                By::PlaceAndText => id.to_string(),
            };
            let is_it = |file: &Migration, known: &Recorded<'_>| {
                let same_text = known.checksum == Some(file.up.checksum);
                match by {
                    By::Name => true,
                    By::Kin => tool.is_the_same(&file.name, known.name),
                    By::NameAndText | By::KinAndText | By::PlaceAndText => same_text,
                }
            };
            let mut left: BTreeMap<String, Vec<usize>> = BTreeMap::new();
            for (at, known) in recorded.iter().enumerate().filter(|(at, _)| !used.contains(at)) {
                left.entry(handle(known.id, known.name)).or_default().push(at);
            }
            // Each record with the files that fit it, and the only record that fits a file.
            let mut fitting: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
            for (place, file) in files
                .iter()
                .enumerate()
                .filter(|(place, _)| found.get(*place) == Some(&None))
            {
                let kin = left.get(&handle(&file.id, &file.name)).into_iter().flatten().copied();
                let its = kin.filter(|at| recorded.get(*at).is_some_and(|known| is_it(file, known)));
                if let Some(at) = only(its) {
                    fitting.entry(at).or_default().push(place);
                }
            }
            for (at, places) in fitting {
                if let [place] = places.as_slice()
                    && let Some(found) = found.get_mut(*place)
                {
                    *found = Some(at);
                    used.insert(at);
                }
            }
        }
        found
    }
}

/// What the ledger knows by a version.
fn recorded(history: &History) -> Vec<Recorded<'_>> {
    let known = history.current().filter(|(id, _)| id.version().is_some());
    known
        .filter_map(|(id, current)| {
            Some(Recorded {
                id,
                name: history.name_of(current)?,
                checksum: current.up_checksum,
            })
        })
        .collect()
}

/// The version that is proposed, where it fits between those around it; else one that does. What comes last in the files comes last in the
/// database.
fn free(proposed: &Version, last: Option<&Version>, upper: Option<&Version>, taken: &BTreeSet<Version>) -> Version {
    let Some(upper) = upper else {
        return match taken.last() {
            Some(newest) if newest >= proposed => newest.next(),
            _ => proposed.clone(),
        };
    };
    if proposed < upper && last.is_none_or(|last| proposed > last) && !taken.contains(proposed) {
        return proposed.clone();
    }
    let mut lower = last.cloned();
    while let Some(version) = Version::between(lower.as_ref(), upper) {
        if !taken.contains(&version) {
            return version;
        }
        lower = Some(version);
    }
    // There is nothing before 0, and sixteen numbers behind each other are the end.
    taken.last().map_or_else(|| proposed.clone(), Version::next)
}

/// The only one.
fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.next().is_none().then_some(first)
}
