//! Names of objects and users in a statement, unquoted and as the catalog has them.

use super::Syntax;
use super::lexer::{Lexer, Token, TokenKind};
use super::pattern::together;

/// How the names stand in a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Names {
    /// `a`
    One,
    /// `a, b`
    List,
    /// `a TO b, c TO d`
    Pairs,
    /// `a@h, b`, each with what belongs to it
    Users,
    /// `a@h TO b, c TO d`
    UserPairs,
    /// `i ON s.t`: the index lies in the schema of its table
    Index,
}

/// One name: its parts from left to right.
pub(super) type Name = Vec<String>;

/// All names from `place` on. None where one of them cannot be told.
pub(super) fn read(names: Names, body: &str, place: Lexer<'_>, syntax: Syntax) -> Option<Vec<Name>> {
    let mut reader = Reader {
        body,
        tokens: place,
        syntax,
    };
    let mut found = Vec::new();
    loop {
        match names {
            Names::One => {
                found.push(reader.name()?);
                break;
            }
            Names::List => found.push(reader.name()?),
            Names::Pairs => {
                found.push(reader.name()?);
                reader.wait();
                reader.wants("TO")?;
                found.push(reader.name()?);
            }
            Names::Users => {
                found.push(reader.user()?);
                reader.skip_options();
            }
            Names::UserPairs => {
                found.push(reader.user()?);
                reader.wants("TO")?;
                found.push(reader.user()?);
            }
            Names::Index => {
                found.push(reader.index()?);
                break;
            }
        }
        if reader.wants(",").is_none() {
            break;
        }
    }
    Some(found)
}

/// The name that stands at a place, which goes on behind it.
pub(super) fn next<'a>(body: &'a str, place: &mut Lexer<'a>, syntax: Syntax) -> Option<Name> {
    let tokens = place.clone();
    let mut reader = Reader { body, tokens, syntax };
    let name = reader.name()?;
    *place = reader.tokens;
    Some(name)
}

/// PostgreSQL cuts longer names off, which it only notes:
/// <https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS>.
const POSTGRES_LONGEST: usize = 63;

/// Names without quotes that stand for whoever is at work.
const WHOEVER: [&str; 2] = ["CURRENT_USER", "CURRENT_ROLE"];

