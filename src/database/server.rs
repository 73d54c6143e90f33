//! What the engines share that speak to a server: what its refusals mean, and how names stand in statements.

use super::sql::{Dialect, Row, Turns};
use super::{Conflict, DatabaseError, Ledger, Target};
use crate::code::Code;
use crate::script::{self, Syntax};

/// How an engine names the parameters of a URL that say how a connection is encrypted.
pub(super) struct Encryption {
    /// The one for how strict it is, such as `sslmode`.
    pub mode: &'static str,
    /// Its strictest value.
    pub strictest: &'static str,
    /// The one that names an authority.
    pub authority: &'static str,
}

/// The files that these parameters of a URL name can be read: the driver would not say which of them cannot.
pub(super) fn files_are_there(target: &Target, parameters: &[&str]) -> Result<(), DatabaseError> {
    for name in parameters {
        // The driver takes the text of a certificate as well.
        let path = target
            .parameter(name)
            .filter(|path| !path.trim_start().starts_with("-----BEGIN"));
        let Some(path) = path else { continue };
        if let Err(error) = std::fs::File::open(path) {
            // What is not shown may be the text of a key that something stands before.
            let is_key = path.contains("BEGIN") || path.starts_with("MI") && path.len() > 60;
            let path = if is_key { "what it says is no path" } else { path };
            let message = format!("the file of `{name}` cannot be read: {path}: {error}");
            return Err(
                DatabaseError::new(Code::Tls, message).hint(format!("mend `{name}` in the URL, or the file's rights"))
            );
        }
    }
    Ok(())
}

/// A certificate that we show is of no use without its key, nor the key without it; libpq would take the other half from a place of its own.
pub(super) fn are_paired(target: &Target, certificate: &str, key: &str) -> Result<(), DatabaseError> {
    let said = |name| target.parameter(name).is_some_and(|value| !value.is_empty());
    let (one, other) = match (said(certificate), said(key)) {
        (true, false) => (certificate, key),
        (false, true) => (key, certificate),
        _ => return Ok(()),
    };
    let message = format!("the database URL is wrong: `{one}` is said, and `{other}` is not");
    Err(DatabaseError::new(Code::BadUrl, message).hint(format!("name both files, or leave `{one}` out")))
}

/// The zone of an IPv6 address of a link.
pub(super) fn zone(host: &str) -> Option<&str> {
    let (address, zone) = host.split_once('%')?;
    address.parse::<std::net::Ipv6Addr>().is_ok().then_some(zone)
}

/// Why the driver has no connection, where the server has said nothing about it.
pub(super) fn unreachable(error: &sqlx::Error, target: &Target, names: &Encryption) -> DatabaseError {
    let Encryption {
        mode,
        strictest,
        authority,
    } = names;
    match error {
        sqlx::Error::Tls(tls) => DatabaseError::new(Code::Tls, format!("{target}: {tls}")).hint(format!(
            "`{mode}={strictest}` is the default for other machines; `{authority}` names a private authority"
        )),
        sqlx::Error::Io(io) if io.to_string().contains("peer certificate") => {
            DatabaseError::new(Code::Tls, format!("{target}: {io}")).hint(format!(
                "look at the certificate of the server: its names, its dates, its authority; `{authority}` names a private authority"
            ))
        }
        // rustls tells of a handshake that failed in this way.
        sqlx::Error::Io(io) if io.kind() == std::io::ErrorKind::InvalidData => {
            DatabaseError::new(Code::Tls, format!("{target}: {io}")).hint(format!(
                "the server's encryption is not understood; `{mode}` and `{authority}` say what is expected"
            ))
        }
        sqlx::Error::Io(io) => {
            let mut error = DatabaseError::new(Code::Connect, format!("{target}: {io}"))
                .hint("look at host, port and whether the server runs; `--connect-wait 60s` waits for one that is starting");
            error.conflict = is_absent(io).then_some(Conflict::Absent);
            error
        }
        sqlx::Error::Configuration(what) => DatabaseError::new(Code::Connect, format!("{target}: {what}"))
            .hint("that is on this machine, and not at the server: `TMPDIR` names a short path that can be written to"),
        // What is in front of a server that is not there takes the connection and closes it; the driver takes that for a byte.
        sqlx::Error::Protocol(what) if what.contains("SSLRequest: 0x00") => {
            DatabaseError::new(Code::Connect, format!("{target}: the connection was closed at once"))
                .hint("look at host, port and whether the server runs; `--connect-wait 60s` waits for one that is starting")
                .conflict(Conflict::Absent)
        }
        other => DatabaseError::new(Code::Connect, format!("{target}: {other}"))
            .hint("whoever answers there does not speak this database's language: look at scheme, host and port"),
    }
}

