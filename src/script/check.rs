//! What a script may not hold in the mode that it runs in.

use super::describe::describe;
use super::directive::{Emptiness, ForeignKeys, Mode};
use super::lexer::{Lexer, TokenKind};
use super::objects::opening;
use super::split::MOST_PROBLEMS;
use super::{Kind, Parsed, Position, Problem, Statement, Syntax, transaction};

const ASK: &str = "-- syncline: no-transaction";

/// Finds what cannot work, or would not do what it says, in the mode that the script runs in ([`Parsed::mode`]). In the order of the
/// text, one hundred statements at most.
///
/// `text` is what `parsed` was made of. Whether an empty script matters is for the caller to say: its code is `empty`.
pub fn check(text: &str, parsed: &Parsed, syntax: Syntax) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mode = parsed.mode(syntax);
    let inside = mode == Mode::Inside;
    // The first statement that a transaction is for.
    let beside = parsed
        .sent()
        .find(|statement| inside && statement.kind != Kind::Outside)
        .map(|statement| Position::of(text, statement.body.start).line);
    for statement in parsed.sent() {
        if problems.len() == MOST_PROBLEMS {
            break;
        }
        let at = statement.body.start;
        let words = name(text, statement, syntax);
        match &statement.kind {
            // Outside a transaction it begins one (https://www.sqlite.org/lang_savepoint.html), or is refused by PostgreSQL, or is
            // gone with the next commit (https://dev.mysql.com/doc/refman/8.4/en/savepoint.html).
            Kind::Plain if !inside && begins_with(text, statement, syntax, "SAVEPOINT") => {
                problems.push(control(at, format!("`{words}` belongs in a transaction"), mode));
            }
            Kind::Plain | Kind::CopyIn { .. } | Kind::StringRule(_) | Kind::Client => {}
            Kind::Transaction => {
                problems.push(control(at, format!("`{words}` begins or ends a transaction"), mode));
            }
            Kind::Characteristics => problems.push(characteristics(text, statement, syntax, (&words, mode))),
            Kind::Outside => problems.extend(beside.map(|line| {
                Problem::new(
                    "mixed-outside",
                    at,
                    format!("`{words}` cannot run in a transaction, and the statement on line {line} should"),
                    format!("add the line `{ASK}`, or move it to a migration of its own"),
                )
            })),
            Kind::IgnoredInside { pragma } if inside => problems.push(Problem::new(
                "ignored-in-transaction",
                at,
                format!("SQLite ignores `PRAGMA {pragma}` in a transaction without telling"),
                "remove it and add the line `-- syncline: foreign-keys=off`",
            )),
            Kind::IgnoredInside { .. } => {}
            // In a transaction the mode changes nothing before its end.
            Kind::Hindering { pragma: "locking_mode" } if inside => {}
            Kind::Hindering { pragma } => problems.push(Problem::new(
                "hindering-pragma",
                at,
                match *pragma {
                    "locking_mode" => "after this the file is free between two statements, and another run would go on with this script",
                    _ => "after this nothing can be written, and so the record of the script cannot be either",
                },
                format!("remove `PRAGMA {pragma}`"),
            )),
            Kind::LocalData => problems.push(Problem::new(
                "local-data",
                at,
                format!("`{words}` reads a file of the machine that syncline runs on"),
                "write the rows as INSERT; a server that could ask for any file is not trusted with that",
            )),
            Kind::ReadLock => problems.push(Problem::new(
                "read-lock",
                at,
                "this keeps everybody from writing, and so the record of the script cannot be written",
                "remove it: other runs wait for this one anyway, and other writers have to be stopped in another way",
            )),
            Kind::CopyOut => problems.push(Problem::new(
                "copy-out",
                at,
                "COPY … TO STDOUT sends rows, and a migration has nobody to take them",
                "remove it, or copy to a table",
            )),
        }
    }
    problems.extend(directives(text, parsed, syntax, mode));
    problems.sort_by_key(|problem| problem.at);
    problems
}

