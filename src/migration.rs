//! A migration as its files tell it: identity, scripts and checksums.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::script::{self, Again, Expanded, Mode, Parsed, Placeholders, Position, Problem, Question, Syntax};
use crate::shell;
use crate::version::{Point, Version, VersionError};

/// The prefix of a repeatable migration's file and identity.
pub const REPEATABLE: &str = "R__";

/// What tells one migration from another: a version, or the name of a repeatable one.
///
/// All versions come before all repeatable migrations, which is the order in which they run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Id {
    /// A migration that runs once, in the order of versions.
    Version(Version),
    /// A migration that runs after the versioned ones whenever its checksum has changed; this is its name.
    Repeatable(String),
}

impl Id {
    /// The version, unless the migration is repeatable.
    pub fn version(&self) -> Option<&Version> {
        match self {
            Id::Version(version) => Some(version),
            Id::Repeatable(_) => None,
        }
    }

    /// As a POSIX shell takes it: names of repeatable migrations may have blanks.
    pub fn word(&self) -> String {
        shell::quote(&self.to_string())
    }
}

impl FromStr for Id {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        match text.strip_prefix(REPEATABLE) {
            Some(name) if !name.is_empty() => Ok(Id::Repeatable(name.to_owned())),
            _ => text.parse().map(Id::Version),
        }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Id::Version(version) => version.fmt(f),
            Id::Repeatable(name) => write!(f, "{REPEATABLE}{name}"),
        }
    }
}

/// The identity of a migration as text; the word for the place before all where it is about none.
pub(crate) fn label(id: Option<&Id>) -> String {
    id.map_or_else(|| Point::BeforeAll.to_string(), ToString::to_string)
}

impl serde::Serialize for Id {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Which of a migration's two scripts is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Towards the newest version.
    Up,
    /// Back from it.
    Down,
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Direction::Up => "up",
            Direction::Down => "down",
        })
    }
}

/// SHA-256 of a script's canonical text: UTF-8, byte-order mark dropped, CRLF and CR become LF, nothing else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Checksum([u8; 32]);

impl Checksum {
    /// The checksum of a text, which need not be canonical.
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(script::canonical(text).as_bytes()).into())
    }

    /// The first twelve hexadecimal digits, enough to tell two texts of one migration apart at a glance.
    pub fn short(&self) -> String {
        self.to_string().chars().take(12).collect()
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Checksum({self})")
    }
}

/// The text is not 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a SHA-256 checksum")]
pub struct ChecksumError(String);

impl FromStr for Checksum {
    type Err = ChecksumError;

    fn from_str(text: &str) -> Result<Self, ChecksumError> {
        let wrong = || ChecksumError(text.to_owned());
        let digits = text.as_bytes();
        if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(wrong());
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| wrong())?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| wrong())?;
        }
        Ok(Self(bytes))
    }
}

impl serde::Serialize for Checksum {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// One direction of a migration: where its text came from, the text, and what the splitter made of it.
#[derive(Debug, Clone)]
pub struct Script {
    /// The file, or `stored script of V` for one that comes out of the ledger.
    pub path: String,
    /// Lines of the file before this script begins; not 0 for the down part of a file that holds both, and negative where a layout
    /// has put lines before those of the file.
    pub first_line: i32,
    /// What is run, byte for byte.
    pub text: String,
    /// What the file holds, where placeholders in it have been replaced.
    source: Option<(String, Expanded)>,
    /// Of the canonical text, before placeholders are replaced.
    pub checksum: Checksum,
    /// The statements, or everything that kept the splitter from finding them.
    pub parsed: Result<Parsed, Vec<Problem>>,
    /// The rules it was split by.
    pub syntax: Syntax,
}

impl Script {
    /// Splits a text. Never fails: what is wrong with the text is kept in `parsed`.
    pub fn new(path: impl Into<String>, first_line: i32, text: String, syntax: Syntax) -> Self {
        Self::expanded(path, first_line, text, syntax, &Placeholders::default())
    }

    /// As [`Script::new`], with the values of placeholders put in. Never fails: one that is not known is a problem of the script.
    pub fn expanded(
        path: impl Into<String>,
        first_line: i32,
        text: String,
        syntax: Syntax,
        placeholders: &Placeholders,
    ) -> Self {
        let checksum = Checksum::of(&text);
        let expanded = match placeholders.is_empty() {
            true => Ok(None),
            false => placeholders.expand(&text).map(Some),
        };
        let (text, source, parsed) = match expanded {
            Ok(None) => {
                let parsed = script::parse(&text, syntax);
                (text, None, parsed)
            }
            Ok(Some(expanded)) => {
                let parsed = script::parse(&expanded.text, syntax);
                (expanded.text.clone(), Some((text, expanded)), parsed)
            }
            Err(problems) => (text, None, Err(problems)),
        };
        Self {
            path: path.into(),
            first_line,
            text,
            source,
            checksum,
            parsed,
            syntax,
        }
    }

    /// What is kept, compared and shown: the text before placeholders are replaced, whose values may be secret.
    pub fn source(&self) -> &str {
        self.source.as_ref().map_or(&self.text, |(source, _)| source)
    }

    /// Everything that keeps the script from being run, in the order of the text.
    pub fn problems(&self) -> Vec<Problem> {
        match &self.parsed {
            Ok(parsed) => {
                let mut problems = script::check(&self.text, parsed, self.syntax);
                for problem in &mut problems {
                    problem.message = self.without_values(&problem.message);
                }
                problems
            }
            Err(problems) => problems.clone(),
        }
    }

