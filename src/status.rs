//! How files and ledger compare: one row a migration, with its standing.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Catalog;
use crate::history::{Current, History, Kind, Record, State};
use crate::migration::{Checksum, Direction, Id, Migration};
use crate::plan::{Beside, Finding, was_without_a_file};
use crate::renumbered::{self, Whereabouts};
use crate::script;

/// What a database remembers: its ledger, and the stored texts that were asked for.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The ledger.
    pub history: History,
    /// Texts of scripts, by checksum. Holds those that [`wanted`] named, as far as they are stored.
    pub texts: BTreeMap<Checksum, String>,
    /// Tables and views of the database where there is no ledger, qualified; a few of them are enough.
    pub objects: Vec<String>,
    /// Where there is no ledger: the histories of other tools that can be taken over, as they are told.
    pub foreign: Vec<String>,
    /// Where there is no ledger: those of other names beside it.
    pub modules: Vec<Module>,
    /// What is worth knowing of where the ledger is.
    pub elsewhere: Option<Finding>,
    /// What other tools' tables say now, whose histories were taken over.
    pub beside: Vec<Beside>,
    /// Whether whoever has read it holds the lock, so that nobody is at a script which the ledger calls running.
    pub is_alone: bool,
}

/// A ledger of another name beside ours: that of another module, or ours under another name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Module {
    /// Its history table.
    pub table: String,
    /// Its table of scripts, where one holds some of those that it has recorded.
    pub scripts: Option<String>,
    /// Checksums of the up scripts that it has recorded.
    pub checksums: BTreeSet<Checksum>,
    /// Checksums of their down scripts.
    pub downs: BTreeSet<Checksum>,
}

/// How an edit changes a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Edit {
    /// Comments, white space, line endings or a byte-order mark: the statements are the same.
    Cosmetic,
    /// The statements differ, or the text that ran is not stored.
    Semantic,
}

/// How a migration stands when files and ledger are laid side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Not applied; newer than everything that is.
    Pending,
    /// Not applied, and older than the newest that is.
    OutOfOrder,
    /// Was applied and reverted: pending again.
    Reverted,
    /// Applied, and the file is what ran.
    Applied,
    /// Recorded as applied without having been run.
    Baseline,
    /// Applied, and the file was edited since.
    Changed(Edit),
    /// Applied, and there is no file.
    Missing,
    /// Applied, and its text is in the files under another version, which has not run; or the file that it is in.
    Renumbered,
    /// Stopped half-way.
    Partial,
    /// A statement was sent and its outcome is not known.
    Unknown,
    /// Being run, or cut off while it was.
    Running,
}

impl Standing {
    /// The word for it, as `status` and the JSON documents say it.
    pub fn word(self) -> &'static str {
        match self {
            Standing::Pending => "pending",
            Standing::OutOfOrder => "out of order",
            Standing::Reverted => "reverted",
            Standing::Applied => "applied",
            Standing::Baseline => "baseline",
            Standing::Changed(_) => "changed",
            Standing::Missing => "missing",
            Standing::Renumbered => "renumbered",
            Standing::Partial => "partial",
            Standing::Unknown => "unknown",
            Standing::Running => "running",
        }
    }

    /// Whether `up` has something to run for it.
    pub fn is_pending(self) -> bool {
        matches!(
            self,
            Standing::Pending | Standing::OutOfOrder | Standing::Reverted | Standing::Partial | Standing::Running
        )
    }
}

/// One migration with what both sides say of it.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    /// Its identity.
    pub id: &'a Id,
    /// The file's name for it, or the ledger's where there is no file.
    pub name: &'a str,
    /// How it stands.
    pub standing: Standing,
    /// The file.
    pub migration: Option<&'a Migration>,
    /// What the ledger says.
    pub current: Option<&'a Current>,
    /// The record that says so.
    pub record: Option<&'a Record>,
    /// Where the text is that ran, if it is not in the file.
    pub whereabouts: Whereabouts<'a>,
    /// Whether a file that has not run holds half of the statements that ran, so that they would run again.
    pub is_repeated: bool,
    /// Of one that was edited: whether the file may well be an edit of what ran, and not something else.
    pub is_edit: bool,
}

impl Row<'_> {
    /// Whether the file counts as what another tool has run, of which nobody knows the text.
    pub fn is_unseen(&self) -> bool {
        let is_done = matches!(self.standing, Standing::Applied | Standing::Baseline);
        is_done && self.migration.is_some() && self.current.is_some_and(|current| current.up_checksum.is_none())
    }

    /// Whether another tool has run it with a text that nobody knows.
    pub fn lacks_text(&self) -> bool {
        let is_adopted = self.record.is_some_and(|record| record.kind == Kind::Adopt);
        is_adopted && self.migration.is_some() && self.current.is_some_and(|current| current.up_checksum.is_none())
    }

    /// Whether the file holds something else than what ran, and not an edit of it.
    pub fn is_something_else(&self) -> bool {
        match self.standing {
            Standing::Renumbered => self.current.is_some(),
            Standing::Changed(Edit::Semantic) => !self.is_edit,
            _ => false,
        }
    }
}

/// Checksums of the stored texts that are needed to tell cosmetic edits from semantic ones, and to resume what stopped half-way.
pub fn wanted(catalog: &Catalog, history: &History) -> BTreeSet<Checksum> {
    let catalog = &*catalog.for_history(history);
    let mut wanted = BTreeSet::new();
    // Where nothing waits to be run, no file can hold a text that ran elsewhere.
    let is_news = |migration: &Migration| {
        let current = history.get(&migration.id);
        current.is_none_or(|current| current.up_checksum != Some(migration.up.checksum))
    };
    let has_news = catalog.migrations().any(is_news);
    for (id, current) in history.current() {
        let file = catalog.get(id).map(|migration| migration.up.checksum);
        let differs = file != current.up_checksum && (file.is_some() || has_news && current.state.is_applied());
        if differs || !(current.state.is_applied() || current.state == State::Reverted) {
            wanted.extend(current.up_checksum);
        }
        if current.direction == Direction::Down && current.state != State::Reverted {
            wanted.extend(current.down_checksum);
        }
    }
    wanted
}

