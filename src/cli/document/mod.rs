//! What a command has to say: the values that both the human and the JSON output are made of. Documented in docs/json.md.

mod deeds;
mod failure;
mod views;

use serde::Serialize;
use syncline::catalog::CatalogProblem;
use syncline::database::Server;
use syncline::history::Kind;
use syncline::migration::{Direction, Id};
use syncline::plan::Finding;
use syncline::script::{self, Syntax};
use syncline::version::Point;
use syncline::{Done, Failure, Target};

use super::next::Flags;
use super::trouble::Trouble;

pub use views::*;

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
    /// Whose files were read, where they are not in syncline's own layout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layout: Option<LayoutView>,
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
    /// The rules by which secrets are found in statements.
    #[serde(skip)]
    syntax: Syntax,
}

/// Whose files were read.
#[derive(Debug, Serialize)]
pub struct LayoutView {
    pub name: &'static str,
    /// What shows it; empty where it was asked for.
    pub reason: String,
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
    Adopt(Box<AdoptView>),
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
            layout: None,
            head: None,
            error: None,
            warnings: Vec::new(),
            findings: Vec::new(),
            problems: Vec::new(),
            body,
            flags: Flags::default(),
            syntax: Syntax::Sqlite,
        }
    }

    /// Says which database it is about.
    pub fn target(&mut self, target: &Target) {
        self.target = Some(target.to_string());
        self.engine = Some(target.engine.id);
        self.syntax = target.engine.syntax;
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
            diff: finding.diff.as_ref().map(|diff| masked(diff, self.syntax)),
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
        self.flags.typed.done(done);
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
            message: format!("{verb}{} failed{at}", label(failure.id.as_ref(), &failure.name)),
            detail: None,
            hint: None,
            path: Some(failure.path.clone()).filter(|path| !path.is_empty()),
            line: view.line,
            column: view.column,
            state: Some(failure::state_after(failure, done)),
            next: view.next.clone(),
        });
        if let Body::Run(run) = &mut self.body {
            run.failure = Some(view);
        }
    }

    /// Sorts what was done into applied, reverted and only recorded.
    pub fn done(&mut self, done: Vec<Done>) {
        if let Body::Adopt(view) = &mut self.body {
            view.recorded = done.len();
        }
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

/// How a migration is called: a repeatable one has its name in its identity.
pub fn label(id: Option<&Id>, name: &str) -> String {
    match id {
        Some(Id::Version(version)) => format!("{version} {name}"),
        Some(repeatable) => repeatable.to_string(),
        None => Point::BeforeAll.to_string(),
    }
}

/// A unified diff without the secrets that its lines hold.
fn masked(diff: &str, syntax: Syntax) -> String {
    let line = |line: &str| match line.char_indices().nth(1) {
        Some((at, _)) if !line.starts_with('@') => {
            format!("{}{}", &line[..at], script::mask_secrets(&line[at..], syntax))
        }
        _ => line.to_owned(),
    };
    diff.split_inclusive('\n').map(line).collect()
}
