//! What a transaction begins and ends with, so that a record is written only where effects, lock and ledger are what they should be.

use std::borrow::Cow;
use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::Postgres;
use super::dialect::{DIALECT, literal};
use super::errors::{LEFT, MOVED, TOUCHED, UNLOCKED};
use super::session::Route;
use crate::history::{Head, Record};
use crate::migration::Checksum;
use crate::script::{Directives, Strings};

/// Takes back what migrations do to their session, without giving up the advisory lock: `DISCARD ALL` would.
pub(super) const RESET: &str = "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; DEALLOCATE ALL; CLOSE ALL; UNLISTEN *; DISCARD TEMP; DISCARD SEQUENCES";

/// Ends what could redirect or hide the history write. A notification would come in between the answers to COMMIT, where the
/// driver takes it for a broken connection, so nobody listens any more by then. The last one is changed only where it was, since it takes a superuser.
pub(super) const RESTORE: [&str; 8] = [
    "SET LOCAL SESSION AUTHORIZATION DEFAULT",
    "SET LOCAL ROLE NONE",
    "SET LOCAL search_path = pg_catalog",
    "SET LOCAL client_encoding = 'UTF8'",
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL row_security = on",
    "UNLISTEN *",
    "SELECT pg_catalog.set_config('session_replication_role', 'origin', true) \
     WHERE pg_catalog.current_setting('session_replication_role') <> 'origin'",
];

/// One lock for one ledger: the same for everyone who would write to it.
pub(super) fn lock_key(database: &str, history: &str) -> i64 {
    let digest: [u8; 32] = Sha256::digest(format!("syncline\0{database}\0{history}")).into();
    digest.iter().take(8).fold(0, |key, byte| key << 8 | i64::from(*byte))
}

/// An expression that changes when this session writes to a table, without reading a row of it: the server counts what was
/// written, truncating or rewriting the table gives it another file, and dropping it another id
/// (https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-STATS-FUNCTIONS).
fn ledger_state(table: &str) -> String {
    let id = format!("pg_catalog.to_regclass({table})::oid");
    let written = |what: &str| format!("pg_catalog.pg_stat_get_xact_tuples_{what}({id})");
    format!(
        "pg_catalog.concat_ws(' ', {id}, pg_catalog.pg_relation_filenode({id}), {}, {}, {})",
        written("inserted"),
        written("updated"),
        written("deleted")
    )
}

/// An expression of no value that ends the transaction with an error. The server must not see that it is constant, or it is
/// computed while the statement is planned (https://www.postgresql.org/docs/current/xfunc-volatility.html).
pub(super) fn stop(word: &str) -> String {
    format!("pg_catalog.concat('{word}')::pg_catalog.text::pg_catalog.bool")
}

impl Postgres {
    /// An expression that takes the lock, or takes it again: true where it is ours.
    pub(super) fn take_lock(&self) -> String {
        let function = match self.route {
            Route::Direct | Route::Kept => "pg_try_advisory_lock",
            Route::Pooled => "pg_try_advisory_xact_lock",
        };
        format!("pg_catalog.{function}({})", self.lock_key)
    }

    /// What opens the transaction of a migration.
    pub(super) fn opening(&self, head: &Head, directives: &Directives) -> Vec<String> {
        let lock_timeout = directives.lock_timeout.unwrap_or(self.target.lock_timeout).as_millis();
        let statement_timeout = directives.statement_timeout.or(self.target.statement_timeout);
        let statement_timeout = statement_timeout.map_or(0, |limit| limit.as_millis());
        let history = &self.statements.history;
        let begin = match directives.isolation {
            Some(level) => format!("BEGIN ISOLATION LEVEL {}, READ WRITE", level.sql()),
            None => "BEGIN READ WRITE".to_owned(),
        };
        let mut opening = vec![
            begin,
            "SET LOCAL idle_in_transaction_session_timeout = 0".to_owned(),
            format!("SET LOCAL lock_timeout = {lock_timeout}"),
            format!("SET LOCAL statement_timeout = {statement_timeout}"),
        ];
        if self.version >= 170_000 {
            opening.push("SET LOCAL transaction_timeout = 0".to_owned());
        }
        opening.extend(self.still_ours());
        if self.route == Route::Pooled {
            // The lock begins with the transaction here, so the ledger may have gone on since it was read. It is looked at in a
            // statement of its own: the one that takes the lock has chosen before what it sees.
            // The session may be one that somebody has left otherwise.
            let strings = match self.own.strings {
                Strings::Standard => "on",
                Strings::Escaped => "off",
            };
            opening.push(format!("SET LOCAL standard_conforming_strings = {strings}"));
            opening.extend(self.own.statements("SET LOCAL"));
            let lock = self.take_lock();
            opening.push(format!(
                "SELECT CASE WHEN {lock} THEN '' ELSE {}::text END",
                stop(UNLOCKED)
            ));
            opening.push(format!(
                "SELECT CASE WHEN (SELECT count(*) = {0} AND coalesce(max(seq), -1) + 1 = {0} FROM {history}) THEN '' ELSE {1}::text END",
                head.next,
                stop(MOVED)
            ));
        }
        opening.push(format!(
            "SELECT pg_catalog.txid_current()::text, {}, CASE pg_catalog.current_setting('track_counts') WHEN 'on' THEN {} END",
            DIALECT.now,
            ledger_state(&literal(history))
        ));
        opening
    }

    /// What writes a record at the end of the transaction.
    pub(super) fn closing(&self, record: &Record, texts: &[(Checksum, Cow<'_, str>)]) -> Vec<String> {
        let history = &self.statements.history;
        let same = format!("pg_catalog.txid_current()::text = {}", literal(&self.transaction));
        let intact = match &self.ledger {
            Some(ledger) => format!(
                "pg_catalog.current_setting('track_counts') = 'on' AND {} = {}",
                ledger_state(&literal(history)),
                literal(ledger)
            ),
            // Where the server does not count, the rows are read: one that this transaction wrote has an age of 0 or less.
            None => format!(
                "(SELECT count(*) = {} AND count(*) FILTER (WHERE pg_catalog.age(xmin) <= 0) = 0 FROM {history})",
                record.seq
            ),
        };
        let locked = self.take_lock();
        let guard = format!(
            "CASE WHEN NOT {same} THEN {} WHEN NOT {locked} THEN {} WHEN NOT ({intact}) THEN {} ELSE true END",
            stop(LEFT),
            stop(UNLOCKED),
            stop(TOUCHED)
        );
        // One statement: each more costs the server its own planning and its own snapshot. A trigger may swallow the row.
        let mut with = format!(
            "WITH written AS ({} RETURNING 1)",
            self.statements.insert(record, &guard)
        );
        for (number, (checksum, text)) in texts.iter().enumerate() {
            let insert = self.statements.insert_text(*checksum, text, "true");
            let _ = write!(with, ", text_{number} AS ({insert})");
        }
        let _ = write!(
            with,
            " SELECT CASE (SELECT count(*) FROM written) WHEN 1 THEN true ELSE {} END",
            stop(TOUCHED)
        );
        let mut closing: Vec<String> = RESTORE.iter().map(ToString::to_string).collect();
        closing.push(with);
        if self.route == Route::Pooled {
            // Nobody else shall inherit what the script has set, and after the COMMIT the session is another one.
            closing.extend(RESET.split("; ").map(str::to_owned));
            closing.push("SELECT pg_catalog.pg_advisory_unlock_all()".to_owned());
        }
        closing
    }
}
