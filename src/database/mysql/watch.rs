//! A second connection to MySQL or MariaDB: who is in the way of a statement, how far it is, and how it is cancelled.

use std::time::Duration;

use async_trait::async_trait;
use sqlx::mysql::MySqlConnection;

use super::dialect::literal;
use super::errors::describe;
use super::session::{self, Current, Kind, Name};
use super::{Row, query};
use crate::code::Code;
use crate::database::server::elsewhere;
use crate::database::{Access, Blocker, DatabaseError, Progress, Sight, Target, Unit, Watch};
use crate::script;

pub(super) struct Onlooker {
    pub target: Target,
    pub kind: Kind,
    pub name: Current,
    pub connection: Option<MySqlConnection>,
    /// Whether the user lacks the right to see other sessions.
    pub short_sighted: bool,
}

/// MariaDB does not tell who holds a metadata lock unless a plugin is loaded, so whoever has a transaction open that is older than
/// our wait counts. Waits for rows are told exactly.
const MARIADB: &str = "SELECT me.STATE, me.STAGE, me.MAX_STAGE, me.PROGRESS, p.ID, p.USER, p.HOST, p.COMMAND, p.STATE, p.INFO, \
     TIMESTAMPDIFF(MICROSECOND, t.trx_started, NOW(6)) / 1000000, \
     (SELECT COUNT(*) FROM information_schema.PROCESSLIST q WHERE q.STATE LIKE 'Waiting for table%' AND q.ID <> me.ID) \
     FROM information_schema.PROCESSLIST me \
     LEFT JOIN (information_schema.INNODB_TRX t JOIN information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id) \
     ON p.ID <> me.ID AND (me.STATE LIKE 'Waiting for table%' OR t.trx_id IN (SELECT w.blocking_trx_id \
     FROM information_schema.INNODB_LOCK_WAITS w JOIN information_schema.INNODB_TRX r ON r.trx_id = w.requesting_trx_id \
     WHERE r.trx_mysql_thread_id = {id})) WHERE me.ID = {id} ORDER BY t.trx_started LIMIT 20";

/// Who holds a lock that we wait for, on a table or on rows of it.
const MYSQL: &str = "SELECT me.PROCESSLIST_STATE, NULL, NULL, \
     (SELECT 100 * s.WORK_COMPLETED / s.WORK_ESTIMATED FROM performance_schema.events_stages_current s WHERE s.THREAD_ID = me.THREAD_ID), \
     b.PROCESSLIST_ID, b.PROCESSLIST_USER, b.PROCESSLIST_HOST, b.PROCESSLIST_COMMAND, b.PROCESSLIST_STATE, b.PROCESSLIST_INFO, \
     (SELECT TIMESTAMPDIFF(MICROSECOND, t.trx_started, NOW(6)) / 1000000 FROM information_schema.INNODB_TRX t \
     WHERE t.trx_mysql_thread_id = b.PROCESSLIST_ID), \
     (SELECT COUNT(*) FROM performance_schema.metadata_locks q WHERE q.LOCK_STATUS = 'PENDING' AND q.OBJECT_SCHEMA = l.OBJECT_SCHEMA \
     AND q.OBJECT_NAME = l.OBJECT_NAME AND q.OWNER_THREAD_ID <> me.THREAD_ID), l.LOCK_TYPE, l.OBJECT_NAME \
     FROM performance_schema.threads me LEFT JOIN (\
     SELECT w.OWNER_THREAD_ID AS waits, g.OWNER_THREAD_ID AS holds, g.LOCK_TYPE, g.OBJECT_SCHEMA, g.OBJECT_NAME \
     FROM performance_schema.metadata_locks w JOIN performance_schema.metadata_locks g \
     ON g.OBJECT_TYPE = w.OBJECT_TYPE AND g.OBJECT_SCHEMA = w.OBJECT_SCHEMA AND g.OBJECT_NAME = w.OBJECT_NAME \
     AND g.LOCK_STATUS = 'GRANTED' AND g.OWNER_THREAD_ID <> w.OWNER_THREAD_ID WHERE w.LOCK_STATUS = 'PENDING' \
     UNION SELECT REQUESTING_THREAD_ID, BLOCKING_THREAD_ID, 'row', NULL, NULL FROM performance_schema.data_lock_waits\
     ) l ON l.waits = me.THREAD_ID LEFT JOIN performance_schema.threads b ON b.THREAD_ID = l.holds \
     WHERE me.PROCESSLIST_ID = {id} LIMIT 20";

/// What everybody may see of his own sessions.
const OWN_MARIADB: &str =
    "SELECT STATE, STAGE, MAX_STAGE, PROGRESS FROM information_schema.PROCESSLIST WHERE ID = {id}";
const OWN_MYSQL: &str = "SELECT STATE, NULL, NULL, NULL FROM information_schema.PROCESSLIST WHERE ID = {id}";

impl Onlooker {
    async fn ask(&mut self, statement: &str) -> Result<Vec<Row>, DatabaseError> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            None => {
                let session = session::open(&self.target, Access::Read).await?;
                self.connection.insert(session.connection)
            }
        };
        query(connection, statement).await.map_err(|error| describe(&error))
    }
}