/// Lays the files beside the ledger: one row for each migration that either knows, in the order in which they run.
///
/// A reverted migration whose file is gone has no row.
pub fn join<'a>(catalog: &'a Catalog, known: &'a Known) -> Vec<Row<'a>> {
    let newest = known.history.newest();
    let ids: BTreeSet<&Id> = catalog
        .migrations()
        .map(|migration| &migration.id)
        .chain(known.history.current().map(|(id, _)| id))
        .collect();
    let row = |id: &'a Id| {
        let (migration, current) = (catalog.get(id), known.history.get(id));
        let record = current.and_then(|current| known.history.record_of(current));
        let standing = standing(id, migration, current, record, newest, &known.texts, catalog)?;
        let name = migration
            .map(|m| m.name.as_str())
            .or(current.and_then(|current| known.history.name_of(current)))
            .unwrap_or_default();
        Some(Row {
            id,
            name,
            standing,
            migration,
            current,
            record,
            whereabouts: Whereabouts::Untold,
            is_repeated: false,
            is_edit: false,
        })
    };
    let mut rows: Vec<Row<'a>> = ids.into_iter().filter_map(row).collect();
    renumbered::find(&mut rows, known, catalog);
    rows
}

fn standing(
    id: &Id,
    migration: Option<&Migration>,
    current: Option<&Current>,
    record: Option<&Record>,
    newest: Option<&Id>,
    texts: &BTreeMap<Checksum, String>,
    catalog: &Catalog,
) -> Option<Standing> {
    let Some(current) = current else {
        migration?;
        let late = id.version().is_some() && newest.is_some_and(|newest| id < newest);
        return Some(if late { Standing::OutOfOrder } else { Standing::Pending });
    };
    let done = match current.state {
        State::Partial { .. } => return Some(Standing::Partial),
        State::Unknown { .. } => return Some(Standing::Unknown),
        State::Running { .. } => return Some(Standing::Running),
        State::Reverted => return migration.map(|_| Standing::Reverted),
        State::Applied => Standing::Applied,
        State::Baseline => Standing::Baseline,
    };
    let Some(migration) = migration else {
        // The mark of `baseline V` where no file has that version: nothing is missing.
        let mark =
            record.is_some_and(|r| matches!(r.kind, Kind::Baseline | Kind::Adopt)) && current.up_checksum.is_none();
        return Some(if mark { Standing::Baseline } else { Standing::Missing });
    };
    if current.up_checksum == Some(migration.up.checksum) {
        return Some(done);
    }
    let is_known_by_name = catalog.is_known_by_name();
    let was_seen = record.is_none_or(|record| !was_without_a_file(record, &migration.name, is_known_by_name));
    if id.version().is_some() && current.up_checksum.is_none() && !was_seen {
        return Some(done);
    }
    let stored = current.up_checksum.and_then(|checksum| texts.get(&checksum));
    // What the configuration says of a file is no change of it.
    let file = script::canonical(migration.up.source());
    let is_said_outside = stored.is_some_and(|text| script::without_head(text) == script::without_head(&file));
    // What is meant to change: that is what makes it run again.
    if is_said_outside && (id.version().is_none() || migration.up.runs_on_change()) {
        return Some(done);
    }
    if id.version().is_none() || migration.up.runs_on_change() {
        let is_same = stored.is_some_and(|text| catalog.is_no_change(text, migration.up.source()));
        return Some(if is_same { done } else { Standing::Pending });
    }
    let cosmetic = stored.is_some_and(|text| script::same_tokens(text, migration.up.source(), catalog.syntax()));
    Some(Standing::Changed(if cosmetic {
        Edit::Cosmetic
    } else {
        Edit::Semantic
    }))
}

/// Where a script stopped, or which of its statements nobody knows the outcome of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// The statement in question, from 1: the one that did not run, or that is sent next, or of unknown outcome.
    pub statement: u32,
    /// How many the script has.
    pub of: u32,
    /// The statement as it was sent, where the script is stored.
    pub text: Option<String>,
    /// What the server said, where it failed.
    pub error: Option<String>,
}

/// Where the script of a migration stopped half-way; `None` where it did not.
pub fn stopped(row: &Row<'_>, known: &Known, syntax: script::Syntax) -> Option<Stopped> {
    let (current, record) = (row.current?, row.record?);
    let (statement, error) = match current.state {
        State::Partial { done } => (
            done + 1,
            record.error.clone().filter(|_| record.statements_done == done),
        ),
        State::Unknown { statement } => (statement, record.error.clone()),
        State::Running { done, started } => (started.max(done + 1), None),
        State::Applied | State::Baseline | State::Reverted => return None,
    };
    let checksum = match current.direction {
        Direction::Up => current.up_checksum,
        Direction::Down => current.down_checksum,
    };
    let text = checksum
        .and_then(|checksum| known.texts.get(&checksum))
        .and_then(|script| script::nth(script, statement, syntax));
    Some(Stopped {
        statement,
        of: record.statements_total,
        text: text.map(str::to_owned),
        error,
    })
}

/// Whether a partial state is one of a rollback.
pub(crate) fn is_rollback(current: Option<&Current>) -> bool {
    current.is_some_and(|current| current.direction == Direction::Down)
}
