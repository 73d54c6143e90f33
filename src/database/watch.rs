//! What a second connection sees of a statement that runs: who is in its way, and how far it is.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;

use super::DatabaseError;

/// A second connection to a server, made when it is first asked.
///
/// It writes nothing, and nobody but the onlooker waits for it.
#[async_trait]
pub trait Watch: Send {
    /// The number under which the server knows the session that is watched.
    fn session(&self) -> String;

    /// The command that ends what the session is doing, to be typed into the database's own client.
    fn cancel_command(&self) -> String;

    /// Looks once: one cheap query.
    async fn look(&mut self) -> Result<Sight, DatabaseError>;

    /// Whether the session does nothing, or is no more: the server waits for its client, who has nothing to wait for.
    async fn is_idle(&mut self) -> Result<bool, DatabaseError> {
        Ok(false)
    }

    /// Asks the server to end the statement that runs. Says nothing of whether it did. Never ends that of another session which has
    /// got the same number, on another server or after a restart.
    async fn cancel(&mut self) -> Result<(), DatabaseError>;

    /// Asks the server to end the session. Only for one that does nothing: what it has not committed is taken back, and its locks
    /// are free. Never another one, as with [`Watch::cancel`].
    async fn end(&mut self) -> Result<(), DatabaseError> {
        Ok(())
    }

    /// Gives up the connection; the next look makes another one.
    fn forget(&mut self);
}

/// What was seen.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Sight {
    /// Sessions that hold what the statement waits for. Empty while it runs.
    pub blockers: Vec<Blocker>,
    /// How far it is, where the server tells.
    pub progress: Option<Progress>,
}

/// A session that holds what a statement waits for. What the server does not tell is empty.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Blocker {
    /// The server's number for it.
    pub session: String,
    /// Its user.
    pub user: String,
    /// Its application, or the machine that it comes from.
    pub application: String,
    /// What it is doing, such as `idle in transaction`.
    pub state: String,
    /// How long its transaction has been open.
    pub age: Option<Duration>,
    /// The beginning of its statement, without secrets; for an idle session the last one.
    pub statement: String,
    /// The lock that it holds, such as `AccessShareLock`.
    pub lock: String,
    /// What it holds the lock on.
    pub object: String,
    /// How many sessions wait behind ours.
    pub queued: u64,
}

impl Blocker {
    /// All of them, for a message.
    pub(crate) fn in_words(blockers: &[Self]) -> String {
        let words: Vec<String> = blockers.iter().map(ToString::to_string).collect();
        words.join("; ")
    }
}

impl fmt::Display for Blocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "session {}", self.session)?;
        if !self.user.is_empty() {
            write!(f, " of {}", self.user)?;
        }
        if !self.application.is_empty() {
            write!(f, ", {}", self.application)?;
        }
        if !self.state.is_empty() {
            write!(f, ", {}", self.state)?;
        }
        if let Some(age) = self.age {
            write!(f, ", in its transaction for {:.1} s", age.as_secs_f32())?;
        }
        match (self.lock.as_str(), self.object.as_str()) {
            ("", "") => {}
            ("", object) => write!(f, ", holds {object}")?,
            (lock, "") => write!(f, ", holds {lock}")?,
            (lock, object) => write!(f, ", holds {lock} on {object}")?,
        }
        if !self.statement.is_empty() {
            write!(f, ": {}", self.statement)?;
        }
        match self.queued {
            0 => Ok(()),
            1 => f.write_str(" (1 session waits behind us)"),
            many => write!(f, " ({many} sessions wait behind us)"),
        }
    }
}

/// How far a statement is.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Progress {
    /// The server's word for what it is doing.
    pub phase: String,
    /// What is done of this phase.
    pub done: u64,
    /// Of how much; `None` where nobody knows.
    pub total: Option<u64>,
    /// What is counted.
    pub unit: Unit,
}

/// What progress is counted in.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Pages, rows or steps, whatever the server calls them.
    #[default]
    Steps,
    /// Bytes.
    Bytes,
}

impl Progress {
    /// Per cent of the phase, where the total is known.
    pub fn percent(&self) -> Option<u8> {
        let total = self.total.filter(|total| *total > 0)?;
        let percent = u128::from(self.done) * 100 / u128::from(total);
        Some(u8::try_from(percent.min(100)).unwrap_or(100))
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.phase)?;
        let megabytes = |bytes: u64| bytes / 1_000_000;
        match (self.unit, self.percent(), self.total) {
            (Unit::Bytes, Some(percent), Some(total)) => {
                write!(f, " {percent} % ({} of {} MB)", megabytes(self.done), megabytes(total))
            }
            (Unit::Bytes, ..) => write!(f, " {} MB", megabytes(self.done)),
            // Some servers tell per cent alone.
            (_, Some(percent), Some(100)) => write!(f, " {percent} %"),
            (_, Some(percent), Some(total)) => write!(f, " {percent} % ({} of {total})", self.done),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blocker_is_told_with_everything_that_is_known_of_it() {
        let blocker = Blocker {
            session: "2180".to_owned(),
            user: "shop".to_owned(),
            application: "web-1".to_owned(),
            state: "idle in transaction".to_owned(),
            age: Some(Duration::from_millis(700)),
            statement: "SELECT 1".to_owned(),
            lock: "AccessShareLock".to_owned(),
            object: "orders".to_owned(),
            queued: 1,
        };
        assert_eq!(
            blocker.to_string(),
            "session 2180 of shop, web-1, idle in transaction, in its transaction for 0.7 s, holds AccessShareLock on orders: \
             SELECT 1 (1 session waits behind us)"
        );
        let unknown = Blocker {
            session: "1".to_owned(),
            ..Blocker::default()
        };
        assert_eq!(unknown.to_string(), "session 1");
    }

    #[test]
    fn progress_never_passes_the_whole() {
        let progress = Progress {
            phase: "building index".to_owned(),
            done: 30,
            total: Some(20),
            unit: Unit::Steps,
        };
        assert_eq!(progress.percent(), Some(100));
        assert_eq!(Progress::default().percent(), None);
    }
}
