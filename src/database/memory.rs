//! An engine in memory: the fake for tests of the core, and the smallest example of what an engine has to do.
//!
//! A statement is one of `add NAME`, `drop NAME` and `fail`. Clones of a [`Memory`] are connections to the same database.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::{Access, Conflict, Connecting, Database, DatabaseError, Engine, Holder, Kept, Server, Storage, Target};
use crate::code::Code;
use crate::compat::adopt::{Change, Columns, Table};
use crate::history::{Head, Outcome, Record};
use crate::migration::Checksum;
use crate::script::{Directives, Manner, Strings, Syntax};

/// The facts about it. It is in no list of engines: no URL leads to it.
pub static ENGINE: Engine = Engine {
    id: "memory",
    name: "memory",
    schemes: &[],
    syntax: Syntax::Postgres(Strings::Standard),
    words: &[],
    variables: &[],
    settings: &[],
    storage: Storage::Process,
    gather: None,
    library: None,
    connect: |_: &Target, _: Access| -> Connecting<'_> {
        Box::pin(async { Ok(Box::new(Memory::new()) as Box<dyn Database>) })
    },
};

#[derive(Clone, Debug, Default)]
struct State {
    names: BTreeSet<String>,
    records: Vec<Record>,
    texts: BTreeMap<Checksum, String>,
}

#[derive(Debug, Default)]
struct Shared {
    committed: State,
    locked: bool,
}

/// A connection to a database in memory.
#[derive(Debug)]
pub struct Memory {
    shared: Arc<Mutex<Shared>>,
    server: Server,
    transaction: Option<State>,
    holds_lock: bool,
    /// Fails the n-th call that writes, counted from 1, with a lost connection.
    pub fail_at: Option<usize>,
    /// How statements are kept together with their records; unless set, as their text says.
    pub manner: Option<Manner>,
    writes: usize,
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

impl Clone for Memory {
    /// Another connection to the same database.
    fn clone(&self) -> Self {
        let mut other = Self::new();
        other.shared = Arc::clone(&self.shared);
        other
    }
}

impl Memory {
    /// An empty database.
    pub fn new() -> Self {
        Self {
            shared: Arc::default(),
            server: Server {
                version: "memory".to_owned(),
                user: "nobody".to_owned(),
                schema: String::new(),
            },
            transaction: None,
            holds_lock: false,
            fail_at: None,
            manner: None,
            writes: 0,
        }
    }

    /// What the statements have added, as far as it is committed.
    pub fn names(&self) -> Vec<String> {
        self.shared().committed.names.iter().cloned().collect()
    }

    /// The target that stands for a database in memory.
    pub fn target() -> Target {
        Target::of(&ENGINE, super::Address::default())
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_lost(&self) -> bool {
        self.fail_at.is_some_and(|at| self.writes >= at)
    }

    fn write_to(&mut self, change: impl FnOnce(&mut State) -> Result<(), DatabaseError>) -> Result<(), DatabaseError> {
        self.writes += 1;
        if self.fail_at == Some(self.writes) {
            self.transaction = None;
            return Err(DatabaseError::new(Code::Lost, "the connection was lost"));
        }
        match &mut self.transaction {
            Some(state) => change(state),
            None => change(&mut self.shared().committed),
        }
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        if self.holds_lock {
            self.shared().locked = false;
        }
    }
}

#[async_trait]
impl Database for Memory {
    fn engine(&self) -> &'static Engine {
        &ENGINE
    }

    fn server(&self) -> &Server {
        &self.server
    }

    async fn try_lock(&mut self) -> Result<Option<Holder>, DatabaseError> {
        let mut shared = self.shared();
        if shared.locked {
            return Ok(Some(Holder {
                description: "another connection".to_owned(),
            }));
        }
        shared.locked = true;
        drop(shared);
        self.holds_lock = true;
        Ok(None)
    }

    async fn unlock(&mut self) -> Result<(), DatabaseError> {
        if self.is_lost() {
            return Err(DatabaseError::new(Code::Lost, "the connection was lost"));
        }
        if std::mem::take(&mut self.holds_lock) {
            self.shared().locked = false;
        }
        Ok(())
    }

    async fn records(&mut self) -> Result<Vec<Record>, DatabaseError> {
        Ok(self.shared().committed.records.clone())
    }

    async fn texts(&mut self, wanted: &[Checksum]) -> Result<BTreeMap<Checksum, String>, DatabaseError> {
        let texts = &self.shared().committed.texts;
        Ok(wanted
            .iter()
            .filter_map(|checksum| Some((*checksum, texts.get(checksum)?.clone())))
            .collect())
    }

    async fn stored(&mut self) -> Result<Vec<Checksum>, DatabaseError> {
        Ok(self.shared().committed.texts.keys().copied().collect())
    }

    async fn tables(&mut self, _: &[String]) -> Result<Vec<Table>, DatabaseError> {
        Ok(Vec::new())
    }

