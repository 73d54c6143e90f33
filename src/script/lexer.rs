//! Bytes to tokens: quotes, comments, words and punctuation, by each engine's own lexical [rules].

mod language;
mod rules;

use memchr::{memchr, memchr2, memmem};

use super::Syntax;
use language::Language;
use rules::{Bodies, Class, Conditionals, Escapes, Nesting, Rules, rules};

/// What a token is. White space is skipped; every other byte belongs to exactly one token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// Keyword or plain identifier, ASCII only.
    Word,
    /// A word with bytes outside ASCII.
    WideWord,
    /// Number, or a parameter such as `$1`.
    Number,
    /// A string or blob literal with its prefix.
    Text,
    /// A quoted identifier.
    Name,
    /// `$tag$ … $tag$`, a string.
    Dollar,
    LineComment,
    BlockComment,
    /// `/*!40101` or `/*M!`: what follows is run, up to the `*/` that closes it.
    ConditionalOpen,
    ConditionalClose,
    Semicolon,
    /// What `DELIMITER` has put in the place of the semicolon.
    Delimiter,
    Open,
    Close,
    Backslash,
    /// One byte that is not worth a kind of its own.
    Symbol,
    /// Something opened at the start of the token and never closed; it reaches to the end of the text.
    Unterminated(Opened),
}

/// What was left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opened {
    Text,
    Name,
    Dollar,
    BlockComment,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub start: usize,
    pub end: usize,
}

impl Token {
    pub fn text<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start..self.end).unwrap_or("")
    }

    pub fn is_comment(&self) -> bool {
        matches!(self.kind, TokenKind::LineComment | TokenKind::BlockComment)
    }

    /// Comments, and the marks around what only some servers run: nothing that says what a statement is.
    pub fn is_beside(&self) -> bool {
        self.is_comment() || matches!(self.kind, TokenKind::ConditionalOpen | TokenKind::ConditionalClose)
    }
}

/// Tokens of a text, from first to last. A clone is a cheap bookmark.
#[derive(Clone)]
pub(super) struct Lexer<'a> {
    bytes: &'a [u8],
    rules: &'static Rules,
    at: usize,
    /// Empty where it is the semicolon.
    delimiter: &'a str,
    /// Whether a conditional comment is open.
    conditional: bool,
    /// Whether the body in another language comes next, and how many parentheses are open, where that is asked for.
    language: Language,
    parentheses: usize,
}

