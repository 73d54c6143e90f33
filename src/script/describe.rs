//! A statement in one line for people, with its secrets masked.

use std::borrow::Cow;
use std::ops::Range;

use super::lexer::{Lexer, Opened, Token, TokenKind};
use super::{Statement, Syntax};

/// The longest summary, in characters.
const LONGEST: usize = 80;
const MASK: &str = "'***'";
const HIDDEN: &str = "***";
/// What is left of a secret that was cut short is looked for from so many bytes on, with the words behind it.
const LEAST: usize = "'x' at line ".len();

/// Words before a literal that is a secret. A name that ends in one of the first group counts as well (`api_secret`).
const SECRET_ENDINGS: [&str; 4] = ["PASSWORD", "PASSWD", "SECRET", "PASSPHRASE"];
/// `CREATE SUBSCRIPTION … CONNECTION '…'`; IDENTIFIED BY is MySQL's.
const SECRET_WORDS: [&str; 2] = ["CONNECTION", "IDENTIFIED"];
/// The keys of an encrypted SQLite database, which are pragmas and may be in quotes of any kind.
const KEY_PRAGMAS: [&str; 4] = ["KEY", "REKEY", "HEXKEY", "HEXREKEY"];
/// What may stand between the word and the literal.
const BETWEEN: [&str; 8] = ["=", ">", ":", "(", "TO", "BY", "AS", "WITH"];

/// A one-line summary of a statement: at most 80 characters, white space folded, comments dropped, secrets masked.
/// It is made of the beginning of the statement and never fails.
pub fn describe(text: &str, statement: &Statement, syntax: Syntax) -> String {
    summary(text.get(statement.body.clone()).unwrap_or(""), syntax)
}

/// The same of a statement by itself.
pub fn summary(body: &str, syntax: Syntax) -> String {
    let mut line = Line::default();
    let mut before = 0;
    for (token, secret) in Secrets::new(body, syntax).filter(|(token, _)| !token.is_beside()) {
        // Tokens with anything between them, even only a comment, stay apart.
        if token.start > before {
            line.push(' ');
        }
        before = token.end;
        let shown = if secret { MASK } else { token.text(body) };
        for letter in shown.chars() {
            if line.length > LONGEST {
                return line.cut();
            }
            line.push(letter);
        }
    }
    if line.length > LONGEST { line.cut() } else { line.text }
}

/// Whether a statement holds this name, quoted or not, whatever its case. Strings and comments do not count.
pub fn mentions(body: &str, name: &str, syntax: Syntax) -> bool {
    let is = |token: super::lexer::Token| match token.kind {
        TokenKind::Word | TokenKind::WideWord => token.text(body).eq_ignore_ascii_case(name),
        TokenKind::Name => {
            let text = token.text(body);
            let quote = text.chars().next().unwrap_or_default();
            let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
            inner
                .replace(&format!("{quote}{quote}"), &quote.to_string())
                .eq_ignore_ascii_case(name)
        }
        _ => false,
    };
    Lexer::new(body, syntax).any(is)
}

/// A line that is folded while it grows.
#[derive(Default)]
struct Line {
    text: String,
    length: usize,
}

impl Line {
    /// Control characters count as blanks: they have no business on a terminal.
    fn push(&mut self, letter: char) {
        let blank = letter.is_whitespace() || letter.is_control();
        if blank && (self.text.is_empty() || self.text.ends_with(' ')) {
            return;
        }
        self.text.push(if blank { ' ' } else { letter });
        self.length += 1;
    }

    fn cut(mut self) -> String {
        while self.length >= LONGEST {
            self.text.pop();
            self.length -= 1;
        }
        self.text.push('…');
        self.text
    }
}

