//! What a script keeps in its session and a run that goes on in another one does not have: variables and temporary tables.

use std::collections::BTreeSet;

use super::lexer::{Lexer, Token, TokenKind};
use super::{Manner, Parsed, Syntax, classify};

/// What the statements behind the first `executed` ones need of the session that executed those, and where they need it first.
///
/// Variables that were set from constants and settings are not lost: [`sets_session`](super::sets_session) tells which statements
/// are sent again.
pub fn lost_with_session(text: &str, parsed: &Parsed, executed: usize, syntax: Syntax) -> Option<(String, usize)> {
    let mut lost = BTreeSet::new();
    // Variables whose values are known again, and whether a program may have given some to others.
    let (mut known, mut program) = (BTreeSet::new(), false);
    for (number, statement) in parsed.sent().enumerate() {
        let body = text.get(statement.body.clone()).unwrap_or_default();
        let made = made(body, syntax);
        if number >= executed {
            let needed = lost
                .iter()
                .find(|name: &&String| needs(body, name, syntax) && !made.contains(*name));
            if let Some(name) = needed {
                return Some((name.clone(), statement.body.start));
            }
            if program {
                let mut named = variables(body, syntax).into_iter().map(|(_, name)| name);
                if let Some(name) = named.find(|name| !known.contains(name) && !made.contains(name)) {
                    return Some((name, statement.body.start));
                }
            }
            lost.retain(|name| !made.contains(name));
            known.extend(made);
            continue;
        }
        program |= super::manner(body, &statement.kind, syntax) == Manner::Guarded;
        let again = is_sent_again(body, syntax) && !lost.iter().any(|name| needs(body, name, syntax));
        match again {
            true => {
                lost.retain(|name| !made.contains(name));
                known.extend(made);
            }
            false => {
                known.retain(|name| !made.contains(name));
                lost.extend(made);
            }
        }
    }
    None
}

/// Whether a statement only sets the session, and would set another one in the same way: what was computed then would be
/// something else now.
pub(super) fn is_sent_again(body: &str, syntax: Syntax) -> bool {
    classify::is_setting(body, syntax) && !(matches!(syntax, Syntax::Mysql(_)) && is_computed(body, syntax))
}

/// Whether a statement of MySQL changes nothing but its session, so that it may be executed once more in another one before what
/// follows: no variable of the server, and no value that a program computes, which may write rows.
pub(super) fn is_private(body: &str, syntax: Syntax) -> bool {
    // Most statements are none, and may be long.
    if !matches!(syntax, Syntax::Mysql(_)) || !classify::is_setting(body, syntax) {
        return false;
    }
    let tokens = Lexer::new(body, syntax).filter(|token| !token.is_beside());
    let words: Vec<String> = tokens
        .map(|token| match token.kind {
            TokenKind::Text => "''".to_owned(),
            TokenKind::Name => format!("`{}", plain(token.text(body))),
            _ => token.text(body).to_lowercase(),
        })
        .collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        // MariaDB takes any expression as the text.
        ["prepare", rest @ ..] => !rest.contains(&"("),
        words => runs_no_program(words),
    }
}

/// What may stand before a parenthesis without a program of the user being run.
const HARMLESS: [&str; 40] = [
    "and",
    "as",
    "avg",
    "between",
    "by",
    "case",
    "cast",
    "coalesce",
    "concat",
    "concat_ws",
    "convert",
    "count",
    "database",
    "distinct",
    "else",
    "exists",
    "group_concat",
    "having",
    "if",
    "ifnull",
    "in",
    "length",
    "like",
    "lower",
    "max",
    "min",
    "not",
    "now",
    "nullif",
    "on",
    "or",
    "replace",
    "schema",
    "select",
    "sum",
    "then",
    "upper",
    "version",
    "when",
    "where",
];

/// Whether the values of a SET come from nothing but constants, variables, the server's own functions and `information_schema`. A
/// view could run a program, and a sequence moves on.
fn runs_no_program(words: &[&str]) -> bool {
    let mut tables = false;
    words.iter().enumerate().all(|(at, word)| {
        let before = |back: usize| at.checked_sub(back).map_or("", |at| words[at]);
        match *word {
            // `@global` is a variable of the user.
            "global" | "next" | "password" | "persist" | "persist_only" => before(1) == "@" && before(2) != "@",
            "(" => {
                let named = before(1).starts_with(|c: char| c.is_alphanumeric() || "_`".contains(c));
                before(2) != "." && (!named || HARMLESS.contains(&before(1)))
            }
            "from" | "join" => {
                tables = true;
                matches!(words.get(at + 1), Some(&("information_schema" | "`information_schema")))
            }
            "where" | ")" => {
                tables = false;
                true
            }
            "," => !tables,
            _ => true,
        }
    })
}

/// Whether a SET gives a variable a value that another session would not compute again.
fn is_computed(body: &str, syntax: Syntax) -> bool {
    let mut tokens = Lexer::new(body, syntax).filter(|token| !token.is_beside());
    let computes = |token: Token| token.kind == TokenKind::Open || token.text(body).eq_ignore_ascii_case("SELECT");
    !variables(body, syntax).is_empty() && tokens.any(computes)
}

