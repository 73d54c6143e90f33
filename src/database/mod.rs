//! Databases: the facts about each engine, and the one trait through which a live database is spoken to.

mod guarded;
mod target;
mod watch;

#[cfg(any(feature = "mysql", feature = "postgres", feature = "_sqlite"))]
mod foreign;
pub mod memory;
#[cfg(any(feature = "postgres", feature = "_sqlite"))]
mod messages;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(any(feature = "mysql", feature = "postgres"))]
mod server;
#[cfg(any(feature = "mysql", feature = "postgres", feature = "_sqlite"))]
mod sql;
#[cfg(feature = "_sqlite")]
mod sqlite;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::code::Code;
use crate::compat::adopt::{Change, Columns, Table};
use crate::fault;
use crate::history::{Head, Record};
use crate::migration::Checksum;
use crate::places::Places;
use crate::script::{Directives, Manner, Syntax};
use guarded::Guarded;

pub use target::words::{Fate, Word};
pub use target::{Address, Foreign, Ledger, Lookup, Place, Pooler, Target, engine_of_url, holds_password, words_of};
pub use watch::{Blocker, Progress, Sight, Unit, Watch};

/// The fixed facts about an engine, one constant for each.
#[derive(Debug)]
pub struct Engine {
    /// The word that stands for it in configuration and JSON.
    pub id: &'static str,
    /// Its name in sentences.
    pub name: &'static str,
    /// What its URLs begin with.
    pub schemes: &'static [&'static str],
    /// The lexical rules of its scripts.
    pub syntax: Syntax,
    /// The words that its URLs may carry behind the `?`, and what becomes of each.
    pub words: &'static [Word],
    /// Variables of the environment that its own client looks at, and the word that each of them says.
    pub variables: &'static [(&'static str, &'static str)],
    /// What a session that runs migrations is given, where the database's own client leaves it to the server.
    pub settings: &'static [Setting],
    /// Whether it lives in a file, so that a URL names a path and there is no user or password.
    pub storage: Storage,
    /// How long migrations are gathered into one transaction, where a commit costs more than most migrations. Nobody waits
    /// longer for the lock than this and one migration, and no more than this is done again after a failure.
    pub gather: Option<Duration>,
    /// What the engine is, with its version, where it is a library of this process and no server.
    pub library: Option<fn() -> String>,
    /// Opens a connection. Sends nothing that changes anything.
    pub connect: for<'a> fn(&'a Target, Access) -> Connecting<'a>,
}

/// A setting of a session, and what that means for what scripts write.
#[derive(Debug)]
pub struct Setting {
    /// As the engine calls it.
    pub name: &'static str,
    /// What it is, and what follows from that.
    pub means: &'static str,
}

/// A connection that is being made.
pub type Connecting<'a> = BoxFuture<'a, Result<Box<dyn Database>, DatabaseError>>;

/// Where an engine keeps its data, as a client sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// In a file that the client opens.
    File,
    /// Behind a server.
    Server,
    /// In this process.
    Process,
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nothing is created and nothing is written.
    Read,
    /// Migrations are run; a database file that does not exist is made.
    Write,
}

/// The only list of engines.
pub static ENGINES: &[&Engine] = &[
    #[cfg(feature = "_sqlite")]
    &sqlite::ENGINE,
    #[cfg(feature = "postgres")]
    &postgres::ENGINE,
    #[cfg(feature = "mysql")]
    &mysql::ENGINE,
];

/// What a live database says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Name and version, such as `PostgreSQL 15.18`.
    pub version: String,
    /// The user that statements are run as; empty where the engine knows no users.
    pub user: String,
    /// The schema that holds the ledger; empty where the engine knows no schemas.
    pub schema: String,
}

/// Somebody else who holds what we wait for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Process id, application and age, as far as the engine tells.
    pub description: String,
}

/// One connection to one database, with its lock and its open transaction.
///
/// The drivers are dumb: they know how, never when. [`crate::executor`] orders the writes, [`crate::Migrator`] locks.
/// After an error of kind [`Code::Lost`] the connection is not used again.
#[async_trait]
pub trait Database: Send {
    /// The facts about its engine.
    fn engine(&self) -> &'static Engine;

