//! A script that makes something and takes it away again, with nothing in between that would need it: both halves of a file that
//! another tool would have parted, whatever its line for that looks like.
//!
//! What is made for a while is another matter: a table that other rows come out of, a procedure that is called, an index or a trigger
//! while rows change.

mod asserts;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::acts::{Act, Deeds, Sort, Spelling, Thing, deeds, is_usual};
use super::lexer::{Lexer, TokenKind};
use super::names::{Name, unquoted};
use super::pattern::Opening;
use super::{Parsed, Statement, Syntax};

/// The statement that makes something, and the one that takes it away.
pub(super) struct Undone {
    pub made: Range<usize>,
    pub dropped: Range<usize>,
}

/// The first thing in the text that was made for nothing.
pub(super) fn undone(text: &str, parsed: &Parsed, syntax: Syntax) -> Option<Undone> {
    let sent: Vec<&Statement> = parsed.sent().collect();
    let body = |statement: &Statement| text.get(statement.body.clone()).unwrap_or_default();
    // Most scripts drop nothing. One that goes back to a savepoint takes back what it has dropped.
    let begins = |statement: &&Statement, words: &[&str]| {
        let opening = Opening::of(body(statement), syntax);
        opening.is_some_and(|opening| words.iter().any(|word| opening.is(word)))
    };
    let may_drop = |statement: &&Statement| begins(statement, &["DROP", "ALTER"]);
    let goes_back = |statement: &&Statement| begins(statement, &["ROLLBACK"]);
    if !sent.iter().any(may_drop) || sent.iter().any(goes_back) {
        return None;
    }
    let mut script = Script::default();
    let spelling = Spelling::of(sent.iter().map(|statement| body(statement)), syntax);
    for statement in &sent {
        script.take(deeds(body(statement), &spelling));
    }
    let needed = script.needed(
        &sent.iter().map(|statement| body(statement)).collect::<Vec<_>>(),
        syntax,
    );
    let (made, dropped) = script.first_for_nothing(&needed)?;
    let range = |index: usize| sent.get(index).map(|statement| statement.body.clone());
    Some(Undone {
        made: range(made)?,
        dropped: range(dropped)?,
    })
}

/// Something that the script has made, or has given another name.
struct Made {
    thing: Thing,
    /// All last names that it had.
    names: Vec<String>,
    /// The statement that made it.
    at: usize,
    gone: Option<Gone>,
    origin: Origin,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// It is new.
    New,
    /// It was there before the script, which took it away and made it again.
    Again,
    /// It stands for a table that was there before the script and got another name.
    Instead,
    /// It was there before the script, and has another name now.
    Renamed,
}

/// How and by which statement it was taken away.
#[derive(Clone, Copy)]
struct Gone {
    at: usize,
    how: How,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Named,
    /// With its table or its schema.
    Along,
}

/// What a statement works for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Aim {
    /// What stays, as far as anybody can tell.
    Other,
    /// Something that the script has made.
    Made(usize),
}

/// What a statement may use that its text does not name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unnamed {
    Nothing,
    /// What works on the rows of a table.
    AtRows,
    Anything,
}

#[derive(Default)]
struct Script {
    made: Vec<Made>,
    /// Places in `made` of what is there, by [`keys`].
    by_key: BTreeMap<String, BTreeSet<usize>>,
    /// The same, by their tables and schemas.
    by_whole: BTreeMap<String, BTreeSet<usize>>,
    /// What the script has taken away of what it did not make.
    taken: BTreeSet<String>,
    /// What had these names before the script gave it others.
    renamed: BTreeSet<String>,
    /// What each statement works for.
    aims: Vec<Vec<Aim>>,
    /// Where names without a schema lie, unless that is the usual one.
    inside: Option<String>,
    /// The same, for each statement.
    schemas: Vec<Option<String>>,
    /// What each statement uses without naming it.
    unnamed: Vec<Unnamed>,
}

