//! The journalled protocol: a statement and the record that it was done become durable together where the engine can do that;
//! where it cannot, the record says before the statement that it is started, and after it that it is done.

use std::time::{Duration, Instant};

use super::record::{after, blank, count, end, texts};
use super::send::{left, sent, text_of};
use super::{Done, Event, Executor, StateAfter, Stop, before, directives, failure, is_stale};
use crate::code::Code;
use crate::database::{self, Conflict, DatabaseError, Kept};
use crate::history::{Outcome, Protocol, Record};
use crate::plan::{Run, Step};
use crate::script::{self, Aftermath, Directives, Manner, Statement};
use crate::settle;

/// A script that is being run, with its record.
struct Journal<'a> {
    step: &'a Step,
    run: &'a Run,
    record: Record,
    clock: Instant,
}

impl Journal<'_> {
    /// It failed, at a statement or at none, and left this behind.
    fn failed(&self, place: Option<usize>, state: StateAfter, error: DatabaseError) -> Stop {
        Stop::Failed(Box::new(failure(self.step, Some(self.run), place, state, error)))
    }

    /// The connection is gone, and what is left behind has to be asked for.
    fn lost(&self, place: Option<usize>, error: DatabaseError) -> Stop {
        let state = StateAfter::Unasked;
        Stop::Lost(Box::new(failure(self.step, Some(self.run), place, state, error)))
    }

    /// It was not begun: the ledger has moved, or the database refuses it.
    fn refused(&self, error: DatabaseError) -> Stop {
        match is_stale(&error) {
            true => Stop::Again(error),
            false => self.failed(None, before(Some(self.run)), error),
        }
    }

    /// All statements were executed, and the record could not be ended.
    fn unsealed(&self, error: DatabaseError) -> Stop {
        if error.code == Code::Lost {
            return self.lost(None, error);
        }
        let done = self.record.statements_done;
        self.failed(None, StateAfter::Stopped { done }, error)
    }
}

/// Whether a statement shares a transaction with the record that says it is done.
fn shares(manner: Manner) -> bool {
    matches!(manner, Manner::Joined | Manner::Guarded)
}

impl Executor<'_, '_> {
    pub(super) async fn journalled(&mut self, step: &Step, run: &Run) -> Result<Done, Stop> {
        let held = self.database.hold(&directives(Some(run))).await;
        let mut journal = Journal {
            step,
            run,
            record: blank(step, self.stamp, Protocol::Journalled),
            clock: Instant::now(),
        };
        held.map_err(|error| journal.refused(error))?;
        let ended = self.run_journal(&mut journal).await;
        // What is durable is durable; but nothing else runs in a session that could not be cleaned.
        self.unclean = self.database.release().await.err();
        ended?;
        Ok(Done {
            id: step.id.clone(),
            name: step.name.clone(),
            was: None,
            kind: step.kind,
            statements: run.script.statements().saturating_sub(run.skipped()),
            took: journal.clock.elapsed(),
        })
    }

    async fn run_journal(&mut self, journal: &mut Journal<'_>) -> Result<(), Stop> {
        let (script, skipped) = (&journal.run.script, journal.run.skipped());
        let again: Vec<_> = left(script, skipped)
            .take_while(|(number, _)| *number < skipped)
            .collect();
        let todo: Vec<_> = sent(script).enumerate().skip(skipped).collect();
        // The record can name the first statement from the beginning, unless something else is sent before it.
        let first = todo.first().filter(|_| again.is_empty());
        let announced = self.open_journal(journal, first.copied()).await?;
        for (number, statement) in again {
            if let Err(error) = self.database.execute(text_of(script, statement)).await {
                return Err(self.stopped(journal, number, error).await);
            }
        }
        let last = todo.len().saturating_sub(1);
        for (index, (number, statement)) in todo.iter().copied().enumerate() {
            let announced = announced.filter(|_| index == 0);
            if index == 0 && journal.run.retried {
                self.clear(journal, statement).await?;
            }
            self.take(journal, number, statement, announced, index == last).await?;
        }
        if journal.record.outcome == Outcome::Running {
            end(&mut journal.record, Outcome::Applied, journal.clock);
            let sealed = self.database.update(&journal.record).await;
            sealed.map_err(|error| journal.unsealed(error))?;
        }
        Ok(())
    }