    /// What it says of itself.
    fn server(&self) -> &Server;

    /// The tables in it, those of the engine itself left out; where only some schemas are looked at, in these as well.
    async fn tables(&mut self, also: &[String]) -> Result<Vec<Table>, DatabaseError>;

    /// Columns of a table that another tool keeps, as text, ordered by one of them.
    async fn rows(
        &mut self,
        table: &Table,
        columns: &Columns,
        order: &str,
    ) -> Result<Vec<Vec<Option<String>>>, DatabaseError>;

    /// Changes the table of another tool, all of it or nothing. After an error the session is for nothing but to be closed.
    async fn change(&mut self, table: &Table, changes: &[Change]) -> Result<(), DatabaseError>;

    /// The lexical rules of scripts in its sessions; those of the engine, unless the server is set up otherwise.
    fn syntax(&self) -> Syntax {
        self.engine().syntax
    }

    /// Tries once to keep other migrating processes out until [`Database::unlock`] or the end of the connection.
    /// `None` means that the lock is ours.
    async fn try_lock(&mut self) -> Result<Option<Holder>, DatabaseError>;

    /// Whether the lock keeps out everybody who could write. In a cluster with several writers it holds for one node.
    fn locks_everywhere(&self) -> bool {
        true
    }

    /// Gives the lock back.
    async fn unlock(&mut self) -> Result<(), DatabaseError>;

    /// All records, in order. Empty where there is no ledger; never creates one.
    async fn records(&mut self) -> Result<Vec<Record>, DatabaseError>;

    /// The stored texts among those that are wanted.
    async fn texts(&mut self, wanted: &[Checksum]) -> Result<BTreeMap<Checksum, String>, DatabaseError>;

    /// Checksums under which texts are stored.
    async fn stored(&mut self) -> Result<Vec<Checksum>, DatabaseError>;

    /// Names of a few tables and views that are not ours, where there is no ledger.
    async fn objects(&mut self) -> Result<Vec<String>, DatabaseError>;

    /// Ledgers in other schemas than the one that was current when the connection was opened, under the names that the target gives its
    /// tables and those that they have by default. Asked where there is no ledger.
    async fn places(&mut self) -> Result<Places, DatabaseError> {
        Ok(Places::default())
    }

    /// From here on the ledger is the one in this schema. What is locked stays so until [`Database::unlock`].
    fn keep_in(&mut self, _schema: &str) {}

    /// The server's clock, RFC 3339 in UTC.
    async fn now(&mut self) -> Result<String, DatabaseError>;

    /// Makes the ledger with this first record, in a transaction of its own. Does nothing where there is one already.
    ///
    /// Fails with [`Conflict::Moved`] when another one was made in the meantime that [`Database::places`] had not found.
    async fn create_ledger(&mut self, init: &Record) -> Result<(), DatabaseError>;

    /// Asks a question of a script's, outside any transaction: the first column of the first row as text. `None` where there is no row, or NULL.
    async fn answer(&mut self, query: &str) -> Result<Option<String>, DatabaseError>;

    /// Opens the transaction of a migration, or makes sure that the first statement does; or begins the migration in the one
    /// that is open, after [`Database::join`].
    ///
    /// Fails with [`Conflict::Moved`] when the ledger does not end at `head` any more; an engine whose lock rules that out need
    /// not look.
    async fn begin(&mut self, head: &Head, directives: &Directives) -> Result<(), DatabaseError>;

    /// What the server's clock showed when the transaction began, RFC 3339 in UTC.
    async fn started(&mut self) -> Result<String, DatabaseError>;

    /// Sends one statement and reads all that comes back.
    async fn execute(&mut self, statement: &str) -> Result<(), DatabaseError>;

    /// Sends statements one after the other, and says before each that it begins, by its index. Ends at the first that fails,
    /// with its index. Only called inside a transaction: what was done of them is rolled back then.
    ///
    /// An engine that can send several in one message saves a round trip for each.
    async fn execute_all(
        &mut self,
        statements: &[&str],
        begins: &mut (dyn FnMut(usize) + Send),
    ) -> Result<(), (usize, DatabaseError)> {
        for (index, statement) in statements.iter().enumerate() {
            begins(index);
            self.execute(statement).await.map_err(|error| (index, error))?;
        }
        Ok(())
    }

