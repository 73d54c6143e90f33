//! What the server's errors mean: its numbers to codes of ours.
//!
//! <https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html>, <https://mariadb.com/kb/en/mariadb-error-codes/>.

use sqlx::mysql::MySqlDatabaseError;

use crate::code::Code;
use crate::database::server::{Encryption, unreachable};
use crate::database::sql::{ledger_touched, moved};
use crate::database::{Conflict, DatabaseError, Target};

/// The number of an error that the server has sent.
pub(super) fn number(error: &DatabaseError) -> u16 {
    let number = error.native.as_deref().and_then(|native| native.parse().ok());
    number.unwrap_or_default()
}

/// A statement that was not sent.
pub(super) fn ledger_dropped(schema: &str) -> DatabaseError {
    let message = format!("the statement drops the database {schema}, and syncline's own tables are in it");
    DatabaseError::new(Code::LedgerTouched, message)
        .hint("leave it out (a dump without --add-drop-database has none), or keep syncline's tables elsewhere with `history-schema`")
}

const ENCRYPTION: Encryption = Encryption {
    mode: "ssl-mode",
    strictest: "verify-identity",
    authority: "ssl-ca",
};

fn server_error(error: &sqlx::Error) -> Option<&MySqlDatabaseError> {
    match error {
        sqlx::Error::Database(database) => database.try_downcast_ref::<MySqlDatabaseError>(),
        _ => None,
    }
}

pub(super) fn describe(error: &sqlx::Error) -> DatabaseError {
    let Some(server) = server_error(error) else {
        return match error {
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) => {
                DatabaseError::new(Code::Lost, format!("the connection was lost: {error}"))
            }
            _ => DatabaseError::new(Code::SqlFailed, format!("the answer cannot be read: {error}")),
        };
    };
    let code = match server.number() {
        // On MySQL a session that was idle for too long; on MariaDB something else.
        4031 if server.message().contains("inactivity") => Code::Lost,
        // new connection refused while it shuts down, shutting down, killed
        1053 | 1077 | 1079 | 1927 | 3169 => Code::Lost,
        // --read-only, super_read_only; other options of the server have the same number
        1290 if !["read-only", "read_only"]
            .iter()
            .any(|word| server.message().contains(word)) =>
        {
            Code::SqlFailed
        }
        1290 | 1836 | 3100 => Code::ReadOnly,
        _ => Code::SqlFailed,
    };
    let mut described = DatabaseError::new(code, server.message());
    // lock wait timeout, deadlock, NOWAIT; a row that somebody has changed since the transaction first read, which rolls all of it back
    // (https://mariadb.com/kb/en/innodb-system-variables/#innodb_snapshot_isolation)
    described.conflict = match server.number() {
        1020 | 1205 | 1213 | 3572 => Some(Conflict::Contended),
        // Replication that runs, settings of transactions, of the binary log and of GTIDs, temporary tables with GTIDs
        1179 | 1192 | 1568 | 1679 | 1685 | 1694 | 1766 | 1787 | 1929 | 1953 => Some(Conflict::Transaction),
        _ => None,
    };
    described.hint = advice(server.number()).map(str::to_owned);
    described.native = Some(server.number().to_string());
    described
}

/// Larger than `max_allowed_packet`.
const TOO_LARGE: u16 = 1153;

/// Refuses what the server would not take, before it is sent: its answer to that is lost where it closes the connection with the
/// rest unread.
pub(super) fn fits(message: &str, packet: usize) -> Result<(), DatabaseError> {
    if message.len() < packet {
        return Ok(());
    }
    let message = format!(
        "{} bytes at once are more than the server takes: its `max_allowed_packet` is {packet}",
        message.len()
    );
    let mut error = DatabaseError::new(Code::SqlFailed, message);
    error.hint = advice(TOO_LARGE).map(str::to_owned);
    error.native = Some(TOO_LARGE.to_string());
    Err(error)
}

/// What to do where the server does not say it.
fn advice(number: u16) -> Option<&'static str> {
    match number {
        1044 | 1142 | 1143 | 1227 | 1370 | 1419 => {
            Some("GRANT the right to the user that migrates, or connect as one that has it")
        }
        1290 | 1836 | 3100 => Some("connect to the server that takes the writes, or end its `read_only`"),
        TOO_LARGE => Some("split the statement, or raise `max_allowed_packet` at the server"),
        1969 | 3024 => Some("the time limit of the statement has passed: `statement-timeout` sets it"),
        1099 | 1100 | 1223 | 4145 => Some("a lock that the script has taken is in the way: end it with UNLOCK TABLES"),
        _ => None,
    }
}

/// Adds where in the statement the error lies: the server names a line, and for a syntax error how the text goes on there.
pub(super) fn located(mut described: DatabaseError, statement: &str) -> DatabaseError {
    described.offset = place(&described.message, statement);
    described
}

