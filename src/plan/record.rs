//! Planning of what only writes a record: `baseline` and the repairs.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::write_back;
use super::{
    Adoption, Origin, Original, PlanError, Planner, Resolution, Rule, Severity, Step, Taken, Tells, Verdict, reverted,
    since,
};
use crate::code::Code;
use crate::history::{Kind, State};
use crate::migration::{Id, Migration};
use crate::status::{Row, Standing, is_rollback};
use crate::version::{Point, Version};

impl<'a> Planner<'a> {
    pub(super) fn baseline(&mut self, point: &Point) -> Result<(), PlanError> {
        match point {
            Point::BeforeAll => self.baseline_of_nothing(),
            Point::At(version) => self.baseline_at(version),
        }
    }

    /// Says that the database holds none of the migrations, so that its tables are no reason to refuse them.
    fn baseline_of_nothing(&mut self) -> Result<(), PlanError> {
        if let Some(id) = self.known.history.newest() {
            return Err(PlanError {
                code: Code::BadTarget,
                message: format!(
                    "the history says that {id} is in the database, so it cannot hold none of the migrations"
                ),
                help: "syncline status   # what it says of each".to_owned(),
            });
        }
        if !self.known.history.is_blank() {
            self.nothing_left("the history says already that the database holds none of the migrations".to_owned());
            return Ok(());
        }
        self.plan.steps.push(note_step(None, "", Kind::Baseline, None));
        Ok(())
    }

