//! The executor: the only place that orders writes. Two protocols, chosen in one line.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::code::Code;
use crate::database::{self, Conflict, Database, DatabaseError};
use crate::history::{Head, Kind, Outcome, Protocol, Record};
use crate::migration::{Checksum, Direction, Id, Script};
use crate::plan::{Plan, Run, Step};
use crate::script::{self, Directives, Position};

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
    /// A step begins.
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
    /// A migration gave way to others and was rolled back; it is tried again.
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

/// How often a migration is tried again that gave way to others, unless its script says otherwise.
const RETRIES: u32 = 5;

/// Receives events. Must not block for long: the migration waits for it.
pub type Observer<'a> = dyn FnMut(Event<'_>) + Send + 'a;

/// A step that was taken, with its record durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The migration.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// The kind of record it left.
    pub kind: Kind,
    /// Statements that were executed.
    pub statements: usize,
    /// By the monotonic clock, in milliseconds.
    pub duration_ms: u64,
}

/// A step that failed, with everything that is needed to find the place and to go on.
#[derive(Debug)]
pub struct Failure {
    /// The migration.
    pub id: Id,
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
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "migration {} {} failed: {}", self.id, self.name, self.error)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

impl Failure {
    /// The code that decides the exit code: what remains of the migration comes before why it failed.
    pub fn code(&self) -> Code {
        match (self.state, self.error.code) {
            (StateAfter::Stopped { .. } | StateAfter::Unknown { .. } | StateAfter::CommitUnknown, _) => Code::Partial,
            (_, code) => code,
        }
    }
}

/// What stopped the executor.
pub(crate) enum Stop {
    /// The ledger has moved, or the database is busy: look again and plan again.
    Again(DatabaseError),
    /// A step failed.
    Failed(Box<Failure>),
    /// The connection went away during COMMIT: this record is in the ledger if it happened.
    Commit(Box<Failure>, Box<Record>, Done),
}

/// Takes the steps of a plan in order, until one fails.
pub(crate) async fn execute(
    plan: &Plan,
    database: &mut dyn Database,
    head: &mut Head,
    stamp: &Stamp,
    done: &mut Vec<Done>,
    observer: &mut Observer<'_>,
) -> Result<(), Stop> {
    for step in &plan.steps {
        let outcome = take(step, database, head, stamp, observer).await?;
        observer(Event::Finished { outcome: &outcome });
        done.push(outcome);
    }
    Ok(())
}

async fn take(
    step: &Step,
    database: &mut dyn Database,
    head: &mut Head,
    stamp: &Stamp,
    observer: &mut Observer<'_>,
) -> Result<Done, Stop> {
    match &step.run {
        Some(run) if run.protocol() == Protocol::Journalled => {
            journalled(step, run, database, head, stamp, observer).await
        }
        run => patiently(step, run.as_ref(), database, head, stamp, observer).await,
    }
}

/// Tries an atomic step again when it gave way to others: nothing of it was kept.
async fn patiently(
    step: &Step,
    run: Option<&Run>,
    database: &mut dyn Database,
    head: &mut Head,
    stamp: &Stamp,
    observer: &mut Observer<'_>,
) -> Result<Done, Stop> {
    let retries = run
        .and_then(|run| run.script.parsed.as_ref().ok()?.directives.retries)
        .unwrap_or(RETRIES);
    for attempt in 0..retries {
        match atomic(step, run, database, head, stamp, observer).await {
            Err(Stop::Failed(failure)) if failure.error.conflict == Some(Conflict::Contended) => {
                observer(Event::Retrying {
                    error: &failure.error,
                    attempt: attempt + 2,
                });
                tokio::time::sleep(database::pause(attempt + 2)).await;
            }
            other => return other,
        }
    }
    atomic(step, run, database, head, stamp, observer).await
}

