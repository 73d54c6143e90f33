//! Texts that ran under one identity and stand in the files under another one, and whether a file is an edit of what ran.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Catalog;
use crate::history::State;
use crate::migration::{Checksum, Direction, Id, Migration};
use crate::script::{self, Syntax};
use crate::status::{Edit, Known, Row, Standing};

/// Where the text is that ran as a migration, when it is not in the migration's own file.
#[derive(Debug, Clone, Default)]
pub enum Whereabouts<'a> {
    /// In its own file; or nobody knows where.
    #[default]
    Untold,
    /// In this file alone, to which no other text that ran has a claim.
    In(&'a Migration),
    /// In one of these: more than one file holds it, or it ran more than once.
    InOneOf(Vec<&'a Migration>),
    /// In this file, whose version has run another text that is in no file.
    Behind(&'a Migration),
    /// Perhaps in one of these: they have not run, and have its name or statements of it.
    PerhapsIn(Vec<Like<'a>>),
}

/// A file that may be what became of a migration.
#[derive(Debug, Clone, Copy)]
pub struct Like<'a> {
    /// What the file holds.
    pub file: &'a Migration,
    /// How many of its statements never ran here, where it holds what ran; none otherwise.
    pub unrun: usize,
    /// Whether it holds what ran as several migrations.
    pub is_of_several: bool,
}

/// A statement that is in more files than this says nothing about where a text has gone.
const COMMONPLACE: usize = 8;

/// Finds for each migration whose text is not in its own file where that is now, and says so in the rows.
pub(crate) fn find(rows: &mut [Row<'_>], known: &Known, catalog: &Catalog) {
    let search = Search {
        known,
        syntax: catalog.syntax(),
        is_known_by_name: catalog.is_known_by_name(),
    };
    let lost: Vec<usize> = (0..rows.len()).filter(|&at| search.is_lost(&rows[at])).collect();
    if lost.is_empty() {
        return;
    }
    for &at in &lost {
        let is_edit = search.is_edit(&rows[at]);
        rows[at].is_edit = is_edit;
    }
    let is_lost: BTreeSet<usize> = lost.iter().copied().collect();
    let free: Vec<usize> = (0..rows.len())
        .filter(|at| rows[*at].migration.is_some() && (is_lost.contains(at) || has_not_run(&rows[*at])))
        .collect();
    let found = search.matches(rows, &lost, &free);
    let mut told = settled(rows, &lost, &found);
    let claimed: BTreeSet<usize> = found.values().flatten().copied().collect();
    let unclaimed: Vec<usize> = free.iter().copied().filter(|at| !claimed.contains(at)).collect();
    let unfound = lost.iter().filter(|at| !told.contains_key(at));
    let perhaps = search.perhaps(rows, &unfound.copied().collect::<Vec<_>>(), &unclaimed);
    for (at, whereabouts, is_repeated) in perhaps {
        rows[at].is_repeated = is_repeated;
        told.insert(at, whereabouts);
    }
    // Whose text is in another file was not edited there; and what ran elsewhere is no edit of this.
    let ran: BTreeMap<Checksum, &Id> = known
        .history
        .current()
        .filter(|(_, current)| current.state.is_applied())
        .filter_map(|(id, current)| Some((current.up_checksum?, id)))
        .collect();
    for &at in &lost {
        let row = &mut rows[at];
        let file = row.migration.map(|migration| migration.up.checksum);
        let is_of_another = file.is_some_and(|file| ran.get(&file).is_some_and(|id| *id != row.id));
        let is_taken = claimed.contains(&at);
        row.is_edit &= !is_of_another && !is_taken && !told.contains_key(&at);
    }
    for (at, whereabouts) in told {
        match whereabouts {
            Whereabouts::In(to) => {
                rows[at].standing = Standing::Renumbered;
                if let Some(to) = rows.iter_mut().find(|row| *row.id == to.id) {
                    to.standing = Standing::Renumbered;
                }
            }
            Whereabouts::InOneOf(_) | Whereabouts::Behind(_) => rows[at].standing = Standing::Renumbered,
            Whereabouts::PerhapsIn(_) | Whereabouts::Untold => {}
        }
        rows[at].whereabouts = whereabouts;
    }
}

/// Whether a file is there to be run, for all that the ledger says.
fn has_not_run(row: &Row<'_>) -> bool {
    row.migration.is_some() && row.current.is_none_or(|current| current.state == State::Reverted)
}

fn is_same_kind(one: &Id, other: &Id) -> bool {
    one.version().is_some() == other.version().is_some()
}

/// What the matches come to. Two that have the same text are not told apart, and what has run is in nobody's place.
fn settled<'a>(
    rows: &[Row<'a>],
    lost: &[usize],
    found: &BTreeMap<usize, Vec<usize>>,
) -> BTreeMap<usize, Whereabouts<'a>> {
    let mut claims: BTreeMap<usize, usize> = BTreeMap::new();
    for to in found.values().flatten() {
        *claims.entry(*to).or_default() += 1;
    }
    let only = |from: &usize| match found.get(from).map(Vec::as_slice) {
        Some(&[to]) if claims.get(&to) == Some(&1) => Some(to),
        _ => None,
    };
    let mut moves: BTreeMap<usize, usize> = lost.iter().filter_map(|from| Some((*from, only(from)?))).collect();
    loop {
        let before = moves.len();
        let going: BTreeSet<usize> = moves.keys().copied().collect();
        moves.retain(|_, to| has_not_run(&rows[*to]) || going.contains(to));
        if moves.len() == before {
            break;
        }
    }
    let file = |at: &usize| rows[*at].migration;
    let told = found.iter().filter_map(|(from, to)| {
        let open: Vec<&Migration> = to
            .iter()
            .filter(|to| has_not_run(&rows[**to]))
            .filter_map(file)
            .collect();
        let whereabouts = match (moves.get(from), open.is_empty()) {
            (Some(to), _) => Whereabouts::In(file(to)?),
            (None, false) => Whereabouts::InOneOf(open),
            (None, true) => Whereabouts::Behind(to.iter().find_map(file)?),
        };
        Some((*from, whereabouts))
    });
    told.collect()
}

/// Files by what may show that they hold what ran.
struct Index<'a> {
    statements: BTreeMap<String, Vec<usize>>,
    names: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> Index<'a> {
    fn of(rows: &[Row<'a>], files: &[usize], syntax: Syntax) -> Self {
        let (mut statements, mut names): (BTreeMap<_, Vec<_>>, BTreeMap<_, Vec<_>>) = Default::default();
        for &at in files {
            let Some(migration) = rows[at].migration else { continue };
            names.entry(migration.name.as_str()).or_default().push(at);
            for statement in telling(migration.up.source(), syntax) {
                statements.entry(statement).or_default().push(at);
            }
        }
        Self { statements, names }
    }
}

/// What a file has in common with what ran.
struct Overlap {
    is_named: bool,
    is_half: bool,
    is_whole: bool,
}

struct Search<'a> {
    known: &'a Known,
    syntax: Syntax,
    /// Whether what has one identity in files and ledger has one name.
    is_known_by_name: bool,
}

impl Search<'_> {
    fn stored(&self, row: &Row<'_>) -> Option<&str> {
        let checksum = row.current?.up_checksum?;
        self.known.texts.get(&checksum).map(String::as_str)
    }

    /// Whether it ran, or a part of it, and its own file is gone or holds another text. A repeatable one is meant to change.
    fn is_lost(&self, row: &Row<'_>) -> bool {
        let Some(current) = row.current else { return false };
        if current.up_checksum.is_none() && row.migration.is_none() {
            return false;
        }
        match (current.state, row.standing) {
            (_, Standing::Missing | Standing::Changed(Edit::Semantic)) => true,
            (State::Partial { .. }, _) if current.direction == Direction::Up => match row.migration {
                Some(migration) => current.up_checksum != Some(migration.up.checksum) && !self.is_edit(row),
                None => true,
            },
            _ => false,
        }
    }

    /// The files that hold the text of each.
    fn matches(&self, rows: &[Row<'_>], lost: &[usize], free: &[usize]) -> BTreeMap<usize, Vec<usize>> {
        let mut sums: BTreeMap<Checksum, Vec<usize>> = BTreeMap::new();
        let mut texts: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
        for &at in free {
            let Some(migration) = rows[at].migration.filter(|migration| migration.up.statements() > 0) else {
                continue;
            };
            sums.entry(migration.up.checksum).or_default().push(at);
            texts
                .entry(script::statements(migration.up.source(), self.syntax))
                .or_default()
                .push(at);
        }
        let found = lost.iter().filter_map(|&from| {
            let row = &rows[from];
            let checksum = row.current?.up_checksum?;
            let same = sums.get(&checksum).cloned().unwrap_or_else(|| {
                let Some(text) = self.stored(row) else {
                    return Vec::new();
                };
                let candidates = texts.get(&script::statements(text, self.syntax)).into_iter().flatten();
                let is_same = |at: &&usize| {
                    let source = rows[**at].migration.map(|migration| migration.up.source());
                    source.is_some_and(|source| script::same_tokens(text, source, self.syntax))
                };
                candidates.filter(is_same).copied().collect()
            });
            let others = same
                .into_iter()
                .filter(|at| *at != from && is_same_kind(rows[*at].id, row.id));
            let others: Vec<usize> = others.collect();
            (!others.is_empty()).then_some((from, others))
        });
        found.collect()
    }

    /// Files that have not run and look like what ran: they have its name, or half of its statements. Of what is an edit of what ran it
    /// is the file itself, where that holds what others ran as well, and more.
    fn perhaps<'a>(&self, rows: &[Row<'a>], unfound: &[usize], files: &[usize]) -> Vec<(usize, Whereabouts<'a>, bool)> {
        if unfound.is_empty() {
            return Vec::new();
        }
        let index = Index::of(rows, files, self.syntax);
        let alike: Vec<(usize, BTreeMap<usize, Overlap>)> = unfound
            .iter()
            .filter_map(|&from| Some((from, self.overlaps(rows, from, &index)?)))
            .collect();
        // How many that ran each file holds.
        let mut parts: BTreeMap<usize, usize> = BTreeMap::new();
        let held = alike
            .iter()
            .flat_map(|(_, files)| files.iter().filter(|(_, overlap)| overlap.is_half));
        held.for_each(|(at, _)| *parts.entry(*at).or_default() += 1);
        let ran = match parts.is_empty() {
            true => BTreeSet::new(),
            false => self.ran(rows),
        };
        // Once for each file: that which was made of many holds all of them.
        let unrun = |at: &usize| {
            let file = rows[*at].migration?;
            let new = telling(file.up.source(), self.syntax).difference(&ran).count();
            Some((*at, new))
        };
        let unrun: BTreeMap<usize, usize> = parts.keys().filter_map(unrun).collect();
        let said = alike.into_iter().filter_map(|(from, files)| {
            let is_edit = rows[from].is_edit;
            let is_repeated = |(at, overlap): (&usize, &Overlap)| overlap.is_half && has_not_run(&rows[*at]);
            let is_repeated = !is_edit && files.iter().any(is_repeated);
            let like = files.into_iter().filter_map(|(at, overlap)| {
                let file = rows[at].migration?;
                let is_of_several = overlap.is_half && parts.get(&at).is_some_and(|parts| *parts > 1);
                // One that has its name and more in it is an edit of it.
                let may_be_of_several = is_of_several || overlap.is_whole && !overlap.is_named;
                let like = Like {
                    file,
                    unrun: unrun
                        .get(&at)
                        .copied()
                        .filter(|_| may_be_of_several)
                        .unwrap_or_default(),
                    is_of_several,
                };
                let counts = match is_edit {
                    true => at == from && is_of_several && like.unrun > 0,
                    false => has_not_run(&rows[at]),
                };
                counts.then_some(like)
            });
            let like: Vec<Like<'_>> = like.collect();
            (!like.is_empty()).then_some((from, Whereabouts::PerhapsIn(like), is_repeated))
        });
        said.collect()
    }

    /// What files have in common with what ran as one migration, where that is its name or half of its statements.
    fn overlaps(&self, rows: &[Row<'_>], from: usize, index: &Index<'_>) -> Option<BTreeMap<usize, Overlap>> {
        let row = &rows[from];
        let current = row.current?;
        let name = self.known.history.name_of(current);
        let named = name.and_then(|name| index.names.get(name));
        let named: BTreeSet<usize> = named
            .filter(|named| named.len() <= COMMONPLACE)
            .into_iter()
            .flatten()
            .copied()
            .collect();
        let wanted = self
            .stored(row)
            .map(|text| telling(text, self.syntax))
            .unwrap_or_default();
        let mut shared: BTreeMap<usize, usize> = named.iter().map(|at| (*at, 0)).collect();
        let common = wanted.iter().filter_map(|statement| index.statements.get(statement));
        for &at in common.filter(|files| files.len() <= COMMONPLACE).flatten() {
            *shared.entry(at).or_default() += 1;
        }
        let overlap = |(at, n): (usize, usize)| {
            let overlap = Overlap {
                is_named: named.contains(&at),
                is_half: n > 0 && n * 2 >= wanted.len(),
                is_whole: n > 0 && n == wanted.len(),
            };
            let counts = (overlap.is_named || overlap.is_half) && is_same_kind(rows[at].id, row.id);
            let is_denied = self.known.history.came_from(current, rows[at].id);
            (counts && !is_denied).then_some((at, overlap))
        };
        Some(shared.into_iter().filter_map(overlap).collect())
    }

    /// All statements that have run here, as far as their texts are known.
    fn ran(&self, rows: &[Row<'_>]) -> BTreeSet<String> {
        let applied = rows
            .iter()
            .filter(|row| row.current.is_some_and(|current| current.state.is_applied()));
        let texts = applied.filter_map(|row| {
            let file = row.migration.map(|migration| &migration.up);
            let own = file.filter(|file| {
                row.current
                    .is_some_and(|current| current.up_checksum == Some(file.checksum))
            });
            own.map(|file| file.source()).or_else(|| self.stored(row))
        });
        texts.flat_map(|text| telling(text, self.syntax)).collect()
    }

    /// Whether the file may well be an edit of what ran: it has the same name and is about the same, or it has at least half of the
    /// statements.
    fn is_edit(&self, row: &Row<'_>) -> bool {
        let (Some(migration), Some(current)) = (row.migration, row.current) else {
            return false;
        };
        // Where names are what a migration is known by, a file and a record are laid together by nothing else, however they are spelt.
        let is_named_so = self.is_known_by_name || self.known.history.name_of(current) == Some(migration.name.as_str());
        let Some(stored) = self.stored(row) else {
            return is_named_so;
        };
        let (before, after) = (
            telling(stored, self.syntax),
            telling(migration.up.source(), self.syntax),
        );
        let kept = before.iter().filter(|statement| after.contains(*statement)).count();
        match is_named_so {
            // What was filled after it ran empty has never run.
            true => {
                before.is_empty() && after.is_empty() || kept > 0 || are_about_the_same(&before, &after, self.syntax)
            }
            false => kept > 0 && kept * 2 >= before.len(),
        }
    }
}

/// The statements of a text without what only sets the session, which many scripts begin with.
fn telling(text: &str, syntax: Syntax) -> BTreeSet<String> {
    let statements = script::statements(text, syntax);
    let tells = |statement: &String| !script::sets_session(statement, syntax);
    statements.into_iter().filter(tells).collect()
}

/// How many words a statement begins with before it says something of its own: `CREATE TABLE a`.
const OPENING: usize = 3;

/// Words among them that make no difference to what it is about.
const BESIDE: [&str; 12] = [
    "IF",
    "NOT",
    "EXISTS",
    "OR",
    "REPLACE",
    "UNIQUE",
    "TEMP",
    "TEMPORARY",
    "CONCURRENTLY",
    "ONLY",
    "IGNORE",
    "INTO",
];

/// Whether some statement of the one names an object of the other, or begins like one.
fn are_about_the_same(before: &BTreeSet<String>, after: &BTreeSet<String>, syntax: Syntax) -> bool {
    let subjects = |statements: &BTreeSet<String>| -> BTreeSet<Vec<String>> {
        let opening = |statement: &String| {
            let words = statement.split(' ').map(str::to_ascii_uppercase);
            let telling = words.filter(|word| !BESIDE.contains(&word.as_str()));
            telling.take(OPENING).collect::<Vec<_>>()
        };
        let objects = statements
            .iter()
            .flat_map(|statement| script::objects(statement, syntax));
        let names = objects.filter_map(|object| Some(vec![object.name.last()?.to_lowercase()]));
        names.chain(statements.iter().map(opening)).collect()
    };
    !subjects(before).is_disjoint(&subjects(after))
}

/// A free identity near another one, for what has to make room.
pub(crate) fn vacant(id: &Id, is_taken: impl Fn(&Id) -> bool) -> Id {
    let candidates = (1..).filter_map(|n: u32| match id {
        Id::Version(version) => format!("{version}.{n}").parse().ok().map(Id::Version),
        Id::Repeatable(name) => Some(Id::Repeatable(format!("{name}_{n}"))),
    });
    let mut vacant = candidates.filter(|id| !is_taken(id));
    vacant.next().unwrap_or_else(|| id.clone())
}
