//! The library's front door, and the only place that locks: lock → history → plan → execute → unlock.

mod adopt;
mod beside;
mod elsewhere;
mod here;
mod lost;
mod mirror;
mod modules;
mod patient;
mod recover;
mod report;
mod verification;

pub use report::Report;

use std::time::{Duration, Instant};

use crate::catalog::Catalog;
use crate::code::Code;
use crate::database::{self, Access, Conflict, Database, DatabaseError, Server, Target};
use crate::error::Error;
use crate::executor::{Done, Event, Executor, Interrupt, Observer, Stamp, Stop};
use crate::history::{FORMAT, Head, History, Kind, Outcome, Protocol, Record};
use crate::migration::Checksum;
use crate::plan::{self, Finding, Goal, Plan, Policy};
use crate::script::Syntax;
use crate::status::{self, Known};

/// Texts of up to so many bytes are stored with their migration, unless [`Migrator::keep`] says otherwise.
pub const KEEP: usize = 1024 * 1024;

/// Who holds what is no lock of ours.
const WRITER: &str = "another connection that writes";

/// One connection to a target, and everything that can be done with it.
///
/// Dropping it ends the connection; the server then rolls back what was not committed and frees the lock. Dropping a
/// future of it does the same, but a statement that the server is executing goes on until it ends.
pub struct Migrator {
    target: Target,
    database: Box<dyn Database>,
    access: Access,
    stamp: Stamp,
    confirmed: Option<usize>,
    interrupt: Interrupt,
    /// What is worth knowing of where the ledger is.
    elsewhere: Option<Finding>,
    /// The schemas in which names are looked for, where the ledger was looked for in others than the current one.
    path: Vec<String>,
}

impl Migrator {
    /// Opens a connection.
    ///
    /// # Errors
    /// When the database cannot be reached, or is not the one that the target expects.
    pub async fn connect(target: &Target, access: Access) -> Result<Self, Error> {
        Ok(Self::over(target, database::connect(target, access).await?, access))
    }

    /// Works over a connection that is there already, for engines of one's own.
    pub fn over(target: &Target, database: Box<dyn Database>, access: Access) -> Self {
        let user = database.server().user.clone();
        let stamp = Stamp {
            user,
            host: gethostname::gethostname().to_string_lossy().into_owned(),
            tool: concat!("syncline ", env!("CARGO_PKG_VERSION")).to_owned(),
            run_id: uuid::Uuid::new_v4().to_string(),
            keep: KEEP,
        };
        Self {
            target: target.clone(),
            database,
            access,
            stamp,
            confirmed: None,
            interrupt: Interrupt::new(),
            elsewhere: None,
            path: Vec::new(),
        }
    }

    /// Sets the user that records name where the engine knows none.
    pub fn user(&mut self, user: &str) -> &mut Self {
        if self.stamp.user.is_empty() {
            user.clone_into(&mut self.stamp.user);
        }
        self
    }

    /// Sets how large a text may be, in bytes, to be stored with its migration.
    pub fn keep(&mut self, bytes: usize) -> &mut Self {
        self.stamp.keep = bytes;
        self
    }

    /// Ends runs early when this is asked for.
    pub fn interrupt(&mut self, interrupt: &Interrupt) -> &mut Self {
        self.interrupt = interrupt.clone();
        self
    }

    /// Binds the next run to a plan that somebody has confirmed: it does nothing when the ledger has gone on since.
    pub fn confirm(&mut self, plan: &Plan) -> &mut Self {
        self.confirmed = Some(plan.records);
        self
    }

    /// What the database says of itself.
    pub fn server(&self) -> &Server {
        self.database.server()
    }

    /// The lexical rules of scripts in its sessions. A catalog is compared with the history by these: [`Migrator::read_here`].
    pub fn syntax(&self) -> Syntax {
        self.database.syntax()
    }

    /// What it is connected to.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Reads the ledger. Creates nothing.
    ///
    /// # Errors
    /// When the ledger cannot be read or understood, or belongs to another database than the target expects; when there is none in the
    /// current schema, and one in another that may be meant.
    pub async fn history(&mut self) -> Result<History, Error> {
        let mut history = History::new(self.database.records().await?)?;
        if history.is_absent() && self.look_elsewhere().await? {
            history = History::new(self.database.records().await?)?;
        }
        match (&self.target.expect_database, history.database_id()) {
            (Some(expected), found) if found != Some(expected) => {
                let found = found.unwrap_or("none, since it has no history");
                let message = format!(
                    "{} is not the database that is expected: its id is {found}",
                    self.target
                );
                let hint = format!("the configuration expects {expected}: look at the URL, or at `expect-database`");
                Err(DatabaseError::new(Code::WrongDatabase, message).hint(hint).into())
            }
            _ => Ok(history),
        }
    }

