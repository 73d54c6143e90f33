//! What the server's errors mean: codes of SQLSTATE to codes of ours.

use sqlx::postgres::{PgDatabaseError, PgSeverity};

use crate::code::Code;
use crate::database::server::{Encryption, lock_lost, lock_taken, unreachable};
use crate::database::sql::{ledger_touched, moved};
use crate::database::{Conflict, DatabaseError, Target};
use crate::script::{self, Syntax};

/// The words by which a record's own guard refuses it: the transaction is not the one that was begun,
pub(super) const LEFT: &str = "syncline: left";
/// somebody else holds the lock,
pub(super) const UNLOCKED: &str = "syncline: unlocked";
/// or the tables are not what they were.
pub(super) const TOUCHED: &str = "syncline: touched";

/// or somebody has written to them since they were read.
pub(super) const MOVED: &str = "syncline: moved";

/// Why a transaction was not opened, behind a pooler.
pub(super) fn refused_transaction(error: DatabaseError) -> DatabaseError {
    let guard = |word: &str| error.native.as_deref() == Some("22P02") && error.message.contains(word);
    match (guard(UNLOCKED), guard(MOVED)) {
        (true, _) => lock_taken(),
        (_, true) => moved(),
        _ => error,
    }
}

/// Why what a running record says could not be written.
pub(super) fn refused_update(error: DatabaseError) -> DatabaseError {
    match error.message.contains(UNLOCKED) || error.message.contains(TOUCHED) {
        true => refused_record(error),
        false => error,
    }
}

/// Why the server did not take a record: rights, resources, somebody who was quicker. Anything else means that the migration has
/// dropped, renamed or altered the tables, or has put a trigger or a rule in the way.
pub(super) fn refused_record(error: DatabaseError) -> DatabaseError {
    let native = error.native.clone().unwrap_or_default();
    let guard = |word: &str| error.message.contains(word);
    match native.as_str() {
        // invalid_text_representation, with the word in quotes
        "22P02" if guard(LEFT) => DatabaseError::new(
            Code::LeftTransaction,
            "a statement ended the transaction that the migration runs in",
        )
        .hint("remove COMMIT and ROLLBACK from what the script runs, procedures included"),
        "22P02" if guard(UNLOCKED) => lock_lost(),
        "22P02" if guard(TOUCHED) => ledger_touched(),
        "23505" => moved(),
        "42501" => with_rights(error),
        // untranslatable_character, character_not_in_repertoire
        "22P05" | "22021" => DatabaseError {
            detail: Some(error.message),
            ..DatabaseError::new(
                Code::SqlFailed,
                "the text of the script cannot be stored in this database's encoding",
            )
            .hint("`keep-scripts = \"0B\"` in the configuration stores only its checksum")
        },
        // It gave way to others, or somebody has cancelled it.
        "57014" => error,
        _ if native.starts_with("53") || error.code != Code::SqlFailed || error.conflict.is_some() => error,
        _ => DatabaseError {
            detail: Some(error.message),
            ..ledger_touched()
        },
    }
}

pub(super) fn with_rights(error: DatabaseError) -> DatabaseError {
    if error.native.as_deref() != Some("42501") {
        return error;
    }
    DatabaseError { code: Code::Permission, ..error }
        .hint("GRANT USAGE, CREATE ON SCHEMA … TO the user; and INSERT, SELECT, UPDATE on the tables of the history where they belong to another role")
}

const ENCRYPTION: Encryption = Encryption {
    mode: "sslmode",
    strictest: "verify-full",
    authority: "sslrootcert",
};

pub(super) fn postgres_error(error: &sqlx::Error) -> Option<&PgDatabaseError> {
    match error {
        sqlx::Error::Database(database) => database.try_downcast_ref::<PgDatabaseError>(),
        _ => None,
    }
}

