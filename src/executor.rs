//! The executor: the only place that orders writes. Two protocols, chosen in one line.

mod ask;
mod atomic;
mod clear;
mod interrupt;
mod journalled;
mod record;
mod send;
mod watched;

use std::time::Duration;

use crate::code::Code;
use crate::database::{Blocker, Conflict, Database, DatabaseError, Progress};
use crate::history::{Head, Kind, Protocol, Record};
use crate::migration::{Direction, Id, label};
use crate::plan::{Plan, Resolution, Run, Step};
use crate::script::{self, Directives, Position};
use watched::Watching;

pub use interrupt::Interrupt;

/// Who runs, with what, and which run it is: what every record of a run says.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// The user.
    pub user: String,
    /// The machine.
    pub host: String,
    /// The tool, with its version.
    pub tool: String,
    /// Random; the same in all records of the run.
    pub run_id: String,
    /// Texts above so many bytes are not stored; only their checksum is.
    pub keep: usize,
}

/// Something that happens while migrations are run. Words and colours are the receiver's.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// Another run holds the lock; we ask again and again.
    Waiting {
        /// Who holds it.
        holder: &'a str,
    },
    /// The server is not there yet; it is tried again and again. Comes every few seconds.
    Absent {
        /// What the last try ended with.
        error: &'a DatabaseError,
        /// How long it has been waited for.
        waited: Duration,
        /// How long it will be.
        limit: Duration,
    },
    /// A step begins; or begins again, after its transaction was taken back.
    Started {
        /// The step.
        step: &'a Step,
    },
    /// A statement is sent.
    Statement {
        /// From 1.
        number: usize,
        /// Of the whole script.
        total: usize,
        /// One line of it, without secrets.
        summary: &'a str,
    },
    /// A statement takes long, and this is what a second connection sees of it. Comes once a second.
    Seen {
        /// The server's number for our session.
        session: &'a str,
        /// What ends the statement, to be typed into the database's own client.
        cancel: &'a str,
        /// Who holds what it waits for.
        blockers: &'a [Blocker],
        /// How far it is, where the server tells.
        progress: Option<&'a Progress>,
        /// How long it has been running.
        elapsed: Duration,
    },
    /// The run was asked to end, and so the server is asked to end the statement.
    Cancelling {
        /// The server's number for our session.
        session: &'a str,
    },
    /// The server could not be asked. The run ends when the statement does.
    NotCancelled {
        /// Why.
        error: &'a DatabaseError,
    },
    /// What a failed try had left behind was removed before the next.
    Cleared {
        /// What it was.
        what: &'a str,
    },
    /// The outcome of a statement was not known, and nobody has to be asked what comes next.
    Settled {
        /// The migration.
        id: &'a Id,
        /// The statement, from 1.
        statement: u32,
        /// What it comes to; [`crate::settle::words`] says what is known.
        resolution: Resolution,
    },
    /// A migration gave way to others and was rolled back, or a statement of it that is known not to have run; it is tried again.
    Retrying {
        /// What the server said.
        error: &'a DatabaseError,
        /// The number of the try that comes, from 2.
        attempt: u32,
    },
    /// A step is done, and its record is durable.
    Finished {
        /// What was done.
        outcome: &'a Done,
    },
}

/// Receives events. Must not block for long: the migration waits for it.
pub type Observer<'a> = dyn FnMut(Event<'_>) + Send + 'a;

/// A step that was taken, with its record durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The migration; `None` where the record says that none is applied.
    pub id: Option<Id>,
    /// Its name.
    pub name: String,
    /// What it was before, where it was given another identity.
    pub was: Option<Id>,
    /// The kind of record it left.
    pub kind: Kind,
    /// Statements that were executed.
    pub statements: usize,
    /// By the monotonic clock of this machine. The commit of several together counts for the last of them.
    pub took: Duration,
}

impl Done {
    /// The migration's identity as text; `none` where the record says that none is applied.
    pub fn label(&self) -> String {
        label(self.id.as_ref())
    }
}

/// A step that failed, with everything that is needed to find the place and to go on.
#[derive(Debug)]
pub struct Failure {
    /// The migration; `None` where the record says that none is applied.
    pub id: Option<Id>,
    /// Its name.
    pub name: String,
    /// Which of its scripts failed; `None` where none was run.
    pub direction: Option<Direction>,
    /// The file, or the stored script.
    pub path: String,
    /// Where in it, as far as the server tells; else where the statement begins.
    pub position: Option<Position>,
    /// The line at that place.
    pub line: Option<String>,
    /// The number of the statement, from 1, and how many there are; `None` where it was not a statement that failed.
    pub statement: Option<(usize, usize)>,
    /// What somebody types into the database's own client to see whether the statement took effect.
    pub look: Option<String>,
    /// What state the database is in.
    pub state: StateAfter,
    /// What the server said.
    pub error: DatabaseError,
}

/// What a failed step left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateAfter {
    /// Nothing: its transaction was rolled back.
    Unchanged,
    /// So many statements; the next run goes on after them.
    Stopped {
        /// Statements that were executed.
        done: u32,
    },
    /// The outcome of one statement is not known.
    Unknown {
        /// The statement, from 1.
        statement: u32,
    },
    /// The script ended its transaction in a way that only the server could see: what it did may be kept, without a record.
    Left,
    /// The connection was lost during the commit, and the ledger could not be asked.
    CommitUnknown,
    /// The connection was lost while a script ran statement by statement, and the database could not be asked.
    Unasked,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "migration {} {} failed: {}", self.label(), self.name, self.error)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