    /// What shows that it goes back again, where it is an up script. What helps is left to be said.
    pub(crate) fn both_directions(&self) -> Option<Problem> {
        let parsed = self.parsed.as_ref().ok()?;
        let mut problem = script::both_directions(&self.text, parsed, self.syntax)?;
        problem.message = self.without_values(&problem.message);
        Some(problem)
    }

    /// Words about the text that is run, with placeholders where they repeat values.
    pub(crate) fn without_values(&self, words: &str) -> String {
        match &self.source {
            Some((source, expanded)) => expanded.hide(source, words),
            None => words.to_owned(),
        }
    }

    /// Where a byte of what is run comes from in [`Script::source`].
    pub(crate) fn origin(&self, byte: usize) -> usize {
        self.source.as_ref().map_or(byte, |(_, expanded)| expanded.origin(byte))
    }

    /// Whether the author has seen a finding of this code, and lets it through.
    pub fn allows(&self, code: &str) -> bool {
        let allow = |parsed: &Parsed| parsed.directives.allow.iter().any(|allow| allow.code == code);
        self.parsed.as_ref().is_ok_and(allow)
    }

    /// Whether it runs again, in its place, when its text has changed after it was applied.
    pub fn runs_on_change(&self) -> bool {
        self.parsed
            .as_ref()
            .is_ok_and(|parsed| parsed.directives.again == Again::OnChange)
    }

    /// What the database is asked before it is run; all has to be answered as it says there.
    pub fn questions(&self) -> &[Question] {
        self.parsed
            .as_ref()
            .map_or(&[], |parsed| parsed.directives.only_if.as_slice())
    }

    /// Where a byte of the text stands in the file.
    pub fn position(&self, byte: usize) -> Position {
        let mut position = Position::of(self.source(), self.origin(byte));
        position.line = position.line.saturating_add_signed(self.first_line).max(1);
        position
    }

    /// How many statements are sent to the database; 0 when the text cannot be split.
    pub fn statements(&self) -> usize {
        self.parsed.as_ref().map_or(0, |parsed| parsed.sent().count())
    }

    /// Whether the script runs in a transaction: what it asks for, unless the server leaves no choice ([`Parsed::mode`]).
    pub fn mode(&self) -> Mode {
        self.parsed
            .as_ref()
            .map_or(Mode::Inside, |parsed| parsed.mode(self.syntax))
    }
}

/// A migration as the files tell it.
#[derive(Debug, Clone)]
pub struct Migration {
    /// Its version, or its name when it is repeatable.
    pub id: Id,
    /// The part of the file name after the version.
    pub name: String,
    /// What applies it.
    pub up: Arc<Script>,
    /// What reverts it.
    pub down: Option<Arc<Script>>,
}

impl Migration {
    /// The script of one direction.
    pub fn script(&self, direction: Direction) -> Option<&Arc<Script>> {
        match direction {
            Direction::Up => Some(&self.up),
            Direction::Down => self.down.as_ref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_endings_and_a_byte_order_mark_do_not_change_the_checksum() {
        let checksum = Checksum::of("SELECT 1;\nSELECT 2;\n");
        assert_eq!(Checksum::of("SELECT 1;\r\nSELECT 2;\r\n"), checksum);
        assert_eq!(Checksum::of("SELECT 1;\rSELECT 2;\r"), checksum);
        assert_eq!(Checksum::of("\u{feff}SELECT 1;\nSELECT 2;\n"), checksum);
        assert_ne!(Checksum::of("SELECT 1;\nSELECT 2; \n"), checksum);
    }

    #[test]
    fn a_checksum_reads_back_as_it_was_written() {
        let checksum = Checksum::of("SELECT 1");
        assert_eq!(checksum.to_string().parse::<Checksum>().unwrap(), checksum);
        assert!("abc".parse::<Checksum>().is_err());
    }

    #[test]
    fn a_script_of_nothing_but_what_transactions_refuse_runs_without_one() {
        use Mode::{Inside, Outside};
        let mysql = Syntax::Mysql(script::SqlMode::default());
        for (text, syntax, mode) in [
            (
                "CREATE INDEX CONCURRENTLY i ON t (a); VACUUM t;",
                Syntax::Postgres(Default::default()),
                Outside,
            ),
            ("\\restrict x\nVACUUM;\n", Syntax::Postgres(Default::default()), Outside),
            ("VACUUM; SELECT 1;", Syntax::Postgres(Default::default()), Inside),
            (
                "-- syncline: no-transaction\nVACUUM; SELECT 1;",
                Syntax::Postgres(Default::default()),
                Outside,
            ),
            (
                "SELECT 'VACUUM'; -- VACUUM",
                Syntax::Postgres(Default::default()),
                Inside,
            ),
            ("-- VACUUM;", Syntax::Postgres(Default::default()), Inside),
            ("", Syntax::Postgres(Default::default()), Inside),
            ("VACUUM", Syntax::Sqlite, Outside),
            ("PRAGMA foreign_keys = off", Syntax::Sqlite, Inside),
            ("INSERT INTO t VALUES (1)", mysql, Outside),
            ("", mysql, Outside),
            ("SELECT 'never closed", Syntax::Postgres(Default::default()), Inside),
        ] {
            let script = Script::new("1_a.sql", 0, text.to_owned(), syntax);
            assert_eq!(script.mode(), mode, "{text}");
        }
    }

    #[test]
    fn repeatable_migrations_come_after_all_versions() {
        let mut ids: Vec<Id> = ["R__b", "10", "R__a", "9"].iter().map(|t| t.parse().unwrap()).collect();
        ids.sort();
        assert_eq!(
            ids.iter().map(Id::to_string).collect::<Vec<_>>(),
            ["9", "10", "R__a", "R__b"]
        );
    }
}
