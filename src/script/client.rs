//! What stands in a script and is no SQL: commands for a database's own client, and characters that only look right.

use super::lexer::{Lexer, Token, TokenKind};
use super::{Problem, Syntax};

/// What a token turned out to be.
pub(super) enum Found<'a> {
    Sql,
    /// SQL as far as splitting goes, with one character that cannot be right.
    Stray(Problem),
    /// A client command; it reaches to the end of the line.
    Refused(Problem),
    /// A client line that may be passed over.
    Ignored,
    /// The client's command that names what ends statements from here on.
    Delimiter(&'a str),
}

/// psql's commands that pg_dump writes and that mean nothing to a server:
/// <https://www.postgresql.org/docs/current/app-psql.html#APP-PSQL-META-COMMAND-RESTRICT>.
const IGNORED: [&str; 2] = ["\\restrict", "\\unrestrict"];

/// What commands of a client begin with that stand alone on a line, and whose they are. No statement begins with these.
const LEADS: [(&str, &str); 3] = [(".", "sqlite3"), ("@", "SQL*Plus"), (":", "sqlcmd")];

/// The client whose commands begin like this.
fn lead(word: &str) -> Option<&'static str> {
    LEADS.iter().find(|(lead, _)| *lead == word).map(|(_, client)| *client)
}

/// How a statement may begin after a line that ended the one before without a `;`.
const VERBS: [&str; 18] = [
    "ALTER", "BEGIN", "COMMENT", "CREATE", "DELETE", "DO", "DROP", "EXEC", "GRANT", "INSERT", "MERGE", "PRAGMA",
    "REVOKE", "SELECT", "SET", "UPDATE", "USE", "WITH",
];

/// Characters outside ASCII that are no part of a name anybody would choose: from, to, what they are, what they stand in for.
/// The joiners U+200C and U+200D are missing: some scripts need them inside words.
const LOOK_ALIKES: [(char, char, &str, &str); 19] = [
    ('\u{85}', '\u{85}', "a Unicode line break", "a line break"),
    ('\u{a0}', '\u{a0}', "a no-break space", "a blank"),
    ('\u{ad}', '\u{ad}', "a soft hyphen", "nothing"),
    ('\u{1680}', '\u{1680}', "a Unicode space", "a blank"),
    ('\u{2000}', '\u{200a}', "a Unicode space", "a blank"),
    ('\u{200b}', '\u{200b}', "a zero-width space", "nothing"),
    ('\u{200e}', '\u{200f}', "a mark of the writing direction", "nothing"),
    ('\u{2010}', '\u{2015}', "a typographic dash", "`-` or `--`"),
    ('\u{2018}', '\u{201b}', "a typographic quote", "`'`"),
    ('\u{201c}', '\u{201f}', "a typographic quote", "`\"`"),
    ('\u{2028}', '\u{2029}', "a Unicode line break", "a line break"),
    ('\u{202a}', '\u{202e}', "a mark of the writing direction", "nothing"),
    ('\u{202f}', '\u{202f}', "a narrow no-break space", "a blank"),
    ('\u{205f}', '\u{205f}', "a Unicode space", "a blank"),
    ('\u{2060}', '\u{2064}', "an invisible character", "nothing"),
    ('\u{2066}', '\u{2069}', "a mark of the writing direction", "nothing"),
    ('\u{2212}', '\u{2212}', "a minus sign that is not ASCII", "`-`"),
    ('\u{3000}', '\u{3000}', "an ideographic space", "a blank"),
    ('\u{ff01}', '\u{ff5e}', "a full-width character", "its ASCII form"),
];

const CTRL_Z: &str = "\u{1a}";

/// Judges a word, symbol or backslash. `inside` is none between statements; inside one it says whether the token is outside
/// all of its parentheses and bodies. `rest` are the tokens after it.
pub(super) fn find<'a>(
    text: &'a str,
    token: Token,
    inside: Option<bool>,
    rest: &Lexer<'_>,
    syntax: Syntax,
) -> Found<'a> {
    let word = token.text(text);
    match token.kind {
        TokenKind::Backslash if matches!(syntax, Syntax::Mysql(_)) => {
            Found::Refused(refused(command(text, token.start), token.start, "mysql"))
        }
        TokenKind::Backslash if inside.is_none() || matches!(syntax, Syntax::Postgres(_)) => {
            let name = command(text, token.start);
            if inside.is_none() && IGNORED.contains(&name) && at_line_start(text, token.start) {
                return Found::Ignored;
            }
            Found::Refused(refused(name, token.start, "psql"))
        }
        TokenKind::Symbol if word == CTRL_Z => {
            let message = "a Ctrl-Z character (0x1A), which old editors put at the end of a file";
            Found::Stray(Problem::new("look-alike", token.start, message, "remove it"))
        }
        TokenKind::Symbol if inside.is_none() && at_line_start(text, token.start) && lead(word).is_some() => {
            let name = command(text, token.start);
            let letter = name.trim_start_matches(word).bytes().next();
            match lead(word) {
                Some(client) if letter.is_some_and(|byte| byte.is_ascii_alphabetic()) => {
                    Found::Refused(refused(name, token.start, client))
                }
                _ => Found::Sql,
            }
        }
        TokenKind::Symbol if inside.is_none() && word == "/" && alone_on_line(text, token, "") => {
            Found::Refused(refused(word, token.start, "SQL*Plus"))
        }
        TokenKind::Word if inside.is_none() && word.eq_ignore_ascii_case("DELIMITER") => match syntax {
            Syntax::Mysql(_) => delimiter(text, token),
            _ => Found::Refused(refused(word, token.start, "mysql")),
        },
        TokenKind::Word if inside.is_none() && matches!(syntax, Syntax::Mysql(_)) && is_command(word) => {
            Found::Refused(refused(word, token.start, "mysql"))
        }
        TokenKind::Word if word.len() == 2 && word.eq_ignore_ascii_case("GO") && is_go(text, token, inside, rest) => {
            Found::Refused(refused(word, token.start, "sqlcmd"))
        }
        _ => Found::Sql,
    }
}