/// The text with `'***'` in place of the literals that follow PASSWORD, IDENTIFIED BY, SECRET and their like.
/// A string that holds a URL or a connection string with a password is one, too.
/// It is for what people read; any other secret inside a string (a function body, a dynamic statement) is not found.
pub fn mask_secrets(sql: &str, syntax: Syntax) -> Cow<'_, str> {
    let hidden: Vec<Range<usize>> = Secrets::new(sql, syntax)
        .filter(|(_, secret)| *secret)
        .map(|(token, _)| token.start..token.end)
        .collect();
    if hidden.is_empty() {
        return Cow::Borrowed(sql);
    }
    let mut out = String::with_capacity(sql.len());
    let mut from = 0;
    for range in hidden {
        out.push_str(sql.get(from..range.start).unwrap_or(""));
        out.push_str(MASK);
        from = range.end;
    }
    out.push_str(sql.get(from..).unwrap_or(""));
    Cow::Owned(out)
}

/// What a server says about a statement, without the secrets of that statement and without the passwords of URLs and of
/// connection strings. MySQL repeats the beginning of what it did not understand, so a secret may be cut short in it.
pub fn without_secrets(message: &str, sql: &str, syntax: Syntax) -> String {
    let mut message = message.to_owned();
    let secrets = Secrets::new(sql, syntax).filter(|(_, secret)| *secret);
    for text in secrets.map(|(token, _)| token.text(sql)) {
        let inner = text.trim_matches(|c: char| !c.is_alphanumeric());
        message = message.replace(text, MASK);
        if inner.len() > 2 {
            message = message.replace(inner, HIDDEN);
        }
        let cuts = text.char_indices().rev().map(|(at, _)| &text[..at]);
        let cut = cuts.map(|beginning| format!("{beginning}' at line ")).take(LONGEST * 4);
        if let Some(cut) = cut.filter(|cut| cut.len() > LEAST).find(|cut| message.contains(cut)) {
            message = message.replace(&cut, &format!("{MASK} at line "));
        }
    }
    mask_credentials(&message).into_owned()
}

/// The text without the passwords of URLs and of connection strings.
fn mask_credentials(text: &str) -> Cow<'_, str> {
    let mut out = Cow::Borrowed(text);
    let mut from = 0;
    while let Some(range) = credential(&out, from) {
        from = range.start + HIDDEN.len();
        out.to_mut().replace_range(range, HIDDEN);
    }
    out
}

/// Where the next password of a URL or of a connection string stands.
fn credential(text: &str, from: usize) -> Option<Range<usize>> {
    let ends = |c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '`' | ')' | ';' | ',');
    let upper = text.to_ascii_uppercase();
    let until = |start: usize| text[start..].find(ends).map_or(text.len(), |length| start + length);
    let is_shown = |range: &Range<usize>| &text[range.clone()] != HIDDEN;
    let in_url = text[from..].match_indices("://").find_map(|(at, _)| {
        let start = from + at + 3;
        let end = start + text[start..until(start)].rfind('@')?;
        let range = start + text[start..end].find(':')? + 1..end;
        is_shown(&range).then_some(range)
    });
    let in_string = upper[from..].match_indices("PASSWORD=").find_map(|(at, word)| {
        let start = from + at + word.len();
        let range = start..until(start);
        (!range.is_empty() && is_shown(&range)).then_some(range)
    });
    [in_url, in_string]
        .into_iter()
        .flatten()
        .min_by_key(|range| range.start)
}

/// Whether a string is a URL or a connection string, or holds one, with a password in it.
fn holds_credentials(literal: &str) -> bool {
    let names = |key: &str| literal.contains(key);
    (names("://") || names("host=") || names("dbname=") || names("user=")) && credential(literal, 0).is_some()
}

/// Tokens, each with whether it is a secret.
struct Secrets<'a> {
    text: &'a str,
    lexer: Lexer<'a>,
    expects: Expects,
    statement: Opening,
}

/// How the statement at hand begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opening {
    NotYet,
    Pragma,
    Other,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Expects {
    Anything,
    Secret,
    /// A literal may go on in the next one.
    MoreOfIt,
}

