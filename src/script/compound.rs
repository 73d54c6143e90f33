//! Which `;` ends a statement in MySQL and MariaDB: bodies of stored programs, compound statements, conditional comments.
//!
//! The servers' clients know none of this and need `DELIMITER`; the servers themselves parse it
//! (<https://dev.mysql.com/doc/refman/8.4/en/sql-compound-statements.html>,
//! <https://mariadb.com/kb/en/using-compound-statements-outside-of-stored-programs/>, and for `sql_mode=ORACLE`
//! <https://mariadb.com/kb/en/sql_modeoracle/>).

mod header;

use super::SqlMode;
use super::lexer::{Token, TokenKind};
use header::{Header, OPENERS, Other, Part, Step, among};

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
#[derive(Clone, Debug)]
pub(super) struct Compound {
    delimited: Delimited,
    /// Whether `sql_mode` holds ORACLE.
    oracle: bool,
    header: Header,
    /// Where the conditional comment begins that is open.
    conditional: Option<usize>,
    /// How many parentheses are open.
    parentheses: usize,
    /// What is open, innermost last, and where it begins.
    opened: Vec<(usize, Opened)>,
    place: Place,
    after: After,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opened {
    /// `CASE` inside an expression: what follows its `THEN` is no statement.
    Expression,
    Statements,
    /// What `UNTIL` ends: an expression comes, and then `END`.
    Until,
    /// Before the `BEGIN` of a block that has the same `END`.
    Declarations,
    /// Declarations and routines.
    Package,
}

/// What may come next: `BEGIN`, `IF` and their like open something only where a statement begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    Statement,
    /// In a list of what a handler is for: the next one.
    Condition,
    /// In a label of `sql_mode=ORACLE`: `<<name>>`.
    Label,
    #[default]
    Other,
}

/// What stood before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum After {
    /// `END`: the word says what ends.
    End,
    /// `.` or `@`: the word is a name.
    Mark,
    /// `BEGIN`, which `NOT ATOMIC` may follow.
    Begin,
    Not,
    /// DECLARE, behind which a handler may be declared.
    Declare,
    /// EXIT, CONTINUE, UNDO of one.
    Exit,
    Handler,
    /// A condition of one: there may be another one, or its statement.
    Condition,
    Label,
    Set,
    /// `SET STATEMENT`, up to its FOR.
    SetStatement,
    #[default]
    Other,
}

impl Compound {
    pub fn new(delimited: Delimited, mode: SqlMode) -> Self {
        Self {
            delimited,
            oracle: mode.oracle,
            header: Header::default(),
            conditional: None,
            parentheses: 0,
            opened: Vec::new(),
            place: Place::default(),
            after: After::default(),
        }
    }

