//! What statements say of the transaction that they are in: where one begins and ends, and what it is to be like.

use super::lexer::{Lexer, TokenKind};
use super::objects::opening;
use super::pattern::{Rule, rule};
use super::{Kind, Mode, Parsed, Syntax, classify, verb};

/// How far a transaction is kept apart from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Isolation {
    /// `READ UNCOMMITTED`
    ReadUncommitted,
    /// `READ COMMITTED`
    ReadCommitted,
    /// `REPEATABLE READ`
    RepeatableRead,
    /// `SERIALIZABLE`
    Serializable,
}

/// By the words of the standard; a directive has them with hyphens.
const LEVELS: [(Isolation, &str); 4] = [
    (Isolation::ReadUncommitted, "READ UNCOMMITTED"),
    (Isolation::ReadCommitted, "READ COMMITTED"),
    (Isolation::RepeatableRead, "REPEATABLE READ"),
    (Isolation::Serializable, "SERIALIZABLE"),
];

impl Isolation {
    /// As servers read it.
    pub fn sql(self) -> &'static str {
        LEVELS
            .iter()
            .find(|(level, _)| *level == self)
            .map_or("", |(_, words)| words)
    }

    /// As a directive says it.
    pub(crate) fn directive(self) -> String {
        self.sql().to_ascii_lowercase().replace(' ', "-")
    }

    pub(super) fn named(value: &str) -> Option<Self> {
        let words = value.to_ascii_uppercase().replace(['-', '_'], " ");
        LEVELS
            .iter()
            .find(|(_, known)| *known == words.trim())
            .map(|(level, _)| *level)
    }
}

/// What a transaction is to be like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Characteristics {
    /// How isolated, where that is said.
    pub isolation: Option<Isolation>,
    /// Nothing can be written in it, and so no record.
    pub read_only: bool,
}

/// Where a transaction begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Boundary {
    /// One begins, and is to be like this.
    Begin(Characteristics),
    /// One ends, and what was done in it stays.
    Commit,
}

/// More than the longest statement here has.
const MOST_WORDS: usize = 16;

/// The first words of a statement in capitals, strings without their quotes.
fn words(body: &str, syntax: Syntax) -> Vec<String> {
    let tokens = Lexer::new(body, syntax).filter(|token| !token.is_beside());
    tokens
        .take(MOST_WORDS)
        .map(|token| {
            let text = token.text(body);
            match token.kind {
                TokenKind::Text => text.trim_matches('\'').to_ascii_uppercase(),
                _ => text.to_ascii_uppercase(),
            }
        })
        .collect()
}

/// The boundary that a statement is, where it is a plain one: one that names a transaction, chains the next one or ends the session
/// is none.
pub fn boundary(body: &str, syntax: Syntax) -> Option<Boundary> {
    if !["BEGIN", "START", "COMMIT", "END"].contains(&verb(body, syntax).to_ascii_uppercase().as_str()) {
        return None;
    }
    let words = words(body, syntax);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["BEGIN", "DEFERRED" | "IMMEDIATE" | "EXCLUSIVE"]
        | ["BEGIN", "DEFERRED" | "IMMEDIATE" | "EXCLUSIVE", "TRANSACTION"]
            if syntax == Syntax::Sqlite =>
        {
            Some(Boundary::Begin(Characteristics::default()))
        }
        ["BEGIN", "TRANSACTION" | "WORK", modes @ ..]
        | ["START", "TRANSACTION", modes @ ..]
        | ["BEGIN", modes @ ..] => read(modes).map(Boundary::Begin),
        ["COMMIT" | "END"] | ["COMMIT" | "END", "TRANSACTION" | "WORK"] => Some(Boundary::Commit),
        ["COMMIT" | "END", "AND", "NO", "CHAIN"] | ["COMMIT" | "END", "TRANSACTION" | "WORK", "AND", "NO", "CHAIN"] => {
            Some(Boundary::Commit)
        }
        _ => None,
    }
}

/// What a statement says of the transaction that it is in (PostgreSQL) or of the next one (MySQL). `None` where it says what nobody can
/// carry out for it, such as the snapshot of another session.
///
/// <https://www.postgresql.org/docs/current/sql-set-transaction.html>, <https://dev.mysql.com/doc/refman/8.4/en/set-transaction.html>
pub(super) fn characteristics(body: &str, syntax: Syntax) -> Option<Characteristics> {
    let words = words(body, syntax);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["SET", "LOCAL" | "SESSION", rest @ ..] | ["SET", rest @ ..] => match rest {
            ["TRANSACTION", modes @ ..] => read(modes),
            ["TRANSACTION_ISOLATION", "TO" | "=", level @ ..] => Some(Characteristics {
                isolation: Some(Isolation::named(&level.join(" "))?),
                read_only: false,
            }),
            _ => None,
        },
        _ => None,
    }
}

