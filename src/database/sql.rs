//! What the SQL engines share: the ledger's statements, written once over a dialect that is data.

use std::collections::BTreeMap;

use super::{Conflict, DatabaseError, Ledger};
use crate::code::Code;
use crate::history::{HistoryError, Kind, Outcome, Protocol, Record};
use crate::migration::Checksum;

/// Gives others a turn now and then: a driver waits only where there is nothing to read, and a server may never stop.
#[derive(Default)]
pub(super) struct Turns(u8);

impl Turns {
    pub async fn next(&mut self) {
        self.0 = self.0.wrapping_add(1);
        if self.0 == 0 {
            tokio::task::yield_now().await;
        }
    }
}

/// One row of a result, every column as text.
pub(super) type Row = Vec<Option<String>>;

/// How an engine spells what all of them have.
pub(super) struct Dialect {
    /// Quotes an identifier.
    pub identifier: fn(&str) -> String,
    /// Writes a text as a literal that means the same whatever the session's settings are.
    pub literal: fn(&str) -> String,
    /// The type of a whole number.
    pub integer: &'static str,
    /// The type of a text.
    pub text: &'static str,
    /// The type of a text that is a key.
    pub key: &'static str,
    /// What follows the columns where a table is made.
    pub table: &'static str,
    /// What a SELECT without a table needs before its WHERE.
    pub from_nothing: &'static str,
    /// What keeps an INSERT of a row that is there already from failing.
    pub unless_there: &'static str,
    /// The server's clock as an RFC 3339 text in UTC.
    pub now: &'static str,
    /// Asks for what [`super::foreign::tables_of`] reads; `{also}` are further schemas.
    pub tables: &'static str,
    /// A column of a type as text; a point in time has its zone.
    pub as_text: fn(&str, &str) -> String,
    /// The bytes of a column as hexadecimal digits.
    pub as_hex: fn(&str) -> String,
    /// Bytes, from hexadecimal digits.
    pub bytes: fn(&str) -> String,
    /// True and false.
    pub truth: [&'static str; 2],
}

/// The statements that read and write one ledger.
pub(super) struct Statements {
    dialect: &'static Dialect,
    /// The history table, qualified and quoted.
    pub history: String,
    /// The script table, qualified and quoted.
    pub script: String,
}

/// The columns of the history, in the order in which records are read.
pub(super) const COLUMNS: &str = "seq, kind, version, name, state, up_checksum, down_checksum, transactional, statements_total, \
    statement_started, statements_done, started_at, finished_at, duration_ms, applied_by, host, tool, run_id, reason, error, evidence, chain";

impl Statements {
    pub fn new(dialect: &'static Dialect, schema: &str, ledger: &Ledger) -> Self {
        let table = |name: &str| format!("{}.{}", (dialect.identifier)(schema), (dialect.identifier)(name));
        Self {
            dialect,
            history: table(&ledger.history),
            script: table(&ledger.script),
        }
    }

    /// Whether both tables hold nothing: somebody was cut off behind making them, or all tables of the database were emptied.
    pub fn are_empty(&self) -> String {
        let none = |table: &str| format!("NOT EXISTS (SELECT 1 FROM {table})");
        format!("{} AND {}", none(&self.history), none(&self.script))
    }

    /// Makes both tables.
    pub fn create(&self) -> [String; 2] {
        let Dialect {
            integer,
            text,
            key,
            table,
            ..
        } = self.dialect;
        let body = self.body();
        [
            format!(
                "CREATE TABLE {} (seq {integer} NOT NULL PRIMARY KEY, kind {text} NOT NULL, version {text}, name {text} NOT NULL, \
                 state {text} NOT NULL, up_checksum {text}, down_checksum {text}, transactional {integer} NOT NULL, \
                 statements_total {integer} NOT NULL, statement_started {integer} NOT NULL, statements_done {integer} NOT NULL, \
                 started_at {text} NOT NULL, finished_at {text}, duration_ms {integer}, applied_by {text} NOT NULL, \
                 host {text} NOT NULL, tool {text} NOT NULL, run_id {text} NOT NULL, reason {text}, error {text}, \
                 evidence {text}, chain {text} NOT NULL){table}",
                self.history
            ),
            format!(
                "CREATE TABLE {} (checksum {key} NOT NULL PRIMARY KEY, encoding {text} NOT NULL, {body} {text} NOT NULL){table}",
                self.script
            ),
        ]
    }

    /// The column of the texts, a reserved word of MariaDB with `sql_mode = ORACLE`.
    fn body(&self) -> String {
        (self.dialect.identifier)("body")
    }

