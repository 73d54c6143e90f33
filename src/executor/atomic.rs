//! The atomic protocol: effects and record become durable together, or not at all.

use std::time::{Duration, Instant};

use super::record::{after, blank, count, end, texts};
use super::send::batches;
use super::{Done, Event, Executor, StateAfter, Stop, directives, failure, is_stale};
use crate::code::Code;
use crate::database::{self, Conflict, DatabaseError};
use crate::history::{Head, Outcome, Protocol, Record};
use crate::plan::{Run, Step};

/// How often a migration is tried again that gave way to others, unless its script says otherwise.
const RETRIES: u32 = 5;

/// A step whose record is written and not yet committed.
struct Written {
    record: Record,
    clock: Instant,
    statements: usize,
}

impl Executor<'_, '_> {
    /// Takes a step in a transaction of its own, again when it gave way to others: nothing of it was kept then.
    pub(super) async fn atomic(&mut self, step: &Step) -> Result<Done, Stop> {
        let retries = directives(step.run.as_ref()).retries.unwrap_or(RETRIES);
        for attempt in 0..retries {
            match self.once(step).await {
                Err(Stop::Failed(failure)) if failure.error.conflict == Some(Conflict::Contended) => {
                    (self.observer)(Event::Retrying {
                        error: &failure.error,
                        attempt: attempt + 2,
                    });
                    tokio::time::sleep(database::pause(attempt + 2)).await;
                }
                other => return other,
            }
        }
        self.once(step).await
    }

    async fn once(&mut self, step: &Step) -> Result<Done, Stop> {
        let mut head = self.head.clone();
        let written = self.write(step, &mut head).await?;
        self.commit(step, written, head).await
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
            head.seal(&mut record);
            self.database.write(&record, &texts(step, self.stamp.keep)).await
        };
        match written.await {
            Ok(()) => Ok(Written {
                record,
                clock,
                statements: run.map_or(0, |run| run.script.statements().saturating_sub(skipped)),
            }),
            Err(error) => Err(self.taken_back(step, None, error).await),
        }
    }

    async fn commit(&mut self, step: &Step, written: Written, head: Head) -> Result<Done, Stop> {
        let committed = self.database.commit().await;
        let done = Done {
            id: step.id.clone(),
            name: step.name.clone(),
            kind: step.kind,
            statements: written.statements,
            duration_ms: u64::try_from(written.clock.elapsed().as_millis()).unwrap_or(u64::MAX),
        };
        match committed {
            Ok(()) => {
                *self.head = head;
                Ok(done)
            }
            Err(error) if error.code == Code::Lost => {
                let failure = failure(step, step.run.as_ref(), None, StateAfter::CommitUnknown, error);
                Err(Stop::Commit(Box::new(failure), Box::new(written.record), done))
            }
            Err(error) => Err(self.taken_back(step, None, error).await),
        }
    }

    /// Rolls back after an error. Whatever the rollback says, the connection is not used for anything else after a failure.
    async fn taken_back(&mut self, step: &Step, place: Option<usize>, error: DatabaseError) -> Stop {
        let _ = self.database.rollback().await;
        if is_stale(&error) {
            return Stop::Again(error);
        }
        // Where the statement is known, the engine has kept it from ending the transaction.
        let state = match (error.code, place) {
            (Code::LeftTransaction, None) => StateAfter::Left,
            _ => StateAfter::Unchanged,
        };
        Stop::Failed(Box::new(failure(step, step.run.as_ref(), place, state, error)))
    }
}
