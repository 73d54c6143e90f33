//! The ledger as it was read: records, what they add up to, and the chain that binds them.

mod fold;
mod lines;

use std::collections::BTreeMap;
use std::fmt;

use sha2::{Digest, Sha256};

use crate::migration::{Checksum, Direction, Id, hex};

pub(crate) use lines::Line;

/// The format of the ledger that this release writes. It reads this one and no newer one.
pub const FORMAT: u32 = 1;

/// The chain value before the first record.
const GENESIS: &str = "syncline ledger 1";

/// Defines an enum that the ledger stores as a word.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
        #[serde(rename_all = "lowercase")]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// The word that stands for it in the ledger.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The value that a word of the ledger stands for.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

words! {
    /// What a record tells of.
    Kind {
        /// The ledger was made. Its name is the database's id, its version the format's.
        Init = "init",
        /// A migration was applied, or an attempt was made.
        Up = "up",
        /// A migration was reverted.
        Down = "down",
        /// A repeatable migration was run.
        Repeat = "repeat",
        /// A migration was recorded as applied without being run; or, without version and name, that none is applied.
        Baseline = "baseline",
        /// A migration was taken over from another tool's history.
        Adopt = "adopt",
        /// An edited file was taken as the new truth.
        Accept = "accept",
        /// An operator said how a statement of unknown outcome had ended.
        Resolve = "resolve",
        /// A migration was dropped from the current state.
        Forget = "forget",
        /// Another tool's table was brought up to what the ledger says.
        Mirror = "mirror",
        /// A migration was given another version or name, with what is known of it. Its reason begins with what it was: see
        /// [`History::was`].
        Renumber = "renumber",
    }
}

words! {
    /// How far the event of a record got.
    Outcome {
        /// It began; whoever wrote this has not come back yet.
        Running = "running",
        /// It ended well.
        Applied = "applied",
        /// It ended with an error that the server reported.
        Failed = "failed",
        /// A statement was sent and its answer never came.
        Unknown = "unknown",
    }
}

words! {
    /// How effects and record are kept together.
    Protocol {
        /// Effects and record are committed in one transaction.
        Atomic = "atomic",
        /// The record is written first and follows the statements one by one.
        Journalled = "journalled",
    }
}

/// One event of the ledger. Written once; only a journalled record is updated, until it is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// 0 for the `init` record, then without gaps. The primary key: two runs cannot both write the same one.
    pub seq: i64,
    /// What happened.
    pub kind: Kind,
    /// The version as text; `None` for a repeatable migration, and where the record is about none.
    pub version: Option<String>,
    /// The migration's name; empty where the record is about none.
    pub name: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Of the up script that is true from here on.
    pub up_checksum: Option<Checksum>,
    /// Of the down script that is true from here on.
    pub down_checksum: Option<Checksum>,
    /// How effects and record were kept together.
    pub protocol: Protocol,
    /// Statements of the script.
    pub statements_total: u32,
    /// The number of the statement that was begun last, counted from 1.
    pub statement_started: u32,
    /// The number of statements that are known to have been executed.
    pub statements_done: u32,
    /// Server time, RFC 3339 in UTC. Without a `Z` at its end it was taken over from a tool that does not say in which zone it is.
    pub started_at: String,
    /// As `started_at`.
    pub finished_at: Option<String>,
    /// By the monotonic clock of the machine that ran it, in milliseconds.
    pub duration_ms: Option<i64>,
    /// The user that did it.
    pub applied_by: String,
    /// The machine that syncline ran on.
    pub host: String,
    /// Name and version of the tool.
    pub tool: String,
    /// Random, the same for all records of one run.
    pub run_id: String,
    /// Why, where an operator was asked.
    pub reason: Option<String>,
    /// The server's message, where it failed.
    pub error: Option<String>,
    /// What the catalog showed of the objects of the statement that was begun last, before it was sent: a digest for each. Only
    /// where the statement has no transaction together with the record.
    pub evidence: Option<String>,
    /// Binds this record to all before it. See [`Record::chained`].
    pub chain: String,
}

impl Record {
    /// The migration that the record speaks of; `None` for the `init` record, for a `baseline` that says that none is applied, and for
    /// `mirror`.
    ///
    /// # Errors
    /// The text in the version column, if it is no version.
    pub fn id(&self) -> Result<Option<Id>, String> {
        match (&self.version, self.kind) {
            (_, Kind::Init) => Ok(None),
            (Some(version), _) => version
                .parse()
                .map(|v| Some(Id::Version(v)))
                .map_err(|_| version.clone()),
            (_, Kind::Mirror) => Ok(None),
            // A repeatable migration has a name.
            (None, Kind::Baseline) if self.name.is_empty() => Ok(None),
            (None, _) => Ok(Some(Id::Repeatable(self.name.clone()))),
        }
    }

