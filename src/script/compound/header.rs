//! What a statement is by its first words, and where the body of a stored program begins.
//!
//! `create`, `sp_tail` and `sp_proc_stmt` in `sql_yacc.yy` of both servers; MariaDB has a second grammar for `sql_mode=ORACLE`.

/// How far the beginning of a statement is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Header {
    #[default]
    Start,
    /// `BEGIN`, and where: a transaction, or with `NOT ATOMIC` a compound statement.
    Begin(usize),
    Set,
    /// `SET STATEMENT`: behind its FOR another statement begins.
    SetStatement,
    Create,
    Alter,
    /// Before the body of a stored program.
    Program(Part),
    /// In the body of one, or in a compound statement.
    Body,
    Other,
}

/// What of the beginning of a stored program is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The name of a routine, and its parameters.
    Parameters,
    /// Its characteristics.
    Characteristics,
    /// LANGUAGE: a name comes next.
    Language,
    /// The type of what a function returns, and its characteristics.
    Type,
    /// A trigger before `FOR EACH ROW`.
    Trigger,
    Each,
    /// Behind `FOR EACH ROW`.
    Row,
    /// FOLLOWS, PRECEDES: the name of another trigger comes next.
    Order,
    /// An event before its DO.
    Event,
    /// The name of a package, and its characteristics.
    Package,
}

/// What a word of the beginning means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It belongs to the beginning, which is known that far.
    To(Header),
    /// The body begins with it.
    InBody,
    /// The body begins behind it.
    BeforeBody,
    /// Declarations begin behind it, and then the body.
    BeforeDeclarations,
    /// The parts of a package begin behind its name.
    BeforePackage,
    /// A compound statement begins here.
    Block(usize),
}

/// What makes a CREATE one of something that has no body. Other words stand between: OR REPLACE, AGGREGATE, DEFINER and its user.
const OBJECTS: [&str; 20] = [
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
    "VECTOR",
    "RESOURCE",
    "TEMPORARY",
    "UNDO",
    "LIBRARY",
    "MASKING",
];

/// What opens something that `END` closes, where a statement begins.
pub(super) const OPENERS: [&str; 6] = ["IF", "CASE", "LOOP", "WHILE", "REPEAT", "FOR"];

/// The words of characteristics (<https://dev.mysql.com/doc/refman/9.7/en/create-procedure.html>). No statement begins with one.
const CHARACTERISTICS: [&str; 13] = [
    "COMMENT",
    "SQL",
    "NOT",
    "DETERMINISTIC",
    "CONTAINS",
    "NO",
    "READS",
    "MODIFIES",
    "DATA",
    "SECURITY",
    "DEFINER",
    "INVOKER",
    "USING",
];

pub(super) fn among(words: &[&str], word: &str) -> bool {
    words.iter().any(|known| known.eq_ignore_ascii_case(word))
}

impl Header {
    /// Whether it is known to be one of a stored program or a compound statement.
    pub fn is_program(self) -> bool {
        matches!(self, Header::Program(_) | Header::Body)
    }

    /// Takes a word outside of parentheses, which stands at `at`.
    pub fn take(self, word: &str, at: usize, oracle: bool) -> Step {
        let is = |name: &str| word.eq_ignore_ascii_case(name);
        Step::To(match self {
            Header::Start if is("CREATE") => Header::Create,
            Header::Start if is("ALTER") => Header::Alter,
            Header::Start if is("SET") => Header::Set,
            Header::Start if is("BEGIN") && !oracle => Header::Begin(at),
            Header::Start if is("BEGIN") || is("DECLARE") || among(&OPENERS, word) => return Step::InBody,
            Header::Begin(begin) if is("NOT") => return Step::Block(begin),
            Header::Set if is("STATEMENT") => Header::SetStatement,
            Header::SetStatement if is("FOR") => Header::Start,
            Header::SetStatement => self,
            Header::Create if is("PROCEDURE") || is("FUNCTION") => Header::Program(Part::Parameters),
            Header::Create if is("TRIGGER") => Header::Program(Part::Trigger),
            Header::Create if is("PACKAGE") => return Step::BeforePackage,
            Header::Create | Header::Alter if is("EVENT") => Header::Program(Part::Event),
            Header::Create if !among(&OBJECTS, word) => Header::Create,
            // DEFINER = user
            Header::Alter if !among(&OBJECTS, word) && !among(&["PROCEDURE", "FUNCTION"], word) => Header::Alter,
            Header::Program(part) => return part.take(word, oracle),
            _ => Header::Other,
        })
    }
}

impl Part {
    /// Takes a word outside of parentheses.
    fn take(self, word: &str, oracle: bool) -> Step {
        let is = |name: &str| word.eq_ignore_ascii_case(name);
        let to = |part| Step::To(Header::Program(part));
        let routine = matches!(self, Part::Parameters | Part::Characteristics | Part::Type);
        match self {
            _ if routine && oracle && (is("IS") || is("AS")) => Step::BeforeDeclarations,
            Part::Parameters | Part::Characteristics if is("RETURNS") || oracle && is("RETURN") => to(Part::Type),
            Part::Parameters => to(self),
            Part::Language => to(Part::Characteristics),
            Part::Characteristics if is("LANGUAGE") => to(Part::Language),
            // AS belongs to a body in another language.
            Part::Characteristics if among(&CHARACTERISTICS, word) || is("AS") => to(self),
            Part::Characteristics => Step::InBody,
            // Every word may be one of a type, and a body of MariaDB's own language holds one of these.
            Part::Type if is("RETURN") || is("BEGIN") || among(&OPENERS, word) => Step::InBody,
            Part::Type => to(self),
            Part::Trigger | Part::Each if is("EACH") => to(Part::Each),
            Part::Each if is("ROW") => to(Part::Row),
            Part::Trigger | Part::Each => to(Part::Trigger),
            Part::Row if is("FOLLOWS") || is("PRECEDES") => to(Part::Order),
            Part::Row => Step::InBody,
            Part::Order => Step::BeforeBody,
            Part::Event if is("DO") => Step::BeforeBody,
            Part::Event => to(self),
            Part::Package if is("IS") || is("AS") => Step::BeforeBody,
            // Without `sql_mode=ORACLE` the parts follow the name.
            Part::Package if among(&["PROCEDURE", "FUNCTION", "DECLARE", "END"], word) => Step::InBody,
            Part::Package => to(self),
        }
    }

    /// Takes what is no word, outside of parentheses.
    pub fn pass(self, what: Other) -> Step {
        match (self, what) {
            (Part::Parameters, Other::Close) => Step::To(Header::Program(Part::Characteristics)),
            (Part::Order, Other::Name | Other::Text) => Step::BeforeBody,
            // A label.
            (Part::Characteristics, Other::Name) | (Part::Row, _) => Step::InBody,
            (Part::Type, Other::Colon) => Step::BeforeBody,
            _ => Step::To(Header::Program(self)),
        }
    }
}

/// What is no word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Other {
    /// The end of parentheses.
    Close,
    /// A quoted name.
    Name,
    Text,
    Colon,
    Another,
}
