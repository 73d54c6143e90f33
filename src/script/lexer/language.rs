//! Where MySQL takes `$tag$ … $tag$` for a string: as the body of a routine or a library in another language than SQL.
//!
//! Everywhere else such a string is an error to MySQL 9 (`AS` is followed by `routine_string` in `sql_yacc.yy`), and in MariaDB and
//! in older servers `$tag$` is a name. Those refuse `LANGUAGE` with any name but SQL, so that a text means one thing to all of them.

use super::TokenKind;

/// How far a statement is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Language {
    /// It begins.
    #[default]
    Unread,
    Create,
    /// Of what has a body.
    Routine,
    /// `LANGUAGE`.
    Asked,
    /// In which language the body is written.
    Foreign,
    /// `AS`: the body comes next.
    Body,
    /// It cannot have such a body.
    Other,
}

impl Language {
    /// Takes the next token, with how many parentheses are open around it.
    pub fn take(self, kind: TokenKind, text: &[u8], parentheses: usize) -> Self {
        let is = |word: &[u8]| kind == TokenKind::Word && text.eq_ignore_ascii_case(word);
        match (self, kind) {
            (_, TokenKind::Semicolon | TokenKind::Delimiter) => Language::Unread,
            (_, TokenKind::LineComment | TokenKind::BlockComment) => self,
            (_, TokenKind::ConditionalOpen | TokenKind::ConditionalClose) => self,
            // Also in the body of a program.
            (Language::Unread | Language::Other, _) if is(b"CREATE") => Language::Create,
            (Language::Unread | Language::Other | Language::Body, _) => Language::Other,
            _ if parentheses > 0 => self,
            (Language::Create, _) if is(b"FUNCTION") || is(b"PROCEDURE") || is(b"LIBRARY") => Language::Routine,
            (Language::Routine, _) if is(b"LANGUAGE") => Language::Asked,
            (Language::Asked, _) if is(b"SQL") => Language::Routine,
            (Language::Asked, TokenKind::Word | TokenKind::Name) => Language::Foreign,
            (Language::Asked, _) => Language::Routine,
            (Language::Foreign, _) if is(b"AS") => Language::Body,
            // A column that is called so: no characteristics have commas.
            (Language::Foreign, TokenKind::Symbol) if text == b"," => Language::Routine,
            _ => self,
        }
    }
}