    /// The chain value that this record has after `previous`.
    ///
    /// SHA-256 over the previous value and the record's immutable fields, each with its length before it, so that no two
    /// different records feed the same bytes. What a running record still changes is not part of it.
    pub fn chained(&self, previous: &str) -> String {
        let mut hash = Sha256::new();
        let mut feed = |field: Option<&str>| match field {
            Some(text) => {
                hash.update(text.len().to_string());
                hash.update(b":");
                hash.update(text);
            }
            None => hash.update(b"-"),
        };
        let up = self.up_checksum.map(|c| c.to_string());
        let down = self.down_checksum.map(|c| c.to_string());
        feed(Some(previous));
        feed(Some(&self.seq.to_string()));
        feed(Some(self.kind.word()));
        feed(self.version.as_deref());
        feed(Some(&self.name));
        feed(up.as_deref());
        feed(down.as_deref());
        feed(Some(self.protocol.word()));
        feed(Some(&self.statements_total.to_string()));
        feed(Some(&self.started_at));
        feed(Some(&self.applied_by));
        feed(Some(&self.host));
        feed(Some(&self.tool));
        feed(Some(&self.run_id));
        feed(self.reason.as_deref());
        // An atomic record is complete when it is written; a journalled one changes these until it is sealed.
        if self.protocol == Protocol::Atomic {
            feed(Some(self.outcome.word()));
            feed(self.finished_at.as_deref());
            feed(self.duration_ms.map(|ms| ms.to_string()).as_deref());
            feed(Some(&self.statements_done.to_string()));
            feed(self.error.as_deref());
        }
        hex(&hash.finalize())
    }
}

/// Where the ledger ends: what the next record is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The number that the next record gets.
    pub next: i64,
    /// The chain value of the last record.
    pub chain: String,
}

impl Head {
    /// The head of a ledger without records.
    pub fn genesis() -> Self {
        Self {
            next: 0,
            chain: GENESIS.to_owned(),
        }
    }

    /// Numbers the record, binds it, and moves on to it.
    pub fn seal(&mut self, record: &mut Record) {
        record.seq = self.next;
        record.chain = record.chained(&self.chain);
        self.next += 1;
        self.chain.clone_from(&record.chain);
    }
}

/// What the ledger says of one migration now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Current {
    /// How it stands.
    pub state: State,
    /// Which way it was last taken; it tells what a partial state is part of.
    pub direction: Direction,
    /// Of the up script that counts: the one that ran, or the one that was accepted later.
    pub up_checksum: Option<Checksum>,
    /// Of the down script that counts.
    pub down_checksum: Option<Checksum>,
    /// Index of the record that ran it, or that says it was.
    pub record: usize,
    /// Index of the record that has its name: that one, or the last that renumbered it.
    pub named: usize,
}

/// How a migration stands according to the ledger alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Its effects are in the database.
    Applied,
    /// It was recorded as applied and never run.
    Baseline,
    /// It was reverted.
    Reverted,
    /// So many of its statements were executed, and the next one is known not to have been.
    Partial {
        /// Statements that were executed.
        done: u32,
    },
    /// The outcome of this statement, counted from 1, is not known.
    Unknown {
        /// The statement that was sent.
        statement: u32,
    },
    /// It is being run, or a run was cut off before anyone could tell: see [`State::settled`].
    Running {
        /// Statements that were executed.
        done: u32,
        /// The statement that was begun last.
        started: u32,
    },
}

impl State {
    /// What a running record means to whoever holds the lock: nobody is running it any more.
    pub fn settled(self) -> Self {
        match self {
            State::Running { done, started } if started > done => State::Unknown { statement: started },
            State::Running { done, .. } => State::Partial { done },
            state => state,
        }
    }

    /// Whether the migration counts as done.
    pub fn is_applied(self) -> bool {
        matches!(self, State::Applied | State::Baseline)
    }
}

/// All records of a ledger, in order, and what they add up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    records: Vec<Record>,
    current: BTreeMap<Id, Current>,
}

/// The ledger cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HistoryError {
    /// A newer syncline made it.
    #[error("the ledger has format {found}, and this release understands {FORMAT} at most")]
    NewerFormat {
        /// The format it says it has.
        found: String,
    },
    /// The first record is not the `init` record.
    #[error("the ledger does not begin with its `init` record")]
    NoInit,
    /// A field cannot be read.
    #[error("record {seq} of the ledger holds `{value}` in `{field}`")]
    Field {
        /// The record.
        seq: i64,
        /// The column.
        field: &'static str,
        /// What stands there.
        value: String,
    },
}