impl<'a> Secrets<'a> {
    fn new(text: &'a str, syntax: Syntax) -> Secrets<'a> {
        Secrets {
            text,
            lexer: Lexer::new(text, syntax),
            expects: Expects::Anything,
            statement: Opening::NotYet,
        }
    }
}

impl Iterator for Secrets<'_> {
    type Item = (Token, bool);

    fn next(&mut self) -> Option<(Token, bool)> {
        let token = self.lexer.next()?;
        if token.is_beside() {
            return Some((token, false));
        }
        let word = token.text(self.text);
        let literal = matches!(
            token.kind,
            TokenKind::Text | TokenKind::Dollar | TokenKind::Unterminated(Opened::Text | Opened::Dollar | Opened::Name)
        );
        let pragma = self.statement == Opening::Pragma;
        let quoted_value = token.kind == TokenKind::Name && self.expects == Expects::Secret && pragma;
        let credentials = literal && holds_credentials(word);
        if credentials || self.expects != Expects::Anything && (literal || quoted_value) {
            self.expects = Expects::MoreOfIt;
            return Some((token, true));
        }
        let still = self.expects == Expects::Secret && BETWEEN.iter().any(|known| known.eq_ignore_ascii_case(word));
        let key = pragma && KEY_PRAGMAS.iter().any(|known| known.eq_ignore_ascii_case(word));
        let secret = still || key || is_secret_word(token.kind, word);
        self.expects = if secret { Expects::Secret } else { Expects::Anything };
        self.statement = match self.statement {
            _ if token.kind == TokenKind::Semicolon => Opening::NotYet,
            Opening::NotYet if word.eq_ignore_ascii_case("PRAGMA") => Opening::Pragma,
            Opening::NotYet => Opening::Other,
            same => same,
        };
        Some((token, false))
    }
}