    /// Reads what is needed to compare the files with the ledger; [`status::join`] does it. Creates nothing.
    ///
    /// # Errors
    /// As [`Migrator::history`].
    pub async fn status(&mut self, catalog: &Catalog) -> Result<Known, Error> {
        self.known(catalog, |history| status::wanted(catalog, history)).await
    }

    /// The stored texts among these checksums.
    ///
    /// # Errors
    /// When they cannot be read, or one of them is not what was stored: what somebody has edited there is never run.
    pub async fn texts(&mut self, wanted: &[Checksum]) -> Result<std::collections::BTreeMap<Checksum, String>, Error> {
        if wanted.is_empty() {
            return Ok(Default::default());
        }
        let texts = match self.database.texts(wanted).await {
            Ok(texts) => texts,
            Err(mut error) => {
                self.name_lost_scripts(&mut error).await;
                return Err(error.into());
            }
        };
        match texts.iter().find(|(checksum, text)| Checksum::of(text) != **checksum) {
            Some((checksum, _)) => {
                let message = format!("the stored script {} is not what its checksum says", checksum.short());
                let hint =
                    "syncline verify   # says all that is wrong; restore the tables of the history from a backup";
                Err(DatabaseError::new(Code::StoredText, message).hint(hint).into())
            }
            None => Ok(texts),
        }
    }

    /// Says what [`Migrator::run`] would do. Takes no lock, writes nothing, and needs no right but SELECT.
    ///
    /// # Errors
    /// When the ledger cannot be read, or the goal makes no sense.
    pub async fn plan(&mut self, goal: &Goal, catalog: &Catalog, policy: &Policy) -> Result<Plan, Error> {
        let catalog = &*self.read_here(catalog);
        let known = self
            .known(catalog, |history| plan::wanted(goal, catalog, history))
            .await?;
        Ok(plan::plan(goal, catalog, &known, policy)?)
    }

    /// Does what the goal asks for: takes the lock, reads the ledger again, plans, and takes the steps.
    ///
    /// # Errors
    /// When nothing was begun: the lock was not obtained, files and ledger disagree, scripts have problems. A migration that
    /// fails is not an error but a [`Failure`](crate::Failure) in the report.
    pub async fn run(
        &mut self,
        goal: &Goal,
        catalog: &Catalog,
        policy: &Policy,
        observer: &mut Observer<'_>,
    ) -> Result<Report, Error> {
        let _listening = self.interrupt.listen();
        let waited = Instant::now();
        self.lock(waited, observer).await?;
        let mut outcome = self.run_locked(goal, catalog, policy, waited, observer).await;
        if let Some(failure) = outcome.as_mut().ok().and_then(|report| report.failure.as_mut()) {
            self.name_lost_scripts(&mut failure.error).await;
        }
        self.confirmed = None;
        let unlocked = self.database.unlock().await;
        match outcome {
            // A lock that could not be given back ends with the connection; what was done is done.
            // When the server cannot be reached either, whoever uses the connection next is told.
            Ok(report) if unlocked.is_err() => {
                let _ = self.reconnect().await;
                Ok(report)
            }
            other => other,
        }
    }

    async fn lock(&mut self, since: Instant, observer: &mut Observer<'_>) -> Result<(), Error> {
        let mut tries = 0;
        while let Some(holder) = self.database.try_lock().await? {
            self.wait(since, &mut tries, &holder.description, observer).await?;
        }
        Ok(())
    }

    async fn run_locked(
        &mut self,
        goal: &Goal,
        catalog: &Catalog,
        policy: &Policy,
        mut since: Instant,
        observer: &mut Observer<'_>,
    ) -> Result<Report, Error> {
        let mut report = Report::default();
        let (mut tries, mut taken) = (0, 0);
        loop {
            match self.attempt(goal, catalog, policy, &mut report, observer).await {
                Ok(()) => return Ok(report),
                Err(Again::Never(error)) => return Err(error),
                Err(Again::Later(error)) => {
                    self.interrupt.check()?;
                    // What was done meanwhile was no waiting.
                    if tries == 0 || report.done.len() > taken {
                        (since, tries, taken) = (Instant::now(), 0, report.done.len());
                    }
                    // Where somebody else was quicker there is news at once; where the database is busy there is none yet.
                    if error.conflict != Some(Conflict::Moved) {
                        self.wait(since, &mut tries, WRITER, observer).await?;
                    }
                    // It may have gone with a session: what the ledger says is settled only by whoever holds it.
                    self.lock(since, observer).await?;
                }
            }
        }
    }

