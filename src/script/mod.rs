//! A script's text: statements with their places, directives, and everything that can be found wrong without a database.
//!
//! No I/O and no server: bytes go through [`decode`], text through [`parse`], and [`check`] tells what the script may not hold.
//! Nothing here panics or recurses on any input, and the work is linear in its length.

use std::fmt;
use std::ops::Range;

mod acts;
mod blocks;
mod bytes;
mod check;
mod classify;
mod client;
mod compare;
mod compound;
mod describe;
mod directive;
mod effect;
mod expanded;
mod foreign;
mod halves;
mod inline;
mod lexer;
mod look;
mod marks;
mod mode;
mod names;
mod near;
mod objects;
mod outside;
mod patience;
mod pattern;
mod placeholders;
mod pragmas;
mod program;
mod rows;
mod session;
mod since;
mod split;
mod transaction;
mod undone;

pub use bytes::{Undecodable, canonical, decode};
pub use check::check;
pub use compare::{same_tokens, statements};
pub use describe::{describe, mask_secrets, mentions, summary, without_secrets};
pub use directive::{Again, Allow, Directives, Emptiness, ForeignKeys, Mode, Question};
pub use effect::{Manner, aftermath, behind_settings, manner, verb};
pub use expanded::Expanded;
pub use halves::both_directions;
pub use inline::line_of_block;
pub use look::look;
pub use near::nearest;
pub use objects::{Aftermath, Object, ObjectKind, drops_database, objects};
pub use outside::{Said, head, is_for, said, without_head};
pub use patience::keeps_nobody_waiting;
pub use placeholders::{BadPlaceholder, Placeholders};
pub use program::{StoredProgram, survives_rollback, with_programs};
pub use session::lost_with_session;
pub use since::{Since, since};
pub use split::{down_marker, parse};
pub use transaction::{Bound, Boundary, Characteristics, Isolation, bound, boundary};

/// Whose lexical rules a script follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Syntax {
    /// SQLite.
    Sqlite,
    /// PostgreSQL. The rule for strings is that of the session when the script begins; the script may set another one.
    Postgres(Strings),
    /// MySQL and MariaDB. The mode is that of the session when the script begins; the script may set another one.
    Mysql(SqlMode),
}

impl Syntax {
    /// Whether a transaction takes back what a script does to the catalog. MySQL and MariaDB commit with each statement of that
    /// kind: <https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html>.
    pub fn transactional_ddl(self) -> bool {
        match self {
            Syntax::Sqlite | Syntax::Postgres(_) => true,
            Syntax::Mysql(_) => false,
        }
    }
}

/// What `standard_conforming_strings` says of a backslash in a plain string.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Strings {
    /// On, as it is by default: it is only a character.
    #[default]
    Standard,
    /// Off, as in databases that come from PostgreSQL 9.0 and before: it begins an escape, as in `E'…'`.
    Escaped,
}

/// What `sql_mode` says about quotes and the language of programs. The default is that of the servers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SqlMode {
    /// A backslash in a string is only a character.
    pub no_backslash_escapes: bool,
    /// Double quotes are for names.
    pub ansi_quotes: bool,
    /// Programs are written in the language of Oracle: `BEGIN` begins a block, and so does `DECLARE`. MariaDB alone has it.
    pub oracle: bool,
}

impl SqlMode {
    /// Reads a list such as `STRICT_TRANS_TABLES,ANSI_QUOTES`. `ANSI` and the names of other products stand for lists that hold
    /// it (<https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html#sql-mode-combo>).
    pub fn of(list: &str) -> Self {
        const COMBINATIONS: [&str; 7] = ["ANSI", "ANSI_QUOTES", "DB2", "MAXDB", "MSSQL", "ORACLE", "POSTGRESQL"];
        let has = |names: &[&str]| {
            let mut modes = list.split(',').map(str::trim);
            modes.any(|mode| names.iter().any(|name| name.eq_ignore_ascii_case(mode)))
        };
        Self {
            no_backslash_escapes: has(&["NO_BACKSLASH_ESCAPES"]),
            ansi_quotes: has(&COMBINATIONS),
            oracle: has(&["ORACLE"]),
        }
    }
}

/// A place for people: 1-based, the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1. LF, CRLF and a lone CR each end one.
    pub line: u32,
    /// Character in the line, from 1.
    pub column: u32,
}

