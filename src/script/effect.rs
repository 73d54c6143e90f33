//! How a statement goes together with the record of it, and what tells afterwards whether it took effect.

use super::classify::is_setting;
use super::objects::{Aftermath, CURRENT_DATABASE, change, opening};
use super::pattern::{Opening, Rule, rule, rule_except};
use super::session::is_private;
use super::{Kind, Syntax};

/// How a statement of a journalled script is kept together with the record that says it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Manner {
    /// In one transaction with the record.
    Joined,
    /// The same, announced for sure before: it may run a program that ends transactions and goes on behind that.
    Guarded,
    /// The statement commits the transaction that it is sent in, before it does anything: DDL of MySQL and MariaDB.
    Committing,
    /// By itself: it cannot run in a transaction, or may end it.
    Alone,
    /// It changes nothing but the session that it is sent in, so the next record says that it was done.
    Unrecorded,
}

/// How a statement goes together with its record. `kind` is what [`parse`](super::parse) has found.
///
/// On MySQL and MariaDB a statement is [`Guarded`](Manner::Guarded) that is not known to run no program: beside `CALL` there are
/// compound statements, prepared texts, and whatever comes with a later version.
pub fn manner(statement: &str, kind: &Kind, syntax: Syntax) -> Manner {
    let alone = match syntax {
        Syntax::Sqlite => matches!(kind, Kind::IgnoredInside { .. }) || is_setting(statement, syntax),
        Syntax::Postgres(_) | Syntax::Mysql(_) => false,
    };
    if alone || *kind == Kind::Outside {
        return Manner::Alone;
    }
    if is_private(statement, syntax) {
        return Manner::Unrecorded;
    }
    let rules = match syntax {
        Syntax::Sqlite => &[],
        Syntax::Postgres(_) => POSTGRES_MANNERS,
        Syntax::Mysql(_) => MYSQL_MANNERS,
    };
    let found = opening(statement, syntax).and_then(|opening| opening.find(rules).map(|found| *found.says));
    found.unwrap_or(match syntax {
        Syntax::Sqlite | Syntax::Postgres(_) => Manner::Joined,
        Syntax::Mysql(_) => Manner::Guarded,
    })
}

/// The word that says what a statement does: behind what comes before it in a comment that servers run, and behind the settings that
/// hold for it alone. Empty where there is none.
pub fn verb(statement: &str, syntax: Syntax) -> &str {
    opening(statement, syntax).map_or("", |opening| opening.word())
}

/// The statement itself, behind the settings that hold for it alone: `SET STATEMENT … FOR` of MariaDB.
pub fn behind_settings(statement: &str, syntax: Syntax) -> &str {
    let plain = Opening::of(statement, syntax).map(|opening| opening.start());
    let behind = opening(statement, syntax).map(|opening| opening.start());
    let at = behind.filter(|_| behind != plain).unwrap_or_default();
    statement.get(at..).unwrap_or(statement)
}

/// What tells afterwards whether a statement took effect. [`objects`](super::objects) are where to look.
pub fn aftermath(statement: &str, syntax: Syntax) -> Aftermath {
    let rules = match syntax {
        Syntax::Sqlite => SQLITE_AFTERMATHS,
        Syntax::Postgres(_) => POSTGRES_AFTERMATHS,
        Syntax::Mysql(_) => MYSQL_AFTERMATHS,
    };
    let found = opening(statement, syntax).and_then(|opening| opening.find(rules).map(|found| *found.says));
    found
        .or_else(|| change(statement, syntax).map(|change| change.aftermath))
        .unwrap_or(Aftermath::Hidden)
}

/// These are refused inside a transaction only for some objects, which the text does not tell: a partitioned table, a subscription
/// with a slot. A procedure or a block that ends transactions says so when it is sent in one
/// (<https://www.postgresql.org/docs/current/plpgsql-transactions.html>), and nothing of it is done then.
static POSTGRES_MANNERS: &[Rule<Manner>] = &[
    rule(&["REINDEX", "CLUSTER", "REPACK"], "", Manner::Alone),
    rule(&["DROP"], "SUBSCRIPTION", Manner::Alone),
    rule(&["ALTER"], "SUBSCRIPTION _ REFRESH|SET|ADD|DROP", Manner::Alone),
];

