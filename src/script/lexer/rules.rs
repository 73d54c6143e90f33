//! The lexical facts of each engine, as data.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-syntax-lexical.html>, SQLite: `tokenize.c` and
//! <https://www.sqlite.org/lang_comment.html>, MySQL and MariaDB: <https://dev.mysql.com/doc/refman/8.4/en/comments.html> and
//! <https://mariadb.com/kb/en/comment-syntax/>.

use super::{Syntax, TokenKind};
use crate::script::Strings;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    White,
    Letter,
    Wide,
    Digit,
    Quote,
    DoubleQuote,
    Backtick,
    Bracket,
    Dash,
    Hash,
    Slash,
    Dollar,
    Dot,
    Semicolon,
    Open,
    Close,
    Backslash,
    Other,
}

/// How a quote inside a literal is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Escapes {
    Doubled,
    Backslash,
    /// With a backslash, and the literal goes on in a quote after a line break.
    Continued,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Nesting {
    Nested,
    Flat,
}

/// Whether some comments are run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Conditionals {
    /// `/*!…*/` is a comment as any other.
    Unknown,
    /// What is in it is run by some servers.
    Run,
}

/// In what the bodies of routines in other languages than SQL are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bodies {
    /// In what every string is written in.
    Strings,
    /// In `$tag$ … $tag$`, which is no string elsewhere.
    Dollars,
}

/// The lexical facts of one engine.
pub(super) struct Rules {
    pub classes: [Class; 256],
    /// What a single quote opens.
    pub text: Escapes,
    /// What a double quote opens.
    pub double_quotes: (TokenKind, Escapes),
    pub comments: Nesting,
    pub conditionals: Conditionals,
    pub bodies: Bodies,
    /// `5--1` is arithmetic unless a blank follows the dashes.
    pub dashes_need_blank: bool,
    /// The bytes that end a `--` comment. A lone carriage return ends one in PostgreSQL and not in SQLite.
    pub line_ends: &'static [u8],
    /// Letters that belong to the literal when a quote follows at once.
    pub prefixes: &'static [(u8, Escapes)],
    /// Letters that do the same with a `&` between, before a string or a quoted name.
    pub unicode_prefixes: &'static [u8],
}

/// By what `standard_conforming_strings` says: <https://www.postgresql.org/docs/current/runtime-config-compatible.html>.
static POSTGRES: [Rules; 2] = [postgres(Escapes::Doubled), postgres(Escapes::Continued)];

const fn postgres(text: Escapes) -> Rules {
    let mut classes = common();
    classes[b'$' as usize] = Class::Dollar;
    Rules {
        classes,
        text,
        double_quotes: (TokenKind::Name, Escapes::Doubled),
        comments: Nesting::Nested,
        conditionals: Conditionals::Unknown,
        bodies: Bodies::Strings,
        dashes_need_blank: false,
        line_ends: b"\n\r",
        // The national string is a plain one.
        prefixes: match text {
            Escapes::Doubled => &[
                (b'E', Escapes::Continued),
                (b'B', Escapes::Doubled),
                (b'X', Escapes::Doubled),
                (b'N', Escapes::Doubled),
            ],
            _ => &[
                (b'E', Escapes::Continued),
                (b'B', Escapes::Doubled),
                (b'X', Escapes::Doubled),
                (b'N', Escapes::Continued),
            ],
        },
        unicode_prefixes: b"U",
    }
}

static SQLITE: Rules = Rules {
    classes: {
        let mut classes = common();
        classes[b'`' as usize] = Class::Backtick;
        classes[b'[' as usize] = Class::Bracket;
        classes
    },
    text: Escapes::Doubled,
    double_quotes: (TokenKind::Name, Escapes::Doubled),
    comments: Nesting::Flat,
    conditionals: Conditionals::Unknown,
    bodies: Bodies::Strings,
    dashes_need_blank: false,
    line_ends: b"\n",
    prefixes: &[(b'X', Escapes::Doubled)],
    unicode_prefixes: b"",
};

/// The four ways in which MySQL and MariaDB read quotes, by `sql_mode`
/// (<https://dev.mysql.com/doc/refman/8.4/en/string-literals.html>, <https://mariadb.com/kb/en/sql-mode/>).
static MYSQL: [Rules; 4] = [
    mysql(Escapes::Backslash, TokenKind::Text),
    mysql(Escapes::Backslash, TokenKind::Name),
    mysql(Escapes::Doubled, TokenKind::Text),
    mysql(Escapes::Doubled, TokenKind::Name),
];

const fn mysql(text: Escapes, double_quotes: TokenKind) -> Rules {
    let mut classes = common();
    classes[b'`' as usize] = Class::Backtick;
    classes[b'#' as usize] = Class::Hash;
    classes[b'$' as usize] = Class::Letter;
    Rules {
        classes,
        text,
        double_quotes: match double_quotes {
            // A backslash is only a character in a name.
            TokenKind::Name => (TokenKind::Name, Escapes::Doubled),
            _ => (TokenKind::Text, text),
        },
        comments: Nesting::Flat,
        conditionals: Conditionals::Run,
        bodies: Bodies::Dollars,
        dashes_need_blank: true,
        line_ends: b"\n",
        prefixes: &[(b'X', Escapes::Doubled), (b'B', Escapes::Doubled)],
        unicode_prefixes: b"",
    }
}

/// The rules of a syntax.
pub(super) fn rules(syntax: Syntax) -> &'static Rules {
    match syntax {
        Syntax::Sqlite => &SQLITE,
        Syntax::Postgres(strings) => &POSTGRES[usize::from(strings == Strings::Escaped)],
        Syntax::Mysql(mode) => &MYSQL[usize::from(mode.no_backslash_escapes) * 2 + usize::from(mode.ansi_quotes)],
    }
}

const fn common() -> [Class; 256] {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        let class = match byte as u8 {
            b' ' | b'\t'..=b'\r' => Class::White,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            b'\'' => Class::Quote,
            b'"' => Class::DoubleQuote,
            b'-' => Class::Dash,
            b'/' => Class::Slash,
            b'.' => Class::Dot,
            b';' => Class::Semicolon,
            b'(' => Class::Open,
            b')' => Class::Close,
            b'\\' => Class::Backslash,
            0x80.. => Class::Wide,
            _ => Class::Other,
        };
        classes[byte] = class;
        byte += 1;
    }
    classes
}