impl Position {
    /// The position of a byte offset. An offset behind the end means the end; one inside a character means that character.
    pub fn of(text: &str, byte: usize) -> Position {
        let mut end = byte.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let bytes = text.as_bytes();
        let mut line = 1_u32;
        let mut start = 0;
        let mut at = 0;
        while let Some(found) = bytes.get(at..end).and_then(|rest| memchr::memchr2(b'\n', b'\r', rest)) {
            let next = at + found + 1;
            let pair = bytes.get(at + found) == Some(&b'\r') && bytes.get(next) == Some(&b'\n');
            // The first half of a CRLF is still on the line that it ends.
            at = if pair { next + 1 } else { next };
            if at > end {
                break;
            }
            line = line.saturating_add(1);
            start = at;
        }
        let characters = text.get(start..end).map_or(0, |part| part.chars().count());
        Position {
            line,
            column: u32::try_from(characters).unwrap_or(u32::MAX).saturating_add(1),
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.line, self.column)
    }
}

/// One statement of a script. All ranges are byte offsets into the text that was parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The statement with what leads up to it: white space and comments, the statement, its terminator and its COPY data.
    /// Pieces are contiguous: all of them and [`Parsed::tail`] are the text.
    pub piece: Range<usize>,
    /// What is sent: first token to last token, without the terminator. Never empty.
    pub body: Range<usize>,
    /// What has to be known about the statement before it runs.
    pub kind: Kind,
}

/// What a statement is, as far as it matters to the one who runs it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Nothing special.
    Plain,
    /// Begins, ends or prepares a transaction. Savepoints do not count.
    Transaction,
    /// Says what the transaction is to be like that it is in, or the next one.
    Characteristics,
    /// Refused by the server inside a transaction.
    Outside,
    /// `COPY … FROM STDIN` with its data in the script.
    CopyIn {
        /// The data lines, without the `\.` line. The end of the text ends them too.
        data: Range<usize>,
    },
    /// `COPY … TO STDOUT`: there is nobody to take the data.
    CopyOut,
    /// Reads a file of the client's machine: `LOAD DATA LOCAL`.
    LocalData,
    /// Keeps everybody from writing, and so the record of the script too: `FLUSH TABLES WITH READ LOCK`.
    ReadLock,
    /// A pragma that SQLite ignores without an error inside a transaction.
    IgnoredInside {
        /// Its name.
        pragma: &'static str,
    },
    /// A pragma of SQLite after which the record cannot be written, or the file is not held any more.
    Hindering {
        /// Its name.
        pragma: &'static str,
    },
    /// From here on the server reads strings by this rule, and without one by that of its sessions; it takes a message apart before that.
    StringRule(Option<Strings>),
    /// What may be passed over: a line for the database's own client, psql's `\restrict` and `\unrestrict`, or what a dump of MySQL or
    /// MariaDB writes around the rows of a table, so that they are loaded faster. Nothing is sent.
    Client,
}

/// A script in statements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// In the order of the text.
    pub statements: Vec<Statement>,
    /// What follows the last piece: white space, comments, empty statements.
    pub tail: Range<usize>,
    /// What the script asks for.
    pub directives: Directives,
    /// Where a `COMMIT` stands that ends no transaction, since each statement is committed as it is. It is not sent.
    pub ends_nothing: Vec<usize>,
}

impl Parsed {
    /// The statements that are sent, in the order of the text.
    pub fn sent(&self) -> impl Iterator<Item = &Statement> {
        self.statements
            .iter()
            .filter(|statement| statement.kind != Kind::Client)
    }

    /// Whether the script runs in a transaction: what it asks for, unless the server leaves no choice. That is so where it knows no
    /// transaction for all that a script may do, and where it refuses every single statement in one.
    pub fn mode(&self, syntax: Syntax) -> Mode {
        let outside = self.sent().all(|statement| statement.kind == Kind::Outside) && self.sent().next().is_some();
        match syntax.transactional_ddl() && !outside {
            true => self.directives.transaction,
            false => Mode::Outside,
        }
    }
}

/// The n-th statement of a script that is sent, counted from 1, as it is sent.
pub fn nth(text: &str, number: u32, syntax: Syntax) -> Option<&str> {
    let parsed = parse(text, syntax).ok()?;
    let index = usize::try_from(number.checked_sub(1)?).ok()?;
    let body = parsed.sent().nth(index)?.body.clone();
    text.get(body)
}

/// Whether a statement only sets the session, so that whoever goes on in another one has to send it again.
pub fn sets_session(statement: &str, syntax: Syntax) -> bool {
    session::is_sent_again(statement, syntax)
}

/// Something that is wrong with a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// A stable name of the kind of problem, such as `unterminated`.
    pub code: &'static str,
    /// Byte offset of the place: for something left open, where it opens.
    pub at: usize,
    /// What was found.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl Problem {
    fn new(code: &'static str, at: usize, message: impl Into<String>, help: impl Into<String>) -> Problem {
        Problem {
            code,
            at,
            message: message.into(),
            help: help.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}