impl Failure {
    /// As [`Done::label`].
    pub fn label(&self) -> String {
        label(self.id.as_ref())
    }

    /// The code that decides the exit code: what remains of the migration comes before why it failed.
    pub fn code(&self) -> Code {
        match (self.state, self.error.code) {
            (_, Code::Interrupted) => Code::Interrupted,
            (StateAfter::Unchanged | StateAfter::Left, code) => code,
            (StateAfter::CommitUnknown, _) => Code::UnknownOutcome,
            _ => Code::Partial,
        }
    }
}

/// What stopped the executor.
pub(crate) enum Stop {
    /// The ledger has moved, or the database is busy: look again and plan again.
    Again(DatabaseError),
    /// A step failed.
    Failed(Box<Failure>),
    /// The connection went away during COMMIT: if it happened, this record is in the ledger and these steps are done.
    Commit(Box<Failure>, Box<Record>, Vec<Done>),
    /// The connection went away while a script ran statement by statement: the ledger and the catalog know how far it came.
    Lost(Box<Failure>),
    /// The run was asked to end, between two migrations.
    Interrupted(DatabaseError),
}

/// What the steps of a run share.
pub(crate) struct Executor<'a, 'o> {
    /// What is spoken to.
    pub database: &'a mut dyn Database,
    /// Where the next record goes.
    pub head: &'a mut Head,
    /// What every record says.
    pub stamp: &'a Stamp,
    /// Who is told.
    pub observer: &'a mut Observer<'o>,
    /// Who may ask it to end.
    pub interrupt: &'a Interrupt,
    /// How often what gave way to others is tried again, unless the script says otherwise.
    pub retries: u32,
    /// What is seen of a statement that takes long.
    pub watching: Watching,
    /// Why the session could not be restored after a script.
    pub unclean: Option<DatabaseError>,
}

impl Executor<'_, '_> {
    /// Takes the steps of a plan in order, until one fails. What is in `done` is durable.
    pub async fn execute(&mut self, plan: &Plan, done: &mut Vec<Done>) -> Result<(), Stop> {
        let mut taken = 0;
        while let Some(step) = plan.steps.get(taken) {
            self.interrupt.check().map_err(Stop::Interrupted)?;
            if let Some(error) = self.unclean.take() {
                let run = step.run.as_ref();
                return Err(Stop::Failed(Box::new(failure(step, run, None, before(run), error))));
            }
            let declined = self.declined(step).await?;
            let outcomes = match (&step.run, self.database.engine().gather) {
                _ if declined.is_some() => vec![self.atomic(declined.as_ref().unwrap_or(step)).await?],
                (Some(run), _) if run.protocol() == Protocol::Journalled => vec![self.journalled(step, run).await?],
                (_, Some(limit)) => {
                    // What is asked later is asked of what was committed before.
                    let next = plan.steps[taken..].iter().skip(1).position(ask::asks);
                    let end = next.map_or(plan.steps.len(), |next| taken + 1 + next);
                    self.gathered(&plan.steps[taken..end], limit).await?
                }
                (_, None) => vec![self.atomic(step).await?],
            };
            taken += outcomes.len();
            for outcome in outcomes {
                (self.observer)(Event::Finished { outcome: &outcome });
                done.push(outcome);
            }
        }
        Ok(())
    }
}

/// Whether the ledger has to be read again before anything else.
fn is_stale(error: &DatabaseError) -> bool {
    matches!(error.conflict, Some(Conflict::Busy | Conflict::Moved))
}

/// What there is of a step that was not begun: what an earlier run has left.
fn before(run: Option<&Run>) -> StateAfter {
    match run.map_or(0, |run| run.from) {
        0 => StateAfter::Unchanged,
        done => StateAfter::Stopped { done },
    }
}

/// What the step's script asks for.
fn directives(run: Option<&Run>) -> Directives {
    let parsed = run.and_then(|run| run.script.parsed.as_ref().ok());
    parsed.map(|parsed| parsed.directives.clone()).unwrap_or_default()
}

fn failure(step: &Step, run: Option<&Run>, place: Option<usize>, state: StateAfter, error: DatabaseError) -> Failure {
    let mut failure = Failure {
        id: step.id.clone(),
        name: step.name.clone(),
        direction: run.map(|run| run.direction),
        path: run.map(|run| run.script.path.clone()).unwrap_or_default(),
        position: None,
        line: None,
        statement: None,
        look: None,
        state,
        error,
    };
    if let (Some(run), Some(number)) = (run, place)
        && let Some(statement) = send::sent(&run.script).nth(number)
    {
        let at = statement.body.start + failure.error.offset.unwrap_or_default();
        failure.position = Some(run.script.position(at));
        failure.line = crate::catalog::shown_line(&run.script, at);
        failure.statement = Some((number + 1, run.script.statements()));
        let look = script::look(send::text_of(&run.script, statement), run.script.syntax);
        failure.look = Some(run.script.without_values(&look));
    }
    failure
}
