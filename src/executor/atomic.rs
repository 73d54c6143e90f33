//! The atomic protocol: effects and record become durable together, or not at all.

use std::time::{Duration, Instant};

use super::record::{after, blank, count, end, original, texts};
use super::send::batches;
use super::{Done, Event, Executor, StateAfter, Stop, directives, failure, is_stale};
use crate::code::Code;
use crate::database::{Conflict, DatabaseError};
use crate::history::{Head, Outcome, Protocol, Record};
use crate::plan::{Run, Step};

/// What to do about a statement that the transaction of its script is in the way of.
const OUTSIDE: &str = "add the line `-- syncline: no-transaction`, or move it to a migration that has this line";

/// A step whose record is written and not yet committed.
struct Written {
    record: Record,
    /// From its beginning until its record was written.
    took: Duration,
    statements: usize,
}

/// What became of steps that were to share a transaction.
enum Gathered {
    /// They are durable.
    Done(Vec<Done>),
    /// Nothing of them was kept.
    TakenBack {
        /// How many were begun, at least two: the last of them is what went wrong, or took too long.
        begun: usize,
    },
}

impl Executor<'_, '_> {
    /// Takes a step in a transaction of its own, again when it gave way to others: nothing of it was kept then.
    pub(super) async fn atomic(&mut self, step: &Step) -> Result<Done, Stop> {
        let retries = directives(step.run.as_ref()).retries.unwrap_or(self.retries);
        for attempt in 0..retries {
            match self.once(step).await {
                Err(Stop::Failed(failure)) if failure.error.conflict == Some(Conflict::Contended) => {
                    self.retry(&failure.error, attempt + 2).await;
                    self.interrupt.check().map_err(Stop::Interrupted)?;
                }
                other => return other,
            }
        }
        self.once(step).await
    }

    async fn once(&mut self, step: &Step) -> Result<Done, Stop> {
        let mut head = self.head.clone();
        let written = self.write(step, &mut head).await?;
        let mut done = self.commit(std::slice::from_ref(step), vec![written], head).await?;
        Ok(done.remove(0))
    }

    /// Takes the first of these steps, and with it as many of the next as the limit allows.
    pub(super) async fn gathered(&mut self, mut steps: &[Step], limit: Duration) -> Result<Vec<Done>, Stop> {
        loop {
            match self.together(steps, limit).await? {
                Gathered::Done(done) => return Ok(done),
                // Where a migration stops, those before it stay; and the turn of this one comes again, as the first.
                Gathered::TakenBack { begun } => steps = &steps[..begun - 1],
            }
        }
    }

    /// Takes steps in one transaction. When anything goes wrong with more than the first, all are taken back.
    async fn together(&mut self, steps: &[Step], limit: Duration) -> Result<Gathered, Stop> {
        let until = Instant::now() + limit;
        let mut head = self.head.clone();
        let mut all = Vec::new();
        for step in steps {
            if !all.is_empty() && !self.joins(step, until) {
                break;
            }
            match self.write(step, &mut head).await {
                Ok(written) => all.push(written),
                Err(Stop::Failed(_)) if !all.is_empty() => return Ok(Gathered::TakenBack { begun: all.len() + 1 }),
                Err(stop) => return Err(stop),
            }
        }
        let begun = all.len();
        match self.commit(&steps[..begun], all, head).await {
            Ok(done) => Ok(Gathered::Done(done)),
            Err(Stop::Failed(_)) if begun > 1 => Ok(Gathered::TakenBack { begun }),
            Err(stop) => Err(stop),
        }
    }

    fn joins(&mut self, step: &Step, until: Instant) -> bool {
        let run = step.run.as_ref();
        let atomic = run.is_none_or(|run| run.protocol() == Protocol::Atomic);
        atomic && Instant::now() < until && self.database.join(&directives(run), until)
    }

    /// begin · guard · statements · session restored · guard checked · record: everything but the COMMIT.
    async fn write(&mut self, step: &Step, head: &mut Head) -> Result<Written, Stop> {
        let clock = Instant::now();
        let run = step.run.as_ref();
        if let Err(error) = self.database.begin(head, &directives(run)).await {
            return Err(self.taken_back(step, None, error).await);
        }
        // Nothing of the step is said before the lock is known to be ours: another run may have taken it meanwhile.
        (self.observer)(Event::Started { step });
        let skipped = run.map_or(0, Run::skipped);
        let mut record = blank(step, self.stamp, Protocol::Atomic);
        if let Some(run) = run {
            let total = run.script.statements();
            for batch in batches(&run.script, skipped) {
                if let Err((number, error)) = self.send_all(&run.script, batch, total).await {
                    return Err(self.taken_back(step, Some(number), error).await);
                }
            }
            record.statements_total = count(total);
            record.statement_started = record.statements_total;
            record.statements_done = record.statements_total;
        }
        let written = async {
            record.started_at = after(&self.database.started().await?, Duration::ZERO);
            end(&mut record, Outcome::Applied, clock);
            if let Some(known) = &step.original {
                original(&mut record, known);
            }
            head.seal(&mut record);
            self.database.write(&record, &texts(step, self.stamp.keep)).await
        };
        match written.await {
            Ok(()) => Ok(Written {
                record,
                took: clock.elapsed(),
                statements: run.map_or(0, |run| run.script.statements().saturating_sub(skipped)),
            }),
            Err(error) => Err(self.taken_back(step, None, error).await),
        }
    }

    async fn commit(&mut self, steps: &[Step], mut all: Vec<Written>, head: Head) -> Result<Vec<Done>, Stop> {
        let clock = Instant::now();
        let committed = self.database.commit().await;
        // What is checked only at the end took the time of all; the sum has to be what was waited for.
        if let Some(last) = all.last_mut() {
            last.took += clock.elapsed();
        }
        let done = |(step, written): (&Step, &Written)| Done {
            id: step.id.clone(),
            name: step.name.clone(),
            was: step.was.clone(),
            kind: step.kind,
            statements: written.statements,
            took: written.took,
        };
        let done = steps.iter().zip(&all).map(done).collect();
        match (committed, steps.last(), all.into_iter().next_back()) {
            (Err(error), Some(step), Some(last)) if error.code == Code::Lost => {
                let failure = failure(step, step.run.as_ref(), None, StateAfter::CommitUnknown, error);
                Err(Stop::Commit(Box::new(failure), Box::new(last.record), done))
            }
            (Err(error), Some(step), _) => Err(self.taken_back(step, None, error).await),
            _ => {
                *self.head = head;
                Ok(done)
            }
        }
    }

    /// Rolls back after an error. Whatever the rollback says, the connection is not used for anything else after a failure.
    async fn taken_back(&mut self, step: &Step, place: Option<usize>, mut error: DatabaseError) -> Stop {
        let _ = self.database.rollback().await;
        if is_stale(&error) {
            return Stop::Again(error);
        }
        if place.is_some() && error.conflict == Some(Conflict::Transaction) {
            let said = error
                .hint
                .take()
                .map(|hint| format!("{} — ", hint.trim_end_matches('.')));
            error.hint = Some(format!("{}{OUTSIDE}", said.unwrap_or_default()));
        }
        // Where the statement is known, the engine has kept it from ending the transaction.
        let state = match (error.code, place) {
            (Code::LeftTransaction, None) => StateAfter::Left,
            _ => StateAfter::Unchanged,
        };
        Stop::Failed(Box::new(failure(step, step.run.as_ref(), place, state, error)))
    }
}
