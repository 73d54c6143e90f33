//! What went wrong: the one place where errors of the library become a code, a message and the next command.

use std::path::Path;

use syncline::catalog::CatalogProblem;
use syncline::database::DatabaseError;
use syncline::files::FilesError;
use syncline::plan::{Finding, PlanError};
use syncline::script::Position;
use syncline::{Code, Error};

/// Boxed, because the good case should not carry the size of the bad one.
pub type Result<T> = std::result::Result<T, Box<Trouble>>;

/// Why a command did not do what was asked.
#[derive(Debug)]
pub struct Trouble {
    /// The stable word for it.
    pub code: Code,
    /// What the process ends with; the code's own unless something else is said.
    pub exit: u8,
    /// What happened.
    pub message: String,
    /// The server's further words.
    pub detail: Option<String>,
    /// What to do, in words.
    pub hint: Option<String>,
    /// What to type next.
    pub next: Vec<String>,
    /// Where it happened.
    pub place: Option<Place>,
    /// On what files and history disagree.
    pub findings: Vec<Finding>,
    /// What is wrong with the files.
    pub problems: Vec<CatalogProblem>,
}

/// A place in a file.
#[derive(Debug)]
pub struct Place {
    /// The file.
    pub path: String,
    /// Where in it.
    pub position: Option<Position>,
    /// The line there, where it may be shown.
    pub line: Option<String>,
}

impl Trouble {
    /// An error in words of ours.
    pub fn new(code: Code, message: impl Into<String>) -> Box<Self> {
        Box::new(Self {
            code,
            exit: code.exit(),
            message: message.into(),
            detail: None,
            hint: None,
            next: Vec::new(),
            place: None,
            findings: Vec::new(),
            problems: Vec::new(),
        })
    }

    /// A command line that clap lets through and that makes no sense.
    pub fn usage(message: impl Into<String>) -> Box<Self> {
        Self::new(Code::Usage, message)
    }

    /// A file could not be read or written.
    pub fn io(what: &str, path: &Path, error: &std::io::Error) -> Box<Self> {
        Self::new(Code::Io, format!("`{}` cannot be {what}: {error}", path.display()))
            .hint("look at the directory, its rights and the room on its disk")
    }

    /// Adds what to do. A text that is a command goes where commands go.
    #[must_use]
    pub fn hint(mut self: Box<Self>, hint: impl Into<String>) -> Box<Self> {
        let hint = hint.into();
        if hint.starts_with("syncline ") {
            self.next.push(hint);
        } else if !hint.is_empty() {
            self.hint = Some(hint);
        }
        self
    }

    /// Adds a command to be typed next.
    #[must_use]
    pub fn next(mut self: Box<Self>, command: impl Into<String>) -> Box<Self> {
        self.next.push(command.into());
        self
    }

    /// Files and history disagree.
    pub fn refused(findings: Vec<Finding>) -> Box<Self> {
        let code = findings.first().map_or(Code::Internal, |finding| finding.code);
        let message = match findings.as_slice() {
            [only] => only.message.clone(),
            findings => format!("there are {} reasons not to run anything", findings.len()),
        };
        let mut trouble = Self::new(code, message);
        trouble.findings = findings;
        trouble
    }

    /// The files have problems.
    pub fn files(problems: Vec<CatalogProblem>) -> Box<Self> {
        let message = match problems.len() {
            1 => "there is a problem in the migration files".to_owned(),
            many => format!("there are {many} problems in the migration files"),
        };
        let mut trouble = Self::new(Code::Files, message);
        trouble.problems = problems;
        trouble
    }
}

impl From<Error> for Box<Trouble> {
    fn from(error: Error) -> Self {
        match error {
            Error::Catalog(error) => Trouble::files(error.problems),
            Error::Scripts(problems) => Trouble::files(problems),
            Error::Plan(error) => error.into(),
            Error::Refused(findings) => Trouble::refused(findings),
            Error::History(error) => Trouble::new(Code::Ledger, error.to_string())
                .hint("use the syncline that wrote this history, or a newer one; `history-table` names another table"),
            Error::Database(error) => error.into(),
            other => Trouble::new(other.code(), other.to_string()),
        }
    }
}

impl From<PlanError> for Box<Trouble> {
    fn from(error: PlanError) -> Self {
        Trouble::new(error.code, error.message).hint(error.help)
    }
}

impl From<DatabaseError> for Box<Trouble> {
    fn from(error: DatabaseError) -> Self {
        let mut trouble = Trouble::new(error.code, error.message).hint(error.hint.unwrap_or_default());
        trouble.detail = error.detail;
        trouble
    }
}

impl From<FilesError> for Box<Trouble> {
    fn from(error: FilesError) -> Self {
        match error {
            FilesError::Catalog(error) => Trouble::files(error.problems),
            FilesError::Several { .. } => Trouble::new(Code::Layout, error.to_string())
                .hint("give each a target of its own, with its `dir`, `history-table` and `script-table`"),
            FilesError::Ambiguous(error) => {
                let name = error.fits.first().map_or("native", |(name, _)| name);
                let hint = format!("say which: `--layout {name}`, or `layout = \"{name}\"` in the configuration");
                Trouble::new(Code::Layout, error.to_string()).hint(hint)
            }
            other => Trouble::new(Code::NoDirectory, other.to_string())
                .hint("`syncline init` makes it; `--dir DIR` names another one"),
        }
    }
}
