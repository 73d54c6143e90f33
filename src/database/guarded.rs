//! The guard around every connection: what a server that breaks its protocol may do to us, and how long it may keep us waiting.
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

use super::{Database, DatabaseError, Engine, Holder, Kept, Server, Sight, Storage, Target, Watch};
use crate::code::Code;
use crate::history::{Head, Record};
use crate::migration::Checksum;
use crate::script::{Directives, Manner, Syntax};

/// What syncline asks for itself may take so many times as long as a connection.
const PATIENCE: u32 = 10;

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
    /// How long the answer to a question may take, where there is a server.
    limit: Option<Duration>,
}

impl Guarded {
    pub fn new(inner: Box<dyn Database>, target: &Target) -> Self {
        let is_server = target.engine.storage == Storage::Server;
        Self {
            inner,
            connection: Connection {
                is_broken: false,
                limit: is_server.then(|| target.connect_timeout.saturating_mul(PATIENCE)),
            },
        }
    }
}

impl Connection {
    /// Waits as long as it takes: for a script, for a commit, for what may have to wait for others.
    async fn work<T>(&mut self, call: BoxFuture<'_, Result<T, DatabaseError>>) -> Result<T, DatabaseError> {
        if self.is_broken {
            return Err(lost("it was given up"));
        }
        // Also when the caller gives up half-way.
        self.is_broken = true;
        let answer = caught(call).await;
        self.is_broken = answer.is_none();
        answer.unwrap_or_else(|| Err(lost(&format!("the server {NO_PROTOCOL}"))))
    }

    /// Waits for the answer to something that is known at once.
    async fn question<T>(&mut self, call: BoxFuture<'_, Result<T, DatabaseError>>) -> Result<T, DatabaseError> {
        let Some(limit) = self.limit else {
            return self.work(call).await;
        };
        match tokio::time::timeout(limit, self.work(call)).await {
            Ok(answer) => answer,
            Err(_) => {
                let reason = format!("the server did not answer within {} s", limit.as_secs_f32());
                Err(lost(&reason).hint("`connect-timeout` sets a tenth of this limit"))
            }
        }
    }
}

