//! Which `;` ends a statement: parentheses, `BEGIN ATOMIC … END` bodies and trigger bodies.

use super::Syntax;
use super::compound::{Compound, Delimited, Unended};
use super::lexer::{Token, TokenKind};

/// Follows one statement from its first token and knows whether a `;` ends it.
#[derive(Clone, Debug)]
pub(super) enum Blocks {
    Postgres(Routine),
    Sqlite(Trigger),
    Mysql(Compound),
}

/// Where the text ends inside something that only its own end can close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OpenBody {
    pub at: usize,
    pub name: &'static str,
    pub help: &'static str,
}

const END_IT: &str = "end it with `END;`; if it has one, a statement inside lacks its `;`";

impl Blocks {
    pub fn new(syntax: Syntax, delimited: Delimited) -> Blocks {
        match syntax {
            Syntax::Postgres(_) => Blocks::Postgres(Routine::default()),
            Syntax::Sqlite => Blocks::Sqlite(Trigger::default()),
            Syntax::Mysql(mode) => Blocks::Mysql(Compound::new(delimited, mode)),
        }
    }

    /// Takes a token that is no comment, semicolons included. True when it ends the statement.
    pub fn ends_with(&mut self, token: Token, text: &str) -> bool {
        match self {
            Blocks::Postgres(routine) => routine.take(token, text),
            Blocks::Sqlite(trigger) => trigger.take(token, text),
            Blocks::Mysql(compound) => compound.take(token, text),
        }
    }

    /// The body that is open if the text ends here.
    pub fn open(&self) -> Option<OpenBody> {
        match self {
            Blocks::Postgres(routine) => routine.opened.last().map(|at| OpenBody {
                at: *at,
                name: "`BEGIN ATOMIC` body",
                help: END_IT,
            }),
            Blocks::Sqlite(trigger) => {
                let open = matches!(trigger.state, State::Trigger | State::Semicolon);
                open.then_some(OpenBody {
                    at: trigger.opened,
                    name: "trigger body",
                    help: END_IT,
                })
            }
            Blocks::Mysql(compound) => compound.open().map(|(at, what)| OpenBody {
                at,
                name: what.name(),
                help: if what == Unended::Body {
                    END_IT
                } else {
                    "close it with `*/`"
                },
            }),
        }
    }

    /// True outside every parenthesis and body.
    pub fn at_top(&self) -> bool {
        match self {
            Blocks::Postgres(routine) => routine.parentheses == 0 && routine.opened.is_empty(),
            Blocks::Sqlite(trigger) => !matches!(trigger.state, State::Trigger | State::Semicolon),
            Blocks::Mysql(compound) => compound.at_top(),
        }
    }
}

/// psql's rule: a `;` counts outside parentheses and, in CREATE FUNCTION and CREATE PROCEDURE, outside
/// `BEGIN ATOMIC … END` (`psqlscan.l`, <https://www.postgresql.org/docs/current/sql-createfunction.html>).
/// Unlike psql a lone BEGIN opens nothing and an END that is a column name or label closes nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Routine {
    parentheses: usize,
    header: Header,
    before: Before,
    /// A BEGIN that is a body if ATOMIC comes next.
    begin: Option<usize>,
    /// Where the open BEGIN and CASE stand; CASE ends with END too.
    opened: Vec<usize>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Header {
    #[default]
    Start,
    Create,
    Or,
    Replace,
    Routine,
    Other,
}

/// What stood before a word: after `.` or AS a keyword is only a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Before {
    #[default]
    Other,
    NameComesNext,
}

impl Routine {
    fn take(&mut self, token: Token, text: &str) -> bool {
        match token.kind {
            TokenKind::Semicolon => return self.parentheses == 0 && self.opened.is_empty(),
            TokenKind::Open => self.parentheses += 1,
            TokenKind::Close => self.parentheses = self.parentheses.saturating_sub(1),
            TokenKind::Word if self.header != Header::Other => {
                if self.header == Header::Routine {
                    self.body_word(token, text);
                    return false;
                }
                self.header = self.header.after(token.text(text));
            }
            // Without this a name such as "or" could stand in for the keyword.
            _ if self.header != Header::Routine => self.header = Header::Other,
            _ => {}
        }
        if self.header == Header::Routine {
            self.begin = None;
            let dot = token.kind == TokenKind::Symbol && token.text(text) == ".";
            self.before = if dot { Before::NameComesNext } else { Before::Other };
        }
        false
    }

