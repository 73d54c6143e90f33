//! What a statement makes, drops and renames, and what else it changes: as far as the text tells, for a look at a script as a whole.
//!
//! Nothing here decides how a statement is run: that is for [`objects`](super::objects), which has to be right about each name.

mod reader;

use super::Syntax;
use super::names::Name;
use super::pattern::{Opening, Rule, rule};
use reader::Reader;

/// What kind of thing has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// A table, a view or a sequence, which share their names.
    Relation,
    Index,
    Constraint,
    Column,
    Trigger,
    Rule,
    Policy,
    Type,
    /// A function, a procedure, an aggregate.
    Routine,
    Schema,
    Role,
    Extension,
    /// Something else, by what is said behind CREATE.
    Other(&'static str),
    /// It is gone with the session.
    Temporary,
}

impl Sort {
    /// Whether it may work on the rows of its table without being named.
    pub fn works_unnamed(self) -> bool {
        use Sort::{Constraint, Index, Policy, Rule, Trigger};
        matches!(self, Index | Constraint | Trigger | Rule | Policy)
    }
}

/// Something that has a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Thing {
    pub sort: Sort,
    /// In small letters, without the schema that is meant where none is named.
    pub name: Name,
    /// The table that it belongs to, where the statement says it.
    pub on: Option<Name>,
    /// The types of the arguments of a routine; `None` where the statement says none.
    pub takes: Option<Vec<String>>,
}

/// What a statement does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Makes(Thing),
    Drops(Thing),
    /// The thing and its new name.
    Renames(Thing, Name),
    /// It changes the thing, or what is in it.
    Changes(Thing),
}

/// What a statement does, all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Deeds {
    /// These, and nothing else.
    Acts(Vec<Act>),
    /// Nothing that stays when what it is about is gone: rights, comments, statistics, a query.
    Nothing,
    /// What the text does not tell.
    Unknown,
}

/// What CREATE, DROP and ALTER say about which sort. `<between>` is MySQL's; nobody else has those words there.
static SORTS: &[Rule<Sort>] = &[
    rule(FIRST, "<between> GLOBAL|LOCAL? TEMP|TEMPORARY", Sort::Temporary),
    rule(
        FIRST,
        "<between> UNLOGGED|VIRTUAL|FOREIGN? TABLE|TABLES <if> ONLY? ^",
        Sort::Relation,
    ),
    rule(
        FIRST,
        "<between> FORCE? MATERIALIZED|RECURSIVE? VIEW <if> ^",
        Sort::Relation,
    ),
    rule(FIRST, "<between> SEQUENCE <if> ^", Sort::Relation),
    rule(FIRST, "<between> INDEX CONCURRENTLY? <if> ^", Sort::Index),
    rule(FIRST, "<between> CONSTRAINT? TRIGGER <if> ^", Sort::Trigger),
    rule(FIRST, "<between> RULE <if> ^", Sort::Rule),
    rule(FIRST, "<between> POLICY <if> ^", Sort::Policy),
    rule(FIRST, "<between> TYPE|DOMAIN <if> ^", Sort::Type),
    rule(
        FIRST,
        "<between> FUNCTION|PROCEDURE|ROUTINE|AGGREGATE <if> ^",
        Sort::Routine,
    ),
    rule(FIRST, "<between> SCHEMA|DATABASE <if> ^", Sort::Schema),
    rule(FIRST, "<between> USER|ROLE|GROUP <if> ^", Sort::Role),
    rule(FIRST, "<between> EXTENSION <if> ^", Sort::Extension),
    rule(FIRST, "<between> EVENT TRIGGER <if> ^", Sort::Other("event trigger")),
    rule(FIRST, "<between> EVENT <if> ^", Sort::Other("event")),
    rule(FIRST, "<between> PACKAGE BODY <if> ^", Sort::Other("package body")),
    rule(FIRST, "<between> PACKAGE <if> ^", Sort::Other("package")),
    rule(FIRST, "<between> LIBRARY <if> ^", Sort::Other("library")),
    rule(FIRST, "<between> COLLATION <if> ^", Sort::Other("collation")),
    rule(FIRST, "<between> STATISTICS <if> ^", Sort::Other("statistics")),
    rule(FIRST, "<between> PUBLICATION <if> ^", Sort::Other("publication")),
    rule(FIRST, "<between> SUBSCRIPTION <if> ^", Sort::Other("subscription")),
    rule(FIRST, "<between> SERVER <if> ^", Sort::Other("server")),
    rule(FIRST, "<between> FOREIGN DATA WRAPPER <if> ^", Sort::Other("wrapper")),
    rule(FIRST, "<between> TABLESPACE <if> ^", Sort::Other("tablespace")),
];

const FIRST: &[&str] = &["CREATE", "DROP", "ALTER"];

/// Statements whose effect goes with what they are about, and sessions' own.
/// <https://www.postgresql.org/docs/current/sql-commands.html>, <https://dev.mysql.com/doc/refman/8.4/en/sql-statements.html>
const BESIDE: &str = "ANALYZE|CHECK|CLUSTER|COMMENT|DENY|GRANT|LOCK|OPTIMIZE|PRAGMA|REINDEX|RESET|REVOKE|SECURITY|SHOW|UNLOCK|USE|VACUUM";

/// Reads a statement.
pub(super) fn deeds(statement: &str, syntax: Syntax) -> Deeds {
    let Some(opening) = Opening::of(statement, syntax) else {
        return Deeds::Nothing;
    };
    let reader = Reader {
        body: statement,
        place: opening.rest.clone(),
        syntax,
    };
    let changed = |items: &str| match reader.clone().behind(items).and_then(|mut reader| reader.relation()) {
        Some(table) => Deeds::Acts(vec![Act::Changes(table)]),
        None => Deeds::Unknown,
    };
    if let Some(found) = opening.find(SORTS) {
        let reader = Reader {
            place: found.names,
            ..reader.clone()
        };
        let acts = match *found.says {
            Sort::Temporary => return Deeds::Nothing,
            sort if opening.is("CREATE") => reader.made(sort),
            sort if opening.is("DROP") => reader.dropped(sort),
            sort => reader.altered(sort),
        };
        return acts.map_or(Deeds::Unknown, Deeds::Acts);
    }
    let is = |words: &str| words.split('|').any(|word| opening.is(word));
    if is(BESIDE) || opening.is("ALTER") && reader.clone().behind("DEFAULT PRIVILEGES").is_some() {
        return Deeds::Nothing;
    }
    if is("INSERT|REPLACE") {
        return changed("LOW_PRIORITY|DELAYED|HIGH_PRIORITY|OR? REPLACE|ROLLBACK|ABORT|FAIL|IGNORE? IGNORE? INTO?");
    }
    if is("DELETE") {
        return changed("LOW_PRIORITY? QUICK? IGNORE? FROM ONLY?");
    }
    if is("TRUNCATE") {
        return changed("TABLE? ONLY?");
    }
    if is("COPY") {
        return changed("");
    }
    if is("REFRESH") {
        return changed("MATERIALIZED VIEW CONCURRENTLY?");
    }
    if is("UPDATE") {
        return reader.updated().map_or(Deeds::Unknown, Deeds::Acts);
    }
    if is("RENAME") {
        return reader.renamed().map_or(Deeds::Unknown, Deeds::Acts);
    }
    // A setting of MySQL may be the result of a query.
    if is("SET") && matches!(syntax, Syntax::Postgres(_)) || is("SELECT|VALUES|TABLE") && !reader.calls() {
        return Deeds::Nothing;
    }
    Deeds::Unknown
}