impl History {
    /// Adds up the records, which must be in the order of `seq`.
    ///
    /// # Errors
    /// When the ledger is of a newer format, or not one at all.
    pub fn new(records: Vec<Record>) -> Result<Self, HistoryError> {
        let Some(first) = records.first() else {
            return Ok(Self::default());
        };
        if first.kind != Kind::Init {
            return Err(HistoryError::NoInit);
        }
        let format = first.version.clone().unwrap_or_default();
        if format.parse::<u32>().map_or(true, |format| format > FORMAT) {
            return Err(HistoryError::NewerFormat { found: format });
        }
        let mut current = BTreeMap::new();
        for (index, record) in records.iter().enumerate() {
            let wrong = |field, value| HistoryError::Field {
                seq: record.seq,
                field,
                value,
            };
            let id = record.id().map_err(|value| wrong("version", value))?;
            let Some(id) = id else { continue };
            if record.kind == Kind::Renumber {
                let reason = record.reason.clone().unwrap_or_default();
                let old = fold::was(&reason, |id| current.contains_key(id)).ok_or_else(|| wrong("reason", reason))?;
                fold::renumber(&mut current, &old, id, record, index);
            } else {
                fold::step(&mut current, id, record, index);
            }
        }
        Ok(Self { records, current })
    }

    /// All records, oldest first.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// Whether there is no ledger in the database.
    pub fn is_absent(&self) -> bool {
        self.records.is_empty()
    }

    /// Whether nothing was recorded yet: there is no ledger, or whoever made it was cut off behind that.
    pub fn is_blank(&self) -> bool {
        self.records.iter().all(|record| record.kind == Kind::Init)
    }

    /// The random id that the database got when its ledger was made.
    pub fn database_id(&self) -> Option<&str> {
        self.records.first().map(|record| record.name.as_str())
    }

    /// Whether no script is being run, and none was cut off before anyone could tell.
    pub fn is_settled(&self) -> bool {
        self.current()
            .all(|(_, current)| current.state == current.state.settled())
    }

    /// What the ledger says of each migration it knows, reverted ones included.
    pub fn current(&self) -> impl DoubleEndedIterator<Item = (&Id, &Current)> {
        self.current.iter()
    }

    /// What the ledger says of one migration.
    pub fn get(&self, id: &Id) -> Option<&Current> {
        self.current.get(id)
    }

    /// The record that a current state rests on.
    pub fn record_of(&self, current: &Current) -> Option<&Record> {
        self.records.get(current.record)
    }

    /// The name that the ledger has for a migration.
    pub fn name_of(&self, current: &Current) -> Option<&str> {
        self.records.get(current.named).map(|record| record.name.as_str())
    }

    /// The reason of a record that gives a migration another identity than this one: where it was comes first, so that the ledger
    /// needs no column for it.
    pub fn was(old: &Id, reason: &str) -> String {
        format!("{}{old}{}{reason}", fold::WAS, fold::BEHIND)
    }

    /// Whether a migration was last renumbered from this identity: somebody has said that what has it is another one.
    pub(crate) fn came_from(&self, current: &Current, id: &Id) -> bool {
        let named = self.records.get(current.named);
        let renumbered = named.filter(|record| record.kind == Kind::Renumber);
        let reason = renumbered.and_then(|record| record.reason.as_deref());
        reason.is_some_and(|reason| reason.starts_with(&Self::was(id, "")))
    }

    /// The newest version that counts as done.
    pub fn newest(&self) -> Option<&Id> {
        let done = |(id, current): &(&Id, &Current)| id.version().is_some() && current.state.is_applied();
        self.current.iter().rfind(done).map(|(id, _)| id)
    }

    /// Where the next record goes.
    pub fn head(&self) -> Head {
        match self.records.last() {
            Some(last) => Head {
                next: last.seq + 1,
                chain: last.chain.clone(),
            },
            None => Head::genesis(),
        }
    }

    /// Every place where the records do not follow from each other: one was changed, taken away or put in.
    pub fn broken_links(&self) -> Vec<BrokenLink> {
        let mut previous = GENESIS;
        let mut expected = 0;
        let mut broken = Vec::new();
        for record in &self.records {
            if record.seq != expected {
                broken.push(BrokenLink::Gap {
                    expected,
                    found: record.seq,
                });
            } else if record.chain != record.chained(previous) {
                broken.push(BrokenLink::Changed { seq: record.seq });
            }
            // Go on from what is stored, so that one change is told once.
            previous = &record.chain;
            expected = record.seq + 1;
        }
        broken
    }
}

/// A place where the chain of the ledger does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokenLink {
    /// Records are missing, or out of order.
    Gap {
        /// The number that should have come.
        expected: i64,
        /// The number that came.
        found: i64,
    },
    /// The record, or the one before it, is not what was written.
    Changed {
        /// The record.
        seq: i64,
    },
}

#[cfg(test)]
pub(crate) mod tests;