    fn baseline_at(&mut self, version: &Version) -> Result<(), PlanError> {
        let end = Id::Version(version.clone());
        // For many tools 0 is the state before the first migration. Recorded as a version it would be one that never runs, should a
        // file have it some day.
        if *version == Version::from_number(0) && self.rows.iter().all(|row| *row.id != end) {
            return Err(PlanError {
                code: Code::NoSuchVersion,
                message: "there is no migration of version 0 that could be in the database".to_owned(),
                help: "syncline baseline none   # none of the migrations is in it".to_owned(),
            });
        }
        // Then it was said already, or has run: what came since is not in the database because somebody repeats it.
        if let Some(newest) = self.known.history.newest().filter(|newest| **newest >= end) {
            let message = match newest == &end {
                true => format!("everything up to {version} is recorded already"),
                false => format!("everything up to {version} is recorded already, since {newest} is applied"),
            };
            self.nothing_left(message + &self.pending_below(&end));
            return Ok(());
        }
        if self.stopped_below(&end) {
            return Ok(());
        }
        let fresh = |row: &&Row<'_>| {
            let has_not_run = matches!(row.standing, Standing::Pending | Standing::OutOfOrder);
            *row.id <= end && has_not_run && row.migration.is_some()
        };
        for row in self.rows.iter().filter(fresh) {
            let Some(migration) = row.migration else { continue };
            let step = self.recorded(row, migration, None);
            self.plan.steps.push(step);
        }
        if self.rows.iter().all(|row| *row.id != end) {
            self.plan
                .steps
                .push(note_step(Some(&end), "baseline", Kind::Baseline, None));
        }
        if self.plan.steps.is_empty() {
            let pending = self.pending_below(&end);
            self.nothing_left(format!("everything up to {version} is recorded already{pending}"));
        } else if let Some(row) = self
            .rows
            .iter()
            .find(|row| *row.id <= end && row.standing == Standing::Reverted)
        {
            let id = row.id;
            let message = format!(
                "{id} {} was taken back, and is not recorded: where it is in the database all the same, `syncline repair forget {}` comes first",
                row.name,
                id.word()
            );
            self.find(Code::NothingToRecord, Severity::Note, Some(id), message, vec![]);
        }
        Ok(())
    }

    /// Names what is not in the database for all that `baseline` has recorded.
    fn pending_below(&self, end: &Id) -> String {
        let is_pending = |row: &&Row<'_>| {
            row.id.version().is_some() && row.id <= end && row.standing.is_pending() && row.migration.is_some()
        };
        let pending = self.rows.iter().filter(is_pending);
        let names: Vec<String> = pending.map(|row| format!("{} {}", row.id, row.name)).collect();
        match names.as_slice() {
            [] => String::new(),
            names => format!("; pending all the same, and not recorded: {}", names.join(", ")),
        }
    }

    /// Refuses where something has stopped half-way: neither is it in the database, nor is it not.
    fn stopped_below(&mut self, end: &Id) -> bool {
        let rows = self.rows;
        let is_half_way = |row: &&Row<'_>| {
            let is_it = matches!(row.standing, Standing::Partial | Standing::Running | Standing::Unknown);
            is_it && row.id <= end
        };
        let Some(row) = rows.iter().find(is_half_way) else {
            return false;
        };
        let (code, help) = match (row.standing, is_rollback(row.current)) {
            (Standing::Partial, true) => (Code::PartialDown, "syncline down   # finishes it"),
            (Standing::Partial, false) => (Code::PartialUp, "syncline up   # finishes it"),
            _ => (
                Code::UnknownOutcome,
                "syncline status   # says where it is, and what to do",
            ),
        };
        let message = format!(
            "{} {} was begun and is not finished, so it is not recorded",
            row.id, row.name
        );
        self.find(code, Severity::Refused, Some(row.id), message, vec![help.to_owned()]);
        true
    }

    /// Says that what was asked for is so already: whoever repeats a command wants it to be so.
    fn nothing_left(&mut self, message: String) {
        self.find(Code::NothingToRecord, Severity::Note, None, message, Vec::new());
    }

    /// A migration that is recorded and not run, with the texts of its files.
    pub(super) fn recorded(&self, row: &Row<'_>, migration: &Migration, reason: Option<String>) -> Step {
        Step {
            up_checksum: Some(migration.up.checksum),
            down_checksum: migration.down.as_ref().map(|down| down.checksum),
            store: std::iter::once(&migration.up).chain(&migration.down).cloned().collect(),
            ..note_step(Some(row.id), &migration.name, Kind::Baseline, reason)
        }
    }

    /// What is in the ledger already stays as it is there, unless the other tool has gone on since. What it has taken back of its own
    /// programs is forgotten, since nothing can be run of them; scripts would be pending again, which is for somebody to say.
    pub(super) fn adopt(&mut self, adoption: &Adoption) -> Result<(), PlanError> {
        let (known, taken, origin) = (self.known, adoption.taken.as_slice(), Origin::from(adoption));
        let since = since(self.catalog, &known.history, &origin, adoption.tells, taken);
        let why = format!("{} has taken it back", origin.tool);
        for (id, name) in &since.programs {
            self.plan
                .steps
                .push(note_step(Some(id), name, Kind::Forget, Some(why.clone())));
        }
        let mut reverted = reverted(&origin, &since.reverted);
        let fresh = since.applied;
        // Then there is no reason yet to let `up` run everything.
        if taken.is_empty() && self.known.history.is_blank() {
            return Err(PlanError {
                code: Code::NothingToRecord,
                message: "the other tool's history calls nothing done".to_owned(),
                help: "syncline baseline none   # none of the migrations is in the database".to_owned(),
            });
        }
        let completed = self.completed(&origin, adoption, &fresh);
        let fresh: Vec<&Taken> = fresh.into_iter().chain(completed).collect();
        let count = u32::try_from(fresh.len()).unwrap_or(u32::MAX);
        for (place, taken) in (1..).zip(fresh) {
            let file = self.catalog.get(&taken.id);
            let known = file.filter(|_| taken.verdict.is_of_the_file());
            let step = Step {
                up_checksum: known.map(|migration| migration.up.checksum),
                down_checksum: known.and_then(|migration| Some(migration.down.as_ref()?.checksum)),
                store: known.map_or_else(Vec::new, |migration| {
                    std::iter::once(&migration.up).chain(&migration.down).cloned().collect()
                }),
                statements_done: place,
                original: Some(Original {
                    at: taken.at.clone(),
                    by: taken.by.clone(),
                    took_ms: taken.took_ms,
                    count,
                }),
                ..note_step(
                    Some(&taken.id),
                    &taken.name,
                    Kind::Adopt,
                    Some(origin.reason(taken.verdict)),
                )
            };
            self.plan.steps.push(step);
        }
        if !self.plan.steps.is_empty() {
            for finding in &mut reverted {
                finding.severity = Severity::Note;
            }
        }
        self.plan.findings.append(&mut reverted);
        if self.plan.steps.is_empty() && self.plan.refusals().next().is_none() {
            self.nothing_left("everything that the other tool's history calls done is recorded already".to_owned());
        }
        Ok(())
    }

    /// What was taken over without its file or with another text, and is there now as it ran. Where a table tells only of the newest, the order
    /// of the records tells of the others, and stays.
    fn completed<'b>(&self, origin: &Origin, adoption: &'b Adoption, fresh: &[&Taken]) -> Vec<&'b Taken> {
        if adoption.tells == Tells::Heads {
            return Vec::new();
        }
        let fresh: BTreeSet<&Id> = fresh.iter().map(|taken| &taken.id).collect();
        let rows: BTreeMap<&Id, &Row<'_>> = self.rows.iter().map(|row| (row.id, row)).collect();
        let lacks_text = |taken: &&Taken| {
            rows.get(&taken.id).is_some_and(|row| {
                let its = row.record.and_then(Origin::of);
                let lacks = row.is_unseen() || row.lacks_text() && taken.verdict == Verdict::Verified;
                lacks && its.is_none_or(|its| its == *origin)
            })
        };
        let taken = adoption.taken.iter();
        taken
            .filter(|taken| taken.verdict != Verdict::MissingFile && !fresh.contains(&taken.id))
            .filter(lacks_text)
            .collect()
    }

    pub(super) fn row(&self, id: &Id) -> Result<&'a Row<'a>, PlanError> {
        let rows = self.rows;
        let known = rows.iter().find(|row| row.id == id && row.current.is_some());
        known.ok_or_else(|| self.no_such(id, "the database knows no"))
    }

    pub(super) fn accept(&mut self, id: &Id, unrelated: Rule, reason: &str) -> Result<(), PlanError> {
        let row = self.row(id)?;
        let (Some(migration), Some(current)) = (row.migration, row.current) else {
            return Err(PlanError {
                code: Code::Missing,
                message: format!("{id} {} has no file that could be accepted", row.name),
                help: format!("{}   # writes the file back", write_back(id)),
            });
        };
        let down = migration.down.as_ref().map(|down| down.checksum);
        if current.up_checksum == Some(migration.up.checksum) && current.down_checksum == down {
            return Err(PlanError {
                code: Code::NothingToRecord,
                message: format!("{id} {} is what the database has recorded already", row.name),
                help: "syncline verify".to_owned(),
            });
        }
        match row.standing {
            Standing::Changed(edit) => self.changed(row, edit),
            Standing::Renumbered => self.renumbered(row),
            _ => {}
        }
        // What is in another file has not been edited in this one, whoever says so.
        if row.standing == Standing::Renumbered || row.is_something_else() && unrelated == Rule::Refuse {
            return Ok(());
        }
        // The operator has just said what the finding would ask for.
        for finding in &mut self.plan.findings {
            finding.severity = Severity::Note;
            finding.help.clear();
        }
        let was = current
            .up_checksum
            .map_or_else(|| "none".to_owned(), |checksum| checksum.to_string());
        let step = Step {
            up_checksum: Some(migration.up.checksum),
            down_checksum: down,
            store: std::iter::once(&migration.up).chain(&migration.down).cloned().collect(),
            ..note_step(
                Some(id),
                &migration.name,
                Kind::Accept,
                Some(format!("{reason} (was {was})")),
            )
        };
        self.plan.steps.push(step);
        Ok(())
    }

    pub(super) fn resolve(&mut self, id: &Id, resolution: Resolution, reason: &str) -> Result<(), PlanError> {
        let row = self.row(id)?;
        let state = row.current.map(|current| match current.state {
            // Between two statements: nothing was sent that could have had an effect.
            State::Running { done, started } if started <= done && resolution == Resolution::NotApplied => {
                State::Unknown { statement: done + 1 }
            }
            state => state.settled(),
        });
        let (Some(State::Unknown { statement }), Some(current)) = (state, row.current) else {
            return Err(PlanError {
                code: Code::NothingToResolve,
                message: format!("{id} {} has no statement of unknown outcome", row.name),
                help: "syncline status".to_owned(),
            });
        };
        let (word, done) = match resolution {
            Resolution::Applied => ("applied", statement),
            Resolution::NotApplied => ("not applied", statement.saturating_sub(1)),
        };
        let step = Step {
            up_checksum: current.up_checksum,
            down_checksum: current.down_checksum,
            statements_done: done,
            ..note_step(
                Some(id),
                row.name,
                Kind::Resolve,
                Some(format!("statement {statement} counts as {word}: {reason}")),
            )
        };
        self.plan.steps.push(step);
        Ok(())
    }

    pub(super) fn forget(&mut self, id: &Id, reason: &str) -> Result<(), PlanError> {
        // Also what was taken back, which has no row without a file.
        let history = &self.known.history;
        let name = history.get(id).and_then(|current| history.name_of(current));
        let name = name.ok_or_else(|| self.no_such(id, "the database knows no"))?;
        self.plan
            .steps
            .push(note_step(Some(id), name, Kind::Forget, Some(reason.to_owned())));
        Ok(())
    }
}

/// A step that writes a record and runs nothing.
pub(super) fn note_step(id: Option<&Id>, name: &str, kind: Kind, reason: Option<String>) -> Step {
    Step {
        id: id.cloned(),
        name: name.to_owned(),
        was: None,
        kind,
        run: None,
        up_checksum: None,
        down_checksum: None,
        store: Vec::new(),
        statements_done: 0,
        reason,
        original: None,
    }
}
