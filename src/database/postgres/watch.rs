//! A second connection to PostgreSQL: who is in the way of a statement, how far it is, and how it is cancelled.

use std::time::Duration;

use async_trait::async_trait;
use sqlx::postgres::PgConnection;

use super::dialect::literal;
use super::errors::describe;
use super::query;
use super::session::{self, Name, PLACE, SINCE};
use crate::database::server::elsewhere;
use crate::database::sql::{Row, first_column};
use crate::database::{Access, Blocker, DatabaseError, Progress, Sight, Target, Unit, Watch};
use crate::script;

pub(super) struct Onlooker {
    pub target: Target,
    pub version: u32,
    pub name: Name,
    pub connection: Option<PgConnection>,
    /// Whether the sizes of files may be read.
    pub files: bool,
}

/// Who holds what the process waits for.
const BLOCKERS: &str = "SELECT 'b', b.pid, b.usename, coalesce(nullif(b.application_name, ''), host(b.client_addr)), b.state, \
     extract(epoch FROM clock_timestamp() - b.xact_start), left(b.query, 1000), \
     (SELECT string_agg(DISTINCT l.mode, ', ') FROM pg_locks l WHERE l.pid = b.pid AND l.granted AND l.relation = w.relation), \
     w.relation::regclass, (SELECT count(*) FROM pg_stat_activity q WHERE q.wait_event_type = 'Lock' AND {pid} = ANY (pg_blocking_pids(q.pid))) \
     FROM unnest(pg_blocking_pids({pid})) p(pid) JOIN pg_stat_activity b ON b.pid = p.pid \
     LEFT JOIN LATERAL (SELECT relation FROM pg_locks WHERE pid = {pid} AND NOT granted LIMIT 1) w ON true LIMIT 20";

/// Views that tell how far a statement is, and since which version: what it does, how much is done, of how much.
const VIEWS: [(u32, &str); 5] = [
    (
        120_000,
        "SELECT 'p', phase, CASE WHEN blocks_total > 0 THEN blocks_done ELSE tuples_done END, \
         CASE WHEN blocks_total > 0 THEN blocks_total ELSE tuples_total END FROM pg_stat_progress_create_index WHERE pid = {pid}",
    ),
    (
        120_000,
        "SELECT 'p', phase, heap_blks_scanned, heap_blks_total FROM pg_stat_progress_cluster WHERE pid = {pid}",
    ),
    (
        120_000,
        "SELECT 'p', phase, heap_blks_scanned, heap_blks_total FROM pg_stat_progress_vacuum WHERE pid = {pid}",
    ),
    (
        130_000,
        "SELECT 'p', phase, sample_blks_scanned, sample_blks_total FROM pg_stat_progress_analyze WHERE pid = {pid}",
    ),
    (
        140_000,
        "SELECT 'p', lower(command), bytes_processed, bytes_total, 'bytes' FROM pg_stat_progress_copy WHERE pid = {pid}",
    ),
];

/// For a statement that rewrites a table there is no view. Its new file belongs to a relation that only the process sees, and grows
/// to about the size of the old one. Nothing here takes a lock: the size functions for relations would wait for the table.
const REWRITE: &str = "SELECT 'p', 'rewriting ' || old.name, new.size, old.size, 'bytes' FROM \
     (SELECT sum((pg_stat_file(f.path || CASE n WHEN 0 THEN '' ELSE '.' || n END, true)).size) AS size \
     FROM (SELECT format('base/%s/%s', l.database, l.relation) AS path FROM pg_locks l LEFT JOIN pg_class c ON c.oid = l.relation \
     WHERE l.pid = {pid} AND l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.granted AND c.oid IS NULL LIMIT 1) f, \
     generate_series(0, 63) n) new, \
     (SELECT c.relname AS name, sum((pg_stat_file(pg_relation_filepath(c.oid) || CASE n WHEN 0 THEN '' ELSE '.' || n END, true)).size) AS size \
     FROM pg_locks l JOIN pg_class c ON c.oid = l.relation AND c.relkind IN ('r', 'm'), generate_series(0, 63) n \
     WHERE l.pid = {pid} AND l.mode = 'AccessExclusiveLock' AND l.granted GROUP BY c.oid, c.relname ORDER BY 2 DESC NULLS LAST LIMIT 1) old \
     WHERE new.size IS NOT NULL";

