//! Scripts that a layout has read, put together to migrations: duplicates, orphans, both directions of one file.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::conditions::{Condition, is_for, tells_apart};
use super::given::{Given, Heads};
use super::layouts::{Adapted, EMPTY, adapt, passed_over, say, unchecked};
use super::source::{CatalogError, Content, Draft, Entry, Found};
use super::{Catalog, Detected, Layout, filled, words};
use crate::migration::{Direction, Id, Migration, Script};
use crate::script::{self, Placeholders, Problem, Syntax};

/// Reads the files by a layout.
pub(super) fn catalog(
    groups: Vec<Vec<Entry>>,
    detected: Detected,
    placeholders: Placeholders,
    given: &[Given],
    syntax: Syntax,
) -> Result<Catalog, CatalogError> {
    let tool = detected.layout.tool();
    let mut draft = Draft::default();
    let mut files = Vec::new();
    for mut entries in groups {
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        let (strays, entries) = entries
            .into_iter()
            .partition::<Vec<Entry>, _>(|entry| matches!(entry.content, Content::Stray(_)));
        for stray in strays {
            draft.text(stray);
        }
        let entries = distinct(entries, &mut draft);
        if !given.is_empty() {
            files.extend(entries.iter().map(|entry| (entry.path.clone(), entry.name.clone())));
        }
        tool.read(entries, &mut draft);
    }
    let heads = Heads::of(given, &files);
    for glob in &heads.unmatched {
        draft
            .notes
            .push(format!("`[[files]]` of the configuration matches no file by `{glob}`"));
    }
    draft
        .notes
        .extend(passed_over(tool.name(), &std::mem::take(&mut draft.passed)));
    let mut placeholders = match tool.always_replaces() {
        Some(example) => placeholders.written_like(example),
        None => placeholders,
    };
    for property in std::mem::take(&mut draft.properties) {
        if property.databases.is_none_or(|list| is_for(&list, syntax)) {
            placeholders.define(&property.placeholder, property.value);
        }
    }
    leave_out(&mut draft, syntax, &placeholders);
    for_this_database(&mut draft, syntax);
    let mut builder = Builder {
        syntax,
        layout: detected.layout.clone(),
        placeholders: Arc::new(placeholders),
        heads,
        ups: BTreeMap::new(),
        downs: BTreeMap::new(),
        draft,
        transactions: Transactions::default(),
    };
    let native = detected.layout.is_native();
    for mut found in std::mem::take(&mut builder.draft.scripts) {
        if !native {
            // Other tools run an empty script, and so does who comes from them.
            if found.text.trim().is_empty() {
                say(&mut found, EMPTY);
            } else if builder.draft.unchecked && syntax == Syntax::Sqlite {
                unchecked(&mut found);
            }
            let adapted = adapt(&mut found, syntax, builder.draft.runs_bare);
            builder.transactions.note(adapted, &found.path);
        }
        builder.place(found);
    }
    builder.finish(detected)
}

/// Leaves out what is not meant for this database, or for this configuration.
fn leave_out(draft: &mut Draft, syntax: Syntax, placeholders: &Placeholders) {
    let conditions = std::mem::take(&mut draft.conditions);
    let lists = conditions.iter().filter_map(|(_, path, condition)| match condition {
        Condition::Database(list) => Some((path, list.as_str())),
        _ => None,
    });
    // One syntax is both of them.
    if matches!(syntax, Syntax::Mysql(_))
        && tells_apart(lists.clone().map(|(_, list)| list))
        && let Some((path, _)) = lists
            .clone()
            .find(|(_, list)| list.to_ascii_lowercase().contains("mariadb"))
    {
        let message = "some of the files are for MySQL alone and some for MariaDB alone, and both are read alike";
        let help = "write them for both (`mysql,mariadb`), or keep them in directories of their own";
        draft.problem("layout", path, message, help);
    }
    let out: BTreeSet<Id> = conditions
        .into_iter()
        .filter(|(_, _, condition)| !condition.holds(syntax, placeholders))
        .map(|(id, ..)| id)
        .collect();
    draft.scripts.retain(|found| !out.contains(&found.id));
    if let Some(first) = out.first() {
        draft.notes.push(match out.len() {
            1 => format!("version {first} is not meant for this database or configuration, and is left out"),
            more => format!(
                "{more} versions are not meant for this database or configuration, and are left out, {first} first"
            ),
        });
    }
}

