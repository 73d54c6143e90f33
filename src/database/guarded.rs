//! The guard around every connection: what a server that breaks its protocol may do to us, how long it may keep us waiting, and what it
//! may repeat. Test builds have their fault points here.
//!
//! Drivers trust the lengths and counts that a server names, and panic when they are wrong. What such a call has left behind is not
//! used again: every later one says that the connection is lost.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures_util::future::BoxFuture;

use super::{Database, DatabaseError, Engine, Holder, Kept, Pooler, Server, Sight, Storage, Target, Watch};
use crate::code::Code;
use crate::compat::adopt::{Change, Columns, Table};
use crate::fault::{self, Verdict};
use crate::history::{Head, Record};
use crate::migration::Checksum;
use crate::places::Places;
use crate::script::{self, Directives, Manner, Syntax};

/// What syncline asks for itself may take so many times as long as a connection.
const PATIENCE: u32 = 10;

/// How often a server has to be seen waiting before its connection is given up.
const LOOKS: u32 = 4;

/// What a server does that does not keep to its protocol.
pub(super) const NO_PROTOCOL: &str = "answers with what is not its protocol";

/// Waits for a call of a driver. `None` when it has panicked.
async fn caught<T>(mut call: BoxFuture<'_, T>) -> Option<T> {
    poll_fn(|context| {
        let polled = catch_unwind(AssertUnwindSafe(|| call.as_mut().poll(context)));
        polled.map_or(Poll::Ready(None), |polled| polled.map(Some))
    })
    .await
}

/// A connection that is given up when its driver panics or its server does not answer.
pub(super) struct Guarded {
    inner: Box<dyn Database>,
    connection: Connection,
}

struct Connection {
    /// The driver has panicked, or a call was given up half-way.
    is_broken: bool,
    /// How long the answer to a question may take, and how long a server may wait for us while we wait for it.
    limit: Option<Duration>,
    /// Bytes of records that may go with the commit.
    pending: usize,
}

/// Makes a call that takes as long as it takes: a script, a commit, what may have to wait for others. What is sent may be long.
macro_rules! work {
    ($self:ident . $name:ident ($($argument:expr),*)) => { work!($self.$name($($argument),*), 0) };
    ($self:ident . $name:ident ($($argument:expr),*), $bytes:expr) => {{
        let lookout = $self.lookout($bytes);
        $self.connection.work(stringify!($name), lookout, $self.inner.$name($($argument),*)).await
    }};
}

/// Asks for something that is known at once.
macro_rules! ask {
    ($self:ident . $name:ident ($($argument:expr),*)) => {{
        let watch = $self.lookout(0).map(|lookout| lookout.watch);
        $self.connection.question(stringify!($name), watch, $self.inner.$name($($argument),*)).await
    }};
}

/// Somebody who sees whether the server is at a call, where it could fall silent.
struct Lookout {
    watch: Box<dyn Watch>,
    /// The server waits for us until it has everything that the call sends.
    sending: Duration,
}

/// So many bytes are sent in a second, if the line is very slow: 512 kbit/s.
const SLOWEST: usize = 64 * 1024;

impl Guarded {
    pub fn new(inner: Box<dyn Database>, target: &Target) -> Self {
        let is_server = target.engine.storage == Storage::Server;
        Self {
            inner,
            connection: Connection {
                is_broken: false,
                limit: is_server.then(|| target.connect_timeout.saturating_mul(PATIENCE)),
                pending: 0,
            },
        }
    }

    fn lookout(&self, bytes: usize) -> Option<Lookout> {
        let watch = self.connection.limit.and_then(|_| self.watch())?;
        let sending = Duration::from_secs((bytes / SLOWEST) as u64);
        Some(Lookout { watch, sending })
    }
}