fn control(at: usize, message: String, mode: Mode) -> Problem {
    let help = match mode {
        Mode::Inside => "remove it: syncline runs the script in a transaction of its own",
        Mode::Outside => "remove it: each statement of this script runs and is recorded on its own",
    };
    Problem::new("transaction-control", at, message, help)
}

/// What says how a transaction is to be, and was not taken as the script's own: see [`settle`](super::transaction::settle).
fn characteristics(text: &str, statement: &Statement, syntax: Syntax, (words, mode): (&str, Mode)) -> Problem {
    let body = text.get(statement.body.clone()).unwrap_or_default();
    let found = transaction::characteristics(body, syntax);
    let (what, help) = match (found, syntax) {
        (Some(found), _) if found.read_only => (
            "lets nothing be written, and so the record of the script could not be either",
            "remove `READ ONLY`",
        ),
        (_, Syntax::Mysql(_)) => (
            "is for the next transaction alone, and here that is the one of a record",
            "write `-- syncline: isolation=…` for the whole script, or `SET SESSION TRANSACTION …` for what follows",
        ),
        (Some(_), _) if mode == Mode::Inside => (
            "has to come before all that looks at the database, and there is something before it",
            "move it to the beginning, or write `-- syncline: isolation=…` instead",
        ),
        (None, _) if mode == Mode::Inside => (
            "is not carried out: the transaction of the script is begun for it",
            "write `-- syncline: isolation=…` instead, or remove it",
        ),
        _ => (
            "belongs in a transaction",
            "remove it: each statement of this script runs and is recorded on its own",
        ),
    };
    Problem::new(
        "transaction-control",
        statement.body.start,
        format!("`{words}` {what}"),
        help,
    )
}

fn directives(text: &str, parsed: &Parsed, syntax: Syntax, mode: Mode) -> Vec<Problem> {
    let asked = &parsed.directives;
    let at = |name| asked.place(name).map_or(0, |comment| comment.start);
    let mut problems = Vec::new();
    if asked.foreign_keys == ForeignKeys::Off && mode == Mode::Outside {
        let (against, which) = match asked.transaction {
            Mode::Outside => ("`no-transaction` asks for none", "one of the two"),
            Mode::Inside => ("the script runs without one", "it"),
        };
        problems.push(Problem::new(
            "bad-directive",
            at("foreign-keys"),
            format!("`foreign-keys=off` goes with a transaction, and {against}"),
            format!("remove {which}; without a transaction `PRAGMA foreign_keys = off` works by itself"),
        ));
    }
    if asked.isolation.is_some() && mode == Mode::Outside && syntax.transactional_ddl() {
        problems.push(Problem::new(
            "bad-directive",
            at("isolation"),
            "`isolation` is for a transaction, and the script runs without one",
            "remove it",
        ));
    }
    match (asked.empty, parsed.sent().next()) {
        (Emptiness::Intended, Some(first)) => problems.push(Problem::new(
            "bad-directive",
            at("empty"),
            format!(
                "`empty` is said, and there is a statement on line {}",
                Position::of(text, first.body.start).line
            ),
            "remove the line or the statements",
        )),
        (Emptiness::Unexpected, None) if is_blank(text, syntax) => problems.push(Problem::new(
            "empty",
            0,
            "the script is empty",
            "write what it should do; if it should do nothing, add the line `-- syncline: empty`",
        )),
        _ => {}
    }
    problems
}

fn begins_with(text: &str, statement: &Statement, syntax: Syntax, word: &str) -> bool {
    let body = text.get(statement.body.clone()).unwrap_or_default();
    opening(body, syntax).is_some_and(|opening| opening.is(word))
}

/// Nothing but white space and `;`: not even a comment that would say why.
fn is_blank(text: &str, syntax: Syntax) -> bool {
    Lexer::new(text, syntax).all(|token| token.kind == TokenKind::Semicolon)
}

/// The statement in few words.
fn name(text: &str, statement: &Statement, syntax: Syntax) -> String {
    let line = describe(text, statement, syntax);
    let words: Vec<&str> = line.split(' ').take(3).collect();
    words.join(" ")
}