/// Leaves out the files of other databases by their names, and those for all where there is one for this database.
fn for_this_database(draft: &mut Draft, syntax: Syntax) {
    let only_for = std::mem::take(&mut draft.only_for);
    if only_for.is_empty() {
        return;
    }
    let database = |found: &Found| {
        only_for
            .get(&found.path)
            .map(|word| words::database(word).unwrap_or_default())
    };
    let key = |found: &Found| (found.id.clone(), found.name.clone(), found.direction == Direction::Down);
    let all = draft.scripts.len();
    let ups = |scripts: &[Found]| -> BTreeSet<Id> {
        let ups = scripts.iter().filter(|found| found.direction == Direction::Up);
        ups.map(|found| found.id.clone()).collect()
    };
    let mut scripts = std::mem::take(&mut draft.scripts);
    let before = ups(&scripts);
    scripts.retain(|found| database(found).is_none_or(|database| words::is_of(database, syntax)));
    let own: BTreeMap<(Id, String, bool), &str> = scripts
        .iter()
        .filter_map(|found| Some((key(found), database(found)?)))
        .collect();
    // One syntax is both of them.
    let other = scripts
        .iter()
        .find(|found| database(found).is_some_and(|name| own.values().any(|other| *other != name)));
    if let Some(found) = other {
        let message = "some of the files are for MySQL and some for MariaDB, and both are read alike";
        let help = "keep them in directories of their own, and choose one by `dir`";
        draft.problem("layout", &found.path, message, help);
    }
    let stands = |found: &Found| database(found).is_some() || !own.contains_key(&key(found));
    let stay: Vec<bool> = scripts.iter().map(stands).collect();
    let mut stay = stay.into_iter();
    scripts.retain(|_| stay.next().unwrap_or(true));
    // A down script for all goes with the up scripts of others.
    let out: BTreeSet<Id> = before.difference(&ups(&scripts)).cloned().collect();
    scripts.retain(|found| !out.contains(&found.id));
    if let Some(first) = out.first().filter(|_| !scripts.is_empty()) {
        draft.notes.push(match out.len() {
            1 => format!("version {first} is for other databases by the names of its files, and is left out"),
            more => format!(
                "{more} versions are for other databases by the names of their files, and are left out, {first} first"
            ),
        });
    }
    if scripts.is_empty() {
        draft.notes.push(format!(
            "{all} files are for other databases by their names, and none is for this one"
        ));
    }
    draft.scripts = scripts;
}

/// Two files whose names differ only in case or in the form of an accent are one file elsewhere.
fn distinct(entries: Vec<Entry>, draft: &mut Draft) -> Vec<Entry> {
    let mut folded: BTreeMap<String, String> = BTreeMap::new();
    let mut distinct = Vec::with_capacity(entries.len());
    for entry in entries {
        let name = entry.name.nfc().flat_map(char::to_lowercase).collect::<String>();
        match folded.insert(name, entry.path.clone()) {
            None => distinct.push(entry),
            Some(other) => {
                let message = format!("the name is that of `{other}` on systems that fold case or accents");
                draft.problem("duplicate", &entry.path, message, "rename one of the two");
            }
        }
    }
    distinct
}

struct Builder {
    syntax: Syntax,
    layout: Layout,
    placeholders: Arc<Placeholders>,
    heads: Heads,
    ups: BTreeMap<Id, (String, Arc<Script>)>,
    downs: BTreeMap<Id, (String, Arc<Script>)>,
    draft: Draft,
    transactions: Transactions,
}

/// The files whose transactions were not taken as they are written.
#[derive(Default)]
struct Transactions {
    several: Vec<String>,
    ended: Vec<String>,
}

impl Transactions {
    fn note(&mut self, adapted: Option<Adapted>, path: &str) {
        match adapted {
            Some(Adapted::Several) => self.several.push(path.to_owned()),
            Some(Adapted::Ended) => self.ended.push(path.to_owned()),
            None => {}
        }
    }

    fn told(self) -> impl Iterator<Item = String> {
        let several = "begins and ends transactions of its own beside other statements: they are not sent, and the script is one with its record";
        let ended = "has a `COMMIT` that ends no transaction of its own, and it is not sent";
        [(self.several, several), (self.ended, ended)]
            .into_iter()
            .filter_map(|(mut paths, what)| {
                paths.dedup();
                let first = paths.first()?;
                Some(match paths.len() {
                    1 => format!("`{first}` {what}"),
                    more => format!("`{first}` {what}; so it is with {} more", more - 1),
                })
            })
    }
}

impl Builder {
    fn script(&mut self, found: &Found, direction: Direction, first_line: i32, text: String) -> Arc<Script> {
        let path = found.path.clone();
        let (text, first_line) = match self.heads.put(&path, direction, text.clone(), self.syntax) {
            Ok((text, lines)) => (text, first_line.saturating_sub(lines)),
            Err(name) => {
                let message = format!(
                    "`{name}` is said of it twice, in `[[files]]` of the configuration and there or in the file"
                );
                self.draft
                    .problem("bad-directive", &path, message, "keep one of the two");
                (text, first_line)
            }
        };
        let script = filled::script(&self.layout, (path, first_line, text), self.syntax, &self.placeholders);
        if script
            .parsed
            .as_ref()
            .is_ok_and(|parsed| !parsed.ends_nothing.is_empty())
        {
            self.transactions.ended.push(found.path.clone());
        }
        Arc::new(script)
    }