/// <https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html>,
/// <https://mariadb.com/kb/en/sql-statements-that-cause-an-implicit-commit/>, and for what both pages leave out
/// `CF_AUTO_COMMIT_TRANS` in `sql_parse.cc` of both servers.
static MYSQL_MANNERS: &[Rule<Manner>] = &[
    rule_except(
        &["CREATE"],
        "",
        &["TEMPORARY TABLE", "OR REPLACE TEMPORARY TABLE"],
        Manner::Committing,
    ),
    rule_except(&["DROP"], "", &["TEMPORARY", "PREPARE"], Manner::Committing),
    rule(&["DROP"], "PREPARE", Manner::Unrecorded),
    rule(&["DEALLOCATE"], "", Manner::Unrecorded),
    rule(
        &["ALTER", "TRUNCATE", "GRANT", "REVOKE", "FLUSH", "INSTALL", "UNINSTALL"],
        "",
        Manner::Committing,
    ),
    rule(&["RENAME"], "TABLE|TABLES|USER", Manner::Committing),
    rule(&["SET"], "PASSWORD", Manner::Committing),
    rule(&["SET"], "DEFAULT ROLE", Manner::Committing),
    rule(
        &["ANALYZE", "CHECK", "OPTIMIZE", "REPAIR"],
        "NO_WRITE_TO_BINLOG|LOCAL? TABLE|TABLES|VIEW",
        Manner::Committing,
    ),
    rule_except(&["RESET"], "", &["PERSIST"], Manner::Committing),
    rule(&["LOCK", "UNLOCK"], "TABLE|TABLES", Manner::Committing),
    rule(&["CACHE"], "INDEX", Manner::Committing),
    rule(&["LOAD"], "INDEX INTO CACHE", Manner::Committing),
    rule(&["LOAD"], "DATA … ALGORITHM = BULK", Manner::Committing),
    rule(
        &["START", "STOP"],
        "ALL? SLAVE|SLAVES|REPLICA|REPLICAS",
        Manner::Committing,
    ),
    rule(&["CHANGE"], "MASTER|REPLICATION", Manner::Committing),
    rule(&["IMPORT"], "TABLE", Manner::Committing),
    rule(&["BACKUP", "CLONE", "RESTART", "SHUTDOWN"], "", Manner::Committing),
    // What is known to run no program. Functions and triggers end no transaction
    // (<https://dev.mysql.com/doc/refman/8.4/en/stored-program-restrictions.html>).
    rule(
        &[
            "INSERT", "UPDATE", "DELETE", "REPLACE", "SELECT", "WITH", "VALUES", "TABLE", "(", "LOAD", "DO", "HANDLER",
        ],
        "",
        Manner::Joined,
    ),
    rule(&["CREATE"], "OR? REPLACE? TEMPORARY", Manner::Joined),
    rule(&["DROP"], "TEMPORARY", Manner::Joined),
    rule(
        &[
            "SET", "USE", "PREPARE", "SHOW", "EXPLAIN", "DESCRIBE", "DESC", "ANALYZE", "CHECKSUM", "HELP", "KILL",
            "PURGE",
        ],
        "",
        Manner::Joined,
    ),
    rule(&["SAVEPOINT", "RELEASE", "LOCK", "UNLOCK", "RESET"], "", Manner::Joined),
    rule(&["ROLLBACK"], "WORK? TO", Manner::Joined),
];

/// Those that have no object to look at; [`change`] knows the others.
/// The second time ADD and DROP of a publication are refused.
static POSTGRES_AFTERMATHS: &[Rule<Aftermath>] = &[
    rule(
        &[
            "REINDEX",
            "VACUUM",
            "CLUSTER",
            "REPACK",
            "REFRESH",
            "ANALYZE",
            "ANALYSE",
            "CHECKPOINT",
        ],
        "",
        Aftermath::Harmless,
    ),
    rule(&["ALTER"], "SYSTEM", Aftermath::Harmless),
    rule(&["ALTER"], "DATABASE _ SET|WITH? TABLESPACE", Aftermath::Harmless),
    rule_except(
        &["ALTER"],
        "SUBSCRIPTION",
        &["SUBSCRIPTION _ ADD|DROP|RENAME"],
        Aftermath::Harmless,
    ),
    rule(&["DISCARD"], "ALL", Aftermath::Harmless),
];

/// Those that have no object to look at; [`change`] knows the others.
/// The second time RETAIN CURRENT PASSWORD would retain the new one, and another factor is refused.
static MYSQL_AFTERMATHS: &[Rule<Aftermath>] = &[
    rule(&["GRANT", "FLUSH"], "", Aftermath::Harmless),
    rule_except(
        &["ALTER"],
        "USER",
        &["… RETAIN CURRENT PASSWORD", "… ADD|DROP _ FACTOR"],
        Aftermath::Harmless,
    ),
    rule_except(
        &["SET"],
        "PASSWORD",
        &["… RETAIN CURRENT PASSWORD"],
        Aftermath::Harmless,
    ),
    rule(&["SET"], "DEFAULT ROLE", Aftermath::Harmless),
    rule(
        &["ANALYZE", "CHECK", "OPTIMIZE", "REPAIR"],
        "NO_WRITE_TO_BINLOG|LOCAL? TABLE|TABLES|VIEW",
        Aftermath::Harmless,
    ),
    rule(&["LOCK", "UNLOCK"], "TABLE|TABLES", Aftermath::Harmless),
    rule(&["CACHE"], "INDEX", Aftermath::Harmless),
    rule(&["LOAD"], "INDEX INTO CACHE", Aftermath::Harmless),
    rule(&["ALTER"], CURRENT_DATABASE, Aftermath::Harmless),
];

/// VACUUM INTO is refused when its file is there already: <https://www.sqlite.org/lang_vacuum.html>.
static SQLITE_AFTERMATHS: &[Rule<Aftermath>] = &[
    rule_except(&["VACUUM"], "", &["INTO", "_ INTO"], Aftermath::Harmless),
    rule(&["PRAGMA", "ATTACH", "DETACH"], "", Aftermath::Harmless),
];

#[cfg(test)]
mod tests;