impl Script {
    fn take(&mut self, deeds: Deeds) {
        let at = self.aims.len();
        let (acts, unnamed) = match deeds {
            Deeds::Acts(acts) => (acts, Unnamed::Nothing),
            Deeds::Nothing => (Vec::new(), Unnamed::Nothing),
            Deeds::Unknown => (Vec::new(), Unnamed::AtRows),
            Deeds::Runs => (Vec::new(), Unnamed::Anything),
        };
        let mut aims: Vec<Aim> = acts.into_iter().filter_map(|act| self.act(at, act)).collect();
        if unnamed != Unnamed::Nothing {
            aims.push(Aim::Other);
        }
        self.aims.push(aims);
        self.unnamed.push(unnamed);
        self.schemas.push(self.inside.clone());
    }

    /// Takes an act; returns what it is for.
    fn act(&mut self, at: usize, act: Act) -> Option<Aim> {
        match self.lying(act) {
            Act::Enters(schema) => {
                self.inside = schema;
                None
            }
            Act::Makes(thing) => {
                if let Some(there) = self.find(&thing) {
                    return Some(Aim::Made(there));
                }
                let was = |all: &BTreeSet<String>| keys(&thing).iter().any(|key| all.contains(key));
                let origin = match thing.sort {
                    _ if was(&self.renamed) => Origin::Instead,
                    // Another table, routine or column of that name may be anything.
                    Sort::Relation | Sort::Routine | Sort::Column => Origin::New,
                    _ if was(&self.taken) => Origin::Again,
                    _ => Origin::New,
                };
                Some(Aim::Made(self.insert(thing, at, origin)))
            }
            Act::Drops(thing) => {
                let Some(there) = self.find(&thing) else {
                    self.gone_along(&thing, at);
                    self.taken.insert(key(&thing));
                    return Some(Aim::Other);
                };
                self.gone_along(&thing, at);
                self.gone(there, at, How::Named);
                // To take it away is not to need it.
                None
            }
            Act::Renames(thing, name) => {
                let to = Thing {
                    name: name.clone(),
                    ..thing.clone()
                };
                let Some(there) = self.find(&thing) else {
                    self.insert(to, at, Origin::Renamed);
                    self.renamed.insert(key(&thing));
                    return Some(Aim::Other);
                };
                for part in self.parts_of(&thing) {
                    self.forget(part);
                    let it = &mut self.made[part].thing;
                    if thing.sort == Sort::Relation {
                        it.on = Some(name.clone());
                    }
                    // An index goes with its table into another schema, what is in a schema with its new name.
                    if it.name.len() > 1 {
                        let schema = match thing.sort {
                            Sort::Relation => name.iter().rev().nth(1),
                            _ => name.last(),
                        };
                        it.name = schema.into_iter().chain(it.name.last()).cloned().collect();
                    }
                    self.index(part);
                }
                self.forget(there);
                self.made[there].thing = to;
                self.made[there].names.push(last(&name).to_owned());
                self.index(there);
                Some(Aim::Made(there))
            }
            Act::Changes(thing) => {
                let table = thing.on.clone().map(|name| Thing {
                    sort: Sort::Relation,
                    name,
                    on: None,
                    takes: None,
                });
                let found = self.find(&thing).or_else(|| self.find(&table?));
                let found = found.or_else(|| self.owner_of(&thing));
                Some(found.map_or(Aim::Other, Aim::Made))
            }
        }
    }