    /// Writes the record. Returns the manner of the first statement where the record has announced it.
    async fn open_journal(
        &mut self,
        journal: &mut Journal<'_>,
        first: Option<(usize, &Statement)>,
    ) -> Result<Option<Manner>, Stop> {
        let Journal { step, run, record, .. } = journal;
        let total = run.script.statements();
        record.statements_total = count(total);
        (record.statement_started, record.statements_done) = (run.from, run.from);
        let mut announced = None;
        let begun = async {
            if let Some((number, statement)) = first {
                let text = text_of(&run.script, statement);
                let planned = script::manner(text, &statement.kind, run.script.syntax);
                let manner = self.database.manner(text, planned).await?;
                if matches!(manner, Manner::Committing | Manner::Alone) {
                    record.statement_started = count(number + 1);
                    record.evidence = self.database.evidence(text, None).await?;
                    announced = Some(manner);
                }
            }
            self.database.begin(self.head, &Directives::default()).await?;
            (self.observer)(Event::Started { step });
            record.started_at = after(&self.database.started().await?, Duration::ZERO);
            self.head.seal(record);
            self.database.write(record, &texts(step, self.stamp.keep)).await?;
            self.database.commit().await
        };
        match begun.await {
            Ok(()) => Ok(announced),
            Err(error) if error.code == Code::Lost => Err(journal.lost(None, error)),
            Err(error) => {
                let _ = self.database.rollback().await;
                Err(journal.refused(error))
            }
        }
    }

    /// Takes one statement, again when it gave way to others and is known not to have run.
    async fn take(
        &mut self,
        journal: &mut Journal<'_>,
        number: usize,
        statement: &Statement,
        announced: Option<Manner>,
        last: bool,
    ) -> Result<(), Stop> {
        let text = text_of(&journal.run.script, statement);
        let planned = script::manner(text, &statement.kind, journal.run.script.syntax);
        let mut manner = match announced {
            Some(manner) => manner,
            None => match self.database.manner(text, planned).await {
                Ok(manner) => manner,
                Err(error) => return Err(self.stopped(journal, number, error).await),
            },
        };
        let retries = directives(Some(journal.run)).retries.unwrap_or(self.retries);
        let mut announced = announced.is_some();
        let mut attempt = 1;
        loop {
            if let Err(error) = self.interrupt.check() {
                return Err(self.stopped(journal, number, error).await);
            }
            if !std::mem::take(&mut announced)
                && let Err(error) = self.announce(journal, number, statement, manner).await
            {
                let _ = self.database.abandon().await;
                return Err(self.stopped(journal, number, error).await);
            }
            let sent = self
                .send(&journal.run.script, number, journal.run.script.statements(), statement)
                .await;
            let executed = sent.is_ok();
            let ended = match sent {
                Ok(()) => self.conclude(journal, number, text, manner, last).await,
                Err(error) => Err(error),
            };
            let Err(error) = ended else { return Ok(()) };
            if error.code == Code::Lost {
                return Err(journal.lost(Some(number), error));
            }
            let kept = self.database.abandon().await.unwrap_or(Kept::Perhaps);
            if executed && !shares(manner) {
                // It is durable, and only its record is not.
                journal.record.statements_done = count(number + 1);
                return Err(self.stopped(journal, number, error).await);
            }
            let undone = match manner {
                _ if kept == Kept::Rows => false,
                Manner::Joined | Manner::Guarded => kept == Kept::Nothing,
                Manner::Committing | Manner::Alone => self.has_not_run(journal, text, manner, &error).await,
                Manner::Unrecorded => true,
            };
            match error.conflict {
                _ if !undone => return Err(self.unknown(journal, number, error).await),
                // Only the server knows all statements that cannot run in a transaction.
                Some(Conflict::Transaction) if shares(manner) => manner = Manner::Alone,
                Some(Conflict::Contended) if attempt <= retries && !self.interrupt.is_requested() => {
                    attempt += 1;
                    self.retry(&error, attempt).await;
                    self.clear(journal, statement).await?;
                }
                _ => return Err(self.stopped(journal, number, error).await),
            }
        }
    }

    /// Whether a statement outside a transaction that the server has refused is known to have done nothing.
    async fn has_not_run(&mut self, journal: &Journal<'_>, text: &str, manner: Manner, error: &DatabaseError) -> bool {
        match script::aftermath(text, journal.run.script.syntax) {
            Aftermath::Harmless => true,
            Aftermath::Shown | Aftermath::Hinted => {
                let Some(before) = &journal.record.evidence else {
                    return manner == Manner::Committing;
                };
                let now = self.database.evidence(text, settle::place(before)).await;
                now.is_ok_and(|now| now.as_ref() == Some(before))
            }
            Aftermath::Hidden => self.database.is_refusal(text, error),
        }
    }