impl Connection {
    /// Waits as long as it takes, unless the server waits for us.
    async fn work<T>(
        &mut self,
        name: &str,
        lookout: Option<Lookout>,
        call: BoxFuture<'_, Result<T, DatabaseError>>,
    ) -> Result<T, DatabaseError> {
        if self.is_broken {
            return Err(lost("it was given up"));
        }
        // Also when the caller gives up half-way.
        self.is_broken = true;
        match fault::point(name, "before") {
            Verdict::Pass => {}
            Verdict::Drop => return Err(lost(fault::ASKED)),
            Verdict::Fail => {
                self.is_broken = false;
                return Err(DatabaseError::new(Code::SqlFailed, fault::ASKED));
            }
        }
        let answer = tokio::select! {
            biased;
            answer = caught(call) => answer.ok_or_else(|| format!("the server {NO_PROTOCOL}")),
            () = silence(lookout, self.limit) => Err("the server waits for us, and its answer never came".to_owned()),
        };
        if fault::point(name, "after") != Verdict::Pass {
            return Err(lost(fault::ASKED));
        }
        self.is_broken = answer.is_err();
        answer.unwrap_or_else(|reason| Err(lost(&reason)))
    }

    /// Waits for the answer to something that is known at once.
    async fn question<T>(
        &mut self,
        name: &str,
        watch: Option<Box<dyn Watch>>,
        call: BoxFuture<'_, Result<T, DatabaseError>>,
    ) -> Result<T, DatabaseError> {
        let Some(limit) = self.limit else {
            return self.work(name, None, call).await;
        };
        match tokio::time::timeout(limit, self.work(name, None, call)).await {
            Ok(answer) => answer,
            Err(_) => {
                end(watch, limit).await;
                let reason = format!("the server did not answer within {} s", limit.as_secs_f32());
                Err(lost(&reason).hint("`connect-timeout` sets a tenth of this limit"))
            }
        }
    }
}

/// Ends when the server has shown for as long as the limit that it waits for us, which it cannot while it works for us: what was asked
/// or what was answered is lost, as behind a firewall that has forgotten the connection. The session is ended then.
async fn silence(lookout: Option<Lookout>, limit: Option<Duration>) {
    let (Some(Lookout { mut watch, sending }), Some(limit)) = (lookout, limit) else {
        return std::future::pending().await;
    };
    tokio::time::sleep(sending).await;
    let mut seen = 0;
    while seen < LOOKS {
        tokio::time::sleep(limit / LOOKS).await;
        let looked = tokio::time::timeout(limit / LOOKS, watch.is_idle()).await;
        seen = if matches!(looked, Ok(Ok(true))) { seen + 1 } else { 0 };
        watch.forget();
    }
    end(Some(watch), limit).await;
}

/// Ends a session that is given up: the server would keep it, with its lock, until the network tells.
async fn end(watch: Option<Box<dyn Watch>>, limit: Duration) {
    if let Some(mut watch) = watch {
        let _ = tokio::time::timeout(limit / LOOKS, watch.end()).await;
    }
}

fn lost(reason: &str) -> DatabaseError {
    DatabaseError::new(Code::Lost, format!("the connection was lost: {reason}"))
}

/// The error without the secrets of the statement that it is about: it is shown, and recorded.
fn discreet(error: DatabaseError, statement: &str, syntax: Syntax) -> DatabaseError {
    /// Nobody writes a password into a statement this long, and looking for one takes time.
    const LONG: usize = 64 * 1024;
    /// No server that is one says more, and to look for secrets takes longer than the text is long.
    const MOST: usize = 16 * 1024;
    let statement = if statement.len() > LONG { "" } else { statement };
    let hide = |text: String| script::without_secrets(&text[..text.floor_char_boundary(MOST)], statement, syntax);
    DatabaseError {
        message: hide(error.message),
        detail: error.detail.map(hide),
        hint: error.hint.map(hide),
        ..error
    }
}

