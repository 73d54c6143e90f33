//! After an answer that never came: connects again, and asks ledger and catalog what became of it.

use std::time::{Duration, Instant};

use super::{Again, Migrator, Report, WRITER, moved_on};
use crate::catalog::Catalog;
use crate::code::Code;
use crate::database::{self, Conflict, DatabaseError};
use crate::error::Error;
use crate::executor::{Done, Event, Failure, Observer, StateAfter, Stop};
use crate::history::{History, Record, State};
use crate::migration::Direction;
use crate::plan::{self, Goal, Plan, Policy};
use crate::status::{self, Known};
use crate::{script, settle};

impl Migrator {
    /// Says what [`Migrator::run`] would do, with the lock: waits for a run that is at a script outside a transaction, and finds out
    /// what became of one that was cut off there. A plan that is made without the lock takes either for a script that stopped
    /// half-way. Writes nothing but what it finds out.
    ///
    /// # Errors
    /// When the lock is not obtained, the ledger cannot be read or written, or the goal makes no sense.
    pub async fn plan_settled(
        &mut self,
        goal: &Goal,
        catalog: &Catalog,
        policy: &Policy,
        observer: &mut Observer<'_>,
    ) -> Result<Plan, Error> {
        // Behind a pooler that keeps no sessions such scripts are refused.
        if let Err(error) = self.journal().await
            && error.code == Code::Pooled
        {
            return self.plan(goal, catalog, policy).await;
        }
        if !self.database.locks_everywhere() {
            let history = self.history().await?;
            self.refuse_running(&history)?;
        }
        let _listening = self.interrupt.listen();
        let since = Instant::now();
        self.lock(since, observer).await?;
        let mut tries = 0;
        let planned = loop {
            match self.plan_alone(goal, catalog, policy, observer).await {
                Err(Error::Database(error)) if error.conflict.is_some() => {
                    if let Err(error) = self.wait(since, &mut tries, WRITER, observer).await {
                        break Err(error.into());
                    }
                    // It may be that of another ledger now.
                    self.lock(since, observer).await?;
                }
                planned => break planned,
            }
        };
        self.database.unlock().await?;
        planned
    }

    async fn plan_alone(
        &mut self,
        goal: &Goal,
        catalog: &Catalog,
        policy: &Policy,
        observer: &mut Observer<'_>,
    ) -> Result<Plan, Error> {
        self.settle_all(observer).await?;
        let catalog = &*self.read_here(catalog);
        let known = self
            .known_alone(catalog, |history| plan::wanted(goal, catalog, history))
            .await?;
        Ok(plan::plan(goal, catalog, &known, policy)?)
    }

    /// Elsewhere the lock tells that a run which the ledger calls running has ended. Where it holds for one node of a cluster, it
    /// may be under way on another.
    pub(super) fn refuse_running(&self, history: &History) -> Result<(), DatabaseError> {
        let running = history.current().find_map(|(id, current)| {
            let record = history.record_of(current)?;
            let open = matches!(current.state, State::Running { .. }) && record.run_id != self.stamp.run_id;
            open.then_some((id, record))
        });
        let Some((id, record)) = running else {
            return Ok(());
        };
        let message = format!(
            "{id} {} is running since {}, started on {}; in this cluster the lock holds for one node, so nobody can tell whether it still is",
            record.name, record.started_at, record.host
        );
        let hint = format!(
            "syncline repair resolve {} --not-applied --reason \"…\"   # when that run has ended, and its last statement had no effect",
            id.word()
        );
        Err(DatabaseError::new(Code::Locked, message).hint(hint))
    }

    /// Asks the catalog what became of a statement whose answer never came, and records what it shows. The lock tells that
    /// nobody is at it any more. False where there is no such statement, or the catalog does not tell.
    pub(super) async fn settle(&mut self, known: &Known, observer: &mut Observer<'_>) -> Result<bool, Error> {
        let open = known.history.current().find_map(|(id, current)| match current.state {
            State::Running { done, started } if started > done => Some((id, current, started)),
            _ => None,
        });
        let Some((id, current, statement)) = open else {
            return Ok(false);
        };
        // Behind a pooler that keeps no sessions nobody holds the lock before a migration begins.
        match self.journal().await {
            Err(error) if error.code == Code::Pooled => return Ok(false),
            journal => journal?,
        }
        let checksum = match current.direction {
            Direction::Up => current.up_checksum,
            Direction::Down => current.down_checksum,
        };
        let syntax = self.database.syntax();
        let Some(text) = checksum
            .and_then(|checksum| known.texts.get(&checksum))
            .and_then(|script| script::nth(script, statement, syntax))
        else {
            return Ok(false);
        };
        let before = known
            .history
            .record_of(current)
            .and_then(|record| record.evidence.as_deref());
        let now = self.database.evidence(text, before.and_then(settle::place)).await?;
        let Some(resolution) = settle::outcome(script::aftermath(text, syntax), before, now.as_deref()) else {
            return Ok(false);
        };
        let goal = Goal::Resolve(id.clone(), resolution, settle::reason(resolution).to_owned());
        let plan = plan::plan(&goal, &Catalog::empty(syntax), known, &Policy::default())?;
        let mut head = known.history.head();
        // The record is no step of the run; what is said of it comes below.
        match self.execute(&plan, &mut head, &mut Vec::new(), &mut |_| {}).await {
            Ok(()) => {}
            Err(Stop::Again(error) | Stop::Interrupted(error)) => return Err(error.into()),
            Err(Stop::Failed(failure) | Stop::Lost(failure) | Stop::Commit(failure, ..)) => {
                return Err(failure.error.into());
            }
        }
        observer(Event::Settled {
            id,
            statement,
            resolution,
        });
        Ok(true)
    }

