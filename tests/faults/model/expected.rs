//! What there should be: files, ledger and tables as values, and what `status` and `verify` have to say of them.

use std::collections::{BTreeMap, BTreeSet};

use super::files::{File, Script};
use super::step::{Allow, Reach, Version};

/// How a migration stands in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Applied,
    Baseline,
    Reverted,
    /// So many statements were executed, of the down script or of the up script.
    Partial {
        done: usize,
        down: bool,
    },
}

/// The scripts are those that count: they ran, or were accepted later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) state: State,
    pub(crate) up: Option<Script>,
    pub(crate) down: Option<Script>,
    /// The last to come is the first to go.
    pub(super) order: usize,
}

impl Entry {
    pub(super) fn is_applied(&self) -> bool {
        matches!(self.state, State::Applied | State::Baseline)
    }
}

/// What a command says, each list sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Of the error; empty where there is none.
    pub(crate) code: String,
    /// Code and version.
    pub(crate) refused: Vec<String>,
    /// Kind and version.
    pub(crate) done: Vec<String>,
}

impl Answer {
    pub(super) fn error(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            ..Self::default()
        }
    }

    pub(super) fn refused(mut refused: Vec<String>) -> Option<Self> {
        let code = refused.first()?.split(' ').next()?.to_owned();
        refused.sort();
        Some(Self {
            code,
            refused,
            ..Self::default()
        })
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Model {
    /// Whether the engine runs every script statement by statement.
    pub(super) journalled: bool,
    pub(crate) files: BTreeMap<Version, File>,
    /// Whether there is a ledger.
    pub(crate) ledger: bool,
    pub(crate) entries: BTreeMap<Version, Entry>,
    /// Whether anything was ever recorded of a migration.
    pub(crate) recorded: bool,
    /// The rows of each table.
    pub(crate) tables: BTreeMap<Version, Vec<i32>>,
    /// Whether there is a table of somebody else's, in the schema that was the current one at the beginning.
    pub(crate) stranger: bool,
    /// Whether the user has a schema of his own, which is the current one then.
    pub(crate) own_schema: bool,
    /// Whether the ledger is in it: it stays where it was begun.
    pub(super) ledger_in_own: bool,
    /// After so many steps the program is killed.
    pub(crate) fuel: Option<usize>,
    pub(super) records: usize,
}

impl Model {
    pub(crate) fn new(journalled: bool) -> Self {
        Self {
            journalled,
            ..Self::default()
        }
    }

    /// There is a ledger from here on.
    pub(super) fn begin(&mut self) {
        if !self.ledger {
            self.ledger = true;
            self.ledger_in_own = self.own_schema;
        }
    }

    pub(super) fn rows(&self) -> BTreeSet<Version> {
        let known = self.files.keys().chain(self.entries.keys()).copied();
        known.filter(|version| !self.standing(*version).is_empty()).collect()
    }

    pub(super) fn newest(&self) -> Option<Version> {
        let applied = |entry: &Entry| matches!(entry.state, State::Applied | State::Baseline);
        let newest = self.entries.iter().rfind(|(_, entry)| applied(entry));
        newest.map(|(version, _)| *version)
    }

    /// The word of `status`; empty where there is nothing to say.
    pub(crate) fn standing(&self, version: Version) -> &'static str {
        let file = self.files.get(&version);
        let Some(entry) = self.entries.get(&version) else {
            return match file {
                None => "",
                Some(_) if self.newest().is_some_and(|newest| version < newest) => "out of order",
                Some(_) => "pending",
            };
        };
        match (entry.state, file, &entry.up) {
            (State::Partial { .. }, ..) => "partial",
            (State::Reverted, None, _) => "",
            (State::Reverted, Some(_), _) => "reverted",
            (State::Baseline, None, None) => "baseline",
            (_, None, _) => "missing",
            (_, Some(file), Some(up)) if *up != file.up && up.does_what(&file.up) => "cosmetic",
            (_, Some(file), up) if up.as_ref() != Some(&file.up) => "semantic",
            (State::Baseline, ..) => "baseline",
            (State::Applied, ..) => "applied",
        }
    }

    /// All that `status` shows.
    pub(crate) fn status(&self) -> Vec<String> {
        let rows = self.rows().into_iter();
        rows.map(|version| format!("{version} {}", self.standing(version)))
            .collect()
    }

    pub(super) fn is_pending(&self, version: Version) -> bool {
        ["pending", "out of order", "reverted", "partial"].contains(&self.standing(version))
    }

    /// What `up` would run, in its order.
    pub(super) fn pending(&self, reach: Reach) -> Vec<Version> {
        let mut pending: Vec<Version> = self.rows().into_iter().filter(|row| self.is_pending(*row)).collect();
        pending.sort_by_key(|version| self.standing(*version) != "partial");
        match reach {
            Reach::All => {}
            Reach::ToNone => pending.clear(),
            Reach::Steps(steps) => pending.truncate(steps),
            Reach::To(end) => pending.retain(|version| *version <= end),
        }
        pending
    }

    /// Why `up` would not run.
    pub(super) fn refusals(&self, reach: Reach, allow: Allow) -> Vec<String> {
        let allows = |what| allow == what || allow == Allow::Both;
        // A ledger without a record of a migration says nothing of the tables.
        let beside_ledger = match self.ledger {
            true => !self.ledger_in_own,
            false => !self.own_schema,
        };
        if !self.recorded && self.stranger && beside_ledger && !self.files.is_empty() {
            return vec!["not-empty".to_owned()];
        }
        let code = |version: &Version| match (self.standing(*version), self.entries.get(version)) {
            ("semantic", _) => Some("changed"),
            ("missing", _) if !allows(Allow::Missing) => Some("missing"),
            ("out of order", _) if !allows(Allow::OutOfOrder) => Some("out-of-order"),
            ("partial", Some(entry)) => match entry.state {
                State::Partial { down: true, .. } => Some("partial-down"),
                _ => (!self.files.contains_key(version)).then_some("missing"),
            },
            _ => None,
        };
        let told = |version: Version| code(&version).map(|code| format!("{code} {version}"));
        let mut refused: Vec<String> = self.rows().into_iter().filter_map(told).collect();
        for version in self.pending(reach) {
            if let (Some(file), Some(entry)) = (self.files.get(&version), self.entries.get(&version))
                && let State::Partial { done, down: false } = entry.state
                && !goes_on(entry.up.as_ref(), &file.up, done)
            {
                refused.push(format!("prefix-changed {version}"));
            }
        }
        refused
    }

    pub(crate) fn verify(&self) -> Answer {
        if !self.ledger {
            return Answer::default();
        }
        // Whose the tables are matters only to who would run something.
        let mut wrong = self.refusals(Reach::All, Allow::Nothing);
        wrong.retain(|refusal| refusal != "not-empty");
        for (version, entry) in &self.entries {
            let counts = matches!(entry.state, State::Applied | State::Baseline);
            let Some(file) = self.files.get(version).filter(|_| counts) else {
                continue;
            };
            let same = match (&file.down, &entry.down) {
                (Some(file), Some(stored)) => file.does_what(stored),
                (file, stored) => file.is_none() && stored.is_none(),
            };
            // A file that has the version of a mark is something else, and its way back is none for that.
            if !same && entry.up.is_some() {
                wrong.push(format!("down-changed {version}"));
            }
        }
        Answer::refused(wrong).unwrap_or_default()
    }
}

/// Whether a script goes on where one stopped: what was executed has to be its beginning.
pub(super) fn goes_on(ran: Option<&Script>, script: &Script, done: usize) -> bool {
    let beginning = |script: &Script| script.statements.get(..done).map(<[_]>::to_vec);
    done == 0
        || ran == Some(script)
        || ran
            .and_then(beginning)
            .is_some_and(|ran| Some(ran) == beginning(script))
}