fn place(message: &str, statement: &str) -> Option<usize> {
    let line = message
        .rsplit_once(" at line ")
        .and_then(|(rest, line)| Some((rest, line.trim().parse::<usize>().ok()?)));
    let Some((rest, line)) = line else {
        return named(message, statement);
    };
    let start = match line {
        0 | 1 => 0,
        line => statement.match_indices('\n').nth(line - 2)?.0 + 1,
    };
    let near = rest.split_once("near '").and_then(|(_, near)| near.strip_suffix('\''));
    let found = near.filter(|near| !near.is_empty()).and_then(|near| {
        let first = near.lines().next().unwrap_or(near);
        statement.get(start..)?.find(first)
    });
    match (found, near) {
        (Some(found), _) => Some(start + found),
        // The text went on and ended where more was expected.
        (None, Some("")) => Some(statement.trim_end().len()),
        _ => Some(start),
    }
}

/// The name that the message quotes, where the statement holds it once: `Table 'shop.a' doesn't exist`.
fn named(message: &str, statement: &str) -> Option<usize> {
    let quoted = message.split('\'').nth(1)?;
    let name = quoted.rsplit('.').next().filter(|name| !name.is_empty())?;
    let in_word =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80);
    let bytes = statement.as_bytes();
    let whole = |at: &usize| {
        !in_word(at.checked_sub(1).and_then(|before| bytes.get(before))) && !in_word(bytes.get(at + name.len()))
    };
    let mut found = statement.match_indices(name).map(|(at, _)| at).filter(whole);
    match (found.next(), found.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

/// Why the server did not take a record: rights, resources, somebody who was quicker. Anything else means that the migration has
/// dropped, renamed or altered the tables, or has put a trigger in the way.
pub(super) fn refused_record(error: DatabaseError) -> DatabaseError {
    match number(&error) {
        1062 => moved(),
        1142 | 1143 | 1044 | 1227 => with_rights(error),
        1099 | 1100 | 1223 | 4145 | 1205 | 1213 | 1021 | 1030 | 1114 | 1041 | 1317 => error,
        TOO_LARGE => error.hint("lower `keep-scripts`, or raise `max_allowed_packet` at the server"),
        _ if error.code != Code::SqlFailed => error,
        _ => DatabaseError {
            detail: Some(error.message),
            ..ledger_touched()
        },
    }
}

pub(super) fn with_rights(error: DatabaseError) -> DatabaseError {
    match number(&error) {
        1044 | 1142 | 1143 | 1227 => DatabaseError {
            code: Code::Permission,
            ..error
        }
        .hint("GRANT CREATE, SELECT, INSERT, UPDATE ON the schema of the history TO the user"),
        _ => error,
    }
}

pub(super) fn unreachable_server(error: &sqlx::Error, target: &Target) -> DatabaseError {
    let Some(server) = server_error(error) else {
        return match error {
            // The way of caching_sha2_password without encryption needs a crate with an open advisory
            // (https://rustsec.org/advisories/RUSTSEC-2023-0071.html), so it is left out.
            sqlx::Error::Configuration(what) if what.to_string().contains("RSA") => DatabaseError::new(
                Code::Auth,
                format!("{target} wants the password encrypted, and the connection is not"),
            )
            .hint("`ssl-mode=required` encrypts the connection; a unix socket needs no encryption"),
            other => unreachable(other, target, &ENCRYPTION),
        };
    };
    let (code, hint) = match server.number() {
        1045 | 1698 => (
            Code::Auth,
            "look at the user, the password and the host that the user may come from",
        ),
        1044 => (Code::Auth, "the user has no right to this database"),
        1049 => (Code::NoDatabase, "create the database first: CREATE DATABASE …"),
        1040 | 1203 => (Code::Connect, "the server has no connection left; try again later"),
        1053 | 1077 | 1079 => (
            Code::Connect,
            "the server is shutting down; try again, or let `--connect-wait 60s` do it",
        ),
        1251 | 2059 => (
            Code::Auth,
            "the server asks for a way to log in that this client does not know",
        ),
        _ => (Code::Connect, "the server refused the connection"),
    };
    let mut described = DatabaseError::new(code, format!("{target}: {}", server.message())).hint(hint);
    described.native = Some(server.number().to_string());
    described.conflict = match server.number() {
        1040 | 1203 => Some(Conflict::Busy),
        1053 | 1077 | 1079 => Some(Conflict::Absent),
        _ => None,
    };
    described
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_an_error_is_found_by_its_line_and_what_follows_there() {
        let near = |near: &str, line: u32| {
            format!("You have an error in your SQL syntax; check the manual … to use near '{near}' at line {line}")
        };
        let statement = "SELECT 1,\n  2 FORM t\nWHERE x";
        assert_eq!(place(&near("FORM t\nWHERE x", 2), statement), Some(14));
        assert_eq!(place(&near("", 1), "SELECT 1 +"), Some(10));
        assert_eq!(place("Unknown column 'x' in 'WHERE'", statement), Some(27));
        assert_eq!(place("Unknown column 'T' in 'field list'", statement), None);
        assert_eq!(place("Table 'shop.t' doesn't exist", statement), Some(19));
    }
}
