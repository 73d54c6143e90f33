//! What a command has to say: the values that both the human and the JSON output are made of. Documented in docs/json.md.

use serde::Serialize;
use syncline::catalog::CatalogProblem;
use syncline::database::Server;
use syncline::executor::StateAfter;
use syncline::history::{Kind, Outcome, Protocol, Record};
use syncline::migration::{Checksum, Direction, Id};
use syncline::plan::{Finding, Severity, Source, Step};
use syncline::script;
use syncline::status::{Edit, Row, Standing};
use syncline::{Code, Done, Failure, Target};

use super::next::Flags;
use super::trouble::Trouble;

/// Everything that a run of the program has to say.
#[derive(Debug, Serialize)]
pub struct Document {
    pub syncline: &'static str,
    pub command: Option<&'static str>,
    pub ok: bool,
    pub exit_code: u8,
    pub target: Option<String>,
    pub engine: Option<&'static str>,
    pub server: Option<String>,
    pub config: Option<String>,
    /// The newest version that is applied.
    pub head: Option<Id>,
    pub error: Option<ErrorView>,
    pub warnings: Vec<String>,
    pub findings: Vec<FindingView>,
    pub problems: Vec<ProblemView>,
    #[serde(flatten)]
    pub body: Body,
    /// What is added to commands that are proposed.
    #[serde(skip)]
    pub flags: Flags,
}

/// What one command adds to the document.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Body {
    Nothing {},
    Created {
        created: Vec<String>,
    },
    Plan {
        steps: Vec<StepView>,
    },
    Run(Box<RunView>),
    Status {
        migrations: Vec<RowView>,
        pending: usize,
        verdict: String,
        next: Vec<String>,
    },
    Log {
        records: Vec<RecordView>,
    },
    Show {
        script: Option<ScriptView>,
        written: Vec<String>,
    },
    Verify {
        records: usize,
        texts: usize,
        files: usize,
        chain_head: Option<String>,
    },
    Completions {
        shell: String,
        text: String,
    },
}

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
    pub version: Id,
    pub name: String,
    pub kind: Kind,
    pub direction: Option<Direction>,
    pub source: Option<Source>,
    pub path: Option<String>,
    pub transactional: bool,
    pub statements: usize,
    /// Statements that an earlier run executed.
    pub statements_done: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sql: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct DoneView {
    pub version: Id,
    pub name: String,
    pub kind: Kind,
    pub statements: usize,
    pub duration_ms: u64,
}

#[derive(Debug, Serialize)]
pub struct FailureView {
    pub code: Code,
    pub version: Id,
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
    pub applied_at: Option<String>,
    pub applied_by: Option<String>,
    pub duration_ms: Option<i64>,
    #[serde(skip)]
    pub standing: Standing,
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

impl Document {
    /// A document of which only the command is known.
    pub fn new(command: Option<&'static str>, body: Body) -> Self {
        Self {
            syncline: env!("CARGO_PKG_VERSION"),
            command,
            ok: true,
            exit_code: 0,
            target: None,
            engine: None,
            server: None,
            config: None,
            head: None,
            error: None,
            warnings: Vec::new(),
            findings: Vec::new(),
            problems: Vec::new(),
            body,
            flags: Flags::default(),
        }
    }

    /// Says which database it is about.
    pub fn target(&mut self, target: &Target) {
        self.target = Some(target.to_string());
        self.engine = Some(target.engine.id);
    }

    /// Says which server answered.
    pub fn server(&mut self, server: &Server) {
        self.server = Some(server.version.clone());
    }

    /// Adds what is worth knowing.
    pub fn findings(&mut self, findings: &[Finding]) {
        let views = findings.iter().map(|finding| FindingView {
            code: finding.code,
            severity: finding.severity,
            version: finding.id.clone(),
            message: finding.message.clone(),
            help: finding.help.iter().map(|help| self.flags.add_to(help)).collect(),
            diff: finding.diff.clone(),
        });
        let views: Vec<_> = views.collect();
        self.findings.extend(views);
    }

    /// Adds what is wrong with the files.
    pub fn problems(&mut self, problems: &[CatalogProblem]) {
        self.problems.extend(problems.iter().map(|problem| ProblemView {
            code: problem.code,
            path: problem.path.clone(),
            line: problem.position.map(|position| position.line),
            column: problem.position.map(|position| position.column),
            source: problem.line.clone(),
            message: problem.message.clone(),
            help: problem.help.clone(),
        }));
    }

    /// Records that the command did not do what was asked.
    pub fn fail(&mut self, trouble: &Trouble, state: Option<String>) {
        self.findings(&trouble.findings);
        self.problems(&trouble.problems);
        let place = trouble.place.as_ref();
        let position = place.and_then(|place| place.position);
        self.ok = false;
        self.exit_code = trouble.exit;
        self.error = Some(ErrorView {
            code: trouble.code,
            message: trouble.message.clone(),
            detail: trouble.detail.clone(),
            hint: trouble.hint.clone(),
            path: place.map(|place| place.path.clone()),
            line: position.map(|position| position.line),
            column: position.map(|position| position.column),
            state,
            next: trouble.next.iter().map(|next| self.flags.add_to(next)).collect(),
        });
    }