    async fn attempt(
        &mut self,
        goal: &Goal,
        catalog: &Catalog,
        policy: &Policy,
        report: &mut Report,
        observer: &mut Observer<'_>,
    ) -> Result<(), Again> {
        // A session that was opened meanwhile may read quotes in another way.
        let catalog = &*self.read_here(catalog);
        let known = self
            .known_alone(catalog, |history| plan::wanted(goal, catalog, history))
            .await?;
        // The run's own records are expected; those of others are not, however far it has come.
        let ours = |record: &Record| record.run_id == self.stamp.run_id;
        let since = |records: usize| known.history.records().get(records..);
        if self
            .confirmed
            .is_some_and(|records| !since(records).is_some_and(|since| since.iter().all(ours)))
        {
            let message = "somebody else has changed the history since the plan was confirmed".to_owned();
            return Err(moved(message).into());
        }
        let runs = matches!(goal, Goal::Up(_) | Goal::Down(..) | Goal::Redo(_));
        if runs && !self.database.locks_everywhere() {
            self.refuse_running(&known.history)?;
        }
        if runs && self.settle(&known, observer).await? {
            return Err(moved_on("the outcome of a statement was found out").into());
        }
        let left = remaining(goal, report.done.len());
        let mut plan = match plan::plan(&left, catalog, &known, policy) {
            // The answer to a commit had never come, and what was to be recorded is there.
            Err(error) if !report.done.is_empty() && is_recorded(goal, &error) => return Ok(()),
            plan => plan.map_err(Error::from)?,
        };
        // The second half of a redo is that migration, whatever else is pending.
        if let (Goal::Redo(_), [reverted]) = (goal, report.done.as_slice()) {
            plan.steps.retain(|step| step.id == reverted.id);
            plan.findings.retain(|finding| finding.id == reverted.id);
        }
        let refused: Vec<Finding> = plan.refusals().cloned().collect();
        if !refused.is_empty() {
            return Err(Error::Refused(refused).into());
        }
        if !plan.problems.is_empty() {
            return Err(Error::Scripts(plan.problems).into());
        }
        // Between the halves of a redo somebody else may have come in. Without a file there is nothing to go on with, either.
        if let (Goal::Redo(_), [reverted], []) = (goal, report.done.as_slice(), plan.steps.as_slice()) {
            let why = match reverted.id.as_ref().and_then(|id| catalog.get(id)) {
                Some(_) => "somebody else has changed the history since",
                None => "there is no file from which it could be applied again",
            };
            return Err(moved(format!("{} was reverted, and {why}", reverted.label())).into());
        }
        // What is left when something is done is no news.
        if report.findings.is_empty() && report.done.is_empty() {
            report.findings.clone_from(&plan.findings);
        }
        let journalled = |step: &plan::Step| {
            step.run
                .as_ref()
                .is_some_and(|run| run.protocol() == Protocol::Journalled)
        };
        if plan.steps.iter().any(journalled) {
            self.journal().await?;
        }
        let mut head = known.history.head();
        let absent = known.history.is_absent();
        report.history = known.history;
        if plan.steps.is_empty() {
            return Ok(());
        }
        if absent {
            head = self.create_ledger().await?;
            report.created_ledger = true;
        }
        let stopped = self.execute(&plan, &mut head, &mut report.done, observer).await;
        match stopped {
            Ok(()) => Ok(()),
            Err(Stop::Again(error)) => Err(Again::Later(error)),
            Err(Stop::Failed(failure)) => {
                report.failure = Some(*failure);
                Ok(())
            }
            Err(Stop::Interrupted(error)) => Err(Error::from(error).into()),
            Err(Stop::Commit(failure, record, outcomes)) => {
                self.settle_commit(*failure, &record, outcomes, report, observer).await
            }
            Err(Stop::Lost(failure)) => self.settle_lost(*failure, report, observer).await,
        }
    }

    async fn execute(
        &mut self,
        plan: &Plan,
        head: &mut Head,
        done: &mut Vec<Done>,
        observer: &mut Observer<'_>,
    ) -> Result<(), Stop> {
        let mut executor = Executor {
            database: self.database.as_mut(),
            head,
            stamp: &self.stamp,
            observer,
            interrupt: &self.interrupt,
            retries: self.target.retries,
            watching: Default::default(),
            unclean: None,
        };
        executor.execute(plan, done).await
    }