impl Onlooker {
    async fn ask(&mut self, statement: &str) -> Result<Vec<Row>, DatabaseError> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            None => {
                let mut session = session::open(&self.target, Access::Read).await?;
                let may =
                    "SELECT pg_catalog.has_function_privilege('pg_catalog.pg_stat_file(text, boolean)', 'EXECUTE')";
                let answer = query(&mut session.connection, may).await;
                self.files = answer.is_ok_and(|rows| first_column(rows) == ["t"]);
                self.connection.insert(session.connection)
            }
        };
        query(connection, statement).await.map_err(|error| describe(&error))
    }

    /// One message with everything that is asked.
    fn message(&self) -> String {
        let views = VIEWS.iter().filter(|(since, _)| self.version >= *since);
        let mut parts = vec!["SET search_path = pg_catalog", BLOCKERS];
        parts.extend(views.map(|(_, view)| *view));
        if self.files {
            parts.push(REWRITE);
        }
        parts.join("; ").replace("{pid}", &self.name.pid)
    }
}

impl Onlooker {
    /// A stranger may have the same number.
    async fn signal(&mut self, function: &str) -> Result<(), DatabaseError> {
        let Name { pid, since, server } = &self.name;
        let signal = format!(
            "SELECT pg_catalog.{function}(pid) FROM pg_catalog.pg_stat_activity WHERE pid = {pid} AND {SINCE} = {} \
             UNION ALL SELECT true WHERE {PLACE} = {}",
            literal(since),
            literal(server)
        );
        match self.ask(&signal).await?.is_empty() {
            true => Err(elsewhere(&self.session())),
            false => Ok(()),
        }
    }
}

#[async_trait]
impl Watch for Onlooker {
    fn session(&self) -> String {
        self.name.pid.clone()
    }

    fn cancel_command(&self) -> String {
        format!("SELECT pg_cancel_backend({})", self.name.pid)
    }

    async fn look(&mut self) -> Result<Sight, DatabaseError> {
        if self.connection.is_none() {
            // What may be asked is known only then.
            self.ask("SELECT 1").await?;
        }
        let message = self.message();
        let rows = self.ask(&message).await?;
        Ok(Sight {
            blockers: rows.iter().filter_map(blocker).collect(),
            progress: rows.iter().find_map(progress),
        })
    }

    async fn is_idle(&mut self) -> Result<bool, DatabaseError> {
        let Name { pid, since, server } = &self.name;
        // Where the server does not keep account of it, the state is `disabled` or NULL.
        let idle = format!(
            "SELECT count(*) FILTER (WHERE state LIKE 'idle%') = 1 OR (count(*) = 0 AND {PLACE} = {}) \
             FROM pg_catalog.pg_stat_activity WHERE pid = {pid} AND {SINCE} = {}",
            literal(server),
            literal(since)
        );
        Ok(first_column(self.ask(&idle).await?) == ["t"])
    }

    async fn cancel(&mut self) -> Result<(), DatabaseError> {
        self.signal("pg_cancel_backend").await
    }

    async fn end(&mut self) -> Result<(), DatabaseError> {
        self.signal("pg_terminate_backend").await
    }

    fn forget(&mut self) {
        self.connection = None;
    }
}

fn field(row: &Row, index: usize) -> Option<&str> {
    row.get(index)?.as_deref()
}

pub(super) fn blocker(row: &Row) -> Option<Blocker> {
    if field(row, 0) != Some("b") {
        return None;
    }
    let text = |index| field(row, index).unwrap_or_default().to_owned();
    let seconds = field(row, 5).and_then(|seconds| seconds.parse::<f64>().ok());
    Some(Blocker {
        session: text(1),
        user: text(2),
        application: text(3),
        state: text(4),
        age: seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
        statement: script::summary(&text(6), super::ENGINE.syntax),
        lock: text(7),
        object: text(8),
        queued: field(row, 9).and_then(|count| count.parse().ok()).unwrap_or_default(),
    })
}

fn progress(row: &Row) -> Option<Progress> {
    if field(row, 0) != Some("p") {
        return None;
    }
    let number = |index| field(row, index).and_then(|number| number.parse::<u64>().ok());
    Some(Progress {
        phase: field(row, 1)?.to_owned(),
        done: number(2).unwrap_or_default(),
        total: number(3).filter(|total| *total > 0),
        unit: match field(row, 4) {
            Some("bytes") => Unit::Bytes,
            _ => Unit::Steps,
        },
    })
}