/// Commands of the client mysql that are words and begin no statement
/// (<https://dev.mysql.com/doc/refman/8.4/en/mysql-commands.html>).
fn is_command(word: &str) -> bool {
    const COMMANDS: [&str; 8] = [
        "SOURCE", "SYSTEM", "TEE", "NOTEE", "PAGER", "NOPAGER", "PROMPT", "REHASH",
    ];
    COMMANDS.iter().any(|command| command.eq_ignore_ascii_case(word))
}

/// What `DELIMITER` names: the next word of its line, which may be quoted.
fn delimiter(text: &str, token: Token) -> Found<'_> {
    let rest = text.get(token.end..).unwrap_or("");
    let line = rest.lines().next().unwrap_or("").trim();
    let quoted = ['\'', '"', '`'].into_iter().find_map(|quote| {
        let (name, _) = line.strip_prefix(quote)?.split_once(quote)?;
        Some(name)
    });
    let name = quoted.unwrap_or_else(|| line.split_whitespace().next().unwrap_or(""));
    let wrong = match name {
        "" => Some("`DELIMITER` names nothing"),
        name if name.contains('\\') => Some("a delimiter cannot hold a backslash"),
        _ => None,
    };
    match wrong {
        Some(message) => {
            let help = "write `DELIMITER //` before a stored program and `DELIMITER ;` behind it";
            Found::Refused(Problem::new("client-command", token.start, message, help))
        }
        None => Found::Delimiter(name),
    }
}

/// The first character of a word that only looks right, as a problem.
pub(super) fn look_alike(word: &str, at: usize) -> Option<Problem> {
    word.char_indices().find_map(|(offset, letter)| {
        if letter == '\u{feff}' {
            let help = "remove it; it is usual where files were put together";
            return Some(Problem::new(
                "byte-order-mark",
                at + offset,
                "a byte-order mark (U+FEFF) in the text",
                help,
            ));
        }
        let (.., name, meant) = LOOK_ALIKES
            .iter()
            .find(|(from, to, ..)| (*from..=*to).contains(&letter))?;
        let message = format!("{name} (U+{:04X}) outside of strings and comments", u32::from(letter));
        // The full-width forms stand in the order of ASCII.
        let ascii = u32::from(letter)
            .checked_sub(0xfee0)
            .and_then(char::from_u32)
            .filter(char::is_ascii);
        let help = match ascii {
            Some(ascii) => format!("replace it with `{ascii}`"),
            None if *meant == "nothing" => "remove it".to_owned(),
            None => format!("replace it with {meant}"),
        };
        Some(Problem::new("look-alike", at + offset, message, help))
    })
}

/// True when only blanks stand before `at` on its line.
pub(super) fn at_line_start(text: &str, at: usize) -> bool {
    let before = text.as_bytes().get(..at).unwrap_or_default().iter().rev();
    before
        .copied()
        .find(|byte| !matches!(byte, b' ' | b'\t'))
        .is_none_or(|byte| matches!(byte, b'\n' | b'\r'))
}

/// True when nothing but blanks and the bytes of `also` shares the token's line.
fn alone_on_line(text: &str, token: Token, also: &str) -> bool {
    let after = text.as_bytes().get(token.end..).unwrap_or_default().iter().copied();
    at_line_start(text, token.start)
        && after
            .take_while(|byte| !matches!(byte, b'\n' | b'\r'))
            .all(|byte| matches!(byte, b' ' | b'\t') || also.as_bytes().contains(&byte))
}

/// `GO` of sqlcmd. Inside a statement it may be a name; there it has to stand where a new statement follows.
fn is_go(text: &str, token: Token, inside: Option<bool>, rest: &Lexer<'_>) -> bool {
    match inside {
        None => alone_on_line(text, token, "0123456789;"),
        Some(false) => false,
        Some(true) => {
            let first = matches!(
                token.start.checked_sub(1).and_then(|at| text.as_bytes().get(at)),
                Some(b'\n' | b'\r')
            );
            first
                && alone_on_line(text, token, "")
                && rest.clone().find(|next| !next.is_comment()).is_none_or(|next| {
                    let word = next.text(text);
                    VERBS.iter().any(|verb| verb.eq_ignore_ascii_case(word))
                })
        }
    }
}

/// The command at `at`: up to the next white space, and not too much of it.
fn command(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or("");
    let end = rest
        .char_indices()
        .take(32)
        .find(|(_, letter)| letter.is_whitespace())
        .map(|(end, _)| end);
    let end = end.unwrap_or_else(|| rest.char_indices().nth(32).map_or(rest.len(), |(end, _)| end));
    rest.get(..end).unwrap_or("")
}

fn refused(name: &str, at: usize, client: &str) -> Problem {
    let help = "write the SQL that it stands for, or remove the line";
    Problem::new(
        "client-command",
        at,
        format!("`{name}` is a command for the client {client}, not SQL"),
        help,
    )
}
