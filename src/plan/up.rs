//! Planning of `up`: what is pending, in which order, and where a script is resumed.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Origin, PlanError, Planner, Run, Severity, Source, Step, Until, beside};
use crate::catalog::STOOD_FOR;
use crate::code::Code;
use crate::diff;
use crate::history::{Kind, State};
use crate::migration::{Checksum, Direction, Id, Migration, Script};
use crate::script::{self, Emptiness};
use crate::status::{Row, Standing, is_rollback};
use crate::version::Version;

impl Planner<'_> {
    pub(super) fn up(&mut self, until: &Until) -> Result<(), PlanError> {
        if let Until::Version(version) = until {
            self.check_target(version)?;
        }
        self.refuse_a_foreign_database();
        self.refuse_another_dialect();
        self.refuse_what_is_to_be_adopted();
        self.compare();
        let within = |id: &Id| match until {
            Until::Version(version) => id.version().is_some_and(|v| v <= version),
            _ => true,
        };
        let mut pending: Vec<&Row<'_>> = self
            .rows
            .iter()
            .filter(|row| row.standing.is_pending() && within(row.id))
            .collect();
        // What stopped half-way goes first: everything after it was written against its end.
        pending.sort_by_key(|row| !matches!(row.standing, Standing::Partial | Standing::Running));
        if let Until::Steps(steps) = until {
            pending.truncate(*steps);
        }
        for row in pending {
            let Some(migration) = row.migration else { continue };
            if self.catalog.is_stood_for(row.id) {
                let step = self.recorded(row, migration, Some(STOOD_FOR.to_owned()));
                self.plan.steps.push(step);
                continue;
            }
            if let Some(step) = self.apply(row, migration) {
                self.plan.steps.push(step);
            }
        }
        self.note();
        Ok(())
    }

    pub(super) fn check_target(&self, version: &Version) -> Result<(), PlanError> {
        let id = Id::Version(version.clone());
        if self.catalog.get(&id).is_none() {
            return Err(self.no_such(&id, "no migration file has"));
        }
        let pending = self.rows.iter().any(|row| *row.id == id && row.standing.is_pending());
        // What is pending and older is out of order, and that is a finding of its own.
        if !pending && self.known.history.newest().is_some_and(|newest| id < *newest) {
            return Err(PlanError {
                code: Code::BadTarget,
                message: format!("version {id} is older than the newest applied one"),
                help: format!("syncline down --to {id}"),
            });
        }
        Ok(())
    }

    /// Tables without a ledger mean that somebody else made them: running everything from the start would fail or do harm.
    pub(super) fn refuse_a_foreign_database(&mut self) {
        if !self.known.history.is_blank() || self.known.objects.is_empty() || self.catalog.is_empty() {
            return;
        }
        if !self.known.modules.is_empty() {
            return self.refuse_a_second_history();
        }
        let some = self
            .known
            .objects
            .iter()
            .take(3)
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join(", ");
        let newest = self.catalog.migrations().rev().find_map(|m| m.id.version());
        let all = newest
            .map(|version| format!("syncline baseline {version}   # everything up to {version} is in it already"));
        let histories = self.known.foreign.join(", ");
        let mut help = match self.known.foreign.is_empty() {
            true => Vec::new(),
            false => vec![format!(
                "syncline adopt --dry-run   # another tool keeps a history in it: {histories}"
            )],
        };
        help.extend(all);
        help.push("syncline baseline none   # none of the migrations is in it".to_owned());
        self.find(
            Code::NotEmpty,
            Severity::Refused,
            None,
            format!("the database has tables and views ({some}) but no history"),
            help,
        );
    }

    /// The tables beside the histories of other modules are theirs. One that has recorded a script of these files is no other module's.
    fn refuse_a_second_history(&mut self) {
        let scripts: BTreeSet<Checksum> = self
            .catalog
            .migrations()
            .map(|migration| migration.up.checksum)
            .collect();
        let module = self
            .known
            .modules
            .iter()
            .find(|module| !module.checksums.is_disjoint(&scripts));
        let Some(module) = module else { return };
        let table = &module.table;
        let message = format!("these migrations have a history already, in the table `{table}`");
        let scripts = module
            .scripts
            .as_ref()
            .map(|table| format!("script-table = {table:?}   # and this line"));
        let help = std::iter::once(format!(
            "history-table = {table:?}   # in the configuration: goes on with that one"
        ))
        .chain(scripts)
        .chain(["syncline baseline none   # begins another one: none of the migrations is in the database".to_owned()])
        .collect();
        self.find(Code::NotEmpty, Severity::Refused, None, message, help);
    }

    /// Migrations that are still to be taken over look pending, and are not: those of a run that was cut off, and those that the other
    /// tool has applied since.
    pub(super) fn refuse_what_is_to_be_adopted(&mut self) {
        let last = self
            .known
            .history
            .records()
            .iter()
            .rfind(|record| record.kind == Kind::Adopt);
        let Some(record) = last.filter(|record| record.statements_done < record.statements_total) else {
            self.plan.findings.extend(beside(self.catalog, self.known));
            return;
        };
        let message = format!(
            "the history of another tool was taken over only in part, {} of {}",
            record.statements_done, record.statements_total
        );
        let words = Origin::of(record).map_or_else(String::new, |origin| format!(" {}", origin.words()));
        let help = vec![format!("syncline adopt{words}   # takes over the rest")];
        self.find(Code::HalfAdopted, Severity::Refused, None, message, help);
    }

    /// Files that say themselves what they are for.
    fn refuse_another_dialect(&mut self) {
        let Some((path, provider)) = self.catalog.made_for_another() else {
            return;
        };
        let message = format!("the files are for {provider}, as `{path}` says");
        let help = vec!["look at the database URL, or at the directory".to_owned()];
        self.find(Code::WrongDialect, Severity::Refused, None, message, help);
    }

    pub(super) fn apply(&mut self, row: &Row<'_>, migration: &Migration) -> Option<Step> {
        let from = match row.current.map(|current| (self.state(current), current.direction)) {
            Some((State::Partial { done }, Direction::Up)) => {
                let ran = row.current.and_then(|current| current.up_checksum);
                self.resume_at(row, &migration.up, ran, done)?
            }
            Some((State::Partial { .. } | State::Unknown { .. }, _)) => return None,
            _ => 0,
        };
        let script = Arc::clone(&migration.up);
        // Where that is meant it is said, and where it is a mistake there is a problem to tell of.
        let is_meant = |parsed: &script::Parsed| parsed.directives.empty == Emptiness::Intended;
        if script.statements() == 0 && !script.parsed.as_ref().is_ok_and(is_meant) && script.problems().is_empty() {
            let message = format!("{} {} has no statements", row.id, migration.name);
            self.find(Code::NoStatements, Severity::Note, Some(row.id), message, vec![]);
        }
        let store = std::iter::once(&migration.up).chain(&migration.down).cloned().collect();
        Some(Step {
            id: Some(row.id.clone()),
            name: migration.name.clone(),
            was: None,
            kind: if row.id.version().is_some() && !is_again(row) {
                Kind::Up
            } else {
                Kind::Repeat
            },
            run: Some(Run {
                direction: Direction::Up,
                source: Source::File,
                script,
                from,
                retried: is_retried(row, from),
            }),
            up_checksum: Some(migration.up.checksum),
            down_checksum: migration.down.as_ref().map(|down| down.checksum),
            store,
            statements_done: 0,
            reason: None,
            original: None,
        })
    }

    /// What was executed must still be what the file begins with; the rest may have been edited, which is how one mends it.
    pub(super) fn resume_at(
        &mut self,
        row: &Row<'_>,
        script: &Script,
        ran: Option<Checksum>,
        done: u32,
    ) -> Option<u32> {
        let id = row.id;
        if done == 0 {
            return Some(done);
        }
        if ran == Some(script.checksum) {
            return self.keeps_session(row, script, done);
        }
        let stored = ran.and_then(|checksum| self.known.texts.get(&checksum));
        let count = usize::try_from(done).unwrap_or(usize::MAX);
        if stored.is_some_and(|stored| same_beginning(&self.catalog.script("", stored.clone()), script, count)) {
            return self.keeps_session(row, script, done);
        }
        let message = format!(
            "{id} {} stopped after statement {done}, and what was executed has been edited since",
            row.name
        );
        let which = if is_rollback(row.current) { " --down" } else { "" };
        let help = vec![format!(
            "syncline show {}{which}   # the text that ran: its first {done} statements have to stay as they are",
            id.word()
        )];
        self.find(Code::PrefixChanged, Severity::Refused, Some(id), message, help);
        if let (Some(stored), Some(finding)) = (stored, self.plan.findings.last_mut()) {
            finding.diff = Some(diff::unified(
                stored,
                script.source(),
                &format!("stored {id}"),
                &script.path,
            ));
        }
        None
    }
}