    /// Sends a statement that reads rows from the client, and the rows.
    async fn copy_in(&mut self, statement: &str, data: &str) -> Result<(), DatabaseError>;

    /// Restores the session, checks that the transaction is still the one of [`Database::begin`] and the ledger untouched,
    /// and inserts the record with its texts: one row, or an error.
    ///
    /// An engine that can send this together with the COMMIT saves a round trip; the error is that of the commit then, or of the
    /// migration that joins.
    async fn write(&mut self, record: &Record, texts: &[(Checksum, Cow<'_, str>)]) -> Result<(), DatabaseError>;

    /// Whether the next migration may begin in the transaction whose record was just written. What is not done `until` then fails,
    /// so that those before it are not kept waiting for their commit. Only asked where the engine gathers migrations.
    fn join(&mut self, _directives: &Directives, _until: Instant) -> bool {
        false
    }

    /// Commits, and returns only when the commit is known to have happened. After an error that is neither [`Code::Lost`] nor
    /// [`Code::LeftTransaction`] nothing was kept.
    async fn commit(&mut self) -> Result<(), DatabaseError>;

    /// Takes everything since [`Database::begin`] back, and the session with it.
    async fn rollback(&mut self) -> Result<(), DatabaseError>;

    /// Keeps other processes out while statements run outside a transaction, where the lock alone does not, and sets the
    /// limits that the script asks for.
    async fn hold(&mut self, directives: &Directives) -> Result<(), DatabaseError>;

    /// Ends what [`Database::hold`] began, and restores the session.
    async fn release(&mut self) -> Result<(), DatabaseError>;

    /// Whether scripts can be run here that are journalled statement by statement; else why not. Where a pooler stands in between that is
    /// found out, and from then on the lock is one of the session: an error of kind [`Conflict::Busy`] says that somebody else has it.
    async fn can_journal(&mut self) -> Result<(), DatabaseError> {
        Ok(())
    }

    /// How a pooler on the way keeps sessions, where that is known.
    fn pooler(&self) -> Option<Pooler> {
        None
    }

    /// How a statement is kept together with its record, where `planned` is what its text says. An engine corrects it that knows
    /// more than the text.
    async fn manner(&mut self, _statement: &str, planned: Manner) -> Result<Manner, DatabaseError> {
        Ok(planned)
    }

    /// What the catalog shows of the objects that a statement makes, changes or drops: a digest for each, and where names without a
    /// schema are looked for, which is `within` or, without it, where this session looks. `None` where it cannot tell. What the
    /// script has set for its session does not change it. [`crate::settle::evidence`] puts it together.
    async fn evidence(&mut self, _statement: &str, _within: Option<&str>) -> Result<Option<String>, DatabaseError> {
        Ok(None)
    }

    /// Says that the statement comes next which the record names as started.
    ///
    /// With [`Manner::Alone`] the record is durable when this returns, with [`Manner::Committing`] before the statement has any
    /// effect. With [`Manner::Joined`] the transaction is opened that the statement shares with its record; with
    /// [`Manner::Guarded`] the record is durable before that. With [`Manner::Unrecorded`] nothing has to be written.
    async fn announce(&mut self, record: &Record, manner: Manner) -> Result<(), DatabaseError>;

    /// Says that the announced statement was executed. With [`Manner::Joined`] and [`Manner::Guarded`] its effects and the record
    /// become durable together, and so does a record that ends with it; any other record at the latest with the next one.
    async fn conclude(&mut self, record: &Record, manner: Manner) -> Result<(), DatabaseError>;

    /// Takes back what an announced statement that failed did in its transaction, and says whether that is all it did. What the
    /// script has set for its session stays.
    async fn abandon(&mut self) -> Result<Kept, DatabaseError>;

    /// Whether an error says that nothing of the statement was executed, which is not asked of [`Manner::Joined`] and
    /// [`Manner::Guarded`].
    fn is_refusal(&self, _statement: &str, _error: &DatabaseError) -> bool {
        false
    }

    /// Removes what a try of a statement that failed has left behind, and says what that was.
    async fn clear(&mut self, _statement: &str) -> Result<Option<String>, DatabaseError> {
        Ok(None)
    }

    /// Makes the changing fields of a running record durable, outside any transaction.
    async fn update(&mut self, record: &Record) -> Result<(), DatabaseError>;

    /// Somebody who looks at what this connection does, from a connection of its own.
    fn watch(&self) -> Option<Box<dyn Watch>> {
        None
    }

    /// Ends the session.
    async fn close(self: Box<Self>) -> Result<(), DatabaseError>;
}

/// What is left of a statement whose transaction was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Nothing.
    Nothing,
    /// Perhaps a part: it had ended the transaction by itself.
    Perhaps,
    /// Rows that no transaction takes back.
    Rows,
}

/// Why an attempt should be made again from a fresh look at the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// The database is busy: somebody else writes just now.
    Busy,
    /// Somebody else has written records since the ledger was read.
    Moved,
    /// A statement gave way to others: it waited too long for a lock, or was chosen to end a deadlock. Nothing of its
    /// transaction can be kept, and all of it can be tried again.
    Contended,
    /// The server is not there yet: nobody listens, or it says that it is starting or ending.
    Absent,
    /// The statement cannot run in a transaction; nothing of it was done.
    Transaction,
}

/// The database refused something, or could not be reached.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct DatabaseError {
    /// What kind of error.
    pub code: Code,
    /// The server's words, or ours.
    pub message: String,
    /// The server's further words.
    pub detail: Option<String>,
    /// What the server advises, or what we do.
    pub hint: Option<String>,
    /// The server's own code, such as an SQLSTATE.
    pub native: Option<String>,
    /// Byte offset in the statement that was sent, where the server tells.
    pub offset: Option<usize>,
    /// Whether it is worth another try.
    pub conflict: Option<Conflict>,
}