#[async_trait]
impl Database for Guarded {
    fn engine(&self) -> &'static Engine {
        self.inner.engine()
    }

    fn server(&self) -> &Server {
        self.inner.server()
    }

    fn syntax(&self) -> Syntax {
        self.inner.syntax()
    }

    async fn try_lock(&mut self) -> Result<Option<Holder>, DatabaseError> {
        ask!(self.try_lock())
    }

    fn locks_everywhere(&self) -> bool {
        self.inner.locks_everywhere()
    }

    async fn unlock(&mut self) -> Result<(), DatabaseError> {
        ask!(self.unlock())
    }

    async fn records(&mut self) -> Result<Vec<Record>, DatabaseError> {
        ask!(self.records())
    }

    async fn texts(&mut self, wanted: &[Checksum]) -> Result<BTreeMap<Checksum, String>, DatabaseError> {
        ask!(self.texts(wanted))
    }

    async fn tables(&mut self, also: &[String]) -> Result<Vec<Table>, DatabaseError> {
        ask!(self.tables(also))
    }

    async fn rows(
        &mut self,
        table: &Table,
        columns: &Columns,
        order: &str,
    ) -> Result<Vec<Vec<Option<String>>>, DatabaseError> {
        ask!(self.rows(table, columns, order))
    }

    async fn change(&mut self, table: &Table, changes: &[Change]) -> Result<(), DatabaseError> {
        work!(self.change(table, changes))
    }

    async fn stored(&mut self) -> Result<Vec<Checksum>, DatabaseError> {
        ask!(self.stored())
    }

    async fn objects(&mut self) -> Result<Vec<String>, DatabaseError> {
        ask!(self.objects())
    }

    async fn places(&mut self) -> Result<Places, DatabaseError> {
        ask!(self.places())
    }

    fn keep_in(&mut self, schema: &str) {
        self.inner.keep_in(schema);
    }

    async fn now(&mut self) -> Result<String, DatabaseError> {
        ask!(self.now())
    }

    async fn answer(&mut self, query: &str) -> Result<Option<String>, DatabaseError> {
        let syntax = self.syntax();
        let answered = work!(self.answer(query), query.len());
        answered.map_err(|error| discreet(error, query, syntax))
    }

    async fn create_ledger(&mut self, init: &Record) -> Result<(), DatabaseError> {
        work!(self.create_ledger(init))
    }

    async fn begin(&mut self, head: &Head, directives: &Directives) -> Result<(), DatabaseError> {
        work!(self.begin(head, directives))
    }

    async fn started(&mut self) -> Result<String, DatabaseError> {
        work!(self.started())
    }

    async fn execute(&mut self, statement: &str) -> Result<(), DatabaseError> {
        let syntax = self.syntax();
        let done = work!(self.execute(statement), statement.len());
        done.map_err(|error| discreet(error, statement, syntax))
    }

    async fn execute_all(
        &mut self,
        statements: &[&str],
        begins: &mut (dyn FnMut(usize) + Send),
    ) -> Result<(), (usize, DatabaseError)> {
        let syntax = self.syntax();
        let mut begun = 0;
        let mut note = |index| {
            begun = index;
            begins(index);
        };
        let bytes = statements.iter().map(|statement| statement.len()).sum();
        let (lookout, inner) = (self.lookout(bytes), &mut self.inner);
        let call = async move { Ok(inner.execute_all(statements, &mut note).await) };
        let done = match self.connection.work("execute_all", lookout, Box::pin(call)).await {
            Ok(answer) => answer,
            Err(error) => Err((begun, error)),
        };
        done.map_err(|(index, error)| {
            let statement = statements.get(index).copied().unwrap_or_default();
            (index, discreet(error, statement, syntax))
        })
    }

    async fn copy_in(&mut self, statement: &str, data: &str) -> Result<(), DatabaseError> {
        let syntax = self.syntax();
        let done = work!(self.copy_in(statement, data), data.len());
        done.map_err(|error| discreet(error, statement, syntax))
    }

    async fn write(&mut self, record: &Record, texts: &[(Checksum, Cow<'_, str>)]) -> Result<(), DatabaseError> {
        let bytes = texts.iter().map(|(_, text)| text.len()).sum();
        self.connection.pending += bytes;
        work!(self.write(record, texts), bytes)
    }

    fn join(&mut self, directives: &Directives, until: Instant) -> bool {
        self.inner.join(directives, until)
    }

    async fn commit(&mut self) -> Result<(), DatabaseError> {
        // On some engines the record and its texts go with it.
        let bytes = std::mem::take(&mut self.connection.pending);
        work!(self.commit(), bytes)
    }

    async fn rollback(&mut self) -> Result<(), DatabaseError> {
        work!(self.rollback())
    }

    async fn hold(&mut self, directives: &Directives) -> Result<(), DatabaseError> {
        work!(self.hold(directives))
    }

    async fn release(&mut self) -> Result<(), DatabaseError> {
        work!(self.release())
    }

    async fn can_journal(&mut self) -> Result<(), DatabaseError> {
        ask!(self.can_journal())
    }

    fn pooler(&self) -> Option<Pooler> {
        self.inner.pooler()
    }

    async fn manner(&mut self, statement: &str, planned: Manner) -> Result<Manner, DatabaseError> {
        work!(self.manner(statement, planned))
    }

    async fn evidence(&mut self, statement: &str, within: Option<&str>) -> Result<Option<String>, DatabaseError> {
        ask!(self.evidence(statement, within))
    }

    async fn announce(&mut self, record: &Record, manner: Manner) -> Result<(), DatabaseError> {
        work!(self.announce(record, manner))
    }

    async fn conclude(&mut self, record: &Record, manner: Manner) -> Result<(), DatabaseError> {
        work!(self.conclude(record, manner))
    }

    async fn abandon(&mut self) -> Result<Kept, DatabaseError> {
        work!(self.abandon())
    }

    fn is_refusal(&self, statement: &str, error: &DatabaseError) -> bool {
        self.inner.is_refusal(statement, error)
    }

    async fn clear(&mut self, statement: &str) -> Result<Option<String>, DatabaseError> {
        work!(self.clear(statement))
    }

    async fn update(&mut self, record: &Record) -> Result<(), DatabaseError> {
        work!(self.update(record))
    }

    fn watch(&self) -> Option<Box<dyn Watch>> {
        let inner = self.inner.watch()?;
        Some(Box::new(GuardedWatch { inner }))
    }

    async fn close(self: Box<Self>) -> Result<(), DatabaseError> {
        let Self { inner, mut connection } = *self;
        connection.question("close", None, inner.close()).await
    }
}

/// Somebody who looks on, over a connection of whom the same is to be feared. How long that may take, whoever asks says.
struct GuardedWatch {
    inner: Box<dyn Watch>,
}

impl GuardedWatch {
    /// What the driver answered, unless it has panicked.
    fn told<T>(&mut self, answer: Option<Result<T, DatabaseError>>) -> Result<T, DatabaseError> {
        answer.unwrap_or_else(|| {
            self.inner.forget();
            Err(lost(&format!("the server {NO_PROTOCOL}")))
        })
    }
}

#[async_trait]
impl Watch for GuardedWatch {
    fn session(&self) -> String {
        self.inner.session()
    }

    fn cancel_command(&self) -> String {
        self.inner.cancel_command()
    }

    async fn look(&mut self) -> Result<Sight, DatabaseError> {
        let answer = caught(self.inner.look()).await;
        self.told(answer)
    }

    async fn is_idle(&mut self) -> Result<bool, DatabaseError> {
        let answer = caught(self.inner.is_idle()).await;
        self.told(answer)
    }

    async fn end(&mut self) -> Result<(), DatabaseError> {
        let answer = caught(self.inner.end()).await;
        self.told(answer)
    }

    async fn cancel(&mut self) -> Result<(), DatabaseError> {
        let answer = caught(self.inner.cancel()).await;
        self.told(answer)
    }

    fn forget(&mut self) {
        self.inner.forget();
    }
}
