//! The parts of a document, made of what the library returns.

use std::time::Duration;

use serde::{Serialize, Serializer};
use syncline::history::{Kind, Outcome, Protocol, Record, State};
use syncline::migration::{Checksum, Direction, Id};
use syncline::plan::{Severity, Source, Step, Verdict};
use syncline::script::{self, Syntax};
use syncline::status::{self, Edit, Known, Row, Standing};
use syncline::{Adoption, Code, Done};

/// What was done to the database.
#[derive(Debug, Default, Serialize)]
pub struct RunView {
    pub applied: Vec<DoneView>,
    pub reverted: Vec<DoneView>,
    pub recorded: Vec<DoneView>,
    pub failure: Option<FailureView>,
}

#[derive(Debug, Serialize)]
pub struct ErrorView {
    pub code: Code,
    pub message: String,
    pub detail: Option<String>,
    pub hint: Option<String>,
    pub path: Option<String>,
    pub line: Option<u32>,
    pub column: Option<u32>,
    pub state: Option<String>,
    pub next: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct FindingView {
    pub code: Code,
    pub severity: Severity,
    pub version: Option<Id>,
    pub message: String,
    pub help: Vec<String>,
    pub diff: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct ProblemView {
    pub code: &'static str,
    pub path: String,
    pub line: Option<u32>,
    pub column: Option<u32>,
    pub source: Option<String>,
    pub message: String,
    pub help: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct StepView {
    /// None where the record says that none is applied.
    pub version: Option<Id>,
    pub name: String,
    pub kind: Kind,
    pub direction: Option<Direction>,
    pub source: Option<Source>,
    pub path: Option<String>,
    pub transactional: bool,
    pub statements: usize,
    /// Statements that an earlier run executed.
    pub statements_done: u32,
    /// What the database is asked first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub only_if: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sql: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct DoneView {
    pub version: Option<Id>,
    pub name: String,
    /// What it was before it was renumbered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<Id>,
    pub kind: Kind,
    pub statements: usize,
    #[serde(rename = "duration_ms", serialize_with = "in_ms")]
    pub took: Duration,
}

#[derive(Debug, Serialize)]
pub struct FailureView {
    pub code: Code,
    pub version: Option<Id>,
    pub name: String,
    pub direction: Option<Direction>,
    pub path: String,
    pub line: Option<u32>,
    pub column: Option<u32>,
    /// The text of that line.
    pub source: Option<String>,
    pub statement: Option<usize>,
    pub statements: Option<usize>,
    pub message: String,
    pub detail: Option<String>,
    pub hint: Option<String>,
    pub native: Option<String>,
    pub state: &'static str,
    pub next: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct RowView {
    pub version: Id,
    pub name: String,
    pub state: &'static str,
    /// For a changed migration: whether its statements differ.
    pub edit: Option<Edit>,
    /// Of the script that counts: the one that ran, or the file's where none did.
    pub checksum: Option<Checksum>,
    pub path: Option<String>,
    pub statements: Option<u32>,
    pub statements_done: Option<u32>,
    /// Where it stopped half-way.
    pub stopped: Option<StoppedView>,
    pub applied_at: Option<String>,
    pub applied_by: Option<String>,
    pub duration_ms: Option<i64>,
    #[serde(skip)]
    pub standing: Standing,
}

/// The statement at which a script stopped, or whose outcome is not known.
#[derive(Debug, Serialize)]
pub struct StoppedView {
    pub statement: u32,
    pub of: u32,
    /// One line of it, without secrets.
    pub summary: Option<String>,
    pub error: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct RecordView {
    pub seq: i64,
    pub kind: Kind,
    pub version: Option<String>,
    pub name: String,
    pub outcome: Outcome,
    pub up_checksum: Option<Checksum>,
    pub down_checksum: Option<Checksum>,
    pub transactional: bool,
    pub statements: u32,
    pub statements_done: u32,
    pub started_at: String,
    pub finished_at: Option<String>,
    pub duration_ms: Option<i64>,
    pub applied_by: String,
    pub host: String,
    pub tool: String,
    pub run_id: String,
    pub reason: Option<String>,
    pub error: Option<String>,
    pub chain: String,
}

#[derive(Debug, Serialize)]
pub struct ScriptView {
    pub version: Id,
    pub name: String,
    pub direction: Direction,
    pub checksum: Checksum,
    pub text: String,
}

fn in_ms<S: Serializer>(took: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u128(took.as_millis())
}

impl From<&Done> for DoneView {
    fn from(done: &Done) -> Self {
        Self {
            version: done.id.clone(),
            name: done.name.clone(),
            was: done.was.clone(),
            kind: done.kind,
            statements: done.statements,
            took: done.took,
        }
    }
}

/// Whether a plan is shown with its statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    Steps,
    Statements,
}

impl StepView {
    /// What a step would do.
    pub fn new(step: &Step, detail: Detail) -> Self {
        let run = step.run.as_ref();
        let sql = run.filter(|_| detail == Detail::Statements);
        Self {
            version: step.id.clone(),
            name: step.name.clone(),
            kind: step.kind,
            direction: run.map(|run| run.direction),
            source: run.map(|run| run.source),
            path: run.map(|run| run.script.path.clone()),
            transactional: run.is_none_or(|run| run.protocol() == Protocol::Atomic),
            statements: run.map_or(0, |run| run.script.statements()),
            statements_done: run.map_or(0, |run| run.from),
            only_if: run.map_or_else(Vec::new, |run| {
                let questions = run.script.questions().iter();
                questions.map(|question| question.query.clone()).collect()
            }),
            sql: sql.map(|run| script::mask_secrets(run.script.source(), run.script.syntax).into_owned()),
        }
    }
}

impl RowView {
    /// How a migration stands.
    pub fn new(row: &Row<'_>, known: &Known, syntax: Syntax) -> Self {
        let stopped = status::stopped(row, known, syntax).map(|stopped| StoppedView {
            statement: stopped.statement,
            of: stopped.of,
            summary: stopped.text.map(|text| script::summary(&text, syntax)),
            error: stopped.error,
        });
        let applied = !matches!(
            row.standing,
            Standing::Pending | Standing::OutOfOrder | Standing::Reverted
        );
        let record = row.record.filter(|_| applied);
        let file = row.migration.map(|migration| migration.up.checksum);
        Self {
            version: row.id.clone(),
            name: row.name.to_owned(),
            state: row.standing.word(),
            edit: match row.standing {
                Standing::Changed(edit) => Some(edit),
                _ => None,
            },
            checksum: row
                .current
                .filter(|_| applied)
                .and_then(|current| current.up_checksum)
                .or(file),
            path: row.migration.map(|migration| migration.up.path.clone()),
            statements: match (record, row.migration) {
                (Some(record), _) => Some(record.statements_total),
                (None, Some(migration)) => u32::try_from(migration.up.statements()).ok(),
                (None, None) => None,
            },
            statements_done: match row.current.map(|current| current.state) {
                Some(State::Partial { done }) => Some(done),
                _ => record.map(|record| record.statements_done),
            },
            stopped,
            applied_at: record.map(|record| record.finished_at.clone().unwrap_or_else(|| record.started_at.clone())),
            applied_by: record.map(|record| record.applied_by.clone()),
            duration_ms: record.and_then(|record| record.duration_ms),
            standing: row.standing,
        }
    }
}

impl From<&Record> for RecordView {
    fn from(record: &Record) -> Self {
        Self {
            seq: record.seq,
            kind: record.kind,
            version: record.version.clone(),
            name: record.name.clone(),
            outcome: record.outcome,
            up_checksum: record.up_checksum,
            down_checksum: record.down_checksum,
            transactional: record.protocol == Protocol::Atomic,
            statements: record.statements_total,
            statements_done: record.statements_done,
            started_at: record.started_at.clone(),
            finished_at: record.finished_at.clone(),
            duration_ms: record.duration_ms,
            applied_by: record.applied_by.clone(),
            host: record.host.clone(),
            tool: record.tool.clone(),
            run_id: record.run_id.clone(),
            reason: record.reason.clone(),
            error: record.error.clone(),
            chain: record.chain.clone(),
        }
    }
}

/// What another tool's history says, and what was done with it.
#[derive(Debug, Serialize)]
pub struct AdoptView {
    pub tool: Option<&'static str>,
    pub table: Option<String>,
    pub migrations: Vec<TakenView>,
    /// How many records were written.
    pub recorded: usize,
    /// How many migrations were written into the other tool's table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mirrored: Option<usize>,
    #[serde(skip)]
    pub dry_run: bool,
}

/// A migration of another tool's history.
#[derive(Debug, Serialize)]
pub struct TakenView {
    pub version: Id,
    pub name: String,
    pub verdict: Verdict,
    pub applied_at: Option<String>,
    pub applied_by: Option<String>,
}

impl AdoptView {
    /// Before anything is known.
    pub fn new(dry_run: bool) -> Self {
        Self {
            tool: None,
            table: None,
            migrations: Vec::new(),
            recorded: 0,
            mirrored: None,
            dry_run,
        }
    }

    /// Takes what was found.
    pub fn show(&mut self, adoption: &Adoption) {
        self.tool = Some(adoption.tool);
        self.table = Some(adoption.table.clone());
        self.migrations = adoption
            .taken
            .iter()
            .map(|taken| TakenView {
                version: taken.id.clone(),
                name: taken.name.clone(),
                verdict: taken.verdict,
                applied_at: taken.at.clone(),
                applied_by: taken.by.clone(),
            })
            .collect();
    }
}
