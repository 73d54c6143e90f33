//! Planning of what to do where a text that ran is in the files under another version: what is said, and what `repair renumber` records.

use super::record::note_step;
use super::{PlanError, Planner, Severity, Step};
use crate::code::Code;
use crate::history::{History, Kind, State};
use crate::migration::{Checksum, Direction, Id, Migration, Script};
use crate::renumbered::{Like, Whereabouts, vacant};
use crate::script;
use crate::status::Row;

/// So many files are named, where it could be any of them.
const NAMED: usize = 3;

impl<'a> Planner<'a> {
    /// Says where the text is that ran.
    pub(super) fn renumbered(&mut self, row: &Row<'_>) {
        let id = row.id;
        let ran = format!("the text that ran as {id}");
        let is_of_another = |migration: &&Migration| {
            let mut all = self.rows.iter();
            all.any(|row| matches!(&row.whereabouts, Whereabouts::In(to) if to.id == migration.id))
        };
        let own = row.migration.filter(|migration| !is_of_another(migration));
        let beside = own.map_or_else(String::new, |own| {
            format!("; `{}`, which has its version, has not run", own.up.path)
        });
        let (message, help) = match &row.whereabouts {
            // The same text under another name may be another migration, and what ran be lost.
            Whereabouts::In(to) if to.name != row.name && row.migration.is_none() => (
                format!("{ran} is now `{}`{beside}", to.up.path),
                vec![
                    "syncline repair renumber --reason \"…\"   # if it is the same; nothing is run".to_owned(),
                    format!(
                        "{}   # if it is another one: writes the file back",
                        super::compare::write_back(id)
                    ),
                ],
            ),
            Whereabouts::In(to) => (
                format!("{ran} is now `{}`{beside}", to.up.path),
                vec![
                    "syncline repair renumber --reason \"…\"   # records that it is the same; nothing is run"
                        .to_owned(),
                ],
            ),
            Whereabouts::InOneOf(files) => {
                let names: Vec<String> = files
                    .iter()
                    .take(NAMED)
                    .map(|file| format!("`{}`", file.up.path))
                    .collect();
                let more = if files.len() > NAMED { ", …" } else { "" };
                let which = match files.len() {
                    1 => "other texts that ran are the same",
                    _ => "which of them it is cannot be told",
                };
                let message = format!("{ran} is now {}{more}, and {which}{beside}", names.join(" and "));
                (message, if_it_is(id, files, "is the same migration"))
            }
            Whereabouts::Behind(to) => (
                format!(
                    "{ran} is now `{}`, and {} has run another text, which is in no file",
                    to.up.path, to.id
                ),
                vec![self.own_version(to)],
            ),
            Whereabouts::PerhapsIn(_) | Whereabouts::Untold => return,
        };
        self.find(Code::Renumbered, Severity::Refused, Some(id), message, help);
    }

    /// What to do with a file that has the version of something that ran.
    pub(super) fn own_version(&self, migration: &Migration) -> String {
        let path = &migration.up.path;
        match self.rows.iter().filter_map(|row| row.id.version()).next_back() {
            Some(newest) => format!("give `{path}` a version of its own, above {newest}"),
            None => format!("give `{path}` another name"),
        }
    }

    /// Files that may be what became of a migration, as commands.
    pub(super) fn perhaps(row: &Row<'_>) -> Vec<String> {
        match &row.whereabouts {
            Whereabouts::PerhapsIn(files) => files.iter().take(NAMED).flat_map(|like| became(row.id, like)).collect(),
            _ => Vec::new(),
        }
    }

    /// All that were found, each record a state that holds by itself: none takes the place of another, and in a circle the first makes
    /// room.
    pub(super) fn renumber_all(&mut self, reason: &str) -> Result<(), PlanError> {
        let found = self.rows.iter().filter_map(|row| match &row.whereabouts {
            Whereabouts::In(to) => Some((row.id.clone(), to.id.clone())),
            _ => None,
        });
        let mut left: Vec<(Id, Id)> = found.collect();
        if left.is_empty() {
            let unsure = self
                .rows
                .iter()
                .any(|row| matches!(row.whereabouts, Whereabouts::InOneOf(_) | Whereabouts::Behind(_)));
            let (message, help) = match unsure {
                true => (
                    "which file a text that ran is in now cannot be told",
                    "syncline plan   # names those that it could be, each with its command",
                ),
                false => (
                    "no text that ran is in the files under another version",
                    "syncline status",
                ),
            };
            return Err(nothing(message.to_owned(), help));
        }
        // What was moved away from its version for a while, with that version.
        let mut aside: Vec<(Id, Id)> = Vec::new();
        while !left.is_empty() {
            let free = left.iter().position(|(_, to)| left.iter().all(|(from, _)| from != to));
            let Some(next) = free else {
                let (from, to) = left.remove(0);
                let known = |id: &Id| self.catalog.get(id).is_some() || self.known.history.get(id).is_some();
                let room = vacant(&from, |id| known(id) || aside.iter().any(|(other, _)| other == id));
                let row = self.row(&from)?;
                let step = self.renumber(row, &from, &room, None, reason);
                self.plan.steps.push(step);
                aside.push((room.clone(), from));
                left.push((room, to));
                continue;
            };
            let (from, to) = left.remove(next);
            let origin = aside
                .iter()
                .find(|(room, _)| *room == from)
                .map_or(&from, |(_, origin)| origin);
            let step = self.renumber(self.row(origin)?, &from, &to, self.catalog.get(&to), reason);
            self.plan.steps.push(step);
        }
        Ok(())
    }