    /// The act, with the schema that names without one mean, and without the usual one.
    fn lying(&self, act: Act) -> Act {
        let inside = |name: Name| match name.as_slice() {
            [_] => self.inside.iter().cloned().chain(name).collect(),
            [schema, _] if is_usual(schema) => name.into_iter().skip(1).collect(),
            _ => name,
        };
        let lies = |thing: &Thing| thing.sort.lies_in_a_schema();
        let within = |thing: Thing| Thing {
            name: if lies(&thing) { inside(thing.name) } else { thing.name },
            on: thing.on.map(inside),
            ..thing
        };
        match act {
            Act::Makes(thing) => Act::Makes(within(thing)),
            Act::Drops(thing) => Act::Drops(within(thing)),
            Act::Changes(thing) => Act::Changes(within(thing)),
            Act::Renames(thing, name) if lies(&thing) => Act::Renames(within(thing), inside(name)),
            Act::Renames(thing, name) => Act::Renames(within(thing), name),
            Act::Enters(schema) => Act::Enters(schema),
        }
    }

    fn insert(&mut self, thing: Thing, at: usize, origin: Origin) -> usize {
        let names = vec![last(&thing.name).to_owned()];
        self.made.push(Made {
            thing,
            names,
            at,
            gone: None,
            origin,
        });
        let place = self.made.len() - 1;
        self.index(place);
        place
    }

    fn index(&mut self, place: usize) {
        let thing = &self.made[place].thing;
        for key in keys(thing) {
            self.by_key.entry(key).or_default().insert(place);
        }
        for whole in wholes(thing) {
            self.by_whole.entry(whole.to_owned()).or_default().insert(place);
        }
    }

    fn forget(&mut self, place: usize) {
        let thing = &self.made[place].thing;
        for key in keys(thing) {
            remove(&mut self.by_key, &key, place);
        }
        for whole in wholes(thing) {
            remove(&mut self.by_whole, whole, place);
        }
    }

    fn gone(&mut self, place: usize, at: usize, how: How) {
        self.made[place].gone = Some(Gone { at, how });
        self.forget(place);
    }

    fn find(&self, thing: &Thing) -> Option<usize> {
        // A constraint may be dropped as the index that it is.
        let other = match thing.sort {
            Sort::Index => Some(Sort::Constraint),
            Sort::Constraint => Some(Sort::Index),
            _ => None,
        };
        let other = other.map(|sort| Thing { sort, ..thing.clone() });
        [Some(thing), other.as_ref()].into_iter().flatten().find_map(|thing| {
            let mut places = self.by_key.get(&key(thing)).into_iter().flatten().copied();
            places.find(|place| takes_the_same(&self.made[*place].thing, thing))
        })
    }

    /// The table of the sequence that a column of the type `serial` has made: `table_column_seq`.
    fn owner_of(&self, sequence: &Thing) -> Option<usize> {
        let name = last(&sequence.name).strip_suffix("_seq")?;
        let ends = name.char_indices().filter(|(_, letter)| *letter == '_');
        ends.filter_map(|(end, _)| name.get(..end)).find_map(|table| {
            let mut owner = sequence.clone();
            *owner.name.last_mut()? = table.to_owned();
            self.find(&owner)
        })
    }

    fn parts_of(&self, whole: &Thing) -> Vec<usize> {
        let is_part = |part: &Thing| match whole.sort {
            Sort::Relation => part.on.as_ref() == Some(&whole.name),
            Sort::Schema => part.name.len() > 1 && part.name.first() == whole.name.first(),
            _ => false,
        };
        let places = self.by_whole.get(last(&whole.name)).into_iter().flatten().copied();
        places.filter(|place| is_part(&self.made[*place].thing)).collect()
    }

    /// What goes with a table or a schema.
    fn gone_along(&mut self, whole: &Thing, at: usize) {
        for part in self.parts_of(whole) {
            let inner = self.made[part].thing.clone();
            self.gone_along(&inner, at);
            self.gone(part, at, How::Along);
        }
    }