    /// Records that a migration failed, after so many others were done.
    pub fn fail_at(&mut self, failure: &Failure, done: usize) {
        let code = failure.code();
        let view = FailureView::new(failure, &self.flags);
        let verb = match failure.direction {
            Some(Direction::Down) => "rollback of ",
            _ => "migration ",
        };
        let at = failure
            .statement
            .map_or_else(String::new, |(number, of)| format!(" at statement {number} of {of}"));
        self.ok = false;
        self.exit_code = code.exit();
        self.error = Some(ErrorView {
            code,
            message: format!("{verb}{} {} failed{at}", failure.id, failure.name),
            detail: None,
            hint: None,
            path: Some(failure.path.clone()).filter(|path| !path.is_empty()),
            line: view.line,
            column: view.column,
            state: Some(state_after(failure, done)),
            next: view.next.clone(),
        });
        if let Body::Run(run) = &mut self.body {
            run.failure = Some(view);
        }
    }

    /// Sorts what was done into applied, reverted and only recorded.
    pub fn done(&mut self, done: Vec<Done>) {
        let Body::Run(run) = &mut self.body else { return };
        for done in done {
            let list = match done.kind {
                Kind::Up | Kind::Repeat => &mut run.applied,
                Kind::Down => &mut run.reverted,
                _ => &mut run.recorded,
            };
            list.push(DoneView::from(&done));
        }
    }
}

impl From<&Done> for DoneView {
    fn from(done: &Done) -> Self {
        Self {
            version: done.id.clone(),
            name: done.name.clone(),
            kind: done.kind,
            statements: done.statements,
            duration_ms: done.duration_ms,
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
            sql: sql.map(|run| script::mask_secrets(&run.script.text, run.script.syntax).into_owned()),
        }
    }
}

impl From<&Row<'_>> for RowView {
    fn from(row: &Row<'_>) -> Self {
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
            statements_done: record.map(|record| record.statements_done),
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

impl FailureView {
    fn new(failure: &Failure, flags: &Flags) -> Self {
        let error = &failure.error;
        Self {
            code: failure.code(),
            version: failure.id.clone(),
            name: failure.name.clone(),
            direction: failure.direction,
            path: failure.path.clone(),
            line: failure.position.map(|position| position.line),
            column: failure.position.map(|position| position.column),
            source: failure.line.clone(),
            statement: failure.statement.map(|(number, _)| number),
            statements: failure.statement.map(|(_, of)| of),
            message: error.message.clone(),
            detail: error.detail.clone(),
            hint: error.hint.clone(),
            native: error.native.clone(),
            state: match failure.state {
                StateAfter::Unchanged => "unchanged",
                StateAfter::Stopped { .. } => "stopped",
                StateAfter::Unknown { .. } => "unknown",
                StateAfter::CommitUnknown => "commit-unknown",
            },
            next: next_after(failure).iter().map(|next| flags.add_to(next)).collect(),
        }
    }
}

/// What the database holds after a failure, in a sentence.
fn state_after(failure: &Failure, done: usize) -> String {
    let before = match (failure.direction, done) {
        (_, 0) => String::new(),
        (Some(Direction::Down), 1) => "; 1 migration before it was taken back".to_owned(),
        (Some(Direction::Down), many) => format!("; {many} migrations before it were taken back"),
        (_, 1) => "; 1 migration before it was applied".to_owned(),
        (_, many) => format!("; {many} migrations before it were applied"),
    };
    let this = match failure.state {
        StateAfter::Unchanged => "nothing of this migration was kept".to_owned(),
        StateAfter::Stopped { done: 0 } => "no statement of this migration was executed".to_owned(),
        StateAfter::Stopped { done: 1 } => {
            "statement 1 of this migration is in the database, the rest is not".to_owned()
        }
        StateAfter::Stopped { done } => {
            format!("statements 1 to {done} of this migration are in the database, the rest is not")
        }
        StateAfter::Unknown { statement } => {
            format!("whether statement {statement} took effect is not known; those before it did")
        }
        StateAfter::CommitUnknown => {
            "the connection was lost during the commit: either all of this migration is in the database, or nothing"
                .to_owned()
        }
    };
    format!("{this}{before}")
}

/// What to do after a failure.
fn next_after(failure: &Failure) -> Vec<String> {
    let id = &failure.id;
    let again = match failure.direction {
        Some(Direction::Down) => "syncline down --use file",
        _ => "syncline up",
    };
    match (failure.state, failure.code()) {
        (StateAfter::Unknown { .. }, _) => vec![
            format!("syncline repair resolve {id} --applied --reason \"…\"   # the statement took effect"),
            format!("syncline repair resolve {id} --not-applied --reason \"…\"   # it did not: it is sent again"),
        ],
        (StateAfter::CommitUnknown, _) | (_, Code::Lost) => vec!["syncline status".to_owned()],
        (StateAfter::Stopped { done }, _) => {
            vec![format!(
                "{again}   # goes on after statement {done}, when the file is mended"
            )]
        }
        (StateAfter::Unchanged, _) => vec![format!("{again}   # when the file is mended")],
    }
}