    /// One that somebody names. The texts may differ: what that comes to is seen afterwards.
    pub(super) fn renumber_one(&mut self, old: &Id, new: &Id, reason: &str) -> Result<(), PlanError> {
        let row = self.row(old)?;
        let bad = |message: String, help: &str| PlanError {
            code: Code::BadTarget,
            message,
            help: help.to_owned(),
        };
        let name = row.name;
        let half_way = |state: State| matches!(state, State::Partial { .. });
        let current = row.current.filter(|current| {
            current.direction == Direction::Up && (current.state.is_applied() || half_way(self.state(current)))
        });
        let Some(current) = current else {
            let message = format!("{old} {name} is not applied, so nothing is known that could get another version");
            return Err(bad(message, "syncline status"));
        };
        if row
            .migration
            .is_some_and(|own| is_same(self, current.up_checksum, &own.up))
        {
            let message = format!("{old} {name} is in its own file");
            return Err(nothing(message, "syncline status"));
        }
        let Some(file) = self.catalog.get(new) else {
            return Err(self.no_such(new, "no migration file has"));
        };
        if old.version().is_some() != new.version().is_some() {
            let message = format!("of {old} and {new} one is repeatable and the other is not");
            return Err(bad(message, "syncline status"));
        }
        let has_run = |id: &Id| {
            self.known
                .history
                .get(id)
                .is_some_and(|current| current.state != State::Reverted)
        };
        if has_run(new) {
            let message = format!("{new} has run as well, so it is not what became of {old}");
            return Err(bad(message, "syncline plan   # says which file holds which text"));
        }
        let is_claim =
            |row: &&Row<'_>| matches!(&row.whereabouts, Whereabouts::In(to) if to.id == *new) && row.id != old;
        if let Some(other) = self.rows.iter().find(is_claim) {
            let message = format!("`{}` holds what ran as {}", file.up.path, other.id);
            return Err(bad(
                message,
                "syncline repair renumber --reason \"…\"   # records all that were found",
            ));
        }
        let step = self.renumber(row, old, new, Some(file), reason);
        let step = match is_same(self, current.up_checksum, &file.up) {
            true => step,
            // What ran stays what counts, so that the difference is seen.
            false => Step {
                up_checksum: current.up_checksum,
                down_checksum: current.down_checksum,
                store: Vec::new(),
                ..step
            },
        };
        self.plan.steps.push(step);
        Ok(())
    }

    /// The record of a new identity, with the script of the file that has it, or with the one that counted before where it is none yet.
    fn renumber(&self, row: &Row<'_>, old: &Id, new: &Id, file: Option<&Migration>, reason: &str) -> Step {
        let current = row.current;
        let name = current.and_then(|current| self.known.history.name_of(current));
        // A script that stopped half-way goes on by the text that has run so far.
        let known = file.filter(|_| current.is_some_and(|current| current.state.is_applied()));
        Step {
            was: Some(old.clone()),
            up_checksum: match known {
                Some(file) => Some(file.up.checksum),
                None => current.and_then(|current| current.up_checksum),
            },
            // A way back that was edited on the way is a finding of its own.
            down_checksum: current.and_then(|current| current.down_checksum),
            store: known.map(|file| file.up.clone()).into_iter().collect(),
            ..note_step(
                Some(new),
                file.map_or(name.unwrap_or_default(), |file| &file.name),
                Kind::Renumber,
                Some(History::was(old, reason)),
            )
        }
    }
}

fn is_same(planner: &Planner<'_>, ran: Option<Checksum>, file: &Script) -> bool {
    let stored = ran.and_then(|checksum| planner.known.texts.get(&checksum));
    ran == Some(file.checksum)
        || stored.is_some_and(|text| script::same_tokens(text, file.source(), planner.catalog.syntax()))
}

/// What to do where a file may be what became of a migration. What was made of several would count as run as a whole.
fn became(id: &Id, like: &Like<'_>) -> Vec<String> {
    let path = &like.file.up.path;
    let put_back = |what: &str| {
        format!(
            "{what} away until the files that it was made of are back and have run: {} of its statements never ran here",
            like.unrun
        )
    };
    match (like.unrun, like.is_of_several) {
        (0, _) => if_it_is(id, &[like.file], "is what became of it"),
        (_, true) => vec![put_back(&format!("take `{path}`"))],
        (_, false) => {
            let mut lines = if_it_is(id, &[like.file], "is what became of it alone");
            lines.push(put_back(&format!("or, if `{path}` was made of several, take it")));
            lines
        }
    }
}

fn if_it_is(id: &Id, files: &[&Migration], what: &str) -> Vec<String> {
    let command = |file: &&Migration| {
        let (new, path) = (&file.id, &file.up.path);
        format!(
            "syncline repair renumber {} {} --reason \"…\"   # if `{path}` {what}",
            id.word(),
            new.word()
        )
    };
    files.iter().take(NAMED).map(command).collect()
}

fn nothing(message: String, help: &str) -> PlanError {
    PlanError {
        code: Code::NothingToRecord,
        message,
        help: help.to_owned(),
    }
}