    /// What was needed while it was there: something that stays was made with it, or something that was needed itself.
    fn needed(&self, bodies: &[&str], syntax: Syntax) -> Vec<bool> {
        let mut needed = self.asserts(bodies, syntax);
        let gone = |place: usize| self.made[place].gone.is_some();
        let stays = |aim: &Aim| match aim {
            Aim::Other => true,
            Aim::Made(place) => !gone(*place) && self.made[*place].origin != Origin::Again,
        };
        let mut born: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (place, made) in self.made.iter().enumerate().filter(|(place, _)| gone(*place)) {
            born.entry(made.at).or_default().push(place);
        }
        let mut lives = Lives::default();
        let mut serves: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, (body, aims)) in bodies.iter().zip(&self.aims).enumerate() {
            let is_for_good = aims.iter().any(stays);
            let is_over = |place: usize| self.made[place].gone.is_none_or(|gone| gone.at <= at);
            let used = match aims.is_empty() || lives.is_empty() {
                true => BTreeSet::new(),
                false => lives.used(
                    &words(body, syntax, self.schemas[at].as_deref()),
                    self.unnamed[at],
                    |place| is_over(place) || needed[place],
                ),
            };
            for place in used {
                needed[place] |= is_for_good;
                let others = aims.iter().filter_map(|aim| match aim {
                    Aim::Made(other) if *other != place => Some(*other),
                    _ => None,
                });
                others.for_each(|other| serves.entry(other).or_default().push(place));
            }
            for place in born.remove(&at).into_iter().flatten() {
                lives.begin(place, &self.made[place]);
            }
        }
        let mut pending: Vec<usize> = (0..needed.len()).filter(|place| needed[*place]).collect();
        while let Some(place) = pending.pop() {
            for other in serves.remove(&place).unwrap_or_default() {
                if !std::mem::replace(&mut needed[other], true) {
                    pending.push(other);
                }
            }
        }
        needed
    }

    /// The first thing that was made, and taken away by its name, and was not needed and is not there in the end.
    fn first_for_nothing(&self, needed: &[bool]) -> Option<(usize, usize)> {
        let is_there_again = |thing: &Thing| {
            let places = self.by_key.get(&key(thing));
            places.is_some_and(|places| !places.is_empty())
        };
        let for_nothing = self.made.iter().zip(needed).filter_map(|(made, needed)| {
            let gone = made.gone.filter(|gone| gone.how == How::Named)?;
            let counts = made.origin == Origin::New && !needed && !is_there_again(&made.thing);
            counts.then_some((made.at, gone.at))
        });
        for_nothing.min_by_key(|(_, gone)| *gone)
    }
}

/// What is there for a while, by the words that a statement names it with.
#[derive(Default)]
struct Lives {
    by_word: BTreeMap<String, Vec<usize>>,
    /// The table without which the word means something else: columns of other tables have the same names.
    tables: BTreeMap<usize, String>,
    /// What works on the rows of its table.
    at_rows: Vec<usize>,
    /// All of it.
    all: Vec<usize>,
    /// What any statement uses.
    anywhere: Vec<usize>,
}

impl Lives {
    fn is_empty(&self) -> bool {
        self.by_word.is_empty()
    }

    fn begin(&mut self, place: usize, made: &Made) {
        let Thing { sort, on, .. } = &made.thing;
        let table = on.as_ref().map(|table| last(table).to_lowercase());
        let mut words: Vec<String> = made.names.iter().map(|name| name.to_lowercase()).collect();
        self.all.push(place);
        if sort.works_unnamed() {
            self.at_rows.push(place);
            words.extend(table.clone());
        }
        for word in words {
            self.by_word.entry(word).or_default().push(place);
        }
        match (sort, table) {
            (Sort::Column, Some(table)) => drop(self.tables.insert(place, table)),
            (Sort::Extension, _) => self.anywhere.push(place),
            _ => {}
        }
    }