impl DatabaseError {
    /// An error in words of ours.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            code,
            message,
            detail: None,
            hint: None,
            native: None,
            offset: None,
            conflict: None,
        }
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says that it is `session` of the configuration that the server does not take.
    #[allow(dead_code, reason = "without any engine there is no session")]
    #[must_use]
    pub(crate) fn of_session(mut self) -> Self {
        self.message = format!("`session` of the configuration: {}", self.message);
        self.hint
            .get_or_insert_with(|| "mend `session`: it is sent at the beginning of every session".to_owned());
        self
    }

    /// Marks it as worth another try.
    #[must_use]
    pub(crate) fn conflict(mut self, conflict: Conflict) -> Self {
        self.conflict = Some(conflict);
        self
    }
}

/// What a thread that connects may take longer to notice that the time is up.
const LAST_WORD: Duration = Duration::from_millis(500);

/// Opens a connection. Whatever its server does, calls of it end with an error and not with a panic.
///
/// # Errors
/// Every error of connecting names the target without its secrets. Gives up after the target's connect timeout.
pub async fn connect(target: &Target, access: Access) -> Result<Box<dyn Database>, DatabaseError> {
    let mut places = target.places().into_iter().peekable();
    let mut before = String::new();
    // Whether it is worth another try: one that is not there yet may be the one that is meant.
    let mut waits = None;
    while let Some(place) = places.next() {
        match connect_to(&place, access).await {
            // As libpq has it: whoever is there and refuses us has answered for all.
            Err(error) if places.peek().is_some() && matches!(error.code, Code::Connect | Code::ReadOnly) => {
                before.push_str(&error.message);
                before.push_str("; ");
                waits = waits.or(error.conflict);
            }
            Err(mut error) if !before.is_empty() => {
                error.detail = Some(format!("before: {}", before.trim_end_matches("; ")));
                if matches!(error.code, Code::Connect | Code::ReadOnly) {
                    error.conflict = error.conflict.or(waits);
                }
                return Err(error);
            }
            connected => return connected,
        }
    }
    Err(DatabaseError::new(Code::Connect, "no server is named"))
}

