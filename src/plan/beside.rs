//! What another tool has done since its history was taken over. Both may be used for a while, and nothing is run before that is known.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Severity, Step, Taken, Verdict, note_step};
use crate::catalog::Catalog;
use crate::code::Code;
use crate::history::{Current, History, Kind, Line, Record, State};
use crate::migration::Id;
use crate::shell::quote;
use crate::status::Known;

/// What another tool's history calls done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adoption {
    /// The tool.
    pub tool: &'static str,
    /// Its table, with its schema where that is not the current one.
    pub table: String,
    /// What a row of it tells.
    pub tells: Tells,
    /// What it calls done, in the order in which it was.
    pub taken: Vec<Taken>,
    /// Why the files can hardly be those of this history; `None` where they can.
    pub lack: Option<String>,
}

/// What the rows of a tool's table tell of its migrations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tells {
    /// The version of each.
    Versions,
    /// The name of each, or a sum. Its version, if it has one, is what its file says.
    Names,
    /// The version that was reached.
    Reached,
    /// The name of the newest of each branch.
    Heads,
}

/// Where a history was taken over from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The tool.
    pub tool: String,
    /// Its table, with its schema where that was not the current one.
    pub table: String,
}

/// What such a table says now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// Which one it is.
    pub origin: Origin,
    /// What was found there.
    pub says: Says,
}

/// What was found where another tool had its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// What it calls done.
    Done(Tells, Vec<Taken>),
    /// Something failed, or is not finished.
    HalfDone {
        /// What the other tool's history says.
        what: String,
        /// How to go on.
        help: String,
    },
    /// There is no such table any more.
    Gone,
    /// It cannot be read, and why.
    Unreadable(String),
}

/// The name of a migration of a tool that keeps no names, where there is no file that has one.
pub(crate) const UNNAMED: &str = "migration";

/// What stands between what a record says and where that is from, and behind it.
const FROM: [&str; 3] = [", in `", "` of ", "told"];

impl Origin {
    /// Finds out from a record.
    pub(super) fn of(record: &Record) -> Option<Self> {
        if !matches!(record.kind, Kind::Adopt | Kind::Mirror) {
            return None;
        }
        let (_, rest) = record.reason.as_deref()?.split_once(FROM[0])?;
        let (table, tool) = rest.rsplit_once(FROM[1])?;
        Some(Self {
            tool: tool.to_owned(),
            table: table.to_owned(),
        })
    }

    /// The arguments of `adopt` that mean this one and no other: the tool may have several tables.
    pub(crate) fn words(&self) -> String {
        let part = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
        let table = match self.table.contains(['"', '`', '[']) {
            true => self.table.splitn(2, '.').map(part).collect::<Vec<_>>().join("."),
            false => self.table.clone(),
        };
        format!("--from {} --table {}", self.tool, quote(&table))
    }

    /// The reason of a record that was taken over.
    pub(super) fn reason(&self, verdict: Verdict) -> String {
        format!("{verdict}{}{}{}{}", FROM[0], self.table, FROM[1], self.tool)
    }

    /// The record that says that the other tool's table was brought up to what the ledger says.
    pub(crate) fn told(&self) -> Step {
        let reason = format!("{}{}{}{}{}", FROM[2], FROM[0], self.table, FROM[1], self.tool);
        note_step(None, "", Kind::Mirror, Some(reason))
    }
}

impl From<&Adoption> for Origin {
    fn from(adoption: &Adoption) -> Self {
        Self {
            tool: adoption.tool.to_owned(),
            table: adoption.table.clone(),
        }
    }
}