pub(super) fn describe(error: &sqlx::Error) -> DatabaseError {
    let Some(server) = postgres_error(error) else {
        return DatabaseError::new(Code::Lost, format!("the connection was lost: {error}"));
    };
    if server.message().contains("statement pooling") {
        return DatabaseError::new(
            Code::Pooled,
            format!("a pooler takes no transactions: {}", server.message()),
        )
        .hint("connect to the server itself: in the configuration `migration-url` names it for this target");
    }
    let code = match server.code() {
        // What is fatal ends the session: shutdown, time limits of sessions and transactions.
        _ if matches!(server.severity(), PgSeverity::Fatal | PgSeverity::Panic) => Code::Lost,
        "25006" => Code::ReadOnly,
        _ => Code::SqlFailed,
    };
    let mut described = DatabaseError::new(code, server.message());
    // lock_not_available, deadlock_detected, serialization_failure
    described.conflict = match server.code() {
        "55P03" | "40P01" | "40001" => Some(Conflict::Contended),
        // active_sql_transaction, invalid_transaction_termination, unsafe_new_enum_value_usage
        "25001" | "2D000" | "55P04" => Some(Conflict::Transaction),
        _ => None,
    };
    described.detail = server.detail().map(str::to_owned);
    described.hint = server.hint().or_else(|| advice(server)).map(str::to_owned);
    described.native = Some(server.code().to_owned());
    described
}

/// The error of a statement. Where a transaction is in the way and running without one would not help, it is no conflict with it: a
/// function may not commit however it is called, and what a program may not run is not run by it anywhere.
pub(super) fn of_statement(
    mut described: DatabaseError,
    error: &sqlx::Error,
    statement: Option<&&str>,
) -> DatabaseError {
    let Some((server, statement)) = postgres_error(error).zip(statement) else {
        return described;
    };
    let verb = script::verb(statement, Syntax::Postgres(Default::default())).to_ascii_uppercase();
    let may_commit = matches!(verb.as_str(), "CALL" | "DO");
    let helps = match server.code() {
        // Messages are in the language of the server; this has the name of the routine of its source.
        "25001" => server.routine() == Some("PreventInTransactionBlock") && !may_commit && verb != "SELECT",
        "2D000" => may_commit,
        _ => true,
    };
    if !helps {
        described.conflict = described.conflict.filter(|conflict| *conflict != Conflict::Transaction);
    }
    described
}

/// What to do where the server says nothing of it.
fn advice(server: &PgDatabaseError) -> Option<&'static str> {
    match server.code() {
        "25006" => Some("`default_transaction_read_only` is on: for the server, the database or the role"),
        "42501" => Some("GRANT the right to the user that migrates, or connect as the owner"),
        _ => None,
    }
}

pub(super) fn unreachable_server(error: &sqlx::Error, target: &Target) -> DatabaseError {
    let Some(server) = postgres_error(error) else {
        return unreachable(error, target, &ENCRYPTION);
    };
    let (code, hint) = match server.code() {
        "28P01" | "28000" => (Code::Auth, "look at the user, the password and pg_hba.conf"),
        "3D000" => (Code::NoDatabase, "create the database first: CREATE DATABASE …"),
        "53300" => (Code::Connect, "the server has no connection left; try again later"),
        "57P01" | "57P02" | "57P03" => (
            Code::Connect,
            "the server is starting up or shutting down; try again, or let `--connect-wait 60s` do it",
        ),
        // A pooler speaks for a server that it does not reach.
        _ if is_absent(server) => (
            Code::Connect,
            "the pooler does not reach the server: look at it, and at the pooler's log",
        ),
        _ => (Code::Connect, "the server refused the connection"),
    };
    let mut described = DatabaseError::new(code, format!("{target}: {}", server.message())).hint(hint);
    described.native = Some(server.code().to_owned());
    described.conflict = match server.code() {
        "53300" => Some(Conflict::Busy),
        "57P01" | "57P02" | "57P03" => Some(Conflict::Absent),
        _ => is_absent(server).then_some(Conflict::Absent),
    };
    described
}

/// What PgBouncer says of a server that it does not reach.
fn is_absent(server: &PgDatabaseError) -> bool {
    let words = [
        "server down",
        "cannot connect to server",
        "server_login_retry",
        "server login has been failing",
    ];
    server.code().starts_with("08") && words.iter().any(|word| server.message().contains(word))
}
