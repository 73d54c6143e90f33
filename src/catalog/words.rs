//! Words in the names of files that say which way a script goes, and which database it is for.

use crate::migration::Direction;
use crate::script::Syntax;

/// The words for one way and those for the way back, in small letters.
const UP: [&str; 12] = [
    "up", "do", "deploy", "apply", "forward", "forwards", "fwd", "upgrade", "migrate", "install", "commit", "setup",
];
const DOWN: [&str; 18] = [
    "down",
    "undo",
    "revert",
    "rollback",
    "unapply",
    "backward",
    "backwards",
    "back",
    "reverse",
    "rev",
    "downgrade",
    "uninstall",
    "unmigrate",
    "teardown",
    "undeploy",
    "reverted",
    "rolledback",
    "rb",
];

/// What files are called that say nothing of what is in them.
const SAY_NOTHING: [&str; 9] = [
    "migration",
    "migrate",
    "script",
    "schema",
    "index",
    "main",
    "update",
    "changes",
    "queries",
];

/// Databases, with the words that stand for them in names; a number behind it says a version. The first are those of ours.
const DATABASES: &[(&str, &[&str])] = &[
    (
        "postgres",
        &["postgres", "postgresql", "pg", "pgx", "pgsql", "psql", "postgre"],
    ),
    ("mysql", &["mysql"]),
    ("mariadb", &["mariadb", "maria"]),
    ("sqlite", &["sqlite"]),
    ("oracle", &["oracle", "ora"]),
    ("mssql", &["mssql", "sqlserver", "sqlsrv", "tsql"]),
    ("db2", &["db2"]),
    ("h2", &["h2"]),
    ("hsqldb", &["hsqldb", "hsql"]),
    ("derby", &["derby"]),
    ("cockroach", &["cockroach", "cockroachdb", "crdb"]),
    ("clickhouse", &["clickhouse"]),
    ("cassandra", &["cassandra", "scylla", "scylladb"]),
    ("duckdb", &["duckdb"]),
    ("firebird", &["firebird"]),
    ("sybase", &["sybase"]),
    ("snowflake", &["snowflake"]),
    ("redshift", &["redshift"]),
    ("spanner", &["spanner"]),
    ("tidb", &["tidb"]),
    ("yugabyte", &["yugabyte", "ysql"]),
];

/// The way that a word names.
pub(super) fn direction(word: &str) -> Option<Direction> {
    let is = |known: &str| word.eq_ignore_ascii_case(known);
    match (UP.iter().any(|up| is(up)), DOWN.iter().any(|down| is(down))) {
        (true, _) => Some(Direction::Up),
        (_, true) => Some(Direction::Down),
        _ => None,
    }
}

/// Whether a name says nothing but that it is a script.
pub(super) fn says_nothing(name: &str) -> bool {
    let is_number = name.chars().all(|c| !c.is_alphabetic());
    is_number || direction(name).is_some() || SAY_NOTHING.iter().any(|word| name.eq_ignore_ascii_case(word))
}

/// The database that a word names, by the name that all its spellings share.
pub(super) fn database(word: &str) -> Option<&'static str> {
    let lower = word.to_ascii_lowercase();
    let plain = lower.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_it = |spellings: &[&str]| spellings.iter().any(|known| [lower.as_str(), plain].contains(known));
    let found = DATABASES.iter().find(|(_, spellings)| is_it(spellings));
    found.map(|(name, _)| *name)
}

/// Whether a database of that name has this syntax. MySQL and MariaDB share one.
pub(super) fn is_of(database: &str, syntax: Syntax) -> bool {
    match syntax {
        Syntax::Sqlite => database == "sqlite",
        Syntax::Postgres(_) => database == "postgres",
        Syntax::Mysql(_) => matches!(database, "mysql" | "mariadb"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_has_many_spellings_and_may_have_a_number() {
        for (word, wanted) in [
            ("postgresql", Some("postgres")),
            ("PG", Some("postgres")),
            ("postgres15", Some("postgres")),
            ("sqlite3", Some("sqlite")),
            ("mysql8", Some("mysql")),
            ("mariadb", Some("mariadb")),
            ("db2", Some("db2")),
            ("h2", Some("h2")),
            ("db", None),
            ("db3", None),
            ("h", None),
            ("users", None),
        ] {
            assert_eq!(database(word), wanted, "{word}");
        }
    }

    #[test]
    fn no_word_names_both_ways() {
        for word in UP {
            assert!(!DOWN.contains(&word), "{word}");
        }
    }
}