/// Where histories were taken over from, each once. Records of a ledger that does not say it are `None`.
pub(crate) fn origins(history: &History) -> Vec<Option<Origin>> {
    let mut origins = Vec::new();
    let kinds = [Kind::Adopt, Kind::Mirror];
    for record in history.records().iter().filter(|record| kinds.contains(&record.kind)) {
        let origin = Origin::of(record);
        if !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    origins
}

/// Whether the other tool's table is known to say all that the ledger says.
pub(crate) fn is_told(history: &History, origin: &Origin) -> bool {
    let is_its = |record: &Record| Origin::of(record).as_ref() == Some(origin);
    let records = history.records().iter().rev();
    records
        .take_while(|record| record.kind != Kind::Mirror || !is_its(record))
        .filter(|record| record.version.is_some())
        .all(|record| match record.kind {
            Kind::Up | Kind::Down | Kind::Baseline | Kind::Renumber => false,
            Kind::Adopt => is_its(record),
            Kind::Init | Kind::Repeat | Kind::Forget | Kind::Accept | Kind::Resolve | Kind::Mirror => true,
        })
}

/// Gives programs the versions under which the ledger knows them, and new ones such that it has never had: their numbers are those of
/// rows, and change when rows go.
pub(crate) fn placed(history: &History, tells: Tells, mut taken: Vec<Taken>) -> Vec<Taken> {
    let used: BTreeSet<&str> = history
        .records()
        .iter()
        .filter_map(|record| record.version.as_deref())
        .collect();
    let known = |name: &str| {
        let its = |record: &Record| is_program(record) && record.name == name;
        let mut current = history.current();
        current.find(|(_, now)| now.state.is_applied() && history.record_of(now).is_some_and(its))
    };
    let numbers = used
        .iter()
        .filter_map(|version| version.strip_prefix("0.")?.parse::<u32>().ok());
    let mut next = numbers.max().unwrap_or_default();
    // Programs that have versions keep them.
    if matches!(tells, Tells::Versions | Tells::Reached) {
        return taken;
    }
    for entry in taken.iter_mut().filter(|entry| entry.verdict == Verdict::Code) {
        if let Some((id, _)) = known(&entry.name) {
            entry.id = id.clone();
        } else if next > 0 {
            next += 1;
            if let Ok(version) = format!("0.{next}").parse() {
                entry.id = Id::Version(version);
            }
        }
    }
    taken
}

fn is_program(record: &Record) -> bool {
    was_taken_as(record, Verdict::Code)
}

/// Whether a record was taken over without the file: its text is unknown, and where the tool keeps no names its name as well. A file that
/// has its version later is that migration, unless it has another name than the one that is known.
pub(crate) fn was_without_a_file(record: &Record, name: &str, is_known_by_name: bool) -> bool {
    let is_its_name = is_known_by_name || record.name == UNNAMED || record.name == name;
    is_its_name && was_taken_as(record, Verdict::MissingFile)
}

fn was_taken_as(record: &Record, verdict: Verdict) -> bool {
    let reason = record.reason.as_deref().unwrap_or_default();
    record.kind == Kind::Adopt && reason.starts_with(&verdict.to_string())
}

/// What another tool has done since.
pub(crate) struct Since<'a> {
    /// What its rows tell.
    tells: Tells,
    /// It has applied these.
    pub applied: Vec<&'a Taken>,
    /// It has taken these back, which are scripts.
    pub reverted: Vec<&'a Id>,
    /// It has taken these back, which are programs of its own.
    pub programs: Vec<(&'a Id, &'a str)>,
}

