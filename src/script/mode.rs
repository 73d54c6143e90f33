//! What a statement of MySQL and MariaDB says about the `sql_mode` that what follows is read in.

use super::lexer::{Token, TokenKind};
use super::objects::opening;
use super::pattern::is_one_of;
use super::{SqlMode, Syntax};

/// What becomes of the mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Said(SqlMode),
    /// The text does not tell: a dump puts back what it found, or the value is computed.
    Unknown,
}

/// What a statement says about the mode of its session: `SET sql_mode = '…'`, alone or among others. None: nothing.
pub(super) fn of(body: &str, syntax: Syntax) -> Option<Mode> {
    let Syntax::Mysql(now) = syntax else { return None };
    // What `SET STATEMENT` sets is put back behind its statement (https://mariadb.com/kb/en/set-statement/).
    let opening = opening(body, syntax).filter(|opening| opening.is("SET"))?;
    let tokens: Vec<Token> = opening.rest.filter(|token| !token.is_beside()).collect();
    let (mut said, mut global) = (None, false);
    for assignment in assignments(&tokens, body) {
        let words: Vec<&str> = assignment.iter().take(5).map(|token| token.text(body)).collect();
        // A word holds for what follows, too; `@@GLOBAL.` does not.
        let (scope, rest) = match words.as_slice() {
            ["@", "@", scope, ".", ..] => (Some(*scope), 4),
            ["@", "@", ..] => (None, 2),
            [scope, name, ..] if !["=", ":"].contains(name) && is_one_of(SCOPES, scope) => {
                global = is_one_of(GLOBAL, scope);
                (Some(*scope), 1)
            }
            _ => (global.then_some("GLOBAL"), 0),
        };
        let (name, value) = match assignment.get(rest..) {
            Some([name, sign, value @ ..]) if sign.text(body) == "=" => (name, value),
            Some([name, colon, _, value @ ..]) if colon.text(body) == ":" => (name, value),
            _ => continue,
        };
        if is_one_of("SQL_MODE|`SQL_MODE`", name.text(body)) && !scope.is_some_and(|scope| is_one_of(GLOBAL, scope)) {
            said = Some(read(value, body, now).map_or(Mode::Unknown, Mode::Said));
        }
    }
    said
}

const SCOPES: &str = "SESSION|LOCAL|GLOBAL|PERSIST|PERSIST_ONLY";
/// Those that say nothing of the session.
const GLOBAL: &str = "GLOBAL|PERSIST|PERSIST_ONLY";

/// What stands between the commas outside of parentheses.
fn assignments<'t>(tokens: &'t [Token], body: &'t str) -> impl Iterator<Item = &'t [Token]> {
    let mut depth = 0_usize;
    tokens.split(move |token| {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && token.text(body) == ","
    })
}

/// The mode that a value means: a list as a string or a word, the number of it, or what there is with a list behind it.
fn read(value: &[Token], body: &str, now: SqlMode) -> Option<SqlMode> {
    let list = |token: &Token| SqlMode::of(token.text(body).trim_matches(['\'', '"', '`']));
    let literal = |token: &&Token| matches!(token.kind, TokenKind::Text | TokenKind::Name);
    match value {
        [one] if literal(&one) => Some(list(one)),
        [one] if one.kind == TokenKind::Word && !is_one_of("DEFAULT", one.text(body)) => Some(list(one)),
        [one] if one.kind == TokenKind::Number => one.text(body).parse().ok().map(of_number),
        [function, open, .., close]
            if is_one_of("CONCAT|CONCAT_WS", function.text(body))
                && (open.kind, close.kind) == (TokenKind::Open, TokenKind::Close) =>
        {
            let known = |token: &&Token| is_one_of("@|.|,|SESSION|LOCAL|SQL_MODE", token.text(body)) || literal(token);
            let inside = value.get(2..value.len() - 1)?;
            let begins = match inside.iter().any(|token| is_one_of("SQL_MODE", token.text(body))) {
                true => now,
                false => SqlMode::default(),
            };
            let add = |mode: SqlMode, token: &Token| {
                let more = list(token);
                SqlMode {
                    no_backslash_escapes: mode.no_backslash_escapes || more.no_backslash_escapes,
                    ansi_quotes: mode.ansi_quotes || more.ansi_quotes,
                    oracle: mode.oracle || more.oracle,
                }
            };
            let all = inside.iter().all(|token| known(&token));
            all.then(|| inside.iter().filter(literal).fold(begins, add))
        }
        _ => None,
    }
}

/// The mode by its number: `sql_mode.h` of both servers.
fn of_number(number: u64) -> SqlMode {
    let has = |bit: u32| number & (1 << bit) != 0;
    SqlMode {
        no_backslash_escapes: has(20),
        // With ORACLE come double quotes for names.
        ansi_quotes: has(2) || has(9),
        oracle: has(9),
    }
}