/// Where the session is that is watched.
enum Found {
    Here {
        sleeps: bool,
    },
    /// It was here.
    Gone,
    /// This is another server: of a cluster, or behind a proxy.
    Elsewhere,
}

impl Onlooker {
    async fn find(&mut self, name: &Name) -> Result<Found, DatabaseError> {
        let (client, server) = (literal(&name.client), literal(&name.server));
        let ask = format!(
            "SELECT CONCAT_WS(':', @@hostname, @@port) = {server}, COUNT(*), COALESCE(SUM(COMMAND = 'Sleep'), 0) \
             FROM information_schema.PROCESSLIST WHERE ID = {} AND HOST = {client}",
            name.id
        );
        let rows = self.ask(&ask).await?;
        let row: Vec<Option<&str>> = (0..3).map(|index| field(rows.first()?, index)).collect();
        Ok(match row.as_slice() {
            [Some("1"), Some("1"), sleeps] => Found::Here {
                sleeps: *sleeps == Some("1"),
            },
            [Some("1"), Some("0"), _] => Found::Gone,
            _ => Found::Elsewhere,
        })
    }

    /// A stranger may have the same number.
    async fn kill(&mut self, what: &str) -> Result<(), DatabaseError> {
        let name = self.name.get();
        match self.find(&name).await? {
            Found::Here { .. } => self.ask(&kill(what, &name)).await.map(drop),
            Found::Gone => Ok(()),
            Found::Elsewhere => Err(elsewhere(&self.session())),
        }
    }
}

fn kill(what: &str, name: &Name) -> String {
    format!("KILL {what} {}", name.id)
}

#[async_trait]
impl Watch for Onlooker {
    fn session(&self) -> String {
        self.name.get().id.to_string()
    }

    fn cancel_command(&self) -> String {
        kill("QUERY", &self.name.get())
    }

    async fn look(&mut self) -> Result<Sight, DatabaseError> {
        let statement = match (self.kind, self.short_sighted) {
            (Kind::MariaDb, false) => MARIADB,
            (Kind::MySql, false) => MYSQL,
            (Kind::MariaDb, true) => OWN_MARIADB,
            (Kind::MySql, true) => OWN_MYSQL,
        };
        let rows = match self
            .ask(&statement.replace("{id}", &self.name.get().id.to_string()))
            .await
        {
            Err(error) if error.code != Code::Lost && !self.short_sighted => {
                self.short_sighted = true;
                return Ok(Sight::default());
            }
            rows => rows?,
        };
        let progress = rows.first().and_then(progress);
        Ok(Sight {
            blockers: rows.iter().filter_map(blocker).collect(),
            progress,
        })
    }

    async fn is_idle(&mut self) -> Result<bool, DatabaseError> {
        let name = self.name.get();
        Ok(match self.find(&name).await? {
            Found::Here { sleeps } => sleeps,
            Found::Gone => true,
            Found::Elsewhere => false,
        })
    }

    async fn cancel(&mut self) -> Result<(), DatabaseError> {
        self.kill("QUERY").await
    }

    async fn end(&mut self) -> Result<(), DatabaseError> {
        self.kill("CONNECTION").await
    }

    fn forget(&mut self) {
        self.connection = None;
    }
}

fn field(row: &Row, index: usize) -> Option<&str> {
    row.get(index)?.as_deref().filter(|text| !text.is_empty())
}

/// What the server tells of the work: a stage of so many, and how far the stage is in per cent.
fn progress(row: &Row) -> Option<Progress> {
    let percent: f64 = field(row, 3)?.parse().ok()?;
    let number = |index| {
        field(row, index)
            .and_then(|text| text.parse::<u64>().ok())
            .unwrap_or_default()
    };
    let (stage, stages) = (number(1), number(2));
    let phase = field(row, 0).unwrap_or("working");
    if percent <= 0.0 && stages == 0 {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "per cent, clamped"
    )]
    let done = percent.clamp(0.0, 100.0) as u64;
    Some(Progress {
        phase: match stages {
            0 | 1 => phase.to_owned(),
            stages => format!("{phase}, stage {stage} of {stages},"),
        },
        done,
        total: Some(100),
        unit: Unit::Steps,
    })
}

fn blocker(row: &Row) -> Option<Blocker> {
    let session = field(row, 4)?.to_owned();
    let text = |index| field(row, index).unwrap_or_default().to_owned();
    let state = match (field(row, 7), field(row, 8)) {
        (Some("Sleep"), _) => "idle in transaction".to_owned(),
        (Some(command), Some(state)) => format!("{command}: {state}"),
        (command, _) => command.unwrap_or_default().to_owned(),
    };
    let seconds = field(row, 10).and_then(|text| text.parse::<f64>().ok());
    let statement = text(9);
    Some(Blocker {
        session,
        user: text(5),
        application: text(6),
        state,
        age: seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
        statement: script::summary(&statement, super::ENGINE.syntax),
        lock: text(12),
        object: text(13),
        queued: field(row, 11).and_then(|text| text.parse().ok()).unwrap_or_default(),
    })
}