/// What has a row under the version that it was given here. A row that has this version may be that of another one, which had it before.
fn moved<'a>(lines: &'a BTreeMap<Id, Line<'_>>, rows: &BTreeSet<&Id>) -> BTreeSet<&'a Id> {
    let mut owners: BTreeMap<&Id, Vec<&Id>> = BTreeMap::new();
    for (id, line) in lines {
        line.rows.iter().for_each(|row| owners.entry(row).or_default().push(id));
    }
    let may_be = |(id, line): &(&Id, &Line<'_>)| rows.contains(id) && !line.behind.contains(id);
    let mut moved: BTreeSet<&Id> = lines.iter().filter(may_be).map(|(id, _)| id).collect();
    loop {
        let is_free = |id: &&Id| {
            let owners = owners.get(*id).into_iter().flatten();
            owners.copied().all(|owner| owner == *id || moved.contains(owner))
        };
        let left: BTreeSet<&Id> = moved.iter().copied().filter(is_free).collect();
        if left.len() == moved.len() {
            return moved;
        }
        moved = left;
    }
}

/// Compares what another tool's table says with what the ledger has from it and has told it.
pub(crate) fn since<'a>(
    catalog: &Catalog,
    history: &'a History,
    origin: &Origin,
    tells: Tells,
    taken: &'a [Taken],
) -> Since<'a> {
    let lines = history.lines(|record| Origin::of(record).is_none_or(|its| its == *origin));
    // What nobody ran has no row there.
    let is_empty = |id: &Id| catalog.get(id).is_some_and(|migration| migration.up.statements() == 0);
    let has_row = |id: &Id, line: &Line<'_>| line.adopted.is_some() || line.is_told && !is_empty(id);
    // What it has told us of and we have told it of is what it has to show, until its row was seen to be gone.
    let mut shared: Vec<(&Id, &Current, &Line<'_>, &Record)> = history
        .current()
        .filter(|(id, current)| id.version().is_some() && current.state.is_applied())
        .filter_map(|(id, current)| Some((id, current, lines.get(id)?, history.record_of(current)?)))
        .filter(|(id, _, line, _)| has_row(id, line))
        .collect();
    let mark = shared.iter().flat_map(|(_, _, line, _)| &line.rows).max();
    let rows: BTreeSet<&Id> = taken.iter().map(|entry| &entry.id).collect();
    let moved = moved(&lines, &rows);
    // It goes on calling what was renumbered here by its old version, or by its old name.
    let has_old_name = |entry: &Taken, line: &Line<'_>| {
        tells == Tells::Names && catalog.get(&entry.id).is_none() && line.names.contains(&entry.name.as_str())
    };
    let unfiled = taken
        .iter()
        .filter(|entry| tells == Tells::Names && catalog.get(&entry.id).is_none());
    let old_names: BTreeSet<&str> = unfiled.map(|entry| entry.name.as_str()).collect();
    let is_told = |id: &Id, line: &Line<'_>| {
        moved.contains(id)
            || line.rows.iter().any(|row| rows.contains(row))
            || line.names.iter().any(|name| old_names.contains(name))
    };
    // A file that has the old version is another migration, once there is a row of the new one as well.
    let is_old_row = |entry: &Taken, id: &Id, line: &Line<'_>| {
        let is_left = line.has_row() && (line.rows.contains(&entry.id) || has_old_name(entry, line));
        let is_other = catalog.get(&entry.id).is_some() && moved.contains(id);
        (is_left || line.former.contains(&entry.id)) && !is_other
    };
    let is_news = |entry: &&Taken| match history.get(&entry.id) {
        None if lines.iter().any(|(id, line)| is_old_row(entry, id, line)) => false,
        // What was never run lies below: a file that came late.
        None if tells == Tells::Reached || entry.verdict == Verdict::Baseline => {
            mark.is_none_or(|mark| entry.id > *mark)
        }
        None => true,
        // What it was not told of is still in its table; what it was told of is there again, and of what it never had a row it has one now.
        Some(current) => {
            let is_back = |line: &Line<'_>| line.is_told_back || line.is_own && !line.has_row();
            match (current.state, lines.get(&entry.id)) {
                (_, None) => false,
                (State::Reverted, Some(line)) => is_back(line),
                (_, Some(line)) => has_run_again(catalog, entry, line),
            }
        }
    };
    let mut applied: Vec<&Taken> = taken.iter().filter(is_news).collect();
    // No row told of what another row spoke for.
    shared.retain(|(_, _, line, _)| {
        !line
            .adopted
            .is_some_and(|record| was_taken_as(record, Verdict::Baseline))
    });
    let reached = taken.last().map(|last| &last.id);
    let newest = shared.iter().filter(|(id, _, line, _)| is_told(id, line));
    let newest = newest.map(|(_, current, ..)| current.record).max();
    shared.retain(|(id, current, line, _)| match tells {
        Tells::Versions | Tells::Names => !is_told(id, line),
        Tells::Reached => reached.is_none_or(|reached| line.rows.iter().all(|row| row > reached)),
        // Those before the newest are not told of.
        Tells::Heads => applied.is_empty() && newest.is_none_or(|newest| current.record > newest),
    });
    if tells == Tells::Names {
        // Without their files, rows and records are not the same by number. As many as there are of both are.
        let has_no_file = |entry: &&Taken| matches!(entry.verdict, Verdict::MissingFile | Verdict::Code);
        let is_lost = |id: &Id, record: &Record| catalog.get(id).is_none() && !is_program(record);
        // Rows of what we have taken back and not told of.
        let left_behind = |(id, current): &(&Id, &Current)| {
            let is_behind = current.state == State::Reverted && lines.get(id).is_some_and(Line::has_row);
            is_behind && catalog.get(id).is_none() && taken.iter().all(|entry| entry.id != **id)
        };
        let behind = history.current().filter(left_behind).count();
        let rows = applied.iter().filter(|entry| has_no_file(entry)).count();
        let records = behind + shared.iter().filter(|(id, .., record)| is_lost(id, record)).count();
        let (mut rows, mut records) = (rows.min(records), rows.min(records));
        let left = |is_one: bool, count: &mut usize| {
            let goes = is_one && *count > 0;
            *count -= usize::from(goes);
            !goes
        };
        applied.retain(|entry| left(has_no_file(entry), &mut rows));
        shared.retain(|(id, .., record)| left(is_lost(id, record), &mut records));
    }
    let (programs, scripts): (Vec<_>, Vec<_>) = shared.into_iter().partition(|(.., record)| is_program(record));
    Since {
        tells,
        applied,
        reverted: scripts.into_iter().map(|(id, ..)| id).collect(),
        programs: programs
            .into_iter()
            .map(|(id, .., record)| (id, record.name.as_str()))
            .collect(),
    }
}