    /// A table has the name of the history and not its columns.
    pub fn not_a_ledger(&self) -> DatabaseError {
        DatabaseError::new(
            Code::Ledger,
            format!("`{}` is there and is not a history of syncline", self.history),
        )
        .hint("name another table: `history-table = \"…\"`")
    }

    pub fn now(&self) -> String {
        format!("SELECT {}", self.dialect.now)
    }

    pub fn texts(&self, wanted: &[Checksum]) -> String {
        let list: Vec<String> = wanted
            .iter()
            .map(|checksum| (self.dialect.literal)(&checksum.to_string()))
            .collect();
        format!(
            "SELECT checksum, encoding, {} FROM {} WHERE checksum IN ({})",
            self.body(),
            self.script,
            list.join(", ")
        )
    }

    pub fn stored(&self) -> String {
        format!("SELECT checksum FROM {} ORDER BY checksum", self.script)
    }

    /// Inserts a record, under a condition that the engine adds.
    pub fn insert(&self, record: &Record, condition: &str) -> String {
        let text = |value: &str| (self.dialect.literal)(value);
        let maybe = |value: Option<&str>| value.map_or_else(|| "NULL".to_owned(), text);
        let number = |value: i64| value.to_string();
        let checksum = |value: Option<Checksum>| maybe(value.map(|checksum| checksum.to_string()).as_deref());
        let values = [
            number(record.seq),
            text(record.kind.word()),
            maybe(record.version.as_deref()),
            text(&record.name),
            text(record.outcome.word()),
            checksum(record.up_checksum),
            checksum(record.down_checksum),
            number(i64::from(record.protocol == Protocol::Atomic)),
            number(record.statements_total.into()),
            number(record.statement_started.into()),
            number(record.statements_done.into()),
            text(&record.started_at),
            maybe(record.finished_at.as_deref()),
            record.duration_ms.map_or_else(|| "NULL".to_owned(), number),
            text(&record.applied_by),
            text(&record.host),
            text(&record.tool),
            text(&record.run_id),
            maybe(record.reason.as_deref()),
            maybe(record.error.as_deref()),
            maybe(record.evidence.as_deref()),
            text(&record.chain),
        ];
        format!(
            "INSERT INTO {} ({COLUMNS}) SELECT {}{} WHERE {condition}",
            self.history,
            values.join(", "),
            self.dialect.from_nothing
        )
    }

    /// Stores a text once, under a condition that the engine adds.
    pub fn insert_text(&self, checksum: Checksum, body: &str, condition: &str) -> String {
        let Dialect {
            literal,
            unless_there,
            from_nothing,
            ..
        } = self.dialect;
        let (checksum, body) = (literal(&checksum.to_string()), literal(body));
        format!(
            "INSERT INTO {} (checksum, encoding, {}) SELECT {checksum}, 'raw', {body}{from_nothing} WHERE {condition} {unless_there}",
            self.script,
            self.body()
        )
    }