    /// The connection was lost while a script ran statement by statement: what the ledger and the catalog say of it decides
    /// whether the run goes on. It does only where it came further than what was begun last, so that a statement which ends its
    /// own connection is not sent for ever.
    pub(super) async fn settle_lost(
        &mut self,
        mut failure: Failure,
        report: &mut Report,
        observer: &mut Observer<'_>,
    ) -> Result<(), Again> {
        let (Ok(history), Some(id)) = (self.come_back(observer).await, failure.id.clone()) else {
            report.failure = Some(failure);
            return Ok(());
        };
        let ours =
            |record: &&Record| record.run_id == self.stamp.run_id && record.id().ok().flatten().as_ref() == Some(&id);
        let record = history.records().iter().rfind(ours);
        let known = history.get(&id);
        let current = known.map(|current| current.state.settled());
        let finished = known.and_then(|current| history.record_of(current)).filter(ours);
        let sent = failure.statement.map_or(0, |(number, _)| number);
        match (record, current) {
            // Somebody else was quicker, and says so.
            (Some(_), Some(State::Applied | State::Reverted)) if finished.is_none() => {
                return Err(moved_on("the connection was lost, and another run has finished the migration").into());
            }
            (Some(record), Some(State::Applied | State::Reverted)) => {
                let outcome = Done {
                    id: failure.id,
                    name: failure.name,
                    was: None,
                    kind: record.kind,
                    statements: usize::try_from(record.statements_total).unwrap_or(usize::MAX),
                    took: Duration::from_millis(
                        record.duration_ms.and_then(|ms| ms.try_into().ok()).unwrap_or_default(),
                    ),
                };
                observer(Event::Finished { outcome: &outcome });
                report.done.push(outcome);
                return Err(moved_on("the connection was lost, and the migration is done").into());
            }
            (Some(_), Some(State::Partial { done }))
                if sent > 0 && usize::try_from(done).is_ok_and(|done| done >= sent) =>
            {
                return Err(moved_on("the connection was lost, and the statement is done").into());
            }
            // Where the record was not written nothing was begun, and there is what an earlier run has left.
            (_, Some(State::Partial { done })) => failure.state = StateAfter::Stopped { done },
            (_, Some(State::Unknown { statement })) => failure.state = StateAfter::Unknown { statement },
            (None, _) if !history.is_absent() => failure.state = StateAfter::Unchanged,
            _ => {}
        }
        report.failure = Some(failure);
        Ok(())
    }

    /// Connects again, waits until the session that was lost has ended, and finds out what became of its statement.
    async fn come_back(&mut self, observer: &mut Observer<'_>) -> Result<History, Error> {
        self.reconnect().await?;
        self.lock(Instant::now(), observer).await?;
        self.settle_all(observer).await
    }

    /// Finds out all that the catalog tells. Only whoever holds the lock may ask.
    async fn settle_all(&mut self, observer: &mut Observer<'_>) -> Result<History, Error> {
        let nothing = Catalog::empty(self.target.engine.syntax);
        loop {
            let known = self
                .known_alone(&nothing, |history| status::wanted(&nothing, history))
                .await?;
            if !self.settle(&known, observer).await? {
                return Ok(known.history);
            }
        }
    }

    /// The connection was lost while COMMIT was under way: the ledger tells whether it happened, once the lock tells that the
    /// session which may still be at it has ended. If it did, the run goes on with what is left.
    pub(super) async fn settle_commit(
        &mut self,
        mut failure: Failure,
        record: &Record,
        outcomes: Vec<Done>,
        report: &mut Report,
        observer: &mut Observer<'_>,
    ) -> Result<(), Again> {
        match self.come_back(observer).await {
            Ok(history) if history.records().iter().any(|known| known.chain == record.chain) => {
                for outcome in outcomes {
                    observer(Event::Finished { outcome: &outcome });
                    report.done.push(outcome);
                }
                let again = DatabaseError::new(Code::Lost, failure.error.message);
                return Err(Again::Later(again.conflict(Conflict::Moved)));
            }
            Ok(_) => failure.state = StateAfter::Unchanged,
            Err(_) => {}
        }
        report.failure = Some(failure);
        Ok(())
    }

    /// Makes sure that scripts can be journalled here, and remembers what was found out about a pooler: the next connection would not know.
    pub(super) async fn journal(&mut self) -> Result<(), DatabaseError> {
        let journal = self.database.can_journal().await;
        self.target.pooler = self.database.pooler().or(self.target.pooler);
        journal
    }

    pub(super) async fn reconnect(&mut self) -> Result<(), Error> {
        self.database = database::connect(&self.target, self.access).await?;
        Ok(())
    }
}