/// begin · guard · statements · session restored · guard checked · record · COMMIT.
async fn atomic(
    step: &Step,
    run: Option<&Run>,
    database: &mut dyn Database,
    head: &mut Head,
    stamp: &Stamp,
    observer: &mut Observer<'_>,
) -> Result<Done, Stop> {
    let clock = Instant::now();
    let defaults = Directives::default();
    let directives = run
        .and_then(|run| run.script.parsed.as_ref().ok())
        .map_or(&defaults, |parsed| &parsed.directives);
    match database.begin(head, directives).await {
        Ok(()) => {}
        Err(error) if is_stale(&error) => return Err(Stop::Again(error)),
        Err(error) => {
            return Err(Stop::Failed(Box::new(failure(
                step,
                run,
                None,
                StateAfter::Unchanged,
                error,
            ))));
        }
    }
    // Nothing of the step is said before the lock is known to be ours: another run may have taken it meanwhile.
    observer(Event::Started { step });
    let mut place = None;
    let skipped = run.map_or(0, Run::skipped);
    let mut record = blank(step, stamp, Protocol::Atomic);
    let mut next = head.clone();
    let worked = async {
        if let Some(run) = run {
            record.statements_total = count(run.script.statements());
            let total = run.script.statements();
            for batch in batches(&run.script, skipped) {
                if let Err((number, error)) = send_all(&run.script, batch, total, database, observer).await {
                    place = Some(number);
                    return Err(error);
                }
            }
            record.statement_started = record.statements_total;
            record.statements_done = record.statements_total;
        }
        record.started_at = after(&database.started().await?, Duration::ZERO);
        end(&mut record, Outcome::Applied, clock);
        next.seal(&mut record);
        database.write(&record, &texts(step, stamp.keep)).await
    };
    if let Err(error) = worked.await {
        // Whatever the rollback says, the connection is not used for anything else after a failure.
        let _ = database.rollback().await;
        if is_stale(&error) {
            return Err(Stop::Again(error));
        }
        // Where the statement is known, the engine has kept it from ending the transaction.
        let state = match (error.code, place) {
            (Code::LeftTransaction, None) => StateAfter::Left,
            _ => StateAfter::Unchanged,
        };
        return Err(Stop::Failed(Box::new(failure(step, run, place, state, error))));
    }
    let outcome = Done {
        id: step.id.clone(),
        name: step.name.clone(),
        kind: step.kind,
        statements: run.map_or(0, |run| run.script.statements().saturating_sub(skipped)),
        duration_ms: u64::try_from(clock.elapsed().as_millis()).unwrap_or(u64::MAX),
    };
    match database.commit().await {
        Ok(()) => {
            *head = next;
            Ok(outcome)
        }
        Err(error) if error.code == Code::Lost => {
            let failure = failure(step, run, None, StateAfter::CommitUnknown, error);
            Err(Stop::Commit(Box::new(failure), Box::new(record), outcome))
        }
        // A constraint that is checked at the commit: nothing was kept.
        Err(error) => {
            let _ = database.rollback().await;
            Err(Stop::Failed(Box::new(failure(
                step,
                run,
                None,
                StateAfter::Unchanged,
                error,
            ))))
        }
    }
}

