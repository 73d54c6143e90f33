//! Which objects of the catalog a statement makes, changes or drops.

use super::Syntax;
use super::names::{self, Name, Names};
use super::pattern::{Opening, Rule, rule, rule_except};
use Aftermath::{Hidden, Hinted, Shown};
use ObjectKind::*;

/// Something in the catalog that a statement makes, changes or drops.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Object {
    /// What it is.
    pub kind: ObjectKind,
    /// Its name, or its schema and its name, without quotes. What was not quoted is folded where the server folds it
    /// (PostgreSQL); a user of MySQL is its name, or its name and its host.
    pub name: Vec<String>,
}

/// What an object is, as far as it decides where the catalog has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ObjectKind {
    /// A table or a view, which share their names; a sequence of PostgreSQL. An index of MySQL counts as its table.
    Table,
    /// A sequence of MariaDB.
    Sequence,
    /// A stored procedure.
    Procedure,
    /// A stored function, or a loadable one.
    Function,
    /// A package of MariaDB.
    Package,
    /// The body of one.
    PackageBody,
    /// A library of MySQL, for routines in other languages.
    Library,
    /// Another server that tables of this one are on.
    Server,
    /// A resource group of MySQL.
    ResourceGroup,
    /// A trigger.
    Trigger,
    /// An event.
    Event,
    /// A database. In MySQL that is a schema.
    Database,
    /// A user or a role of MySQL.
    User,
    /// An index that PostgreSQL builds while others write: it may be left there and not valid.
    BuiltIndex,
    /// The indexes of a table, by the table: PostgreSQL chooses the name of the new one.
    Indexes,
    /// Anything that shares its names with the tables of PostgreSQL.
    Relation,
    /// A table that is a partition, or was one.
    Partition,
    /// A tablespace of PostgreSQL or MySQL.
    Tablespace,
    /// A subscription of PostgreSQL.
    Subscription,
}

/// The objects of a statement, in its order, one that it names twice twice. Empty where they cannot be told, and for statements
/// that have none. A temporary table is no object: the catalog does not have it.
pub fn objects(statement: &str, syntax: Syntax) -> Vec<Object> {
    change(statement, syntax).map_or_else(Vec::new, |change| change.objects)
}

/// Whether a statement of MySQL or MariaDB drops this database, or puts another one in its place.
pub fn drops_database(statement: &str, name: &str, syntax: Syntax) -> bool {
    let drops = |change: Change| {
        let there = change.aftermath == Hinted || opening(statement, syntax).is_some_and(|opening| opening.is("DROP"));
        let is = |object: &Object| {
            let said = object.name.last().map(String::as_str).unwrap_or_default();
            object.kind == Database && said.eq_ignore_ascii_case(name)
        };
        there && change.objects.iter().any(is)
    };
    matches!(syntax, Syntax::Mysql(_)) && change(statement, syntax).is_some_and(drops)
}

/// What tells afterwards whether a statement took effect, when its answer never came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aftermath {
    /// The catalog: it differs when the statement took effect, and is the same when it did not, or when it changed nothing and
    /// running it again does no harm. There is an object to look at.
    Shown,
    /// Where the catalog differs the statement took effect; where it is the same nobody can tell. There is an object to look at.
    Hinted,
    /// It does not matter: the statement can be run again without harm.
    Harmless,
    /// Nothing.
    Hidden,
}

/// What a statement does to objects of the catalog.
pub(super) struct Change {
    /// Never empty.
    pub objects: Vec<Object>,
    pub aftermath: Aftermath,
}

/// What the tables say about a statement. None: they have no such statement, or its names cannot be told.
pub(super) fn change(statement: &str, syntax: Syntax) -> Option<Change> {
    let found = opening(statement, syntax)?.find(rules(syntax))?;
    let (kind, how, aftermath) = *found.says;
    let names = names::read(how, statement, found.names, syntax)?;
    // `RENAME TABLE a TO b, c TO a`: where both have the same columns, the catalog looks the same before and after.
    let swaps = how == Names::Pairs && has_twins(&names);
    Some(Change {
        objects: names.into_iter().map(|name| Object { kind, name }).collect(),
        aftermath: if swaps { Hinted } else { aftermath },
    })
}