fn lost(reason: &str) -> DatabaseError {
    DatabaseError::new(Code::Lost, format!("the connection was lost: {reason}"))
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
        self.connection.question(self.inner.try_lock()).await
    }

    fn locks_everywhere(&self) -> bool {
        self.inner.locks_everywhere()
    }

    async fn unlock(&mut self) -> Result<(), DatabaseError> {
        self.connection.question(self.inner.unlock()).await
    }

    async fn records(&mut self) -> Result<Vec<Record>, DatabaseError> {
        self.connection.question(self.inner.records()).await
    }

    async fn texts(&mut self, wanted: &[Checksum]) -> Result<BTreeMap<Checksum, String>, DatabaseError> {
        self.connection.question(self.inner.texts(wanted)).await
    }

    async fn stored(&mut self) -> Result<Vec<Checksum>, DatabaseError> {
        self.connection.question(self.inner.stored()).await
    }

    async fn objects(&mut self) -> Result<Vec<String>, DatabaseError> {
        self.connection.question(self.inner.objects()).await
    }

    async fn now(&mut self) -> Result<String, DatabaseError> {
        self.connection.question(self.inner.now()).await
    }

    async fn create_ledger(&mut self, init: &Record) -> Result<(), DatabaseError> {
        self.connection.work(self.inner.create_ledger(init)).await
    }

    async fn begin(&mut self, head: &Head, directives: &Directives) -> Result<(), DatabaseError> {
        self.connection.work(self.inner.begin(head, directives)).await
    }

    async fn started(&mut self) -> Result<String, DatabaseError> {
        self.connection.work(self.inner.started()).await
    }

    async fn execute(&mut self, statement: &str) -> Result<(), DatabaseError> {
        self.connection.work(self.inner.execute(statement)).await
    }

    async fn execute_all(
        &mut self,
        statements: &[&str],
        begins: &mut (dyn FnMut(usize) + Send),
    ) -> Result<(), (usize, DatabaseError)> {
        let mut begun = 0;
        let mut note = |index| {
            begun = index;
            begins(index);
        };
        let inner = &mut self.inner;
        let call = async move { Ok(inner.execute_all(statements, &mut note).await) };
        match self.connection.work(Box::pin(call)).await {
            Ok(answer) => answer,
            Err(error) => Err((begun, error)),
        }
    }

    async fn copy_in(&mut self, statement: &str, data: &str) -> Result<(), DatabaseError> {
        self.connection.work(self.inner.copy_in(statement, data)).await
    }

    async fn write(&mut self, record: &Record, texts: &[(Checksum, Cow<'_, str>)]) -> Result<(), DatabaseError> {
        self.connection.work(self.inner.write(record, texts)).await
    }

    fn join(&mut self, directives: &Directives, until: Instant) -> bool {
        self.inner.join(directives, until)
    }

    async fn commit(&mut self) -> Result<(), DatabaseError> {
        self.connection.work(self.inner.commit()).await
    }

    async fn rollback(&mut self) -> Result<(), DatabaseError> {
        self.connection.work(self.inner.rollback()).await
    }

    async fn hold(&mut self, directives: &Directives) -> Result<(), DatabaseError> {
        self.connection.work(self.inner.hold(directives)).await
    }

    async fn release(&mut self) -> Result<(), DatabaseError> {
        self.connection.work(self.inner.release()).await
    }

    fn can_journal(&self) -> Result<(), DatabaseError> {
        self.inner.can_journal()
    }

    async fn manner(&mut self, statement: &str, planned: Manner) -> Result<Manner, DatabaseError> {
        self.connection.work(self.inner.manner(statement, planned)).await
    }

    async fn evidence(&mut self, statement: &str, within: Option<&str>) -> Result<Option<String>, DatabaseError> {
        self.connection.work(self.inner.evidence(statement, within)).await
    }

    async fn announce(&mut self, record: &Record, manner: Manner) -> Result<(), DatabaseError> {
        self.connection.work(self.inner.announce(record, manner)).await
    }

    async fn conclude(&mut self, record: &Record, manner: Manner) -> Result<(), DatabaseError> {
        self.connection.work(self.inner.conclude(record, manner)).await
    }

    async fn abandon(&mut self) -> Result<Kept, DatabaseError> {
        self.connection.work(self.inner.abandon()).await
    }

    fn is_refusal(&self, statement: &str, error: &DatabaseError) -> bool {
        self.inner.is_refusal(statement, error)
    }

    async fn clear(&mut self, statement: &str) -> Result<Option<String>, DatabaseError> {
        self.connection.work(self.inner.clear(statement)).await
    }

    async fn update(&mut self, record: &Record) -> Result<(), DatabaseError> {
        self.connection.work(self.inner.update(record)).await
    }

    fn watch(&self) -> Option<Box<dyn Watch>> {
        let inner = self.inner.watch()?;
        Some(Box::new(GuardedWatch { inner }))
    }

    async fn close(self: Box<Self>) -> Result<(), DatabaseError> {
        let Self { inner, mut connection } = *self;
        connection.question(inner.close()).await
    }
}

/// Somebody who looks on, over a connection of whom the same is to be feared. How long that may take, whoever asks says.
struct GuardedWatch {
    inner: Box<dyn Watch>,
}

impl GuardedWatch {
    fn panicked(&mut self) -> DatabaseError {
        self.inner.forget();
        lost(&format!("the server {NO_PROTOCOL}"))
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
        match caught(self.inner.look()).await {
            Some(sight) => sight,
            None => Err(self.panicked()),
        }
    }

    async fn cancel(&mut self) -> Result<(), DatabaseError> {
        match caught(self.inner.cancel()).await {
            Some(cancelled) => cancelled,
            None => Err(self.panicked()),
        }
    }

    fn forget(&mut self) {
        self.inner.forget();
    }
}