    /// Takes a token that is no comment. True when it ends the statement.
    pub fn take(&mut self, token: Token, text: &str) -> bool {
        match token.kind {
            TokenKind::Delimiter => return true,
            TokenKind::ConditionalOpen => self.conditional = Some(token.start),
            TokenKind::ConditionalClose => self.conditional = None,
            TokenKind::Semicolon => {
                let program = self.header.is_program() && self.delimited == Delimited::ByCommand;
                // A routine of a package may be announced only.
                if self.header.is_program() {
                    self.header = Header::Body;
                }
                (self.place, self.after, self.parentheses) = (Place::Statement, After::Other, 0);
                return self.at_top() && !program;
            }
            _ if self.header == Header::Body => self.body(token, text),
            _ => self.begin(token, text),
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

    /// A token of the beginning.
    fn begin(&mut self, token: Token, text: &str) {
        self.count(token);
        let step = match (token.kind, self.header) {
            _ if self.parentheses > 0 => return,
            (TokenKind::Word, header) => header.take(token.text(text), token.start, self.oracle),
            (_, Header::Program(part)) => part.pass(match token.kind {
                TokenKind::Close => Other::Close,
                TokenKind::Name => Other::Name,
                TokenKind::Text => Other::Text,
                _ if is_colon(token, text) => Other::Colon,
                _ => Other::Another,
            }),
            (_, Header::Create | Header::Alter | Header::SetStatement) => return,
            _ => Step::To(Header::Other),
        };
        match step {
            Step::To(header) => {
                self.header = header;
                return;
            }
            Step::BeforePackage => {
                self.opened.push((token.start, Opened::Package));
                self.header = Header::Program(Part::Package);
                return;
            }
            Step::InBody | Step::BeforeBody => {}
            Step::BeforeDeclarations => self.opened.push((token.start, Opened::Declarations)),
            Step::Block(at) => {
                self.opened.push((at, Opened::Statements));
                self.after = After::Not;
            }
        }
        self.header = Header::Body;
        if !matches!(step, Step::Block(_)) {
            self.place = Place::Statement;
        }
        if step == Step::InBody {
            self.body(token, text);
        }
    }

    /// A token of a body.
    fn body(&mut self, token: Token, text: &str) {
        let (place, after) = (std::mem::take(&mut self.place), std::mem::take(&mut self.after));
        match token.kind {
            TokenKind::Word => self.word(token, token.text(text), place, after),
            _ => self.other(token, text, place, after),
        }
        if after == After::SetStatement && self.place == Place::Other {
            self.after = after;
        }
    }

    /// A word of a body.
    fn word(&mut self, token: Token, word: &str, place: Place, after: After) {
        let is = |name: &str| word.eq_ignore_ascii_case(name);
        if after == After::Mark || after == After::End && among(&OPENERS, word) {
            return;
        }
        let innermost = self.opened.last().map(|(_, opened)| *opened);
        let starts = place == Place::Statement;
        let (next, said) = match place {
            Place::Label => (Place::Label, After::Other),
            Place::Condition if is("SQLSTATE") || is("VALUE") || is("NOT") => (Place::Condition, After::Other),
            Place::Condition => (Place::Statement, After::Condition),
            _ if is("END") && (starts || matches!(innermost, Some(Opened::Expression | Opened::Until))) => {
                self.opened.pop();
                (Place::Other, After::End)
            }
            Place::Statement if is("BEGIN") => {
                self.open_block(token.start, after);
                (Place::Statement, After::Begin)
            }
            // Outside of a block only `sql_mode=ORACLE` has it, and a mode that is computed is not known.
            Place::Statement if is("DECLARE") && (self.oracle || self.opened.is_empty()) => {
                self.opened.push((token.start, Opened::Declarations));
                (Place::Statement, After::Other)
            }
            Place::Statement if is("DECLARE") => (Place::Other, After::Declare),
            Place::Statement if innermost == Some(Opened::Package) && (is("PROCEDURE") || is("FUNCTION")) => {
                self.header = Header::Program(Part::Parameters);
                return;
            }
            Place::Statement if is("SET") => (Place::Other, After::Set),
            Place::Statement if is("UNTIL") => {
                self.opened.pop();
                self.opened.push((token.start, Opened::Until));
                (Place::Other, After::Other)
            }
            Place::Statement if among(&OPENERS, word) => {
                self.opened.push((token.start, Opened::Statements));
                let next = match is("LOOP") || is("REPEAT") {
                    true => Place::Statement,
                    false => Place::Other,
                };
                (next, After::Other)
            }
            _ if is("NOT") && after == After::Begin => (Place::Other, After::Not),
            _ if is("ATOMIC") && after == After::Not => (Place::Statement, After::Other),
            _ if is("STATEMENT") && after == After::Set => (Place::Other, After::SetStatement),
            _ if is("FOR") && after == After::SetStatement && self.parentheses == 0 => (Place::Statement, After::Other),
            _ if is("FOR") && after == After::Handler => (Place::Condition, After::Other),
            _ if is("HANDLER") && after == After::Exit => (Place::Other, After::Handler),
            _ if among(&["EXIT", "CONTINUE", "UNDO"], word) && (after == After::Declare || self.declares(place)) => {
                (Place::Other, After::Exit)
            }
            _ if is("CASE") => {
                self.opened.push((token.start, Opened::Expression));
                (Place::Other, After::Other)
            }
            _ if among(&["THEN", "ELSE"], word) && innermost != Some(Opened::Expression) => {
                (Place::Statement, After::Other)
            }
            // DO is a statement as well.
            Place::Other if is("DO") || is("LOOP") => (Place::Statement, After::Other),
            _ => (Place::Other, After::Other),
        };
        (self.place, self.after) = (next, said);
    }

    /// Whether a declaration begins there, which `sql_mode=ORACLE` knows by its place alone.
    fn declares(&self, place: Place) -> bool {
        let inside = matches!(self.opened.last(), Some((_, Opened::Declarations | Opened::Package)));
        place == Place::Statement && inside
    }

    /// `BEGIN` where a statement begins. Declarations end with it, and so does the beginning of a package; but not with the statement
    /// of a handler that is declared.
    fn open_block(&mut self, at: usize, after: After) {
        match self.opened.last_mut() {
            _ if matches!(after, After::Condition | After::Label) => self.opened.push((at, Opened::Statements)),
            Some((_, opened @ Opened::Declarations)) => *opened = Opened::Statements,
            Some((_, opened @ Opened::Package)) if self.oracle => *opened = Opened::Statements,
            _ => self.opened.push((at, Opened::Statements)),
        }
    }

    /// Anything but a word.
    fn other(&mut self, token: Token, text: &str, place: Place, after: After) {
        self.count(token);
        let symbol = match token.kind {
            TokenKind::Symbol => token.text(text),
            _ => "",
        };
        self.after = match symbol {
            "." | "@" => After::Mark,
            _ => After::Other,
        };
        let behind = |symbol: &str| text.get(..token.start).is_some_and(|before| before.ends_with(symbol));
        self.place = match (place, symbol) {
            (Place::Statement | Place::Label, "<") => Place::Label,
            (Place::Label, ">") if behind(">") => {
                self.after = After::Label;
                Place::Statement
            }
            (Place::Label, _) => Place::Label,
            (Place::Condition, _) => {
                self.after = After::Condition;
                Place::Statement
            }
            (Place::Statement, ",") if after == After::Condition => Place::Condition,
            _ if is_colon(token, text) => {
                self.after = After::Label;
                Place::Statement
            }
            _ => Place::Other,
        };
    }

    fn count(&mut self, token: Token) {
        match token.kind {
            TokenKind::Open => self.parentheses += 1,
            TokenKind::Close => self.parentheses = self.parentheses.saturating_sub(1),
            _ => {}
        }
    }
}

/// The sign behind a label, unlike the one of `:=`.
fn is_colon(token: Token, text: &str) -> bool {
    token.text(text) == ":" && text.as_bytes().get(token.end) != Some(&b'=')
}
