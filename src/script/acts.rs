//! What a statement makes, drops and renames, and what else it changes: as far as the text tells, for a look at a script as a whole.
//!
//! Nothing here decides how a statement is run: that is for [`objects`](super::objects), which has to be right about each name.

mod reader;
mod spelling;

use super::Syntax;
use super::names::Name;
use super::pattern::{Opening, Rule, rule};
use reader::Reader;
pub(super) use spelling::Spelling;

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
    /// Whom a user is on a foreign server.
    Mapping,
    /// Something else, by what is said behind CREATE.
    Other(&'static str),
    /// It is gone with the session.
    Temporary,
}

impl Sort {
    /// Whether it lies in a schema.
    pub fn lies_in_a_schema(self) -> bool {
        use Sort::{Index, Other, Relation, Routine, Type};
        matches!(self, Relation | Index | Type | Routine | Other(_))
    }

    /// Whether it may work on what it is of without being named.
    pub fn works_unnamed(self) -> bool {
        use Sort::{Constraint, Index, Mapping, Policy, Rule, Trigger};
        matches!(self, Index | Constraint | Trigger | Rule | Policy | Mapping)
    }
}

/// Something that has a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Thing {
    pub sort: Sort,
    /// As the server tells names apart, with the schema where the statement names one.
    pub name: Name,
    /// The table or the server that it belongs to, where the statement says it.
    pub on: Option<Name>,
    /// The types of the arguments of a routine; `None` where the statement says none.
    pub takes: Option<Vec<String>>,
}

/// Whether this is the schema that is meant where none is named, unless somebody has configured another.
pub(super) fn is_usual(schema: &str) -> bool {
    matches!(schema, "public" | "main" | "dbo")
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
    /// Names without a schema mean this one from here on; `None`: the usual one.
    Enters(Option<String>),
}

/// What a statement does, all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Deeds {
    /// These, and nothing else.
    Acts(Vec<Act>),
    /// Nothing that stays when what it is about is gone: rights, comments, statistics, a query.
    Nothing,
    /// What the reader does not tell; the text names what it is about.
    Unknown,
    /// It runs what is written elsewhere, which may use anything.
    Runs,
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
    rule(FIRST, "USER MAPPING <if> FOR ^", Sort::Mapping),
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
const BESIDE: &str =
    "ANALYZE|CHECK|COMMENT|DENY|GRANT|LOCK|OPTIMIZE|PRAGMA|REINDEX|RESET|REVOKE|SECURITY|SHOW|UNLOCK|VACUUM";

/// Statements that say where names without a schema lie, up to its name.
const ENTERS: [(&str, &str); 6] = [
    ("USE", ""),
    ("SET", "LOCAL|SESSION? SEARCH_PATH TO|="),
    ("SET", "LOCAL|SESSION? SCHEMA"),
    ("RESET", "SEARCH_PATH"),
    ("RESET", "ALL"),
    ("DISCARD", "ALL"),
];

/// What runs text that was put together, or a routine, in a statement or in the block that it is.
const RUNS: &str = "CALL|EXECUTE|PERFORM";

/// Reads a statement.
pub(super) fn deeds(statement: &str, spelling: &Spelling) -> Deeds {
    let syntax = spelling.syntax;
    let Some(opening) = Opening::of(statement, syntax) else {
        return Deeds::Nothing;
    };
    let reader = Reader {
        body: statement,
        place: opening.rest.clone(),
        spelling,
    };
    let changed = |items: &str| match reader.clone().behind(items).and_then(Reader::relations) {
        Some(tables) => Deeds::Acts(tables.into_iter().map(Act::Changes).collect()),
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
    let entered = ENTERS.iter().filter(|(first, _)| opening.is(first));
    if let Some(place) = entered.filter_map(|(_, rest)| reader.clone().behind(rest)).next() {
        return Deeds::Acts(vec![Act::Enters(place.schema())]);
    }
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
    // The order of the rows stays when the index is gone.
    if is("CLUSTER") {
        return changed("VERBOSE? (*)?");
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
    if is("SET") && matches!(syntax, Syntax::Postgres(_)) {
        return Deeds::Nothing;
    }
    if is("SELECT|VALUES|TABLE") {
        return reader.queried();
    }
    match is(RUNS) || reader.names_one_of(RUNS) {
        true => Deeds::Runs,
        false => Deeds::Unknown,
    }
}