impl<'a> Lexer<'a> {
    pub fn new(text: &'a str, syntax: Syntax) -> Lexer<'a> {
        Lexer {
            bytes: text.as_bytes(),
            rules: rules(syntax),
            at: 0,
            delimiter: "",
            conditional: false,
            language: Language::default(),
            parentheses: 0,
        }
    }

    /// From here on the text follows other rules.
    pub fn follow(&mut self, syntax: Syntax) {
        self.rules = rules(syntax);
    }

    /// From here on this ends a statement; with the empty text the semicolon does so alone.
    pub fn delimit(&mut self, delimiter: &'a str) {
        self.delimiter = delimiter;
    }

    /// Goes on at `at`, which has to be a place outside every token. It is for text that is no SQL: COPY data, client commands.
    pub fn jump(&mut self, at: usize) {
        self.at = at;
        (self.language, self.parentheses) = (Language::default(), 0);
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn class(&self, byte: u8) -> Class {
        self.rules.classes[byte as usize]
    }

    /// The first place at or after `at` whose byte fails `wanted`.
    fn run(&self, mut at: usize, wanted: impl Fn(u8) -> bool) -> usize {
        while let Some(&byte) = self.bytes.get(at)
            && wanted(byte)
        {
            at += 1;
        }
        at
    }

    fn seek(&self, needle: u8, from: usize) -> Option<usize> {
        memchr(needle, self.bytes.get(from..)?).map(|found| from + found)
    }

    /// A literal whose opening quote is at `open`: the place behind its closing quote.
    fn literal(&self, open: usize, quote: u8, escapes: Escapes) -> Option<usize> {
        let mut at = open + 1;
        loop {
            at = match escapes {
                Escapes::Doubled => self.seek(quote, at)?,
                Escapes::Backslash | Escapes::Continued => at + memchr2(quote, b'\\', self.bytes.get(at..)?)?,
            };
            if self.byte(at) != Some(quote) || self.byte(at + 1) == Some(quote) {
                at += 2;
                continue;
            }
            // In PostgreSQL a literal goes on in a quote after a line break, and keeps its escapes:
            // https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-STRINGS
            let again = (escapes == Escapes::Continued).then(|| self.continuation(at + 1));
            match again.flatten() {
                Some(again) => at = again + 1,
                None => return Some(at + 1),
            }
        }
    }

    /// The quote that continues the literal that ended before `from`, if one does.
    fn continuation(&self, from: usize) -> Option<usize> {
        let mut at = from;
        let mut broken = false;
        loop {
            let byte = self.byte(at)?;
            match byte {
                b'\n' | b'\r' => broken = true,
                b'-' if self.byte(at + 1) == Some(b'-') => {
                    at = self.line_comment(at);
                    continue;
                }
                b'\'' => return broken.then_some(at),
                _ if self.class(byte) == Class::White => {}
                _ => return None,
            }
            at += 1;
        }
    }

    fn line_comment(&self, start: usize) -> usize {
        let rest = self.bytes.get(start..).unwrap_or_default();
        let end = match self.rules.line_ends {
            [one] => memchr(*one, rest),
            _ => memchr2(b'\n', b'\r', rest),
        };
        end.map_or(self.bytes.len(), |end| start + end)
    }

    fn block_comment(&self, start: usize) -> Option<usize> {
        let mut at = start + 2;
        let mut depth = 1_usize;
        loop {
            at += memchr2(b'*', b'/', self.bytes.get(at..)?)?;
            match (self.byte(at), self.byte(at + 1)) {
                (Some(b'*'), Some(b'/')) => {
                    depth -= 1;
                    if depth == 0 {
                        return Some(at + 2);
                    }
                    at += 2;
                }
                (Some(b'/'), Some(b'*')) if self.rules.comments == Nesting::Nested => {
                    depth += 1;
                    at += 2;
                }
                _ => at += 1,
            }
        }
    }

    /// Whether `--` at `start` begins a comment.
    fn dashes(&self, start: usize) -> bool {
        self.byte(start + 1) == Some(b'-')
            && (!self.rules.dashes_need_blank
                || self
                    .byte(start + 2)
                    .is_none_or(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control()))
    }

    /// The token that starts with `/*` at `start`.
    fn block(&mut self, start: usize) -> (TokenKind, usize) {
        if let Some(end) = self.conditional_open(start) {
            self.conditional = true;
            return (TokenKind::ConditionalOpen, end);
        }
        match self.block_comment(start) {
            Some(end) => (TokenKind::BlockComment, end),
            None => (TokenKind::Unterminated(Opened::BlockComment), self.bytes.len()),
        }
    }

    /// Where the mark of a conditional comment ends, if `/*` at `start` begins one: `/*!`, `/*M!`, with or without a version.
    fn conditional_open(&self, start: usize) -> Option<usize> {
        if self.rules.conditionals == Conditionals::Unknown {
            return None;
        }
        let mark = match (self.byte(start + 2)?, self.byte(start + 3)) {
            (b'!', _) => start + 3,
            (b'M', Some(b'!')) => start + 4,
            _ => return None,
        };
        let digits = self.run(mark, |byte| byte.is_ascii_digit());
        // The client's mark for a sandbox, for no server: https://mariadb.org/mariadb-dump-file-compatibility-change/
        (self.byte(digits) != Some(b'\\')).then_some(digits)
    }

    /// The token that starts with `$` at `start`: a parameter, a dollar-quoted string, or a lone symbol.
    fn dollar(&self, start: usize) -> (TokenKind, usize) {
        if self.byte(start + 1).is_some_and(|byte| byte.is_ascii_digit()) {
            return (TokenKind::Number, self.run(start + 1, |byte| byte.is_ascii_digit()));
        }
        self.dollar_quoted(start).unwrap_or((TokenKind::Symbol, start + 1))
    }

    /// The string that starts with `$tag$` at `start`, if one does.
    fn dollar_quoted(&self, start: usize) -> Option<(TokenKind, usize)> {
        let tag = self.run(start + 1, |byte| {
            byte != b'$' && matches!(self.class(byte), Class::Letter | Class::Wide | Class::Digit)
        });
        if self.byte(tag) != Some(b'$') {
            return None;
        }
        let (delimiter, rest) = (self.bytes.get(start..=tag)?, self.bytes.get(tag + 1..)?);
        Some(match memmem::find(rest, delimiter) {
            Some(found) => (TokenKind::Dollar, tag + 1 + found + delimiter.len()),
            None => (TokenKind::Unterminated(Opened::Dollar), self.bytes.len()),
        })
    }

    /// Where the rules ask for it, follows the statement to the place where a body in another language begins.
    fn follow_language(&mut self, token: Token) {
        if self.rules.bodies != Bodies::Dollars {
            return;
        }
        match token.kind {
            TokenKind::Open => self.parentheses += 1,
            TokenKind::Close => self.parentheses = self.parentheses.saturating_sub(1),
            TokenKind::Semicolon | TokenKind::Delimiter => self.parentheses = 0,
            _ => {}
        }
        let text = self.bytes.get(token.start..token.end).unwrap_or_default();
        self.language = self.language.take(token.kind, text, self.parentheses);
    }

    fn word(&self, start: usize, first: u8) -> (TokenKind, usize) {
        // A prefix belongs to the literal only when nothing stands between them.
        match (first.to_ascii_uppercase(), self.byte(start + 1), self.byte(start + 2)) {
            (letter, Some(b'\''), _) => {
                if let Some((_, escapes)) = self.rules.prefixes.iter().find(|(prefix, _)| *prefix == letter) {
                    return self.quoted(start, start + 1, b'\'', *escapes, TokenKind::Text);
                }
            }
            (letter, Some(b'&'), Some(quote @ (b'\'' | b'"'))) if self.rules.unicode_prefixes.contains(&letter) => {
                let kind = if quote == b'"' {
                    TokenKind::Name
                } else {
                    TokenKind::Text
                };
                return self.quoted(start, start + 2, quote, Escapes::Doubled, kind);
            }
            _ => {}
        }
        let mut seen = 0;
        let mut end = self.run(start, |byte| {
            matches!(self.class(byte), Class::Letter | Class::Digit | Class::Wide) || byte == b'$'
        });
        if !self.delimiter.is_empty()
            && let Some(found) = memmem::find(
                self.bytes.get(start..end).unwrap_or_default(),
                self.delimiter.as_bytes(),
            )
        {
            end = start + found;
        }
        for byte in self.bytes.get(start..end).unwrap_or_default() {
            seen |= byte;
        }
        (
            if seen < 0x80 {
                TokenKind::Word
            } else {
                TokenKind::WideWord
            },
            end,
        )
    }

    fn number(&self, start: usize) -> usize {
        let digits = |at| self.run(at, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let mut end = digits(start);
        if self.byte(end) == Some(b'.') && self.byte(end + 1).is_some_and(|byte| byte.is_ascii_digit()) {
            end = digits(end + 1);
        }
        let exponent = matches!(self.byte(end.wrapping_sub(1)), Some(b'e' | b'E'))
            && matches!(self.byte(end), Some(b'+' | b'-'))
            && self.byte(end + 1).is_some_and(|byte| byte.is_ascii_digit());
        if exponent { digits(end + 1) } else { end }
    }

    fn quoted(&self, start: usize, open: usize, quote: u8, escapes: Escapes, kind: TokenKind) -> (TokenKind, usize) {
        debug_assert!(start <= open);
        match self.literal(open, quote, escapes) {
            Some(end) => (kind, end),
            None if kind == TokenKind::Name => (TokenKind::Unterminated(Opened::Name), self.bytes.len()),
            None => (TokenKind::Unterminated(Opened::Text), self.bytes.len()),
        }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let start = self.run(self.at, |byte| self.class(byte) == Class::White);
        let Some(first) = self.byte(start) else {
            self.at = start;
            return None;
        };
        let one = start + 1;
        let rest = self.bytes.get(start..).unwrap_or_default();
        if !self.delimiter.is_empty() && rest.starts_with(self.delimiter.as_bytes()) {
            let end = start + self.delimiter.len();
            self.at = end;
            let kind = TokenKind::Delimiter;
            let token = Token { kind, start, end };
            self.follow_language(token);
            return Some(token);
        }
        let (kind, end) = match self.class(first) {
            Class::Letter if first == b'$' && self.language == Language::Body => {
                self.dollar_quoted(start).unwrap_or_else(|| self.word(start, first))
            }
            Class::Letter | Class::Wide => self.word(start, first),
            Class::Digit => (TokenKind::Number, self.number(start)),
            Class::Quote => self.quoted(start, start, b'\'', self.rules.text, TokenKind::Text),
            Class::DoubleQuote => {
                let (kind, escapes) = self.rules.double_quotes;
                self.quoted(start, start, b'"', escapes, kind)
            }
            Class::Backtick => self.quoted(start, start, b'`', Escapes::Doubled, TokenKind::Name),
            Class::Bracket => match self.seek(b']', one) {
                Some(end) => (TokenKind::Name, end + 1),
                None => (TokenKind::Unterminated(Opened::Name), self.bytes.len()),
            },
            Class::Dash if self.dashes(start) => (TokenKind::LineComment, self.line_comment(start)),
            Class::Hash => (TokenKind::LineComment, self.line_comment(start)),
            Class::Slash if self.byte(one) == Some(b'*') => self.block(start),
            Class::Other if self.conditional && first == b'*' && self.byte(one) == Some(b'/') => {
                self.conditional = false;
                (TokenKind::ConditionalClose, one + 1)
            }
            Class::Dot if self.byte(one).is_some_and(|byte| byte.is_ascii_digit()) => {
                (TokenKind::Number, self.number(one))
            }
            Class::Dollar => self.dollar(start),
            Class::Semicolon => (TokenKind::Semicolon, one),
            Class::Open => (TokenKind::Open, one),
            Class::Close => (TokenKind::Close, one),
            Class::Backslash => (TokenKind::Backslash, one),
            Class::Dash | Class::Slash | Class::Dot | Class::Other | Class::White => (TokenKind::Symbol, one),
        };
        self.at = end;
        let token = Token { kind, start, end };
        self.follow_language(token);
        Some(token)
    }
}