/// The statement itself, behind `SET STATEMENT … FOR` (<https://mariadb.com/kb/en/set-statement/>).
pub(super) fn opening(statement: &str, syntax: Syntax) -> Option<Opening<'_>> {
    let opening = Opening::of(statement, syntax)?;
    Some(match syntax {
        Syntax::Mysql(_) => opening.behind_settings(),
        Syntax::Sqlite | Syntax::Postgres(_) => opening,
    })
}

/// Whether two of the names may mean the same.
fn has_twins(names: &[Name]) -> bool {
    // A name without a schema may mean one with it, and some servers fold names.
    let alone = names.iter().any(|name| name.len() == 1);
    let meant = |name: &Name| match name.last() {
        Some(last) if alone => last.to_lowercase(),
        _ => name.join(".").to_lowercase(),
    };
    let mut seen = std::collections::HashSet::new();
    !names.iter().all(|name| seen.insert(meant(name)))
}

type Shape = (ObjectKind, Names, Aftermath);

fn rules(syntax: Syntax) -> &'static [Rule<Shape>] {
    match syntax {
        Syntax::Sqlite => &[],
        Syntax::Postgres(_) => POSTGRES,
        Syntax::Mysql(_) => MYSQL,
    }
}

/// The statements that run outside a transaction, from <https://www.postgresql.org/docs/current/sql-commands.html>.
/// A partition whose detaching was cut off counts as attached: the next try finishes it.
static POSTGRES: &[Rule<Shape>] = &[
    rule(
        &["CREATE"],
        "UNIQUE? INDEX CONCURRENTLY ON ONLY? ^",
        (Indexes, Names::One, Shown),
    ),
    rule(
        &["CREATE"],
        "UNIQUE? INDEX CONCURRENTLY <if> ^",
        (BuiltIndex, Names::Index, Shown),
    ),
    rule(&["DROP"], "INDEX CONCURRENTLY <if> ^", (Relation, Names::List, Shown)),
    rule(
        &["ALTER"],
        "TABLE … DETACH PARTITION ^ … CONCURRENTLY",
        (Partition, Names::One, Shown),
    ),
    rule(&["CREATE", "DROP"], "DATABASE <if> ^", (Database, Names::One, Shown)),
    rule(
        &["CREATE", "DROP"],
        "TABLESPACE <if> ^",
        (Tablespace, Names::One, Shown),
    ),
    rule(
        &["CREATE", "DROP"],
        "SUBSCRIPTION <if> ^",
        (Subscription, Names::One, Shown),
    ),
];

/// ALTER of the current database, which has no name there: <https://dev.mysql.com/doc/refman/8.4/en/alter-database.html>.
pub(super) const CURRENT_DATABASE: &str = "DATABASE|SCHEMA DEFAULT|CHARACTER|CHARSET|COLLATE|COMMENT|ENCRYPTION|READ";