    /// Writes the changing fields of a running record. The caller checks that it was one row: none is found where somebody else has
    /// taken over, which leaves a newer record, whatever became of the lock.
    pub fn update(&self, record: &Record) -> String {
        let text = |value: &str| (self.dialect.literal)(value);
        let maybe = |value: Option<&str>| value.map_or_else(|| "NULL".to_owned(), text);
        let history = &self.history;
        format!(
            "UPDATE {history} SET state = {}, statement_started = {}, statements_done = {}, finished_at = {}, duration_ms = {}, error = {}, evidence = {} \
             WHERE seq = {} AND run_id = {} AND state = 'running' AND (SELECT newest FROM (SELECT max(seq) AS newest FROM {history}) h) = seq",
            text(record.outcome.word()),
            record.statement_started,
            record.statements_done,
            maybe(record.finished_at.as_deref()),
            record
                .duration_ms
                .map_or_else(|| "NULL".to_owned(), |ms| ms.to_string()),
            maybe(record.error.as_deref()),
            maybe(record.evidence.as_deref()),
            record.seq,
            text(&record.run_id),
        )
    }
}

/// Reads rows of [`COLUMNS`].
pub(super) fn read_records(rows: Vec<Row>) -> Result<Vec<Record>, DatabaseError> {
    let read = |row: Row| {
        Fields {
            seq: -1,
            row: row.into_iter(),
        }
        .record()
    };
    rows.into_iter()
        .map(read)
        .collect::<Result<_, HistoryError>>()
        .map_err(unreadable)
}

fn unreadable(error: HistoryError) -> DatabaseError {
    DatabaseError::new(Code::Ledger, error.to_string()).hint("syncline verify   # tells what else is wrong")
}

/// Reads the rows of [`Statements::texts`].
pub(super) fn read_texts(rows: Vec<Row>) -> Result<BTreeMap<Checksum, String>, DatabaseError> {
    let mut texts = BTreeMap::new();
    for mut row in rows {
        let (body, encoding, checksum) = (row.pop().flatten(), row.pop().flatten(), row.pop().flatten());
        let (Some(body), Some(encoding), Some(checksum)) = (body, encoding, checksum) else {
            continue;
        };
        if encoding != "raw" {
            let message =
                format!("the stored script {checksum} has the encoding `{encoding}`, which this release cannot read");
            return Err(DatabaseError::new(Code::Ledger, message));
        }
        if let Ok(checksum) = checksum.parse() {
            texts.insert(checksum, body);
        }
    }
    Ok(texts)
}

/// Reads the rows of [`Statements::stored`].
pub(super) fn read_checksums(rows: Vec<Row>) -> Vec<Checksum> {
    let texts = first_column(rows);
    texts.iter().filter_map(|text| text.parse().ok()).collect()
}

/// A migration has changed the ledger, or is about to.
pub(super) fn ledger_touched() -> DatabaseError {
    DatabaseError::new(Code::LedgerTouched, "the migration changed syncline's own tables")
        .hint("leave the tables of the history alone; `syncline repair` is for corrections")
}

/// The ledger has gone on since it was read.
pub(super) fn moved() -> DatabaseError {
    DatabaseError::new(Code::Locked, "another run has written to the history").conflict(Conflict::Moved)
}

/// The first column of each row.
pub(super) fn first_column(rows: Vec<Row>) -> Vec<String> {
    rows.into_iter()
        .filter_map(|row| row.into_iter().next().flatten())
        .collect()
}

/// The first column of the first row.
pub(super) fn first_answer(rows: Vec<Row>) -> Option<String> {
    rows.into_iter().next()?.into_iter().next()?
}

struct Fields {
    seq: i64,
    row: std::vec::IntoIter<Option<String>>,
}

impl Fields {
    fn maybe(&mut self) -> Option<String> {
        self.row.next().flatten()
    }

    fn wrong(&self, field: &'static str, value: &str) -> HistoryError {
        HistoryError::Field {
            seq: self.seq,
            field,
            value: value.to_owned(),
        }
    }

    fn text(&mut self, field: &'static str) -> Result<String, HistoryError> {
        self.maybe().ok_or_else(|| self.wrong(field, "NULL"))
    }

    fn read<T>(&mut self, field: &'static str, read: impl Fn(&str) -> Option<T>) -> Result<T, HistoryError> {
        let text = self.text(field)?;
        read(&text).ok_or_else(|| self.wrong(field, &text))
    }

    fn number<T: std::str::FromStr>(&mut self, field: &'static str) -> Result<T, HistoryError> {
        self.read(field, |text| text.parse().ok())
    }

    fn checksum(&mut self, field: &'static str) -> Result<Option<Checksum>, HistoryError> {
        let Some(text) = self.maybe() else { return Ok(None) };
        text.parse().map(Some).map_err(|_| self.wrong(field, &text))
    }

    fn record(mut self) -> Result<Record, HistoryError> {
        self.seq = self.number("seq")?;
        Ok(Record {
            seq: self.seq,
            kind: self.read("kind", Kind::from_word)?,
            version: self.maybe(),
            name: self.text("name")?,
            outcome: self.read("state", Outcome::from_word)?,
            up_checksum: self.checksum("up_checksum")?,
            down_checksum: self.checksum("down_checksum")?,
            protocol: self.read("transactional", |text| match text {
                "1" => Some(Protocol::Atomic),
                "0" => Some(Protocol::Journalled),
                _ => None,
            })?,
            statements_total: self.number("statements_total")?,
            statement_started: self.number("statement_started")?,
            statements_done: self.number("statements_done")?,
            started_at: self.text("started_at")?,
            finished_at: self.maybe(),
            duration_ms: self
                .maybe()
                .map(|text| text.parse().map_err(|_| self.wrong("duration_ms", &text)))
                .transpose()?,
            applied_by: self.text("applied_by")?,
            host: self.text("host")?,
            tool: self.text("tool")?,
            run_id: self.text("run_id")?,
            reason: self.maybe(),
            error: self.maybe(),
            evidence: self.maybe(),
            chain: self.text("chain")?,
        })
    }
}