/// Whether nobody listens yet, as far as the system tells: a name that is not known yet, as of a container that is being made, has no kind
/// of its own.
fn is_absent(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{
        AddrNotAvailable, BrokenPipe, ConnectionAborted, ConnectionRefused, ConnectionReset, HostUnreachable,
        NetworkUnreachable, NotFound, TimedOut, UnexpectedEof,
    };
    let kinds = [
        AddrNotAvailable,
        BrokenPipe,
        ConnectionAborted,
        ConnectionRefused,
        ConnectionReset,
        HostUnreachable,
        NetworkUnreachable,
        NotFound,
        TimedOut,
        UnexpectedEof,
    ];
    kinds.contains(&error.kind()) || error.to_string().contains("lookup address information")
}

/// What syncline asks for itself has no larger answer, in bytes; a server that goes on and on would fill the memory.
const ANSWER: usize = 512 * 1024 * 1024;

/// The rows of an answer, as far as there is room for them.
#[derive(Default)]
pub(super) struct Rows {
    rows: Vec<Row>,
    size: usize,
    turns: Turns,
}

impl Rows {
    pub async fn push(&mut self, row: Row) -> Result<(), sqlx::Error> {
        self.turns.next().await;
        let texts: usize = row.iter().flatten().map(String::len).sum();
        self.size += size_of_val(row.as_slice()) + texts;
        if self.size > ANSWER {
            return Err(sqlx::Error::Protocol(format!("an answer of more than {ANSWER} bytes")));
        }
        self.rows.push(row);
        Ok(())
    }

    pub fn end(self) -> Vec<Row> {
        self.rows
    }
}

/// A message was answered with less than it asks for, so from here on answers would be taken for those of other questions.
pub(super) fn out_of_step() -> sqlx::Error {
    sqlx::Error::Protocol("the answer is not one to what was asked".to_owned())
}

/// Another product answers, which speaks the protocol.
pub(super) fn foreign(target: &Target, found: &str, wanted: &str) -> DatabaseError {
    DatabaseError::new(Code::Unsupported, format!("{target} is {found}, not {wanted}")).hint(
        "it speaks the same protocol, but what a transaction and a lock promise there is not what syncline relies on",
    )
}

/// Another run was quicker to take the lock.
pub(super) fn lock_taken() -> DatabaseError {
    DatabaseError::new(Code::Locked, "another run holds the lock").conflict(Conflict::Busy)
}

/// The lock went while a migration ran, and cannot be taken again.
pub(super) fn lock_lost() -> DatabaseError {
    let message = "the lock was given up while the migration ran, and another run took it";
    DatabaseError::new(Code::LockLost, message)
}

/// A name in its parts from left to right, as a statement has it.
pub(super) fn qualified(name: &[String], dialect: &Dialect) -> String {
    let parts: Vec<String> = name.iter().map(|part| (dialect.identifier)(part)).collect();
    parts.join(".")
}

/// Whether a statement names a table of the ledger.
pub(super) fn names_ledger(statement: &str, ledger: &Ledger, syntax: Syntax) -> bool {
    let tables = [&ledger.history, &ledger.script];
    tables
        .into_iter()
        .any(|table| script::mentions(statement, table, syntax))
}

/// A second connection has reached another server than the first: of a cluster, or behind a proxy.
pub(super) fn elsewhere(session: &str) -> DatabaseError {
    let message = format!("session {session} is not on the server that a second connection has reached");
    DatabaseError::new(Code::Lost, message).hint("end it there, or connect to one server, past the proxy")
}
