//! What the catalog is made of: files as they were found, scripts as a layout has read them, and what is wrong with either.

use std::collections::BTreeMap;

use super::conditions::{Condition, Property};
use crate::migration::{Direction, Id};
use crate::script::{self, Position, Problem, Undecodable};

/// One thing that was found in a place where migrations are looked for.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The path, as it is to be shown in messages.
    pub path: String,
    /// The path from the directory of the migrations on, with `/` between its parts. It is what the naming rules read.
    pub name: String,
    /// What is there.
    pub content: Content,
}

/// What is behind a path.
#[derive(Debug, Clone)]
pub enum Content {
    /// A file that was read.
    Bytes(Vec<u8>),
    /// Something else, or a file that cannot be read; the text says what.
    Unreadable(String),
    /// What nobody reads, and would not pass over without a word; the text says why.
    Stray(String),
}

/// Something in the files that has to be mended before anything is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogProblem {
    /// Stable name of the kind of problem.
    pub code: &'static str,
    /// The file.
    pub path: String,
    /// The place in it, where there is one.
    pub position: Option<Position>,
    /// The line at that place.
    pub line: Option<String>,
    /// What was found.
    pub message: String,
    /// What would be right.
    pub help: String,
}

/// The files do not make a catalog. Holds every problem that was found, not the first.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{} in the migration files", counted(problems.len(), "problem"))]
pub struct CatalogError {
    /// At least one.
    pub problems: Vec<CatalogProblem>,
}

fn counted(n: usize, noun: &str) -> String {
    if n == 1 {
        format!("1 {noun}")
    } else {
        format!("{n} {noun}s")
    }
}

impl Entry {
    /// The last component of its path.
    pub(super) fn file(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }

    /// The bytes, where they are text without any doubt: for looking, not for running.
    pub(super) fn peek(&self) -> Option<&str> {
        match &self.content {
            Content::Bytes(bytes) => std::str::from_utf8(bytes)
                .ok()
                .map(|text| text.strip_prefix('\u{feff}').unwrap_or(text)),
            Content::Unreadable(_) | Content::Stray(_) => None,
        }
    }
}

/// A script as a layout has read it: one direction of a migration, in syncline's own terms.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub id: Id,
    pub name: String,
    pub direction: Direction,
    pub path: String,
    /// Lines of the file before it.
    pub first_line: i32,
    pub text: String,
    /// Whether a `-- syncline: down` line cuts it in two.
    pub can_be_cut: bool,
}

impl Found {
    /// A script that is all of its file: its path and its text.
    pub fn new(id: Id, name: impl Into<String>, direction: Direction, (path, text): (String, String)) -> Self {
        Self {
            id,
            name: name.into(),
            direction,
            path,
            first_line: 0,
            text,
            can_be_cut: false,
        }
    }
}

/// What a layout has made of the files.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub scripts: Vec<Found>,
    pub problems: Vec<CatalogProblem>,
    /// Scripts that stand for everything up to their version.
    pub baselines: Vec<Found>,
    /// Files that the tool passes over, and so do we.
    pub passed: Vec<String>,
    /// What is worth knowing and keeps nothing from running.
    pub notes: Vec<String>,
    /// The database that the files are for, with the file that says so.
    pub provider: Option<(String, String)>,
    /// What has to hold for a migration to be there, with the file that says so.
    pub conditions: Vec<(Id, String, Condition)>,
    /// Values that the files give placeholders. Those of the configuration come before them.
    pub properties: Vec<Property>,
    /// Whether the tool opens no transaction around a script.
    pub runs_bare: bool,
    /// The word for the database that a file is for, by its path, where it is not for all.
    pub only_for: BTreeMap<String, String>,
    /// The file that lists the migrations, and its text.
    pub listed_by: Option<(String, String)>,
    /// Files of which a script is only a part, by path.
    pub whole: BTreeMap<String, String>,
    /// Whether the tool switches foreign keys off on SQLite while it runs.
    pub unchecked: bool,
}

impl Draft {
    /// A problem of a whole file.
    pub fn problem(&mut self, code: &'static str, path: &str, message: impl Into<String>, help: &str) {
        self.problems.push(CatalogProblem {
            code,
            path: path.to_owned(),
            position: None,
            line: None,
            message: message.into(),
            help: help.to_owned(),
        });
    }

    /// A file with a name that its tool does not have, though others do.
    pub fn misnamed(&mut self, path: &str, message: impl Into<String>) {
        let help = "rename the file, or choose another `layout`";
        self.problem("near-miss", path, message, help);
    }

    /// A problem at a line of a file, counted from 0.
    pub fn problem_at(&mut self, code: &'static str, path: &str, line: (usize, &str), message: String, help: &str) {
        let (number, text) = line;
        self.problems.push(CatalogProblem {
            code,
            path: path.to_owned(),
            position: Some(Position {
                line: u32::try_from(number).unwrap_or(u32::MAX).saturating_add(1),
                column: 1,
            }),
            line: Some(text.trim_end_matches(['\r', '\n']).to_owned()),
            message,
            help: help.to_owned(),
        });
    }

    /// The text of a file; `None` where it has none, which is noted.
    pub fn text(&mut self, entry: Entry) -> Option<(String, String)> {
        let path = entry.path;
        let bytes = match entry.content {
            Content::Bytes(bytes) => bytes,
            Content::Unreadable(what) => {
                let help = "a migration is a regular file that can be read";
                self.problem("unreadable", &path, what, help);
                return None;
            }
            Content::Stray(what) => {
                self.problem("unreadable", &path, what, "move it elsewhere, or mend it");
                return None;
            }
        };
        match script::decode(bytes) {
            Ok(text) => Some((path, text)),
            Err(Undecodable { problem, position }) => {
                let Problem {
                    code, message, help, ..
                } = problem;
                self.problems.push(CatalogProblem {
                    code,
                    path,
                    position: Some(position),
                    line: None,
                    message,
                    help,
                });
                None
            }
        }
    }
}