/// The record says `running, 0 of N`; before each statement that it was started, after it that it is done.
async fn journalled(
    step: &Step,
    run: &Run,
    database: &mut dyn Database,
    head: &mut Head,
    stamp: &Stamp,
    observer: &mut Observer<'_>,
) -> Result<Done, Stop> {
    let clock = Instant::now();
    let nothing = |error| Stop::Failed(Box::new(failure(step, Some(run), None, StateAfter::Unchanged, error)));
    let defaults = Directives::default();
    let directives = run
        .script
        .parsed
        .as_ref()
        .map_or(&defaults, |parsed| &parsed.directives);
    database.hold(directives).await.map_err(nothing)?;
    if let Err(error) = database.begin(head, &defaults).await {
        let _ = database.release().await;
        return Err(if is_stale(&error) {
            Stop::Again(error)
        } else {
            nothing(error)
        });
    }
    observer(Event::Started { step });
    let mut record = blank(step, stamp, Protocol::Journalled);
    record.statements_total = count(run.script.statements());
    record.statement_started = run.from;
    record.statements_done = run.from;
    let begun = async {
        record.started_at = after(&database.started().await?, Duration::ZERO);
        head.seal(&mut record);
        database.write(&record, &texts(step, stamp.keep)).await?;
        database.commit().await
    };
    if let Err(error) = begun.await {
        let _ = database.rollback().await;
        let _ = database.release().await;
        return Err(if is_stale(&error) {
            Stop::Again(error)
        } else {
            nothing(error)
        });
    }
    let skipped = run.skipped();
    let total = run.script.statements();
    for (number, statement) in sent(&run.script).enumerate().skip(skipped) {
        record.statement_started = count(number + 1);
        let sent = async {
            database.update(&record).await?;
            send(&run.script, number, total, statement, database, observer).await
        };
        let Err(error) = sent.await else {
            record.statements_done = count(number + 1);
            continue;
        };
        return Err(Stop::Failed(Box::new(
            sealed_failure(step, run, number, database, &mut record, clock, error).await,
        )));
    }
    end(&mut record, Outcome::Applied, clock);
    if let Err(error) = database.update(&record).await {
        let done = record.statements_done;
        // The ledger still says that the last statement was started, and whoever reads it cannot tell more.
        let state = match done > run.from {
            true => StateAfter::Unknown { statement: done },
            false => StateAfter::Stopped { done },
        };
        let _ = database.release().await;
        return Err(Stop::Failed(Box::new(failure(step, Some(run), None, state, error))));
    }
    // The record is durable, so this is no failure of the migration; the next step finds out what is wrong.
    let _ = database.release().await;
    Ok(Done {
        id: step.id.clone(),
        name: step.name.clone(),
        kind: step.kind,
        statements: run.script.statements().saturating_sub(skipped),
        duration_ms: u64::try_from(clock.elapsed().as_millis()).unwrap_or(u64::MAX),
    })
}

/// Writes into the record how a statement outside a transaction failed: refused by the server, or without an answer.
async fn sealed_failure(
    step: &Step,
    run: &Run,
    number: usize,
    database: &mut dyn Database,
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
        match database.update(record).await {
            Ok(()) => StateAfter::Stopped {
                done: record.statements_done,
            },
            Err(_) => StateAfter::Unknown { statement },
        }
    };
    let _ = database.release().await;
    failure(step, Some(run), Some(number), state, error)
}

/// The most bytes of statements that are handed over at once.
const BATCH: usize = 64 * 1024;

/// Statements that are handed over together: as many plain ones as fit, or one that brings data. Numbered from 0, without
/// those that an earlier run has executed: the script may have asked for no transaction then.
fn batches(script: &Arc<Script>, skipped: usize) -> Vec<Vec<(usize, &script::Statement)>> {
    let mut batches: Vec<Vec<(usize, &script::Statement)>> = Vec::new();
    let mut size = BATCH;
    for (number, statement) in sent(script).enumerate().skip(skipped) {
        let alone = matches!(statement.kind, script::Kind::CopyIn { .. });
        size += statement.body.len();
        match batches.last_mut() {
            Some(batch) if !alone && size <= BATCH => batch.push((number, statement)),
            _ => {
                size = if alone { BATCH } else { statement.body.len() };
                batches.push(vec![(number, statement)]);
            }
        }
    }
    batches
}

/// Sends the statements of a batch; the number of the one that failed comes with its error.
async fn send_all(
    script: &Script,
    batch: Vec<(usize, &script::Statement)>,
    total: usize,
    database: &mut dyn Database,
    observer: &mut Observer<'_>,
) -> Result<(), (usize, DatabaseError)> {
    if let [(number, statement)] = batch.as_slice() {
        let sent = send(script, *number, total, statement, database, observer).await;
        return sent.map_err(|error| (*number, error));
    }
    let text = |statement: &script::Statement| script.text.get(statement.body.clone()).unwrap_or_default();
    let texts: Vec<&str> = batch.iter().map(|(_, statement)| text(statement)).collect();
    let mut begins = |index: usize| {
        if let Some((number, statement)) = batch.get(index) {
            announce(script, *number, total, statement, observer);
        }
    };
    let sent = database.execute_all(&texts, &mut begins).await;
    sent.map_err(|(index, error)| (batch.get(index).map_or(0, |(number, _)| *number), error))
}