    pub(super) async fn retry(&mut self, error: &DatabaseError, attempt: u32) {
        (self.observer)(Event::Retrying { error, attempt });
        tokio::select! {
            () = tokio::time::sleep(database::pause(attempt)) => {}
            () = self.interrupt.requested() => {}
        }
    }

    async fn clear(&mut self, journal: &mut Journal<'_>, statement: &Statement) -> Result<(), Stop> {
        let retries = directives(Some(journal.run)).retries.unwrap_or(self.retries);
        let text = text_of(&journal.run.script, statement);
        match self.remove_what_is_left(text, retries).await {
            Ok(()) => Ok(()),
            // No statement of the script has failed.
            Err(error) => Err(self.stopped(journal, None, error).await),
        }
    }

    /// Says in the record that the statement comes next, with what the catalog shows of its objects.
    async fn announce(
        &mut self,
        journal: &mut Journal<'_>,
        number: usize,
        statement: &Statement,
        manner: Manner,
    ) -> Result<(), DatabaseError> {
        journal.record.evidence = match manner {
            Manner::Joined | Manner::Guarded | Manner::Unrecorded => None,
            Manner::Committing | Manner::Alone => {
                self.database
                    .evidence(text_of(&journal.run.script, statement), None)
                    .await?
            }
        };
        journal.record.statement_started = count(number + 1);
        self.database.announce(&journal.record, manner).await
    }

    /// Says in the record that the statement is done. What is durable already is said again when that fails for a while.
    async fn conclude(
        &mut self,
        journal: &mut Journal<'_>,
        number: usize,
        text: &str,
        manner: Manner,
        last: bool,
    ) -> Result<(), DatabaseError> {
        let mut done = journal.record.clone();
        done.statements_done = count(number + 1);
        if last {
            end(&mut done, Outcome::Applied, journal.clock);
        }
        let hidden = || script::aftermath(text, journal.run.script.syntax) == Aftermath::Hidden;
        let mut concluded = self.database.conclude(&done, manner).await;
        if !shares(manner) {
            if concluded.is_ok() && !last && manner != Manner::Unrecorded && hidden() {
                // Nobody could tell later.
                concluded = self.database.update(&done).await;
            }
            for attempt in 2..5 {
                match concluded {
                    Err(error) if error.conflict == Some(Conflict::Contended) => {
                        tokio::time::sleep(database::pause(attempt)).await;
                        concluded = self.database.update(&done).await;
                    }
                    other => {
                        concluded = other;
                        break;
                    }
                }
            }
        }
        concluded?;
        journal.record = done;
        Ok(())
    }

    /// Ends the record of a statement that may have come half-way, or is durable without its record.
    async fn unknown(&mut self, journal: &mut Journal<'_>, number: usize, mut error: DatabaseError) -> Stop {
        let statement = count(number + 1);
        let note = "the server reported an error, and it is not known how much of the statement was done";
        error.detail = Some(match error.detail.take() {
            Some(detail) => format!("{detail}; {note}"),
            None => note.to_owned(),
        });
        let record = &mut journal.record;
        record.error = Some(error.message.clone());
        record.statement_started = statement;
        end(record, Outcome::Unknown, journal.clock);
        // When this cannot be written, the record still says which statement was started.
        let _ = self.database.update(record).await;
        journal.failed(Some(number), StateAfter::Unknown { statement }, error)
    }

    /// Ends the record of a script that stops before a statement, or at one that is known not to have run.
    async fn stopped(
        &mut self,
        journal: &mut Journal<'_>,
        place: impl Into<Option<usize>>,
        error: DatabaseError,
    ) -> Stop {
        let place = place.into();
        if error.code == Code::Lost {
            return journal.lost(place, error);
        }
        let record = &mut journal.record;
        record.error = Some(error.message.clone());
        end(record, Outcome::Failed, journal.clock);
        let done = record.statements_done;
        let state = match self.database.update(record).await {
            Ok(()) => StateAfter::Stopped { done },
            // The record still says which statement was started.
            Err(_) => StateAfter::Unknown {
                statement: record.statement_started,
            },
        };
        journal.failed(place, state, error)
    }
}