/// The modes of a transaction, with commas between them or without.
fn read(mut words: &[&str]) -> Option<Characteristics> {
    let mut found = Characteristics::default();
    loop {
        let (more, rest) = match words {
            [] => return Some(found),
            [",", rest @ ..] | ["DEFERRABLE", rest @ ..] | ["NOT", "DEFERRABLE", rest @ ..] => (found, rest),
            ["READ", "WRITE", rest @ ..] => (
                Characteristics {
                    read_only: false,
                    ..found
                },
                rest,
            ),
            ["READ", "ONLY", rest @ ..] => (
                Characteristics {
                    read_only: true,
                    ..found
                },
                rest,
            ),
            ["ISOLATION", "LEVEL", level @ ..] => {
                let length = if level.first() == Some(&"SERIALIZABLE") { 1 } else { 2 };
                let (level, rest) = level.split_at_checked(length)?;
                let isolation = Some(Isolation::named(&level.join(" "))?);
                (Characteristics { isolation, ..found }, rest)
            }
            _ => return None,
        };
        (found, words) = (more, rest);
    }
}

/// Why a statement cannot leave the transaction that it was written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// What it sets ends with its transaction.
    Lasts,
    /// Without a transaction it is refused, or says nothing.
    Needs,
}

static BOUND: &[Rule<Bound>] = &[
    rule(&["SET"], "LOCAL|CONSTRAINTS", Bound::Lasts),
    rule(&["SELECT"], "SET_CONFIG (", Bound::Lasts),
    rule(&["SELECT"], "PG_CATALOG . SET_CONFIG (", Bound::Lasts),
    rule(&["CREATE"], "… ON COMMIT DROP|DELETE", Bound::Lasts),
    rule(
        &["LOCK", "DECLARE", "SAVEPOINT", "RELEASE", "ROLLBACK"],
        "",
        Bound::Needs,
    ),
];

/// Whether a statement means something else in another transaction than the one that it was written in, or in none.
pub fn bound(body: &str, syntax: Syntax) -> Option<Bound> {
    Some(*opening(body, syntax)?.find(BOUND)?.says)
}

/// Statements that only name what they are about, however they go on: none of them sets the session.
const ABOUT_OTHERS: [&str; 10] = [
    "CREATE", "ALTER", "DROP", "RENAME", "INSERT", "REPLACE", "UPDATE", "DELETE", "GRANT", "REVOKE",
];

/// Whether behind a statement of MySQL a COMMIT may end something: it says who commits and what that begins, or it runs what is not in the
/// script, which may say so.
fn may_be_manual(body: &str, syntax: Syntax) -> bool {
    if !matches!(syntax, Syntax::Mysql(_)) || ABOUT_OTHERS.contains(&verb(body, syntax).to_ascii_uppercase().as_str()) {
        return false;
    }
    let says = ["AUTOCOMMIT", "COMPLETION_TYPE", "CALL", "EXECUTE"];
    // All of it, however long it is: a compound statement holds others.
    let mut tokens = Lexer::new(body, syntax).filter(|token| !token.is_beside());
    tokens.any(|token| {
        let word = token.text(body).trim_matches('`').trim_start_matches('@');
        token.kind != TokenKind::Text && says.iter().any(|said| word.eq_ignore_ascii_case(said))
    })
}

/// Passes over what is done for the script without being sent: what says at its beginning how isolated it is, which its directives say
/// then, and the end of a transaction that it has not begun, where each statement is committed as it is.
pub(super) fn settle(text: &str, parsed: &mut Parsed, syntax: Syntax) {
    let body = |statement: &super::Statement| text.get(statement.body.clone()).unwrap_or_default();
    let mode = parsed.mode(syntax);
    // MySQL sends every script statement by statement, and what is said there is said of the whole session.
    if mode == Mode::Inside || matches!(syntax, Syntax::Mysql(_)) {
        let mut said = None;
        for statement in &mut parsed.statements {
            match statement.kind {
                Kind::Client => {}
                Kind::Characteristics => match characteristics(body(statement), syntax) {
                    Some(found) if !found.read_only => {
                        said = found.isolation.or(said);
                        statement.kind = Kind::Client;
                    }
                    _ => break,
                },
                // These look at nothing, so the transaction is still what it was at its beginning.
                _ if classify::is_setting(body(statement), syntax) => {}
                _ => break,
            }
        }
        parsed.directives.isolation = parsed.directives.isolation.or(said);
    }
    if mode == Mode::Inside {
        return;
    }
    let is_boundary = |statement: &super::Statement| statement.kind == Kind::Transaction;
    let ends = |statement: &super::Statement| boundary(body(statement), syntax) == Some(Boundary::Commit);
    let lone = parsed.sent().filter(|statement| is_boundary(statement)).all(ends);
    if !lone || !parsed.sent().any(is_boundary) {
        return;
    }
    if parsed.sent().any(|statement| may_be_manual(body(statement), syntax)) {
        return;
    }
    for statement in parsed.statements.iter_mut().filter(|statement| is_boundary(statement)) {
        statement.kind = Kind::Client;
        parsed.ends_nothing.push(statement.body.start);
    }
}
