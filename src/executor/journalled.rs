//! The journalled protocol: the record says before each statement that it is started, and after it that it is done.

use std::time::{Duration, Instant};

use super::record::{after, blank, count, end, texts};
use super::send::{left, sent};
use super::{Done, Event, Executor, Failure, StateAfter, Stop, directives, failure, is_stale};
use crate::code::Code;
use crate::database::DatabaseError;
use crate::history::{Outcome, Protocol, Record};
use crate::migration::Script;
use crate::plan::{Run, Step};
use crate::script::Directives;

impl Executor<'_, '_> {
    /// The record says `running, 0 of N`; before each statement that it was started, after it that it is done.
    pub(super) async fn journalled(&mut self, step: &Step, run: &Run) -> Result<Done, Stop> {
        let clock = Instant::now();
        let nothing = |error| Stop::Failed(Box::new(failure(step, Some(run), None, StateAfter::Unchanged, error)));
        self.database.hold(&directives(Some(run))).await.map_err(nothing)?;
        if let Err(error) = self.database.begin(self.head, &Directives::default()).await {
            let _ = self.database.release().await;
            return Err(if is_stale(&error) {
                Stop::Again(error)
            } else {
                nothing(error)
            });
        }
        (self.observer)(Event::Started { step });
        let mut record = blank(step, self.stamp, Protocol::Journalled);
        record.statements_total = count(run.script.statements());
        record.statement_started = run.from;
        record.statements_done = run.from;
        let begun = async {
            record.started_at = after(&self.database.started().await?, Duration::ZERO);
            self.head.seal(&mut record);
            self.database.write(&record, &texts(step, self.stamp.keep)).await?;
            self.database.commit().await
        };
        if let Err(error) = begun.await {
            let _ = self.database.rollback().await;
            let _ = self.database.release().await;
            return Err(if is_stale(&error) {
                Stop::Again(error)
            } else {
                nothing(error)
            });
        }
        let skipped = run.skipped();
        let total = run.script.statements();
        if let Err((number, error)) = self.set_again(&run.script, skipped).await {
            let done = record.statements_done;
            record.error = Some(error.message.clone());
            end(&mut record, Outcome::Failed, clock);
            // The statement was done before; when this cannot be written the record says the same.
            let _ = self.database.update(&record).await;
            let _ = self.database.release().await;
            let state = StateAfter::Stopped { done };
            return Err(Stop::Failed(Box::new(failure(
                step,
                Some(run),
                Some(number),
                state,
                error,
            ))));
        }
        for (number, statement) in sent(&run.script).enumerate().skip(skipped) {
            record.statement_started = count(number + 1);
            let sent = async {
                self.database.update(&record).await?;
                self.send(&run.script, number, total, statement).await
            };
            let Err(error) = sent.await else {
                record.statements_done = count(number + 1);
                continue;
            };
            return Err(Stop::Failed(Box::new(
                self.sealed_failure(step, run, number, &mut record, clock, error).await,
            )));
        }
        end(&mut record, Outcome::Applied, clock);
        if let Err(error) = self.database.update(&record).await {
            let done = record.statements_done;
            // The ledger still says that the last statement was started, and whoever reads it cannot tell more.
            let state = match done > run.from {
                true => StateAfter::Unknown { statement: done },
                false => StateAfter::Stopped { done },
            };
            let _ = self.database.release().await;
            return Err(Stop::Failed(Box::new(failure(step, Some(run), None, state, error))));
        }
        // The record is durable, so this is no failure of the migration; the next step finds out what is wrong.
        let _ = self.database.release().await;
        Ok(Done {
            id: step.id.clone(),
            name: step.name.clone(),
            kind: step.kind,
            statements: run.script.statements().saturating_sub(skipped),
            duration_ms: u64::try_from(clock.elapsed().as_millis()).unwrap_or(u64::MAX),
        })
    }

    /// What only set the session of the run that executed it is sent again, since the rest was written to run behind it.
    async fn set_again(&mut self, script: &Script, skipped: usize) -> Result<(), (usize, DatabaseError)> {
        for (number, statement) in left(script, skipped).take_while(|(number, _)| *number < skipped) {
            let text = script.text.get(statement.body.clone()).unwrap_or_default();
            self.database.execute(text).await.map_err(|error| (number, error))?;
        }
        Ok(())
    }

    /// Writes into the record how a statement outside a transaction failed: refused by the server, or without an answer.
    async fn sealed_failure(
        &mut self,
        step: &Step,
        run: &Run,
        number: usize,
        record: &mut Record,
        clock: Instant,
        error: DatabaseError,
    ) -> Failure {
        let statement = count(number + 1);
        let state = if error.code == Code::Lost {
            StateAfter::Unknown { statement }
        } else {
            record.error = Some(error.message.clone());
            end(record, Outcome::Failed, clock);
            // When even this cannot be written, the record still says which statement was started.
            match self.database.update(record).await {
                Ok(()) => StateAfter::Stopped {
                    done: record.statements_done,
                },
                Err(_) => StateAfter::Unknown { statement },
            }
        };
        let _ = self.database.release().await;
        failure(step, Some(run), Some(number), state, error)
    }
}
