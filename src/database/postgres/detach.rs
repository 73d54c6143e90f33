//! `DETACH PARTITION … CONCURRENTLY`: two transactions, of which the first one stays when the second is cut off.
//!
//! The first marks the partition. The second waits for all who use the parent, which keeps nobody waiting, and then for an
//! AccessExclusiveLock of the partition, which keeps out everybody who comes later; so the statement has the limit of all others. Where it
//! gives up, the next try finishes it as the server wants it finished
//! (<https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION>).

use std::time::{Duration, Instant};

use super::indexes::qualified;
use super::{Postgres, sql};
use crate::code::Code;
use crate::database::{Blocker, Conflict, DatabaseError};
use crate::script::{self, ObjectKind};

/// Between two looks at who is in the way.
const EVERY: Duration = Duration::from_millis(200);

/// A partition whose detaching was cut off.
pub(super) struct HalfDetached {
    parent: String,
    partition: String,
}

impl HalfDetached {
    fn finish(&self) -> String {
        format!(
            "ALTER TABLE {} DETACH PARTITION {} FINALIZE",
            self.parent, self.partition
        )
    }

    /// What becomes of it. Who finishes it by hand would have to take the statement out of the script.
    pub fn advice(&self) -> String {
        format!(
            "{} is detached half-way, and the next run finishes that",
            self.partition
        )
    }
}

impl Postgres {
    /// What an earlier try of the statement has left half done.
    pub(super) async fn half_detached(&mut self, statement: &str) -> Result<Option<HalfDetached>, DatabaseError> {
        let objects = script::objects(statement, super::ENGINE.syntax);
        let Some(partition) = objects.iter().find(|object| object.kind == ObjectKind::Partition) else {
            return Ok(None);
        };
        // An older server has neither the statement nor the column.
        if self.version < 140_000 {
            return Ok(None);
        }
        let name = |class: &str, space: &str| format!("pg_catalog.format('%I.%I', {space}.nspname, {class}.relname)");
        let ask = format!(
            "SELECT {}, {} FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class p ON p.oid = i.inhparent \
             JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid \
             JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace \
             WHERE i.inhdetachpending AND i.inhrelid = pg_catalog.to_regclass({})",
            name("p", "pn"),
            name("c", "cn"),
            super::literal(&qualified(partition))
        );
        let row = self
            .query(&ask)
            .await?
            .pop()
            .and_then(|row| <[Option<String>; 2]>::try_from(row).ok());
        Ok(row.and_then(|[parent, partition]| {
            Some(HalfDetached {
                parent: parent?,
                partition: partition?,
            })
        }))
    }

    /// Finishes it. While it has the lock of the partition it waits for every snapshot of the database that is older, so it is not begun
    /// while there are some that last, and not waited for longer than the limit.
    pub(super) async fn finish_detaching(&mut self, half: &HalfDetached) -> Result<(), DatabaseError> {
        let limit = self.lock_timeout().await?;
        self.wait_for_snapshots(half, limit).await?;
        let begun = Instant::now();
        let message = format!(
            "BEGIN; SET LOCAL statement_timeout = {}; {}; COMMIT",
            limit.as_millis(),
            half.finish()
        );
        let Err(mut error) = self.send(&message).await else {
            return Ok(());
        };
        if error.code != Code::Lost {
            self.send("ROLLBACK").await?;
        }
        // query_canceled, when the time was up
        if error.native.as_deref() == Some("57014") && !limit.is_zero() && begun.elapsed() >= limit {
            error.conflict = Some(Conflict::Contended);
        }
        Err(error)
    }

    /// What holds for the session, as the script has left it. Zero is no limit.
    async fn lock_timeout(&mut self) -> Result<Duration, DatabaseError> {
        let ask = "SELECT setting FROM pg_catalog.pg_settings WHERE name = 'lock_timeout'";
        let setting = sql::first_column(self.query(ask).await?).pop();
        let milliseconds = setting.and_then(|setting| setting.parse().ok()).unwrap_or_default();
        Ok(Duration::from_millis(milliseconds))
    }

    /// Waits, without any lock, until nobody has a snapshot that has lasted for the limit already.
    async fn wait_for_snapshots(&mut self, half: &HalfDetached, limit: Duration) -> Result<(), DatabaseError> {
        let ask = format!(
            "SELECT 'b', pid, usename, coalesce(nullif(application_name, ''), pg_catalog.host(client_addr)), state, \
             extract(epoch FROM pg_catalog.clock_timestamp() - xact_start), pg_catalog.left(query, 1000) FROM pg_catalog.pg_stat_activity \
             WHERE datname = pg_catalog.current_database() AND pid <> pg_catalog.pg_backend_pid() AND backend_xmin IS NOT NULL \
             AND backend_type = 'client backend' AND pg_catalog.clock_timestamp() - xact_start >= '{} ms'::pg_catalog.interval ORDER BY xact_start LIMIT 20",
            limit.as_millis()
        );
        // Without a limit the statement itself may wait as long as it takes.
        let since = Instant::now();
        while !limit.is_zero() {
            let rows = self.query(&ask).await?;
            let blockers: Vec<_> = rows.iter().filter_map(super::watch::blocker).collect();
            if blockers.is_empty() {
                return Ok(());
            }
            if since.elapsed() >= limit {
                let message = format!(
                    "{} is detached half-way, and others may still see it as it was",
                    half.partition
                );
                return Err(DatabaseError {
                    detail: Some(Blocker::in_words(&blockers)),
                    ..DatabaseError::new(Code::SqlFailed, message).conflict(Conflict::Contended)
                });
            }
            tokio::time::sleep(EVERY).await;
        }
        Ok(())
    }
}
