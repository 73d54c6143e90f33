//! What the driver sets when it connects and the server, the database or the role have otherwise: put back, since scripts write other
//! rows by it.

use super::dialect::literal;
use crate::database::{Setting, Target};
use crate::script::Strings;

/// What is otherwise than in a session of psql. `tests/conformance/session.rs` compares them.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        name: "TimeZone",
        means: "as ALTER ROLE, ALTER DATABASE or `options` of the URL say; UTC where they say nothing, whatever the configuration of the \
                server has. A time without a zone is taken to be in it",
    },
    Setting {
        name: "DateStyle",
        means: "as ALTER ROLE, ALTER DATABASE or `options` of the URL say; `ISO, MDY` where they say nothing, whatever the configuration of \
                the server has. `01/02/2026` is the second of January by it",
    },
    Setting {
        name: "client_encoding",
        means: "UTF8, since files are read as UTF-8. psql takes that of the terminal or of the database",
    },
    Setting {
        name: "lock_timeout",
        means: "`lock-timeout`: a statement gives way to others and is tried again. Changes no rows",
    },
    Setting {
        name: "statement_timeout",
        means: "`statement-timeout`, and no limit without one, whatever role and database have. Changes no rows",
    },
    Setting {
        name: "transaction_timeout",
        means: "none in a migration (PostgreSQL 17). Changes no rows",
    },
    Setting {
        name: "idle_in_transaction_session_timeout",
        means: "none in a migration. Changes no rows",
    },
    Setting {
        name: "client_connection_check_interval",
        means: "2 s: the server notices that the program is gone (PostgreSQL 14). Changes no rows",
    },
    Setting {
        name: "application_name",
        means: "`syncline`, unless the URL says another one. Changes no rows",
    },
];

/// The driver sends these with its first message, before anybody can say what they should be, and so hides what they were.
const HIDDEN: [&str; 2] = ["DateStyle", "TimeZone"];

/// What a session is given at its beginning, as psql would have it.
#[derive(Clone, Debug)]
pub(super) struct Own {
    /// Values of [`HIDDEN`], where somebody has given them one.
    values: [Option<String>; 2],
    /// How strings are read.
    pub strings: Strings,
}

/// Expressions that ask for them: what `ALTER ROLE` and `ALTER DATABASE` have set
/// (<https://www.postgresql.org/docs/current/catalog-pg-db-role-setting.html>), the nearest first, and the rule for strings.
pub(super) fn expressions() -> String {
    let set = HIDDEN.map(|name| {
        format!(
            "(SELECT pg_catalog.substr(c, pg_catalog.strpos(c, '=') + 1) FROM pg_catalog.pg_db_role_setting s, pg_catalog.unnest(s.setconfig) c \
             WHERE s.setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())) \
             AND s.setrole IN (0, (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = session_user)) \
             AND pg_catalog.lower(pg_catalog.split_part(c, '=', 1)) = '{}' \
             ORDER BY s.setrole <> 0 DESC, s.setdatabase <> 0 DESC LIMIT 1)",
            name.to_lowercase()
        )
    });
    format!("{}, {STRINGS}", set.join(", "))
}

/// Asks how strings are read.
pub(super) const STRINGS: &str = "pg_catalog.current_setting('standard_conforming_strings')";

/// What [`STRINGS`] says.
pub(super) fn strings(setting: Option<&str>) -> Strings {
    match setting {
        Some("off") => Strings::Escaped,
        _ => Strings::Standard,
    }
}

impl Own {
    /// What was answered to [`expressions`]; what the URL says comes first.
    pub fn new(target: &Target, mut next: impl FnMut() -> Option<String>) -> Self {
        let values = HIDDEN.map(|name| {
            let set = next();
            in_url(target, name).or(set)
        });
        let strings = strings(next().as_deref());
        Self { values, strings }
    }

    /// What sets them, for the session or for the transaction.
    pub fn statements(&self, set: &'static str) -> impl Iterator<Item = String> {
        let values = HIDDEN.iter().zip(&self.values);
        values.filter_map(move |(name, value)| Some(format!("{set} {name} TO {}", literal(value.as_deref()?))))
    }
}

/// What `options` of the URL says of a setting: `-c NAME=VALUE` or `--NAME=VALUE`
/// (<https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-OPTIONS>).
fn in_url(target: &Target, name: &str) -> Option<String> {
    let mut found = None;
    for (parameter, value) in &target.address.parameters {
        if parameter == "options" {
            for word in words(value) {
                let said = word.strip_prefix("--").or(word.strip_prefix("-c")).unwrap_or(&word);
                if let Some((said, value)) = said.split_once('=')
                    && said.replace('-', "_").eq_ignore_ascii_case(name)
                {
                    found = Some(value.to_owned());
                }
            }
        } else if parameter
            .strip_prefix("options[")
            .and_then(|rest| rest.strip_suffix(']'))
            .is_some_and(|said| said.eq_ignore_ascii_case(name))
        {
            found = Some(value.clone());
        }
    }
    found
}

/// Words between blanks; a backslash makes the next character a part of the word.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match (c, words.last_mut()) {
            ('\\', Some(word)) => word.extend(characters.next()),
            (c, Some(word)) if !c.is_whitespace() => word.push(c),
            _ => words.push(String::new()),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_url_says_of_a_setting_is_read_as_the_server_reads_it() {
        for (parameters, expected) in [
            ("", None),
            ("options=-c%20timezone=Asia/Tokyo", Some("Asia/Tokyo")),
            ("options=-cTimeZone=UTC%20-c%20TimeZone=Asia/Tokyo", Some("Asia/Tokyo")),
            ("options=--TimeZone=Asia/Tokyo", Some("Asia/Tokyo")),
            ("options[TimeZone]=Asia/Tokyo", Some("Asia/Tokyo")),
            ("options=-cTimeZone=a\\%20b", Some("a b")),
            ("options=-csearch_path=timezone", None),
        ] {
            let target = Target::from_url(&format!("postgres://h/d?{parameters}")).unwrap();
            assert_eq!(in_url(&target, "TimeZone").as_deref(), expected, "{parameters}");
        }
    }
}
