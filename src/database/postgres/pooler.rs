//! Finding out whether a pooler keeps sessions, and using one that does.
//!
//! A pooler in session mode gives each client a session of the server for itself. One in transaction mode gives it to whoever has a
//! transaction next, so that a second client meets it where the first left it, or the first comes back to another. Both are looked for with a
//! setting and with the process that answers: on two connections, of which one holds a transaction open meanwhile, so that a pool that hands
//! out the session that was free last, and one that hands out the one that was free longest, are both seen through.

use sqlx::postgres::PgConnection;
use tokio::time::timeout;

use super::address::options;
use super::relay;
use super::session::{self, MARK, Route};
use super::{Postgres, RESET, describe, query};
use crate::code::Code;
use crate::database::server::lock_taken;
use crate::database::{Access, Database, DatabaseError, Pooler, Target};

/// How often both are looked at. One round tells, unless somebody else takes a session and gives it back in between.
const ROUNDS: usize = 3;

/// The way out where a pooler hands its sessions to others.
const PAST: &str = "connect to the server itself: in the configuration `migration-url` names it for this target";

/// The way out where nobody can tell.
const SAY_SO: &str = "connect to the server itself: in the configuration `migration-url` names it for this target; where the pooler does keep sessions, \
     `pooler = \"session\"` says it, in the URL `pooler=session`";

/// Why a script cannot run outside a transaction here.
fn refused(why: &str, hint: &str) -> DatabaseError {
    let message = format!(
        "a pooler stands between us and the server, and a script outside a transaction needs a session of its own: {why}"
    );
    DatabaseError::new(Code::Pooled, message).hint(hint)
}

/// What a transaction of its own sees: the process that answers, and the setting.
async fn look(connection: &mut PgConnection, begin: &str) -> Result<(String, String), DatabaseError> {
    let ask =
        format!("{begin}SELECT pg_catalog.pg_backend_pid(), coalesce(pg_catalog.current_setting('{MARK}', true), '')");
    let rows = query(connection, &ask).await.map_err(|error| describe(&error))?;
    let row = rows.into_iter().next_back().unwrap_or_default();
    let mut texts = row.into_iter().map(Option::unwrap_or_default);
    Ok((texts.next().unwrap_or_default(), texts.next().unwrap_or_default()))
}

/// Whether sessions are shared, as far as can be seen: `None` where each connection has had its own all the time.
async fn shared(ours: &mut PgConnection, theirs: &mut PgConnection) -> Result<Option<&'static str>, DatabaseError> {
    let marks = [uuid::Uuid::new_v4(), uuid::Uuid::new_v4()].map(|mark| mark.simple().to_string());
    let mut names = Vec::new();
    for (connection, mark) in [&mut *ours, &mut *theirs].into_iter().zip(&marks) {
        names.push(look(connection, &format!("SET {MARK} = '{mark}'; ")).await?.0);
    }
    let mut found = (names.first() == names.get(1)).then_some("two connections are served by one session");
    for _ in 0..ROUNDS {
        if found.is_some() {
            break;
        }
        let held = look(theirs, "BEGIN; ").await?;
        let kept = look(ours, "").await?;
        query(theirs, "COMMIT").await.map_err(|error| describe(&error))?;
        let again = look(ours, "").await?;
        let pairs = [(0, &kept), (0, &again), (1, &held)];
        let same = |(number, (name, mark)): &(usize, &(String, String))| {
            names.get(*number) == Some(name) && marks.get(*number) == Some(mark)
        };
        found = (!pairs.iter().all(same)).then_some("one transaction is served by another session than the one before");
    }
    for connection in [ours, theirs] {
        query(connection, &format!("RESET {MARK}"))
            .await
            .map_err(|error| describe(&error))?;
    }
    Ok(found)
}

/// Finds out whether a pooler keeps the session of a connection.
///
/// # Errors
/// When it does not, or nobody can tell.
pub(super) async fn probe(target: &Target, ours: &mut PgConnection) -> Result<(), DatabaseError> {
    let looking = async {
        let mut theirs = relay::connect(target, options(target)?)
            .await
            .map_err(|error| describe(&error))?;
        let found = shared(ours, &mut theirs).await;
        let _ = sqlx::Connection::close(theirs).await;
        found
    };
    match timeout(target.connect_timeout, looking).await {
        Ok(Ok(None)) => Ok(()),
        Ok(Ok(Some(why))) => Err(refused(why, PAST)),
        Ok(Err(error)) if error.code == Code::Pooled => Err(error),
        Ok(Err(error)) => Err(refused(
            &format!("whether it keeps sessions is not known: {error}"),
            SAY_SO,
        )),
        Err(_) => Err(refused(
            "whether it keeps sessions is not known: a second connection was not served in time",
            SAY_SO,
        )),
    }
}

impl Postgres {
    /// Makes sure that the session is ours from here on, where a script needs that. The lock is taken in the way that lasts.
    pub(super) async fn keep_session(&mut self) -> Result<(), DatabaseError> {
        if self.route != Route::Pooled {
            return Ok(());
        }
        if self.target.pooler == Some(Pooler::Transaction) {
            return Err(refused("it keeps one for a transaction only", PAST));
        }
        if let Err(error) = probe(&self.target, &mut self.connection).await {
            // It is not asked again.
            self.target.pooler = Some(Pooler::Transaction);
            return Err(error);
        }
        self.target.pooler = Some(Pooler::Session);
        let version = self.version;
        self.settings =
            session::settle(&mut self.connection, &self.target, self.access, &mut self.own, version).await?;
        self.route = Route::Kept;
        self.clean = self.cleaning();
        match self.access {
            Access::Write => match self.try_lock().await? {
                Some(_) => Err(lock_taken()),
                None => Ok(()),
            },
            Access::Read => Ok(()),
        }
    }

    /// What takes back what a migration did to the session.
    pub(super) fn cleaning(&self) -> String {
        match self.route {
            Route::Pooled => String::new(),
            Route::Direct | Route::Kept => format!("BEGIN; {RESET}; COMMIT; {}", self.settings),
        }
    }

    /// Leaves nothing of ours to the next user of a session that goes back to a pool.
    pub(super) async fn leave(&mut self) {
        if self.route == Route::Kept {
            let message = format!("BEGIN; {RESET}; COMMIT; SELECT pg_catalog.pg_advisory_unlock_all()");
            let _ = query(&mut self.connection, &message).await;
        }
    }

    /// Ends the transaction where it is served by another session than the one that a pooler was said, or seen, to keep.
    pub(super) fn still_ours(&self) -> Option<String> {
        (self.route == Route::Kept).then(|| {
            format!(
                "SELECT CASE WHEN pg_catalog.pg_backend_pid() = {} THEN '' ELSE {}::text END",
                self.name.pid.parse::<u32>().unwrap_or_default(),
                super::guard::stop(super::errors::UNLOCKED)
            )
        })
    }
}