fn announce(script: &Script, number: usize, total: usize, statement: &script::Statement, observer: &mut Observer<'_>) {
    let summary = script::describe(&script.text, statement, script.syntax);
    observer(Event::Statement {
        number: number + 1,
        total,
        summary: &summary,
    });
}

/// Sends one statement in the way that its kind asks for.
async fn send(
    script: &Script,
    number: usize,
    total: usize,
    statement: &script::Statement,
    database: &mut dyn Database,
    observer: &mut Observer<'_>,
) -> Result<(), DatabaseError> {
    announce(script, number, total, statement, observer);
    let text = script.text.get(statement.body.clone()).unwrap_or_default();
    match &statement.kind {
        script::Kind::CopyIn { data } => {
            database
                .copy_in(text, script.text.get(data.clone()).unwrap_or_default())
                .await
        }
        _ => database.execute(text).await,
    }
}

fn sent(script: &Arc<Script>) -> impl Iterator<Item = &script::Statement> {
    script.parsed.iter().flat_map(script::Parsed::sent)
}

fn blank(step: &Step, stamp: &Stamp, protocol: Protocol) -> Record {
    Record {
        seq: 0,
        kind: step.kind,
        version: step.id.version().map(ToString::to_string),
        name: match &step.id {
            Id::Version(_) => step.name.clone(),
            // The name is the identity here.
            Id::Repeatable(name) => name.clone(),
        },
        outcome: Outcome::Running,
        up_checksum: step.up_checksum,
        down_checksum: step.down_checksum,
        protocol,
        statements_total: step.statements_done,
        statement_started: step.statements_done,
        statements_done: step.statements_done,
        started_at: String::new(),
        finished_at: None,
        duration_ms: None,
        applied_by: stamp.user.clone(),
        host: stamp.host.clone(),
        tool: stamp.tool.clone(),
        run_id: stamp.run_id.clone(),
        reason: step.reason.clone(),
        error: None,
        chain: String::new(),
    }
}

/// Says how the event of a record ended, and when.
fn end(record: &mut Record, outcome: Outcome, clock: Instant) {
    let elapsed = clock.elapsed();
    record.outcome = outcome;
    record.finished_at = Some(after(&record.started_at, elapsed));
    record.duration_ms = i64::try_from(elapsed.as_millis()).ok();
}

/// The texts to be stored with a step, canonical, without those that are too large.
fn texts(step: &Step, keep: usize) -> Vec<(Checksum, Cow<'_, str>)> {
    let kept = step.store.iter().filter(|script| script.text.len() <= keep);
    kept.map(|script| (script.checksum, script::canonical(&script.text)))
        .collect()
}

/// Whether the ledger has to be read again before anything else.
fn is_stale(error: &DatabaseError) -> bool {
    matches!(error.conflict, Some(Conflict::Busy | Conflict::Moved))
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// The server's time `elapsed` later. The server's clock is read once; how long things took is measured here.
fn after(started_at: &str, elapsed: Duration) -> String {
    let later = started_at
        .parse::<jiff::Timestamp>()
        .ok()
        .and_then(|at| at.checked_add(elapsed).ok());
    later.map_or_else(|| started_at.to_owned(), |at| format!("{at:.6}"))
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
        state,
        error,
    };
    if let (Some(run), Some(number)) = (run, place)
        && let Some(statement) = sent(&run.script).nth(number)
    {
        let at = statement.body.start + failure.error.offset.unwrap_or_default();
        failure.position = Some(run.script.position(at));
        failure.line = crate::catalog::shown_line(&run.script, at);
        failure.statement = Some((number + 1, run.script.statements()));
    }
    failure
}