    /// Waits before another try, and tells for whom before the first one.
    async fn wait(
        &mut self,
        since: Instant,
        tries: &mut u32,
        holder: &str,
        observer: &mut Observer<'_>,
    ) -> Result<(), DatabaseError> {
        if *tries == 0 {
            observer(Event::Waiting { holder });
        }
        tokio::select! {
            waited = wait(self.target.lock_wait, since, *tries, holder) => waited,
            () = self.interrupt.requested() => self.interrupt.check(),
        }?;
        *tries += 1;
        Ok(())
    }

    async fn create_ledger(&mut self) -> Result<Head, Again> {
        let mut init = Record {
            seq: 0,
            kind: Kind::Init,
            version: Some(FORMAT.to_string()),
            name: uuid::Uuid::new_v4().to_string(),
            outcome: Outcome::Applied,
            up_checksum: None,
            down_checksum: None,
            protocol: Protocol::Atomic,
            statements_total: 0,
            statement_started: 0,
            statements_done: 0,
            started_at: self.database.now().await?,
            finished_at: None,
            duration_ms: None,
            applied_by: self.stamp.user.clone(),
            host: self.stamp.host.clone(),
            tool: self.stamp.tool.clone(),
            run_id: self.stamp.run_id.clone(),
            reason: None,
            error: None,
            evidence: None,
            chain: String::new(),
        };
        let mut head = Head::genesis();
        head.seal(&mut init);
        self.refuse_scripts_of_others().await?;
        self.database.create_ledger(&init).await?;
        // Somebody else may have been quicker, and then the plan is out of date.
        let history = self.history().await?;
        if history.head() == head {
            return Ok(head);
        }
        // Nobody was: what is in the way will still be there the next time.
        if history.is_absent() {
            let message = "tables of the history are there without its first record";
            let hint = "restore both tables from a backup";
            return Err(DatabaseError::new(Code::Ledger, message).hint(hint).into());
        }
        Err(DatabaseError::new(Code::Locked, "another run has made the history")
            .conflict(Conflict::Moved)
            .into())
    }

    /// Ends the session.
    ///
    /// # Errors
    /// When the server does not answer any more; nothing is lost by that.
    pub async fn close(self) -> Result<(), Error> {
        Ok(self.database.close().await?)
    }
}

/// There is news in the ledger, so the plan is made again.
fn moved_on(message: &str) -> DatabaseError {
    DatabaseError::new(Code::Locked, message).conflict(Conflict::Moved)
}

fn moved(message: String) -> Error {
    Error::Plan(plan::PlanError {
        code: Code::Moved,
        message,
        help: "syncline status".to_owned(),
    })
}

async fn wait(limit: Duration, since: Instant, tries: u32, holder: &str) -> Result<(), DatabaseError> {
    if since.elapsed() >= limit {
        let seconds = limit.as_secs_f32();
        let message = format!("the lock was not obtained within {seconds} s; it is held by {holder}");
        let hint = "wait for that run to end and try again, or allow more time: `--lock-wait 5m`";
        return Err(DatabaseError::new(Code::Locked, message).hint(hint));
    }
    tokio::time::sleep(database::pause(tries)).await;
    Ok(())
}

/// Whether an attempt that ended without a result is worth another.
enum Again {
    Later(DatabaseError),
    Never(Error),
}

impl From<Error> for Again {
    fn from(error: Error) -> Self {
        match error {
            Error::Database(error) if error.conflict.is_some() => Again::Later(error),
            error => Again::Never(error),
        }
    }
}

impl From<DatabaseError> for Again {
    fn from(error: DatabaseError) -> Self {
        Error::from(error).into()
    }
}

/// Whether a goal that only writes records has nothing left to write.
fn is_recorded(goal: &Goal, error: &plan::PlanError) -> bool {
    match goal {
        Goal::Accept(..) => error.code == Code::NothingToRecord,
        Goal::Renumber(..) => matches!(error.code, Code::NothingToRecord | Code::NoSuchVersion),
        Goal::Resolve(..) => error.code == Code::NothingToResolve,
        Goal::Forget(..) => error.code == Code::NoSuchVersion,
        Goal::Up(_) | Goal::Down(..) | Goal::Redo(_) | Goal::Baseline(_) | Goal::Adopt(_) => false,
    }
}

/// What is left of a goal that counts its steps, after some were taken.
fn remaining(goal: &Goal, taken: usize) -> Goal {
    use plan::Until::Steps;
    match goal {
        Goal::Up(Steps(steps)) => Goal::Up(Steps(steps.saturating_sub(taken))),
        Goal::Down(Steps(steps), using) => Goal::Down(Steps(steps.saturating_sub(taken)), *using),
        // The first half is done: what is left is to apply what it reverted.
        Goal::Redo(_) if taken == 1 => Goal::Up(plan::Until::End),
        goal => goal.clone(),
    }
}