impl Planner<'_> {
    /// What is left of a script may need what ended with the session that executed the rest.
    fn keeps_session(&mut self, row: &Row<'_>, script: &Script, done: u32) -> Option<u32> {
        let executed = usize::try_from(done).unwrap_or(usize::MAX);
        let parsed = script.parsed.as_ref().ok()?;
        let Some((what, at)) = script::lost_with_session(&script.text, parsed, executed, script.syntax) else {
            return Some(done);
        };
        let line = script.position(at).line;
        let message = format!(
            "{} {} stopped after statement {done}, and the statement on line {line} needs `{what}`, which ended with that session",
            row.id, row.name
        );
        let help = format!(
            "make `{what}` again in `{}`, behind statement {done} and before line {line}",
            script.path
        );
        self.find(Code::SessionLost, Severity::Refused, Some(row.id), message, vec![help]);
        None
    }
}

/// Whether a migration that was applied runs once more, or has stopped half-way in doing so.
fn is_again(row: &Row<'_>) -> bool {
    let half_way = |state: State| !state.is_applied() && state != State::Reverted;
    row.current.is_some_and(|current| {
        let repeats = row.record.is_some_and(|record| record.kind == Kind::Repeat);
        current.state.is_applied() || half_way(current.state) && repeats
    })
}

/// Whether an earlier run has tried the statement that comes next.
pub(super) fn is_retried(row: &Row<'_>, from: u32) -> bool {
    let half_way = row.current.is_some_and(|current| !current.state.is_applied());
    half_way && row.record.is_some_and(|record| record.statement_started > from)
}

/// Whether both texts begin with the same statements.
fn same_beginning(stored: &Script, file: &Script, count: usize) -> bool {
    let (Ok(before), Ok(after)) = (&stored.parsed, &file.parsed) else {
        return false;
    };
    let before: Vec<_> = before.sent().take(count).collect();
    let after: Vec<_> = after.sent().take(count).collect();
    before.len() == count
        && after.len() == count
        && before
            .iter()
            .zip(&after)
            .all(|(b, a)| stored.text.get(b.body.clone()) == file.text.get(a.body.clone()))
}