struct Reader<'a> {
    body: &'a str,
    tokens: Lexer<'a>,
    syntax: Syntax,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<Token> {
        self.tokens.find(|token| !token.is_beside())
    }

    fn peek(&self) -> Option<Token> {
        self.tokens.clone().find(|token| !token.is_beside())
    }

    /// Takes a word or sign, if it comes next.
    fn wants(&mut self, word: &str) -> Option<()> {
        let token = self.peek()?;
        if !token.text(self.body).eq_ignore_ascii_case(word) {
            return None;
        }
        self.next().map(|_| ())
    }

    /// `a`, `s.a`, and in PostgreSQL `d.s.a`, where `d` can only be the current database.
    fn name(&mut self) -> Option<Name> {
        let most = if matches!(self.syntax, Syntax::Postgres(_)) {
            3
        } else {
            2
        };
        let mut name = vec![self.part()?];
        while let Some(part) = self.further_part() {
            name.push(part?);
            if name.len() > most {
                return None;
            }
        }
        Some(name.split_off(name.len().saturating_sub(2)))
    }

    /// The next part of a name that has one.
    fn further_part(&mut self) -> Option<Option<String>> {
        let token = self.peek()?;
        // A name of MySQL may begin with a digit, and with the dot it is a number to the lexer.
        if token.kind == TokenKind::Number && token.text(self.body).starts_with('.') {
            self.next();
            return Some(self.digits(token));
        }
        self.wants(".").map(|()| self.part())
    }

    fn part(&mut self) -> Option<String> {
        let token = self.next()?;
        let text = token.text(self.body);
        let mysql = matches!(self.syntax, Syntax::Mysql(_));
        let name = match token.kind {
            TokenKind::Word | TokenKind::WideWord if matches!(self.syntax, Syntax::Postgres(_)) => {
                text.to_ascii_lowercase()
            }
            TokenKind::Word | TokenKind::WideWord => text.to_owned(),
            TokenKind::Number if mysql && !text.bytes().all(|byte| byte.is_ascii_digit()) => self.digits(token)?,
            TokenKind::Name => unquoted(text)?,
            // Where a name has to stand it is one, whatever `sql_mode` the text was read with.
            TokenKind::Text if mysql && text.starts_with('"') && !text.contains('\\') => unquoted(text)?,
            _ => return None,
        };
        let name = match self.syntax {
            Syntax::Postgres(_) => name.get(..name.floor_char_boundary(POSTGRES_LONGEST))?.to_owned(),
            _ => name,
        };
        (!name.is_empty()).then_some(name)
    }

    /// A name that begins with a digit, with or without the dot before it.
    fn digits(&self, token: Token) -> Option<String> {
        let text = token.text(self.body);
        let name = text.strip_prefix('.').unwrap_or(text);
        // More that is written together with it belongs to the name, or is no name at all.
        let end = together(&mut self.tokens.clone(), token, self.body);
        let whole = end == token.end || self.body.as_bytes().get(token.end) == Some(&b'.');
        (whole && !name.contains(['.', '+', '-'])).then(|| name.to_owned())
    }

    /// `a`, `a@h`, each part a name or a string; a host without quotes may hold dots.
    fn user(&mut self) -> Option<Name> {
        let whoever = |token: Token| {
            let text = token.text(self.body);
            WHOEVER.iter().any(|word| word.eq_ignore_ascii_case(text))
        };
        if self.peek().is_some_and(whoever) {
            return None;
        }
        let mut user = vec![self.user_part()?];
        if self.wants("@").is_some() {
            user.push(match self.peek()? {
                token if matches!(token.kind, TokenKind::Text | TokenKind::Name) => self.user_part()?,
                token => {
                    self.next();
                    let end = together(&mut self.tokens, token, self.body);
                    let host = self.body.get(token.start..end)?;
                    let plain = |letter: char| letter.is_alphanumeric() || "._$".contains(letter);
                    host.chars().all(plain).then(|| host.to_owned())?
                }
            });
        }
        Some(user)
    }

    fn user_part(&mut self) -> Option<String> {
        match self.peek()? {
            token if token.kind == TokenKind::Text => {
                self.next();
                let text = token.text(self.body);
                // A backslash may be an escape or not; either is rare in a name.
                let plain = text.starts_with(['\'', '"']) && !text.contains('\\');
                if plain { unquoted(text) } else { None }
            }
            _ => self.part(),
        }
    }

    /// Goes on to the next user of a list. The roles of `DEFAULT ROLE a, b` are none of it.
    fn skip_options(&mut self) {
        let mut depth = 0_usize;
        while let Some(token) = self.peek() {
            match token.kind {
                TokenKind::Open => depth += 1,
                TokenKind::Close => depth = depth.saturating_sub(1),
                TokenKind::Word if token.text(self.body).eq_ignore_ascii_case("DEFAULT") => break,
                _ if depth == 0 && token.text(self.body) == "," => break,
                _ => {}
            }
            self.next();
        }
    }

    /// MariaDB: `WAIT 5`, `NOWAIT`.
    fn wait(&mut self) {
        if self.wants("WAIT").is_some() {
            self.next();
        } else {
            let _ = self.wants("NOWAIT");
        }
    }

    fn index(&mut self) -> Option<Name> {
        let index = self.part()?;
        self.wants("ON")?;
        let _ = self.wants("ONLY");
        let mut name = self.name()?;
        name.pop();
        name.push(index);
        Some(name)
    }
}

/// What is between the quotes, with the doubled ones single.
pub(super) fn unquoted(text: &str) -> Option<String> {
    if let Some(name) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        return Some(name.to_owned());
    }
    let quote = text.chars().next().filter(|first| "\"'`".contains(*first))?;
    let inside = text.strip_prefix(quote)?.strip_suffix(quote)?;
    let doubled: String = [quote, quote].iter().collect();
    Some(inside.replace(&doubled, quote.encode_utf8(&mut [0; 4])))
}