/// Variables (with their `@`) and temporary tables that a statement makes, in lower case.
fn made(body: &str, syntax: Syntax) -> BTreeSet<String> {
    let tokens: Vec<Token> = Lexer::new(body, syntax).filter(|token| !token.is_beside()).collect();
    let word = |at: usize| tokens.get(at).map_or("", |token| token.text(body));
    let is = |at: usize, words: &[&str]| words.iter().any(|known| known.eq_ignore_ascii_case(word(at)));
    let mut made = BTreeSet::new();
    let replaces = if is(1, &["OR"]) { 2 } else { 0 };
    if is(0, &["CREATE"]) && is(1 + replaces, &["TEMPORARY", "TEMP"]) && is(2 + replaces, &["TABLE"]) {
        let name = if is(3 + replaces, &["IF"]) { 6 } else { 3 } + replaces;
        made.insert(plain(word(name)));
    }
    if matches!(syntax, Syntax::Mysql(_)) {
        for (at, name) in variables(body, syntax) {
            let behind = tokens.iter().position(|token| token.start == at).unwrap_or_default() + 2;
            let assigned = is(behind, &["="]) && is(0, &["SET"]) || is(behind, &[":"]) && is(behind + 1, &["="]);
            let filled = is(behind.saturating_sub(3), &["INTO", ","])
                && tokens.iter().any(|token| token.text(body).eq_ignore_ascii_case("INTO"));
            if assigned || filled {
                made.insert(name);
            }
        }
    }
    made
}

/// The variables of the user that a statement names, and where.
fn variables(body: &str, syntax: Syntax) -> Vec<(usize, String)> {
    let tokens: Vec<Token> = Lexer::new(body, syntax).filter(|token| !token.is_beside()).collect();
    let mut found = Vec::new();
    for (index, pair) in tokens.windows(2).enumerate() {
        let [mark, name] = pair else { continue };
        let before = index.checked_sub(1).and_then(|before| tokens.get(before));
        let of_the_server = before.is_some_and(|before| before.text(body) == "@" && before.end == mark.start);
        // `user@host` has its mark behind a name.
        let of_a_user = before.is_some_and(|before| {
            before.end == mark.start && before.kind != TokenKind::Symbol && before.kind != TokenKind::Open
        });
        let named = matches!(name.kind, TokenKind::Word | TokenKind::Name | TokenKind::Text);
        if mark.text(body) == "@" && mark.end == name.start && named && !of_the_server && !of_a_user {
            found.push((mark.start, format!("@{}", plain(name.text(body)))));
        }
    }
    found
}

fn needs(body: &str, name: &str, syntax: Syntax) -> bool {
    match name.starts_with('@') {
        true => variables(body, syntax).iter().any(|(_, variable)| variable == name),
        false => super::mentions(body, name, syntax),
    }
}

fn plain(name: &str) -> String {
    name.trim_matches(['`', '"', '\'']).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::{self, SqlMode};

    #[test]
    fn what_only_the_session_had_is_found_where_it_is_needed_again() {
        let mysql = Syntax::Mysql(SqlMode::default());
        for (text, executed, syntax, lost) in [
            (
                "INSERT INTO o VALUES (1); SET @id = LAST_INSERT_ID(); SELECT 1; INSERT INTO i VALUES (@ID)",
                3,
                mysql,
                Some("@id"),
            ),
            (
                "SET @id = LAST_INSERT_ID(); SELECT 1; SET @id = 7; INSERT INTO i VALUES (@id)",
                2,
                mysql,
                None,
            ),
            ("SET @x = 5; SELECT 1; INSERT INTO i VALUES (@x)", 2, mysql, None),
            (
                "SET @x = NOW(), @y = 1; SET @z = @x; SELECT 1; INSERT INTO i VALUES (@z)",
                3,
                mysql,
                Some("@z"),
            ),
            (
                "CALL p(@out); SELECT 1; INSERT INTO i VALUES (@out)",
                2,
                mysql,
                Some("@out"),
            ),
            (
                "CALL p(); SELECT 1; INSERT INTO i VALUES (@inside)",
                2,
                mysql,
                Some("@inside"),
            ),
            (
                "EXECUTE IMMEDIATE 'SET @a = 5'; SELECT 1; INSERT INTO i VALUES (@a)",
                2,
                mysql,
                Some("@a"),
            ),
            (
                "PREPARE s FROM 'SET @a = 5'; EXECUTE s; INSERT INTO i VALUES (@a)",
                2,
                mysql,
                Some("@a"),
            ),
            (
                "SET @a = 5; CALL p(); SELECT 1; INSERT INTO i VALUES (@a)",
                3,
                mysql,
                None,
            ),
            (
                "CALL p(); SELECT 1; SET @a = 1; INSERT INTO i VALUES (@a)",
                2,
                mysql,
                None,
            ),
            (
                "SELECT MAX(id) INTO @m FROM t; SELECT 1; UPDATE t SET a = @m",
                2,
                mysql,
                Some("@m"),
            ),
            (
                "/*!40101 SET @OLD_MODE=@@SQL_MODE */; CREATE TABLE t (a int); SET SQL_MODE=@OLD_MODE",
                2,
                mysql,
                None,
            ),
            (
                "CREATE TEMPORARY TABLE w (a int); SELECT 1; INSERT INTO t SELECT a FROM w",
                2,
                mysql,
                Some("w"),
            ),
            (
                "CREATE USER 'a'@'b'; SELECT 1; GRANT SELECT ON x TO 'a'@'b'",
                2,
                mysql,
                None,
            ),
            (
                "CREATE TEMP TABLE w (a int); SELECT 1; SELECT a FROM w",
                2,
                Syntax::Postgres(Default::default()),
                Some("w"),
            ),
            (
                "CREATE TABLE w (a int); SELECT 1; SELECT a FROM w",
                2,
                Syntax::Postgres(Default::default()),
                None,
            ),
        ] {
            let parsed = script::parse(text, syntax).unwrap();
            let found = lost_with_session(text, &parsed, executed, syntax);
            assert_eq!(found.map(|(name, _)| name).as_deref(), lost, "{text}");
        }
    }
}
