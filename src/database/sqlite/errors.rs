//! What SQLite's result codes mean.

use crate::code::Code;
use crate::database::sql::{ledger_touched, moved};
use crate::database::{Conflict, DatabaseError};

/// An error of the SQL itself, and not of the disk, means that the migration has altered the tables.
pub(super) fn refused_record(error: DatabaseError) -> DatabaseError {
    match error.native.as_deref() {
        Some("1") if error.message == "integer overflow" => ledger_touched(),
        Some("1") => DatabaseError {
            detail: Some(error.message),
            ..ledger_touched()
        },
        _ => error,
    }
}

pub(super) fn describe(error: sqlx::Error) -> DatabaseError {
    let sqlx::Error::Database(database) = &error else {
        return DatabaseError::new(Code::Lost, error.to_string());
    };
    let code = database.code().unwrap_or_default().into_owned();
    let message = database.message().to_owned();
    let mut described = match primary(&code) {
        // https://www.sqlite.org/rescode.html
        5 => DatabaseError::new(Code::Locked, message)
            .hint("another connection writes, or keeps the file for itself as a run outside a transaction does: try again")
            .conflict(Conflict::Busy),
        // No cache is shared, so the lock is one of this connection's own, and nobody would give it up.
        6 => DatabaseError::new(Code::SqlFailed, message)
            .hint("what is in the way is this migration itself: move the statement to one with `-- syncline: no-transaction`"),
        8 => DatabaseError::new(Code::ReadOnly, message)
            .hint("the file, its directory or the URL's `mode` takes no writes"),
        14 => DatabaseError::new(Code::Connect, message).hint("look at the rights of the file and of its directory"),
        11 | 26 => DatabaseError::new(Code::Connect, message).hint("the file is damaged, encrypted, or not a database"),
        _ => DatabaseError::new(Code::SqlFailed, message),
    };
    described.native = Some(code);
    described
}

/// Whether memory or disk were at fault, and not the statement: SQLite takes the whole transaction back then
/// (https://www.sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction).
pub(super) fn is_of_the_machine(error: &DatabaseError) -> bool {
    matches!(primary(error.native.as_deref().unwrap_or_default()), 7 | 10 | 13)
}

/// A result code without what it says beyond its kind.
fn primary(code: &str) -> i32 {
    code.parse::<i32>().unwrap_or_default() & 0xff
}

/// Why a transaction could not be opened: the database is busy, or the ledger has moved.
pub(super) fn stale(error: &DatabaseError) -> DatabaseError {
    let mut stale = match error.message == "integer overflow" {
        true => moved(),
        false => DatabaseError {
            conflict: error.conflict,
            ..DatabaseError::new(error.code, error.message.as_str())
        },
    };
    stale.native.clone_from(&error.native);
    stale.hint.clone_from(&error.hint);
    stale
}