    fn body_word(&mut self, token: Token, text: &str) {
        let word = token.text(text);
        let begin = self.begin.take();
        let before = std::mem::take(&mut self.before);
        if word.eq_ignore_ascii_case("AS") {
            self.before = Before::NameComesNext;
        }
        if self.parentheses > 0 || before == Before::NameComesNext {
            return;
        }
        if word.eq_ignore_ascii_case("BEGIN") {
            self.begin = Some(token.start);
        } else if word.eq_ignore_ascii_case("ATOMIC") {
            self.opened.extend(begin);
        } else if word.eq_ignore_ascii_case("CASE") && !self.opened.is_empty() {
            self.opened.push(token.start);
        } else if word.eq_ignore_ascii_case("END") {
            self.opened.pop();
        }
    }
}

impl Header {
    fn after(self, word: &str) -> Header {
        let is = |name| word.eq_ignore_ascii_case(name);
        match self {
            Header::Start if is("CREATE") => Header::Create,
            Header::Create if is("OR") => Header::Or,
            Header::Or if is("REPLACE") => Header::Replace,
            Header::Create | Header::Replace if is("FUNCTION") || is("PROCEDURE") => Header::Routine,
            Header::Routine => Header::Routine,
            _ => Header::Other,
        }
    }
}

/// SQLite's own rule: in CREATE TRIGGER only `; END ;` ends the statement, anywhere else every `;` does
/// (`complete.c`, <https://www.sqlite.org/c3ref/complete.html>).
#[derive(Clone, Debug, Default)]
pub(super) struct Trigger {
    state: State,
    opened: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Start,
    Normal,
    Explain,
    Create,
    Trigger,
    Semicolon,
    End,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Symbol {
    Semicolon,
    Explain,
    Create,
    Temp,
    Trigger,
    End,
    Other,
}

const SYMBOLS: [(&str, Symbol); 6] = [
    ("EXPLAIN", Symbol::Explain),
    ("CREATE", Symbol::Create),
    ("TEMP", Symbol::Temp),
    ("TEMPORARY", Symbol::Temp),
    ("TRIGGER", Symbol::Trigger),
    ("END", Symbol::End),
];

impl Trigger {
    fn take(&mut self, token: Token, text: &str) -> bool {
        if self.state == State::Normal {
            return token.kind == TokenKind::Semicolon;
        }
        let word = if token.kind == TokenKind::Word {
            token.text(text)
        } else {
            ""
        };
        let symbol = match token.kind {
            TokenKind::Semicolon => Symbol::Semicolon,
            _ => SYMBOLS
                .iter()
                .find(|(name, _)| word.eq_ignore_ascii_case(name))
                .map_or(Symbol::Other, |(_, symbol)| *symbol),
        };
        let before = self.state;
        self.state = match (before, symbol) {
            (State::Trigger | State::Semicolon, Symbol::Semicolon) => State::Semicolon,
            (_, Symbol::Semicolon) => return true,
            (State::Start, Symbol::Explain) => State::Explain,
            (State::Start | State::Explain, Symbol::Create) => State::Create,
            (State::Explain, Symbol::Other) => State::Explain,
            (State::Create, Symbol::Temp) => State::Create,
            (State::Create, Symbol::Trigger) => State::Trigger,
            (State::Semicolon, Symbol::End) => State::End,
            (State::Trigger | State::Semicolon | State::End, _) => State::Trigger,
            (State::Start | State::Normal | State::Explain | State::Create, _) => State::Normal,
        };
        // A report of an open body points at its BEGIN; the first one, since others are column names at best.
        if self.state == State::Trigger {
            let begins = word.eq_ignore_ascii_case("BEGIN") && !text.get(self.opened..).is_some_and(starts_with_begin);
            if before == State::Create || begins {
                self.opened = token.start;
            }
        }
        false
    }
}

fn starts_with_begin(text: &str) -> bool {
    text.get(..5).is_some_and(|word| word.eq_ignore_ascii_case("BEGIN"))
}