fn is_secret_word(kind: TokenKind, word: &str) -> bool {
    let name = match kind {
        TokenKind::Word | TokenKind::WideWord => word,
        TokenKind::Name => word.trim_matches(['"', '`', '[', ']']),
        _ => return false,
    };
    let ends = |ending: &str| {
        name.len()
            .checked_sub(ending.len())
            .and_then(|from| name.get(from..))
            .is_some_and(|end| end.eq_ignore_ascii_case(ending))
    };
    SECRET_ENDINGS.iter().any(|ending| ends(ending))
        || SECRET_WORDS.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::parse;

    fn first(text: &str, syntax: Syntax) -> String {
        let parsed = parse(text, syntax).unwrap();
        describe(text, &parsed.statements[0], syntax)
    }

    #[test]
    fn a_summary_is_one_folded_line() {
        let text = "-- why\nCREATE TABLE t ( -- a\n  a   int,\n\tb text DEFAULT 'x\n  y'\n);";
        assert_eq!(
            first(text, Syntax::Postgres(Default::default())),
            "CREATE TABLE t ( a int, b text DEFAULT 'x y' )"
        );
    }

    #[test]
    fn a_long_statement_is_cut_at_eighty_characters() {
        let text = format!("SELECT '{}'", "é".repeat(200));
        let line = first(&text, Syntax::Sqlite);
        assert_eq!(line.chars().count(), 80);
        assert!(line.ends_with("é…"));
    }

    #[test]
    fn control_characters_do_not_reach_a_terminal() {
        assert_eq!(
            first("SELECT '\u{1b}[31mred'", Syntax::Postgres(Default::default())),
            "SELECT ' [31mred'"
        );
    }

    #[test]
    fn secrets_are_masked() {
        let postgres = |sql| mask_secrets(sql, Syntax::Postgres(Default::default())).into_owned();
        for (sql, masked) in [
            (
                "CREATE ROLE a PASSWORD 'x''y' LOGIN",
                "CREATE ROLE a PASSWORD '***' LOGIN",
            ),
            (
                "ALTER USER a WITH ENCRYPTED PASSWORD E'x\\'y'",
                "ALTER USER a WITH ENCRYPTED PASSWORD '***'",
            ),
            (
                "ALTER USER a PASSWORD $$x$$; SELECT 'y'",
                "ALTER USER a PASSWORD '***'; SELECT 'y'",
            ),
            (
                "CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'u', password 'p')",
                "CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'u', password '***')",
            ),
            (
                "CREATE SUBSCRIPTION s CONNECTION 'host=h password=p' PUBLICATION p",
                "CREATE SUBSCRIPTION s CONNECTION '***' PUBLICATION p",
            ),
            (
                "UPDATE users SET api_secret = 'x', \"password\" = 'y'",
                "UPDATE users SET api_secret = '***', \"password\" = '***'",
            ),
            ("CREATE USER a IDENTIFIED BY 'x'", "CREATE USER a IDENTIFIED BY '***'"),
            ("ALTER USER a PASSWORD 'x'\n'y'", "ALTER USER a PASSWORD '***'\n'***'"),
            (
                "ALTER USER a PASSWORD /* new */ 'x",
                "ALTER USER a PASSWORD /* new */ '***'",
            ),
        ] {
            assert_eq!(postgres(sql), masked);
        }
        assert_eq!(
            mask_secrets("PRAGMA key = \"x'00'\"; SELECT \"a\"", Syntax::Sqlite),
            "PRAGMA key = '***'; SELECT \"a\""
        );
        assert_eq!(
            first("CREATE ROLE a PASSWORD 'x'", Syntax::Postgres(Default::default())),
            "CREATE ROLE a PASSWORD '***'"
        );
    }

    #[test]
    fn what_a_server_says_has_no_secrets_of_its_statement() {
        let mysql = Syntax::Mysql(crate::script::SqlMode {
            no_backslash_escapes: false,
            ansi_quotes: false,
            oracle: false,
        });
        for (message, sql, shown) in [
            (
                "near 'CREAT USER a IDENTIFIED BY 'abcdef'' at line 1",
                "CREAT USER a IDENTIFIED BY 'abcdef'",
                "near 'CREAT USER a IDENTIFIED BY '***'' at line 1",
            ),
            (
                "near 'CREAT USER a IDENTIFIED BY 'abc' at line 1",
                "CREAT USER a IDENTIFIED BY 'abcdef'",
                "near 'CREAT USER a IDENTIFIED BY '***' at line 1",
            ),
            ("abcdef is too short", "SET PASSWORD = 'abcdef'", "*** is too short"),
            (
                "postgres://u:***@h/d cannot reach postgres://me:a@b@h/d, nor http://h/a:b",
                "SELECT 1",
                "postgres://u:***@h/d cannot reach postgres://me:***@h/d, nor http://h/a:b",
            ),
            (
                "invalid: \"host=h Password=x user=y\" and password=z",
                "SELECT 1",
                "invalid: \"host=h Password=*** user=y\" and password=***",
            ),
            (
                "Table 'a.b' doesn't exist",
                "SELECT 'x' FROM a.b",
                "Table 'a.b' doesn't exist",
            ),
        ] {
            assert_eq!(without_secrets(message, sql, mysql), shown);
        }
        assert_eq!(
            mask_secrets(
                "SELECT dblink('host=h password=x', 'SELECT 1'), 'password=1'",
                Syntax::Postgres(Default::default())
            ),
            "SELECT dblink('***', 'SELECT 1'), 'password=1'"
        );
    }

    #[test]
    fn a_text_without_secrets_is_borrowed() {
        for sql in [
            "CREATE TABLE t (password text, PRIMARY KEY (\"a\"))",
            "SELECT 'password'",
            "",
        ] {
            assert!(
                matches!(mask_secrets(sql, Syntax::Postgres(Default::default())), Cow::Borrowed(same) if same == sql)
            );
        }
    }
}
