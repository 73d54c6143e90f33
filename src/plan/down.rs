//! Planning of `down` and `redo`: which migrations go, and with which script.

use std::sync::Arc;

use super::up::is_retried;
use super::{PlanError, Planner, Run, Severity, Source, Step, Until};
use crate::code::Code;
use crate::diff;
use crate::history::{Kind, State};
use crate::migration::{Checksum, Direction, Id, Migration, Script};
use crate::script;
use crate::status::Row;
use crate::version::Version;

impl Planner<'_> {
    pub(super) fn down(&mut self, until: &Until, using: Option<Source>) -> Result<(), PlanError> {
        self.refuse_what_is_to_be_adopted();
        let mut applied: Vec<&Row<'_>> = self
            .rows
            .iter()
            .filter(|row| {
                row.id.version().is_some() && row.current.is_some_and(|current| current.state != State::Reverted)
            })
            .collect();
        // The last to come is the first to go.
        applied.sort_by_key(|row| std::cmp::Reverse(row.current.map(|current| current.record)));
        match until {
            Until::End => {}
            Until::Steps(steps) => applied.truncate(*steps),
            Until::Version(version) => {
                let stays = |row: &&Row<'_>| row.id.version().is_some_and(|v| v <= version);
                let id = Id::Version(version.clone());
                if !applied.iter().any(|row| *row.id == id) {
                    let mut error = self.no_such(&id, "the database has not applied");
                    // For many tools 0 is the state before the first migration.
                    let is_zero = *version == Version::from_number(0);
                    if is_zero || !applied.is_empty() && !applied.iter().any(stays) {
                        error.help = "syncline down --to none   # takes everything back".to_owned();
                    }
                    return Err(error);
                }
                applied.retain(|row| !stays(row));
            }
        }
        for row in applied {
            if let Some(step) = self.revert(row, using) {
                self.plan.steps.push(step);
            }
        }
        Ok(())
    }

    pub(super) fn revert(&mut self, row: &Row<'_>, using: Option<Source>) -> Option<Step> {
        let (current, id) = (row.current?, row.id);
        let from = match (self.state(current), current.direction) {
            (State::Partial { done }, Direction::Down) => done,
            (State::Partial { .. }, Direction::Up) => {
                let (message, help) = match self.is_at_work(current) {
                    true => (
                        "is being run, or that was cut off",
                        "`syncline down` waits for it where it is no dry run, and sees which",
                    ),
                    false => (
                        "stopped half-way: it is neither applied nor not",
                        "syncline up   # finishes it",
                    ),
                };
                let (message, help) = (format!("{id} {} {message}", row.name), vec![help.to_owned()]);
                self.find(Code::PartialUp, Severity::Refused, Some(id), message, help);
                return None;
            }
            (State::Unknown { .. }, _) => {
                self.half_way(row);
                return None;
            }
            _ => 0,
        };
        if is_declined(row) {
            return Some(Step {
                id: Some(id.clone()),
                name: row.name.to_owned(),
                was: None,
                kind: Kind::Down,
                run: None,
                up_checksum: current.up_checksum,
                down_checksum: current.down_checksum,
                store: Vec::new(),
                statements_done: 0,
                reason: Some("it was never run".to_owned()),
                original: None,
            });
        }
        let (script, source) = self.down_script(row, using)?;
        let from = self.resume_at(row, &script, current.down_checksum, from)?;
        Some(Step {
            id: Some(id.clone()),
            name: row.name.to_owned(),
            was: None,
            kind: Kind::Down,
            up_checksum: current.up_checksum,
            down_checksum: Some(script.checksum),
            store: vec![Arc::clone(&script)],
            run: Some(Run {
                direction: Direction::Down,
                source,
                script,
                from,
                retried: is_retried(row, from),
            }),
            statements_done: 0,
            reason: None,
            original: None,
        })
    }

    /// The stored script unless the operator says otherwise: it belongs to what is in the database.
    pub(super) fn down_script(&mut self, row: &Row<'_>, using: Option<Source>) -> Option<(Arc<Script>, Source)> {
        let (current, id) = (row.current?, row.id);
        // The way back of something else is none for this.
        let own = row.migration.filter(|_| !row.is_something_else());
        let file = own.and_then(|migration| migration.down.clone());
        let text = current
            .down_checksum
            .and_then(|checksum| self.known.texts.get(&checksum));
        let stored = text.map(|text| {
            let path = format!("stored down script of {id}");
            Arc::new(self.catalog.script(path, text.clone()))
        });
        match (stored, file, using) {
            (Some(stored), _, Some(Source::Stored)) => Some((stored, Source::Stored)),
            (_, Some(file), Some(Source::File)) => Some((file, Source::File)),
            (Some(stored), None, None) => Some((stored, Source::Stored)),
            (Some(stored), Some(file), None) => {
                if script::same_tokens(stored.source(), file.source(), self.catalog.syntax()) {
                    return Some((stored, Source::Stored));
                }
                let message = format!(
                    "{id} {}: the file's down script is not the one that the database has stored",
                    row.name
                );
                self.down_differs(id, message);
                if let Some(finding) = self.plan.findings.last_mut() {
                    finding.diff = Some(diff::unified(
                        stored.source(),
                        file.source(),
                        &format!("stored {id}"),
                        &file.path,
                    ));
                }
                None
            }
            // Too large to be stored, or recorded without its text: the checksum says whether the file is the same.
            (None, Some(file), None) if current.down_checksum == Some(file.checksum) => Some((file, Source::File)),
            (None, Some(_), None) => {
                let message = format!(
                    "{id} {}: the file has a down script, and the database has none stored",
                    row.name
                );
                self.down_differs(id, message);
                None
            }
            (_, None, Some(Source::File)) | (None, _, _) => {
                let message = format!("{id} {} has no down script", row.name);
                let help = match row.is_something_else() {
                    true => vec!["syncline plan   # its file is that of something else: says what to do".to_owned()],
                    false => vec![
                        "add its down script to the migration's files and run `syncline down --use file`".to_owned(),
                    ],
                };
                self.find(Code::NoDownScript, Severity::Refused, Some(id), message, help);
                None
            }
        }
    }

    pub(super) fn down_differs(&mut self, id: &Id, message: String) {
        let help = vec![
            "syncline down --use stored   # what belongs to the migration that was applied".to_owned(),
            "syncline down --use file   # what the file says now".to_owned(),
        ];
        self.find(Code::DownDiffers, Severity::Refused, Some(id), message, help);
    }

    pub(super) fn redo(&mut self, using: Option<Source>) -> Result<(), PlanError> {
        self.down(&Until::Steps(1), using)?;
        for help in self.plan.findings.iter_mut().flat_map(|finding| &mut finding.help) {
            *help = help.replace("syncline down --use", "syncline redo --use");
        }
        let Some(id) = self.plan.steps.first().and_then(|step| step.id.clone()) else {
            return Ok(());
        };
        let Some(row) = self.rows.iter().find(|row| *row.id == id) else {
            return Ok(());
        };
        let migration = match row.migration {
            Some(migration) => migration.clone(),
            None => match self.stored_migration(row) {
                Some(migration) => migration,
                None => {
                    let message = format!("{id} {} has no file, and its up script is not stored", row.name);
                    self.find(Code::Missing, Severity::Refused, Some(&id), message, vec![]);
                    return Ok(());
                }
            },
        };
        // Whatever it was before, after the first step it is reverted.
        let reverted = Row {
            current: None,
            ..row.clone()
        };
        if let Some(step) = self.apply(&reverted, &migration) {
            self.plan.steps.push(step);
        }
        Ok(())
    }

    pub(super) fn stored_migration(&self, row: &Row<'_>) -> Option<Migration> {
        let current = row.current?;
        let script = |checksum: Option<Checksum>, direction| {
            let text = self.known.texts.get(&checksum?)?;
            let path = format!("stored {direction} script of {}", row.id);
            Some(Arc::new(self.catalog.script(path, text.clone())))
        };
        Some(Migration {
            id: row.id.clone(),
            name: row.name.to_owned(),
            up: script(current.up_checksum, Direction::Up)?,
            down: script(current.down_checksum, Direction::Down),
        })
    }
}

/// Whether the migration was only recorded because its own question was answered otherwise: there is nothing that its down script could
/// take back. What an operator's `baseline` records has no reason.
fn is_declined(row: &Row<'_>) -> bool {
    let is_baseline = row.current.is_some_and(|current| current.state == State::Baseline);
    is_baseline && row.record.is_some_and(|record| record.reason.is_some())
}
