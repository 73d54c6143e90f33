//! Migrations that are meant for some databases only, or only where a placeholder has a value: what the files say, and whether it
//! holds. A layout knows neither, so it only notes what is asked for.

use crate::script::{Placeholders, Syntax};

/// What has to hold for a migration to be one of the catalog's. Else it is left out, and its version stays free.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Condition {
    /// The database is one of a list such as `postgresql,!h2`, in Liquibase's words.
    Database(String),
    /// A placeholder has a value; as it is written in scripts.
    Declared(String),
    /// Never.
    Never,
}

/// A value that the files themselves give a placeholder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Property {
    /// As it is written in scripts.
    pub placeholder: String,
    /// What it stands for.
    pub value: String,
    /// The databases that it is for, as in [`Condition::Database`].
    pub databases: Option<String>,
}

impl Condition {
    /// Whether it holds here.
    pub fn holds(&self, syntax: Syntax, placeholders: &Placeholders) -> bool {
        match self {
            Condition::Database(list) => is_for(list, syntax),
            Condition::Declared(placeholder) => placeholders.declares(placeholder),
            Condition::Never => false,
        }
    }
}

/// Whether a list of databases holds this one. What names MySQL or MariaDB is for both, as the syntax is: [`tells_apart`] looks for those
/// who mean it otherwise. <https://docs.liquibase.com/concepts/changelogs/attributes/dbms.html>
pub(super) fn is_for(list: &str, syntax: Syntax) -> bool {
    let names: &[&str] = match syntax {
        Syntax::Sqlite => &["sqlite"],
        Syntax::Postgres(_) => &["postgresql"],
        Syntax::Mysql(_) => &["mysql", "mariadb"],
    };
    let words = words(list);
    let mut refused = words.iter().filter_map(|word| word.strip_prefix('!'));
    if refused.any(|word| names.contains(&word)) || words.iter().any(|word| word == "none") {
        return false;
    }
    let mut wanted = words.iter().filter(|word| !word.starts_with('!')).peekable();
    wanted.peek().is_none() || wanted.any(|word| word == "all" || names.contains(&word.as_str()))
}

/// Whether some lists are for MySQL alone and others for MariaDB alone.
pub(super) fn tells_apart<'a>(lists: impl Iterator<Item = &'a str>) -> bool {
    let (mut mysql, mut mariadb) = (false, false);
    for words in lists.map(words) {
        let has = |word: &str| words.iter().any(|known| known == word);
        match (has("mysql"), has("mariadb")) {
            (true, false) => mysql = true,
            (false, true) => mariadb = true,
            _ => {}
        }
        // Whoever keeps MariaDB out means MySQL alone.
        if has("!mariadb") && !has("!mysql") {
            (mysql, mariadb) = (true, true);
        }
    }
    mysql && mariadb
}

fn words(list: &str) -> Vec<String> {
    let words = list.split(',').map(|word| word.trim().to_ascii_lowercase());
    words.filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::SqlMode;

    #[test]
    fn a_list_of_databases_is_read_as_liquibase_reads_it() {
        for (list, sqlite, postgres, mysql) in [
            ("postgresql", false, true, false),
            ("PostgreSQL", false, true, false),
            ("h2, sqlite", true, false, false),
            ("!h2", true, true, true),
            ("!sqlite,!postgresql", false, false, true),
            ("postgresql,!sqlite", false, true, false),
            ("mariadb", false, false, true),
            ("all", true, true, true),
            ("none", false, false, false),
            ("", true, true, true),
            ("oracle", false, false, false),
            ("!mysql", true, true, false),
        ] {
            let found = [
                Syntax::Sqlite,
                Syntax::Postgres(Default::default()),
                Syntax::Mysql(SqlMode::default()),
            ];
            assert_eq!(
                found.map(|syntax| is_for(list, syntax)),
                [sqlite, postgres, mysql],
                "{list}"
            );
        }
    }

    #[test]
    fn who_tells_mysql_and_mariadb_apart_is_found() {
        for (lists, wanted) in [
            (["mysql", "postgresql"], false),
            (["mysql", "!mysql"], false),
            (["mariadb", "!mariadb,!mysql"], false),
            (["mysql,mariadb", "mysql"], false),
            (["mysql", "mariadb,h2"], true),
            (["!mariadb", "h2"], true),
        ] {
            assert_eq!(tells_apart(lists.into_iter()), wanted, "{lists:?}");
        }
    }
}