async fn connect_to(target: &Target, access: Access) -> Result<Box<dyn Database>, DatabaseError> {
    fault::io("connect").map_err(|error| DatabaseError::new(Code::Connect, error.to_string()))?;
    // On a thread of its own: a server that never stops talking keeps whoever listens from looking at the clock.
    let (there, limit, runtime) = (target.clone(), target.connect_timeout, Handle::current());
    let connecting = spawn_blocking(move || runtime.block_on(timeout(limit, (there.engine.connect)(&there, access))));
    match timeout(limit + LAST_WORD, connecting).await {
        Ok(Ok(Ok(connected))) => Ok(Box::new(Guarded::new(connected?, target))),
        // It has panicked.
        Ok(Err(_)) => {
            let message = format!("{target} {}", guarded::NO_PROTOCOL);
            Err(DatabaseError::new(Code::Connect, message).hint("look at host and port: who listens there?"))
        }
        Ok(Ok(Err(_))) | Err(_) => {
            let seconds = target.connect_timeout.as_secs_f32();
            let message = format!("{target} did not answer within {seconds} s");
            Err(DatabaseError::new(Code::Connect, message)
                .hint("look at host, port and firewall; `connect-timeout` sets the limit")
                .conflict(Conflict::Absent))
        }
    }
}

/// How long to wait between two tries for the lock.
pub(crate) fn pause(tries: u32) -> Duration {
    // Jitter from the address space layout and the clock would do; the standard library's hasher keys are random already.
    use std::hash::{BuildHasher, RandomState};
    let jitter = RandomState::new().hash_one(tries) % 50;
    let step = 50u64.saturating_mul(1 << tries.min(4));
    Duration::from_millis(step.min(1000) / 2 + jitter * step.min(1000) / 100)
}

#[cfg(all(test, feature = "postgres"))]
mod tests {
    use std::io::{Read, Write};
    use std::net::{Shutdown, TcpListener};

    use super::*;

    /// A server that answers everybody with this, and closes; its port.
    fn says(text: &'static [u8]) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for mut client in listener.incoming().flatten() {
                let _ = client.read(&mut [0; 1024]);
                let _ = client.write_all(text);
                let _ = client.shutdown(Shutdown::Write);
                // What is unread when it is closed makes the system reset it.
                let _ = client.read(&mut [0; 1024]);
            }
        });
        port
    }

    async fn refused(url: &str) -> DatabaseError {
        let target = Target::from_url(url).unwrap();
        connect(&target, Access::Read).await.err().unwrap()
    }

    #[tokio::test]
    async fn the_whole_is_waited_for_where_one_of_several_servers_is_not_there_yet() {
        // `FATAL: 3D000`, and one that nothing helps.
        const NO_DATABASE: &[u8] = b"E\0\0\0\x23SFATAL\0VFATAL\0C3D000\0Mno such\0\0";
        const HOPELESS: &[u8] = b"E\0\0\0\x23SFATAL\0VFATAL\0C08P01\0Mno such\0\0";
        let (gone, hopeless, other) = (1, says(HOPELESS), says(NO_DATABASE));
        for (ports, code, conflict) in [
            ([gone, hopeless], Code::Connect, Some(Conflict::Absent)),
            ([hopeless, gone], Code::Connect, Some(Conflict::Absent)),
            ([hopeless, hopeless], Code::Connect, None),
            ([gone, other], Code::NoDatabase, None),
        ] {
            let [one, two] = ports;
            let url = format!("postgres://me:x@127.0.0.1:{one},127.0.0.1:{two}/d?sslmode=disable");
            let error = refused(&url).await;
            assert_eq!((error.code, error.conflict), (code, conflict), "{url}: {error:?}");
        }
    }

    #[tokio::test]
    async fn a_server_that_closes_when_encryption_begins_at_once_is_not_waited_for() {
        let port = says(b"");
        let error = refused(&format!(
            "postgres://me:x@127.0.0.1:{port}/d?sslmode=require&sslnegotiation=direct"
        ))
        .await;
        assert_eq!((error.code, error.conflict), (Code::Tls, None), "{error:?}");
        assert!(error.message.contains("leave `sslnegotiation=direct` out"), "{error}");
        // Nobody listens: that may change.
        let error = refused("postgres://me:x@127.0.0.1:1/d?sslmode=require&sslnegotiation=direct").await;
        assert_eq!(error.conflict, Some(Conflict::Absent), "{error:?}");
    }
}
