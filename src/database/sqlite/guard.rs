//! The guard: SQLite's own hooks, which refuse every commit but ours and see every write to the ledger.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

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
}

/// Opens a connection whose hooks report to the guard.
pub(super) async fn establish(
    options: &SqliteConnectOptions,
    guard: &Arc<Guard>,
    tables: &[String; 2],
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
        let (writes, tables) = (Arc::clone(guard), tables.clone());
        handle.set_update_hook(move |row| {
            if writes.armed.load(SeqCst) && tables.iter().any(|table| table.eq_ignore_ascii_case(row.table)) {
                writes.touched.store(true, SeqCst);
            }
        });
    }
    Ok(connection)
}