/// Whether what runs whenever it changes was run by the other tool after it was taken over, or after it was told: then its row has another
/// time. What has a version and was neither may have a row from before.
fn has_run_again(catalog: &Catalog, entry: &Taken, line: &Line<'_>) -> bool {
    let runs_on_change = || {
        catalog
            .get(&entry.id)
            .is_some_and(|migration| migration.up.runs_on_change())
    };
    let (Some(at), true) = (&entry.at, entry.id.version().is_none() || runs_on_change()) else {
        return false;
    };
    match line.shown {
        None => entry.id.version().is_none(),
        // Whether a zone is read with it goes by what is known of the column.
        Some(record) if record.kind == Kind::Adopt => {
            record.started_at.trim_end_matches('Z') != at.trim_end_matches('Z')
        }
        Some(record) => !is_about(&record.started_at, at),
    }
}

/// Whether two times are the same but for what a column does not keep: its zone, and parts of a second.
fn is_about(ours: &str, theirs: &str) -> bool {
    let local = |text: &str| text.trim_end_matches('Z').parse::<jiff::civil::DateTime>().ok();
    let (Some(ours), Some(theirs)) = (local(ours), local(theirs)) else {
        return ours == theirs;
    };
    theirs.duration_since(ours).abs() <= jiff::SignedDuration::from_secs(1)
}

/// What is to be said of other tools whose histories were taken over.
pub fn findings(catalog: &Catalog, known: &Known) -> Vec<Finding> {
    let catalog = &*catalog.for_history(&known.history);
    let said = known.beside.iter();
    said.flat_map(|beside| of_one(catalog, &known.history, beside))
        .collect()
}

fn of_one(catalog: &Catalog, history: &History, beside: &Beside) -> Vec<Finding> {
    let Origin { tool, table } = &beside.origin;
    match &beside.says {
        Says::Done(tells, taken) => done_since(&beside.origin, &since(catalog, history, &beside.origin, *tells, taken)),
        Says::HalfDone { what, help } => {
            vec![finding(Code::HalfDone, None, what.clone(), vec![help.clone()])]
        }
        Says::Gone => {
            let message = format!(
                "`{table}`, where {tool} kept what was taken over, is gone: what {tool} does is not seen any more"
            );
            vec![note(message)]
        }
        Says::Unreadable(why) => {
            let message = format!("`{table}` cannot be read, so what {tool} has done since is not known: {why}");
            vec![note(message)]
        }
    }
}

/// What stops every run: neither files nor ledger know of it.
pub(crate) fn done_since(origin: &Origin, since: &Since<'_>) -> Vec<Finding> {
    let Origin { tool, table } = origin;
    let mut found = Vec::new();
    let help = || {
        vec![format!(
            "syncline adopt {}   # takes over what {tool} has done since",
            origin.words()
        )]
    };
    if let [first, others @ ..] = since.applied.as_slice() {
        let id = Some(&first.id).filter(|_| first.verdict != Verdict::Code);
        let what = match id {
            Some(id) => format!("{id} {}", first.name),
            None => format!("`{}`", first.name),
        };
        let what = and_more(&what, others.len());
        let message = match since.tells {
            // Whether it has gone on or back, only its own files tell.
            Tells::Heads => format!("`{table}` of {tool} names {what} now, which was not taken over"),
            _ => format!("{tool} has applied {what} since its history was taken over"),
        };
        found.push(finding(Code::ForeignApplied, id, message, help()));
    }
    found.extend(reverted(origin, &since.reverted));
    if let [(_, first), others @ ..] = since.programs.as_slice() {
        let what = and_more(&format!("`{first}`"), others.len());
        let message = match since.tells {
            Tells::Heads => format!("`{table}` of {tool} does not name {what} any more: it has gone on, or back"),
            // Rows of what was made part of another migration are pruned.
            _ => format!("`{table}` of {tool} does not have {what} any more: taken back, or pruned"),
        };
        found.push(finding(Code::ForeignReverted, None, message, help()));
    }
    found
}

/// Nobody but who has looked can tell whether what is gone from a table is gone from the database.
pub(super) fn reverted(origin: &Origin, ids: &[&Id]) -> Vec<Finding> {
    let Origin { tool, table } = origin;
    let one = |id: &&Id| {
        let message = format!("{id} is applied, and {tool} has taken it back: `{table}` does not have it any more");
        let help = vec![
            format!(
                "syncline repair forget {} --reason \"{tool} has taken it back\"   # `up` applies it again",
                id.word()
            ),
            format!("or, where {tool} is not used any more and {id} is in the database, drop `{table}`"),
        ];
        finding(Code::ForeignReverted, Some(id), message, help)
    };
    ids.iter().rev().map(one).collect()
}

fn and_more(first: &str, others: usize) -> String {
    match others {
        0 => first.to_owned(),
        more => format!("{first} and {more} more"),
    }
}

fn finding(code: Code, id: Option<&Id>, message: String, help: Vec<String>) -> Finding {
    Finding::new(code, Severity::Refused, id, message, help)
}

fn note(message: String) -> Finding {
    Finding::new(Code::ForeignLost, Severity::Note, None, message, Vec::new())
}