    fn place(&mut self, mut found: Found) {
        let text = std::mem::take(&mut found.text);
        let cut = match found.can_be_cut {
            // A text that cannot be cut cannot be split either, so the up script will tell why.
            true => script::down_marker(&text, self.syntax).unwrap_or_default(),
            false => None,
        };
        let Some(marker) = cut else {
            let script = self.script(&found, found.direction, found.first_line, text);
            return match found.direction {
                Direction::Up => self.insert_up(found, script),
                Direction::Down => self.insert_down(found, script),
            };
        };
        if matches!(found.id, Id::Repeatable(_)) {
            let help = "it runs again whenever it changes: remove the `-- syncline: down` part";
            let message = "a repeatable migration has no down script";
            return self.draft.problem("near-miss", &found.path, message, help);
        }
        let lines = i32::try_from(text[..marker.end].matches('\n').count()).unwrap_or(i32::MAX);
        let up = self.script(&found, Direction::Up, found.first_line, text[..marker.start].to_owned());
        let down = self.script(
            &found,
            Direction::Down,
            found.first_line.saturating_add(lines),
            text[marker.end..].to_owned(),
        );
        self.insert_up(found.clone(), up);
        self.insert_down(found, down);
    }

    fn insert_up(&mut self, found: Found, script: Arc<Script>) {
        let Found { id, name, path, .. } = found;
        match self.ups.get(&id).map(|(_, other)| other.path.clone()) {
            Some(other) => {
                let message = format!("version {id} is taken by `{other}` already");
                let help = "give one of the two another version: `syncline new` never makes a duplicate";
                self.draft.problem("duplicate", &path, message, help);
            }
            None => drop(self.ups.insert(id, (name, script))),
        }
    }

    fn insert_down(&mut self, found: Found, script: Arc<Script>) {
        let directives = script.parsed.as_ref().ok().map(|parsed| &parsed.directives);
        for name in ["run-on-change", "only-if"] {
            if let Some(comment) = directives.and_then(|directives| directives.place(name)) {
                let problem = Problem {
                    code: "bad-directive",
                    at: comment.start,
                    message: format!("`{name}` is for up scripts"),
                    help: "remove it from the down script".to_owned(),
                };
                self.draft.problems.push(super::placed(&script, problem));
            }
        }
        let Found { id, name, path, .. } = found;
        match self.downs.get(&id).map(|(_, other)| other.path.clone()) {
            Some(other) => {
                let message = format!("`{other}` is the down script of version {id} already");
                self.draft.problem("duplicate", &path, message, "keep one of the two");
            }
            None => drop(self.downs.insert(id, (name, script))),
        }
    }

    fn finish(mut self, detected: Detected) -> Result<Catalog, CatalogError> {
        let mut migrations = BTreeMap::new();
        let mut downs = std::mem::take(&mut self.downs);
        // The newest counts; it is one like any other where there is nothing that it stands for.
        let mut baselines = std::mem::take(&mut self.draft.baselines);
        baselines.sort_by(|a, b| a.id.cmp(&b.id));
        let mut stand_in = None;
        if let Some(mut newest) = baselines.pop() {
            let adapted = adapt(&mut newest, self.syntax, self.draft.runs_bare);
            self.transactions.note(adapted, &newest.path);
            if self.ups.keys().any(|id| *id <= newest.id) {
                let text = std::mem::take(&mut newest.text);
                let up = self.script(&newest, Direction::Up, newest.first_line, text);
                let (id, name) = (newest.id, newest.name);
                stand_in = Some(Migration {
                    id,
                    name,
                    up,
                    down: None,
                });
            } else {
                self.place(newest);
            }
        }
        for (id, (name, up)) in std::mem::take(&mut self.ups) {
            let down = match downs.remove(&id) {
                Some((down_name, down)) if down_name != name => {
                    let message = format!(
                        "its name is `{down_name}`, but that of version {id} is `{name}` (`{}`)",
                        up.path
                    );
                    self.draft
                        .problem("orphan-down", &down.path, message, "give both files the same name");
                    None
                }
                down => down.map(|(_, down)| down),
            };
            migrations.insert(id.clone(), Migration { id, name, up, down });
        }
        for (id, (_, down)) in downs {
            let message = format!("there is no up script of version {id}");
            let help = "add the up script, or remove this file";
            self.draft.problem("orphan-down", &down.path, message, help);
        }
        self.draft.notes.extend(self.transactions.told());
        let mut problems = self.draft.problems;
        if !problems.is_empty() {
            problems.sort_by(|a, b| (&a.path, a.position).cmp(&(&b.path, b.position)));
            return Err(CatalogError { problems });
        }
        Ok(Catalog {
            syntax: self.syntax,
            placeholders: self.placeholders,
            migrations,
            stand_in,
            baseline: None,
            detected,
            provider: self.draft.provider,
            listed_by: self.draft.listed_by,
            whole: self.draft.whole,
            notes: self.draft.notes,
        })
    }
}