/// <https://dev.mysql.com/doc/refman/8.4/en/sql-data-definition-statements.html>,
/// <https://mariadb.com/kb/en/data-definition/>. Where several rules fit the first one counts.
static MYSQL: &[Rule<Shape>] = &[
    // What was there before is gone with its rows, and may have looked the same.
    rule(&["CREATE"], "OR REPLACE TABLE <if> ^", (Table, Names::One, Hinted)),
    rule(
        &["CREATE"],
        "OR REPLACE SEQUENCE <if> ^",
        (Sequence, Names::One, Hinted),
    ),
    rule(
        &["CREATE"],
        "OR REPLACE DATABASE|SCHEMA <if> ^",
        (Database, Names::One, Hinted),
    ),
    // Rows move or go, and the definition stays.
    rule(
        &["ALTER"],
        "<between> TABLE <if> ^ … EXCHANGE|TRUNCATE PARTITION",
        (Table, Names::One, Hidden),
    ),
    rule(
        &["ALTER"],
        "<between> TABLE <if> ^ … IMPORT|DISCARD TABLESPACE",
        (Table, Names::One, Hidden),
    ),
    rule(
        &["ALTER"],
        "<between> TABLE <if> ^ … IMPORT|DISCARD PARTITION",
        (Table, Names::One, Hidden),
    ),
    // What one part takes away another may put back, without its values.
    rule(
        &["ALTER"],
        "<between> TABLE <if> ^ … DROP … ADD",
        (Table, Names::One, Hinted),
    ),
    rule(
        &["ALTER"],
        "<between> TABLE <if> ^ … ADD … DROP",
        (Table, Names::One, Hinted),
    ),
    rule(
        &["ALTER"],
        "<between> TABLE <if> ^ … CHANGE … CHANGE",
        (Table, Names::One, Hinted),
    ),
    rule(
        &["ALTER"],
        "<between> TABLE <if> ^ … RENAME … RENAME",
        (Table, Names::One, Hinted),
    ),
    rule(&["ALTER"], "SEQUENCE <if> ^ … RESTART", (Sequence, Names::One, Hidden)),
    // An event that will not run again is dropped: https://dev.mysql.com/doc/refman/8.4/en/create-event.html
    rule(
        &["CREATE"],
        "<between> EVENT <if> ^ … SCHEDULE AT",
        (Event, Names::One, Hinted),
    ),
    rule(
        &["CREATE"],
        "<between> EVENT <if> ^ … SCHEDULE EVERY … ENDS",
        (Event, Names::One, Hinted),
    ),
    // A loadable function is in no schema: https://dev.mysql.com/doc/refman/8.4/en/create-function-loadable.html
    rule(
        &["CREATE"],
        "<between> FUNCTION <if> ^ … RETURNS STRING|INTEGER|INT|REAL|DECIMAL SONAME",
        (Function, Names::One, Hidden),
    ),
    rule(
        &["CREATE", "ALTER"],
        "<between> TABLE|VIEW <if> ^",
        (Table, Names::One, Shown),
    ),
    rule(&["DROP"], "TABLE|TABLES|VIEW <if> ^", (Table, Names::List, Shown)),
    rule(&["CREATE", "ALTER"], "SEQUENCE <if> ^", (Sequence, Names::One, Shown)),
    rule(&["DROP"], "SEQUENCE <if> ^", (Sequence, Names::List, Shown)),
    rule(
        &["CREATE", "DROP"],
        "<between> INDEX <if> _ ON ^",
        (Table, Names::One, Shown),
    ),
    rule(
        &["CREATE"],
        "<between> INDEX <if> _ USING|TYPE _ ON ^",
        (Table, Names::One, Shown),
    ),
    rule(&["RENAME"], "TABLE|TABLES <if> ^", (Table, Names::Pairs, Shown)),
    rule(
        &["CREATE", "ALTER", "DROP"],
        "<between> PROCEDURE <if> ^",
        (Procedure, Names::One, Shown),
    ),
    rule(
        &["CREATE", "ALTER", "DROP"],
        "<between> FUNCTION <if> ^",
        (Function, Names::One, Shown),
    ),
    rule(
        &["CREATE", "ALTER", "DROP"],
        "<between> PACKAGE BODY <if> ^",
        (PackageBody, Names::One, Shown),
    ),
    rule(
        &["CREATE", "ALTER", "DROP"],
        "<between> PACKAGE <if> ^",
        (Package, Names::One, Shown),
    ),
    rule(
        &["CREATE", "ALTER", "DROP"],
        "LIBRARY <if> ^",
        (Library, Names::One, Shown),
    ),
    rule(
        &["CREATE", "ALTER", "DROP"],
        "<between> SERVER <if> ^",
        (Server, Names::One, Shown),
    ),
    rule(
        &["CREATE", "ALTER", "DROP"],
        "RESOURCE GROUP <if> ^",
        (ResourceGroup, Names::One, Shown),
    ),
    // An inactive one becomes an empty one by itself.
    rule(&["ALTER"], "UNDO TABLESPACE ^", (Tablespace, Names::One, Hinted)),
    rule(
        &["CREATE", "ALTER", "DROP"],
        "UNDO? TABLESPACE ^",
        (Tablespace, Names::One, Shown),
    ),
    rule(
        &["CREATE", "DROP"],
        "<between> TRIGGER <if> ^",
        (Trigger, Names::One, Shown),
    ),
    rule(
        &["CREATE", "ALTER", "DROP"],
        "<between> EVENT <if> ^",
        (Event, Names::One, Shown),
    ),
    rule(
        &["CREATE", "DROP"],
        "DATABASE|SCHEMA <if> ^",
        (Database, Names::One, Shown),
    ),
    rule_except(
        &["ALTER"],
        "DATABASE|SCHEMA ^",
        &[CURRENT_DATABASE],
        (Database, Names::One, Shown),
    ),
    // Not everybody may read who the users are.
    rule(
        &["CREATE", "DROP"],
        "<between> USER|ROLE <if> ^",
        (User, Names::Users, Hinted),
    ),
    rule(&["RENAME"], "USER ^", (User, Names::UserPairs, Hinted)),
];

#[cfg(test)]
mod tests;