    async fn rows(&mut self, _: &Table, _: &Columns, _: &str) -> Result<Vec<Vec<Option<String>>>, DatabaseError> {
        Ok(Vec::new())
    }

    async fn change(&mut self, _: &Table, _: &[Change]) -> Result<(), DatabaseError> {
        Ok(())
    }

    async fn objects(&mut self) -> Result<Vec<String>, DatabaseError> {
        Ok(self.names())
    }

    async fn now(&mut self) -> Result<String, DatabaseError> {
        Ok("2026-11-22T09:30:00Z".to_owned())
    }

    /// `SELECT name` is answered with 1 where there is such a name, and else with 0.
    async fn answer(&mut self, query: &str) -> Result<Option<String>, DatabaseError> {
        let name = query.strip_prefix("SELECT ").unwrap_or(query);
        let is_there = self.shared().committed.names.contains(name);
        Ok(Some(u8::from(is_there).to_string()))
    }

    async fn create_ledger(&mut self, init: &Record) -> Result<(), DatabaseError> {
        self.write_to(|state| {
            if state.records.is_empty() {
                state.records.push(init.clone());
            }
            Ok(())
        })
    }

    async fn begin(&mut self, head: &Head, _directives: &Directives) -> Result<(), DatabaseError> {
        let state = self.shared().committed.clone();
        if state.records.last().map(|last| last.seq + 1) != Some(head.next) {
            return Err(DatabaseError::new(Code::Locked, "the ledger has moved").conflict(Conflict::Moved));
        }
        self.transaction = Some(state);
        Ok(())
    }

    async fn started(&mut self) -> Result<String, DatabaseError> {
        self.now().await
    }

    async fn execute(&mut self, statement: &str) -> Result<(), DatabaseError> {
        let refused = |message: String| Err(DatabaseError::new(Code::SqlFailed, message));
        self.write_to(|state| match statement.split_once(' ') {
            Some(("add", name)) if state.names.insert(name.to_owned()) => Ok(()),
            Some(("drop", name)) if state.names.remove(name) => Ok(()),
            Some(("add", name)) => refused(format!("`{name}` is there already")),
            Some(("drop", name)) => refused(format!("`{name}` is not there")),
            _ => refused(format!("cannot `{statement}`")),
        })
    }

    async fn copy_in(&mut self, statement: &str, _data: &str) -> Result<(), DatabaseError> {
        self.execute(statement).await
    }

    async fn write(&mut self, record: &Record, texts: &[(Checksum, Cow<'_, str>)]) -> Result<(), DatabaseError> {
        self.write_to(|state| {
            state.records.push(record.clone());
            state.texts.extend(
                texts
                    .iter()
                    .map(|(checksum, text)| (*checksum, text.clone().into_owned())),
            );
            Ok(())
        })
    }

    async fn commit(&mut self) -> Result<(), DatabaseError> {
        let Some(state) = self.transaction.take() else {
            return Err(DatabaseError::new(Code::LeftTransaction, "there is no transaction"));
        };
        self.write_to(|committed| {
            *committed = state;
            Ok(())
        })
    }

    async fn rollback(&mut self) -> Result<(), DatabaseError> {
        self.transaction = None;
        Ok(())
    }

    async fn hold(&mut self, _directives: &Directives) -> Result<(), DatabaseError> {
        Ok(())
    }

    async fn release(&mut self) -> Result<(), DatabaseError> {
        Ok(())
    }

    async fn manner(&mut self, _statement: &str, planned: Manner) -> Result<Manner, DatabaseError> {
        Ok(self.manner.unwrap_or(planned))
    }

    async fn announce(&mut self, record: &Record, manner: Manner) -> Result<(), DatabaseError> {
        if manner == Manner::Joined {
            let state = self.shared().committed.clone();
            self.transaction = Some(state);
            return Ok(());
        }
        self.update(record).await
    }

    async fn conclude(&mut self, record: &Record, manner: Manner) -> Result<(), DatabaseError> {
        match manner {
            Manner::Joined => {
                self.update(record).await?;
                self.commit().await
            }
            _ if record.outcome == Outcome::Running => Ok(()),
            _ => self.update(record).await,
        }
    }

    async fn abandon(&mut self) -> Result<Kept, DatabaseError> {
        self.transaction = None;
        Ok(Kept::Nothing)
    }

    fn is_refusal(&self, _statement: &str, _error: &DatabaseError) -> bool {
        true
    }

    async fn update(&mut self, record: &Record) -> Result<(), DatabaseError> {
        self.write_to(
            |state| match state.records.iter_mut().find(|known| known.seq == record.seq) {
                Some(known) => {
                    known.clone_from(record);
                    Ok(())
                }
                None => Err(DatabaseError::new(Code::LedgerTouched, "the record is gone")),
            },
        )
    }

    async fn close(self: Box<Self>) -> Result<(), DatabaseError> {
        Ok(())
    }
}
