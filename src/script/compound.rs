//! Which `;` ends a statement in MySQL and MariaDB: bodies of stored programs, compound statements, conditional comments.
//!
//! The servers' clients know none of this and need `DELIMITER`; the servers themselves parse it
//! (<https://dev.mysql.com/doc/refman/8.4/en/sql-compound-statements.html>,
//! <https://mariadb.com/kb/en/using-compound-statements-outside-of-stored-programs/>).

use super::lexer::{Token, TokenKind};

/// What else than `;` may end a statement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Delimited {
    /// Nothing.
    #[default]
    BySemicolon,
    /// What `DELIMITER` has named. In a stored program nothing else does then.
    ByCommand,
}

/// What may be open where the text ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unended {
    Body,
    Comment,
}

impl Unended {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Unended::Body => "body",
            Unended::Comment => "conditional comment",
        }
    }
}

/// Follows one statement from its first token.
#[derive(Clone, Debug, Default)]
pub(super) struct Compound {
    delimited: Delimited,
    header: Header,
    /// Where the conditional comment begins that is open.
    conditional: Option<usize>,
    /// What is open, innermost last, and where it begins.
    opened: Vec<(usize, Opened)>,
    place: Place,
    after: After,
}

/// How far the beginning of the statement is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Header {
    #[default]
    Start,
    /// `BEGIN`: a transaction, or with `NOT ATOMIC` a compound statement.
    Begin,
    Create,
    Alter,
    /// A stored program or a compound statement.
    Program,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opened {
    /// `CASE` inside an expression: what follows its `THEN` is no statement.
    Expression,
    Statements,
}

/// What may come next: `IF` and its like open something only where a statement begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    Statement,
    #[default]
    Other,
}

/// What stood before a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum After {
    /// `END`: the word says what ends.
    End,
    /// `.` or `@`: the word is a name.
    Mark,
    #[default]
    Other,
}

/// What makes a CREATE one of a stored program.
const PROGRAMS: [&str; 5] = ["PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "PACKAGE"];

/// What makes it one of something else. Other words stand between: OR REPLACE, AGGREGATE, DEFINER and its user.
const OBJECTS: [&str; 17] = [
    "TABLE",
    "VIEW",
    "INDEX",
    "DATABASE",
    "SCHEMA",
    "USER",
    "ROLE",
    "SERVER",
    "SEQUENCE",
    "TABLESPACE",
    "LOGFILE",
    "UNIQUE",
    "FULLTEXT",
    "SPATIAL",
    "RESOURCE",
    "TEMPORARY",
    "UNDO",
];

/// What opens something that `END` closes, where a statement begins.
const OPENERS: [&str; 6] = ["IF", "CASE", "LOOP", "WHILE", "REPEAT", "FOR"];

/// Words behind which a statement begins.
const BEFORE_STATEMENT: [&str; 7] = ["BEGIN", "ATOMIC", "DO", "LOOP", "REPEAT", "THEN", "ELSE"];

/// Words behind which the body of a program may begin, when nothing is open yet.
const BEFORE_BODY: [&str; 6] = ["ROW", "DETERMINISTIC", "DATA", "SQL", "INVOKER", "DEFINER"];

fn among(words: &[&str], word: &str) -> bool {
    words.iter().any(|known| known.eq_ignore_ascii_case(word))
}

impl Compound {
    pub fn new(delimited: Delimited) -> Self {
        Self {
            delimited,
            ..Self::default()
        }
    }

    /// Takes a token that is no comment. True when it ends the statement.
    pub fn take(&mut self, token: Token, text: &str) -> bool {
        match token.kind {
            TokenKind::Delimiter => return true,
            TokenKind::ConditionalOpen => self.conditional = Some(token.start),
            TokenKind::ConditionalClose => self.conditional = None,
            TokenKind::Semicolon => {
                let body = self.header == Header::Program && self.delimited == Delimited::ByCommand;
                (self.place, self.after) = (Place::Statement, After::Other);
                return self.at_top() && !body;
            }
            TokenKind::Word if self.header == Header::Program => self.word(token, text.get(token.start..token.end)),
            TokenKind::Word => self.begin(token, token.text(text)),
            _ => self.other(token, text),
        }
        false
    }

    /// What is open if the text ends here, and where it begins.
    pub fn open(&self) -> Option<(usize, Unended)> {
        let body = self.opened.first().map(|(at, _)| (*at, Unended::Body));
        body.or(self.conditional.map(|at| (at, Unended::Comment)))
    }

    /// True outside every body and conditional comment.
    pub fn at_top(&self) -> bool {
        self.opened.is_empty() && self.conditional.is_none()
    }

    /// A word of the beginning.
    fn begin(&mut self, token: Token, word: &str) {
        let is = |name: &str| word.eq_ignore_ascii_case(name);
        self.header = match self.header {
            Header::Start if is("CREATE") => Header::Create,
            Header::Start if is("ALTER") => Header::Alter,
            Header::Start if is("BEGIN") => Header::Begin,
            Header::Start if among(&OPENERS, word) => {
                self.opened.push((token.start, Opened::Statements));
                Header::Program
            }
            Header::Begin if is("NOT") => {
                self.opened.push((token.start, Opened::Statements));
                Header::Program
            }
            Header::Create if among(&PROGRAMS, word) => Header::Program,
            Header::Create if !among(&OBJECTS, word) => Header::Create,
            Header::Alter if is("EVENT") => Header::Program,
            // DEFINER = user
            Header::Alter if !among(&OBJECTS, word) && !among(&PROGRAMS, word) => Header::Alter,
            _ => Header::Other,
        };
        self.place = match is("LOOP") || is("REPEAT") {
            true => Place::Statement,
            false => Place::Other,
        };
    }

    /// A word of a program.
    fn word(&mut self, token: Token, word: Option<&str>) {
        let word = word.unwrap_or("");
        let is = |name: &str| word.eq_ignore_ascii_case(name);
        let (place, after) = (std::mem::take(&mut self.place), std::mem::take(&mut self.after));
        if after == After::Mark || after == After::End && among(&OPENERS, word) {
            return;
        }
        let header = self.opened.is_empty();
        if is("END") {
            self.opened.pop();
            self.after = After::End;
        } else if is("BEGIN") || place == Place::Statement && among(&OPENERS, word) {
            self.opened.push((token.start, Opened::Statements));
        } else if is("CASE") {
            self.opened.push((token.start, Opened::Expression));
        }
        let expression = self
            .opened
            .last()
            .is_some_and(|(_, opened)| *opened == Opened::Expression);
        // REPEAT is a function, too.
        let repeat = is("REPEAT") && place != Place::Statement;
        if header && among(&BEFORE_BODY, word) || among(&BEFORE_STATEMENT, word) && !expression && !repeat {
            self.place = Place::Statement;
        }
    }

    /// Anything but a word.
    fn other(&mut self, token: Token, text: &str) {
        if self.header != Header::Program {
            if self.header != Header::Create && self.header != Header::Alter {
                self.header = Header::Other;
            }
            return;
        }
        let symbol = match token.kind {
            TokenKind::Symbol => token.text(text),
            _ => "",
        };
        self.after = match symbol {
            "." | "@" => After::Mark,
            _ => After::Other,
        };
        // Behind a label; and before the body behind the parameters or a comment.
        let header = self.opened.is_empty() && matches!(token.kind, TokenKind::Close | TokenKind::Text);
        self.place = match symbol == ":" || header {
            true => Place::Statement,
            false => Place::Other,
        };
    }
}
