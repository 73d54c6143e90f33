//! The guard: SQLite's own hooks, which refuse every commit but ours, see every write to the ledger, and end what takes too long.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, raw_sql};

use super::errors::describe;
use crate::database::DatabaseError;

/// What SQLite's hooks tell about the transaction of a migration.
///
/// https://www.sqlite.org/c3ref/commit_hook.html: a commit hook may refuse, so no commit happens but ours.
#[derive(Default)]
pub(super) struct Guard {
    /// Between `begin` and `write`, where the migration's own statements run.
    pub(super) armed: AtomicBool,
    /// The transaction was ended, or tried to end.
    pub(super) left: AtomicBool,
    /// A row of the ledger was written.
    pub(super) touched: AtomicBool,
    /// When statements are interrupted, in milliseconds since the connection was opened; never where it is 0.
    limit: AtomicU64,
    /// That what runs is to end now.
    pub(super) interrupted: AtomicBool,
    /// What `limit` counts from.
    epoch: OnceLock<Instant>,
}

/// After so many operations of SQLite's virtual machine the limit is looked at: some tens of microseconds.
const OPERATIONS: i32 = 10_000;

impl Guard {
    /// Interrupts what is not done by then.
    pub(super) fn limit(&self, until: Instant) {
        let epoch = *self.epoch.get_or_init(Instant::now);
        let limit = until.saturating_duration_since(epoch).as_millis();
        self.limit
            .store(u64::try_from(limit).unwrap_or(u64::MAX).max(1), SeqCst);
    }

    /// Interrupts nothing any more.
    pub(super) fn unlimit(&self) {
        self.limit.store(0, SeqCst);
    }

    /// Before anything that is ours.
    pub(super) fn disarm(&self) {
        self.armed.store(false, SeqCst);
        self.left.store(false, SeqCst);
        self.touched.store(false, SeqCst);
        self.interrupted.store(false, SeqCst);
        self.unlimit();
    }

    fn in_time(&self) -> bool {
        if self.interrupted.load(SeqCst) {
            return false;
        }
        let limit = self.limit.load(SeqCst);
        limit == 0
            || self
                .epoch
                .get()
                .is_none_or(|epoch| epoch.elapsed().as_millis() <= u128::from(limit))
    }
}

/// Opens a connection whose hooks report to the guard.
pub(super) async fn establish(
    options: &SqliteConnectOptions,
    guard: &Arc<Guard>,
    tables: &[String; 2],
    session: &str,
) -> Result<SqliteConnection, DatabaseError> {
    let mut connection = options.connect().await.map_err(describe)?;
    {
        let mut handle = connection.lock_handle().await.map_err(describe)?;
        let commits = Arc::clone(guard);
        handle.set_commit_hook(move || {
            let armed = commits.armed.load(SeqCst);
            if armed {
                commits.left.store(true, SeqCst);
            }
            !armed
        });
        let rollbacks = Arc::clone(guard);
        handle.set_rollback_hook(move || {
            if rollbacks.armed.load(SeqCst) {
                rollbacks.left.store(true, SeqCst);
            }
        });
        let clock = Arc::clone(guard);
        handle.set_progress_handler(OPERATIONS, move || clock.in_time());
        let (writes, tables) = (Arc::clone(guard), tables.clone());
        handle.set_update_hook(move |row| {
            if writes.armed.load(SeqCst) && tables.iter().any(|table| table.eq_ignore_ascii_case(row.table)) {
                writes.touched.store(true, SeqCst);
            }
        });
    }
    if !session.trim().is_empty() {
        let setup = raw_sql(AssertSqlSafe(session.to_owned()));
        setup
            .execute(&mut connection)
            .await
            .map_err(|error| describe(error).of_session())?;
    }
    Ok(connection)
}