    /// What a statement with these words uses of what is not over.
    fn used(&mut self, words: &BTreeSet<String>, unnamed: Unnamed, is_over: impl Fn(usize) -> bool) -> BTreeSet<usize> {
        let mut used = BTreeSet::new();
        let mut take = |places: &mut Vec<usize>| {
            places.retain(|place| !is_over(*place));
            used.extend(places.iter().copied());
        };
        take(&mut self.anywhere);
        match unnamed {
            Unnamed::Nothing => {}
            Unnamed::AtRows => take(&mut self.at_rows),
            Unnamed::Anything => take(&mut self.all),
        }
        for word in words {
            if let Some(places) = self.by_word.get_mut(word) {
                take(places);
            }
        }
        let table = |place: &usize| self.tables.get(place);
        used.retain(|place| unnamed != Unnamed::Nothing || table(place).is_none_or(|table| words.contains(table)));
        used
    }
}

fn last(name: &Name) -> &str {
    name.last().map_or("", String::as_str)
}

/// The most that is said of what a thing is called.
fn key(thing: &Thing) -> String {
    let Thing { sort, name, on, .. } = thing;
    match on {
        Some(table) => format!("{sort:?} {name:?} {table:?}"),
        None => format!("{sort:?} {name:?}"),
    }
}

/// The same, and where another statement may leave the table out, without it.
fn keys(thing: &Thing) -> Vec<String> {
    let mut keys = vec![key(thing)];
    if thing.on.is_some() && thing.sort.works_unnamed() {
        let on = None;
        keys.push(key(&Thing { on, ..thing.clone() }));
    }
    keys
}

/// The last name of its table, and its schema.
fn wholes(thing: &Thing) -> impl Iterator<Item = &str> {
    let schema = thing.name.first().filter(|_| thing.name.len() > 1);
    let names = thing.on.as_ref().map(last).into_iter();
    names.chain(schema.map(String::as_str))
}

fn remove(places: &mut BTreeMap<String, BTreeSet<usize>>, key: &str, place: usize) {
    if let Some(there) = places.get_mut(key) {
        there.remove(&place);
    }
}

/// Whether the arguments of two routines are the same, as far as they are told; one may give them names.
fn takes_the_same(a: &Thing, b: &Thing) -> bool {
    let is_same = |a: &String, b: &String| ends_with_words(a, b) || ends_with_words(b, a);
    match (&a.takes, &b.takes) {
        (Some(a), Some(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b)),
        _ => true,
    }
}

fn ends_with_words(text: &str, end: &str) -> bool {
    text.strip_suffix(end)
        .is_some_and(|before| before.is_empty() || before.ends_with(' '))
}

/// The words of a statement in small letters, and the schema that it is in; of its strings where they may be run, or name something.
fn words(body: &str, syntax: Syntax, inside: Option<&str>) -> BTreeSet<String> {
    let mut words: BTreeSet<String> = inside.map(str::to_lowercase).into_iter().collect();
    let rows = Opening::of(body, syntax).is_some_and(|opening| {
        ["INSERT", "REPLACE", "UPDATE", "DELETE", "COPY"]
            .iter()
            .any(|word| opening.is(word))
    });
    // A function may be called there.
    let (mut opened, mut before) = ("", "");
    for token in Lexer::new(body, syntax).filter(|token| !token.is_beside()) {
        let text = token.text(body);
        match token.kind {
            TokenKind::Word | TokenKind::WideWord => drop(words.insert(text.to_lowercase())),
            TokenKind::Name => words.extend(unquoted(text).map(|name| name.to_lowercase())),
            // `nextval('numbers')`; any other string among rows is a value.
            TokenKind::Text if rows && (before != "(" || !may_be_called(opened)) => {}
            TokenKind::Text | TokenKind::Dollar => {
                let parts = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
                words.extend(parts.filter(|part| !part.is_empty()).map(str::to_lowercase));
            }
            _ => {}
        }
        (opened, before) = (before, text);
    }
    words
}

fn may_be_called(word: &str) -> bool {
    let is_name = word.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    is_name
        && !["VALUES", "VALUE", "IN", "AND", "OR", "NOT"]
            .iter()
            .any(|other| other.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests;
