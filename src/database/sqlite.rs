//! SQLite: the database is a file, the lock is its write transaction, and the guard is SQLite's own hooks.

mod doubt;
mod errors;
mod guard;
mod keys;
mod library;
mod native;
mod packed;
mod place;
mod places;
mod settings;
mod watch;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, Row as _, SqlSafeStr, raw_sql};

use super::foreign::tables_of;
use super::messages::{self, Answers, SEPARATOR};
use super::sql::{self, Dialect, Row, Statements, ledger_touched};
use super::{
    Access, Conflict, Connecting, Database, DatabaseError, Engine, Holder, Kept, Server, Storage, Target, Watch,
};
use crate::code::Code;
use crate::compat::adopt::{Change, Columns, Table};
use crate::history::{Head, Outcome, Record};
use crate::migration::Checksum;
use crate::places::Places;
use crate::script::{Directives, ForeignKeys, Manner, Syntax};
use errors::{describe, is_of_the_machine, refused_record, stale};
use guard::{Guard, establish};
use place::inspect;
use settings::{MODE, SETTINGS};
use watch::Onlooker;

pub(super) static ENGINE: Engine = Engine {
    id: "sqlite",
    name: "SQLite",
    schemes: &["sqlite"],
    syntax: Syntax::Sqlite,
    words: &[MODE],
    variables: &[],
    settings: SETTINGS,
    storage: Storage::File,
    gather: Some(Duration::from_millis(100)),
    library: Some(library::described),
    connect,
};

static DIALECT: Dialect = Dialect {
    identifier: |name| format!("\"{}\"", name.replace('"', "\"\"")),
    literal: |text| format!("'{}'", text.replace('\'', "''")),
    integer: "INTEGER",
    text: "TEXT",
    key: "TEXT",
    table: "",
    from_nothing: "",
    unless_there: "ON CONFLICT DO NOTHING",
    now: "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')",
    tables: "SELECT '', 'main', s.name, c.name, c.type, CAST(c.pk AS TEXT) FROM main.sqlite_schema s, pragma_table_info(s.name) c WHERE s.type = 'table' ORDER BY s.name, c.cid",
    as_text: |column, _| format!("CAST({column} AS TEXT)"),
    as_hex: |column| format!("hex({column})"),
    bytes: |digits| format!("x'{digits}'"),
    truth: ["1", "0"],
};

/// How long SQLite itself waits before it says to a run that the database is busy; we poll above that.
const BUSY_TIMEOUT: Duration = Duration::from_millis(200);

/// Ends its message with an overflow where the statement before it has not written one row.
const WRITTEN: &str = "SELECT CASE WHEN changes() = 1 THEN 1 ELSE abs(-9223372036854775808) END";

fn connect(target: &Target, access: Access) -> Connecting<'_> {
    Box::pin(async move {
        Sqlite::open(target, access)
            .await
            .map(|database| Box::new(database) as Box<dyn Database>)
    })
}

struct Sqlite {
    connection: SqliteConnection,
    options: SqliteConnectOptions,
    server: Server,
    statements: Statements,
    tables: [String; 2],
    guard: Arc<Guard>,
    lock_wait: Duration,
    /// What opens the transaction, until it is sent together with the first statement.
    opening: Vec<String>,
    /// What writes the record, until it is sent together with the COMMIT.
    closing: Vec<String>,
    /// That the next migration joins the open transaction, and what limits it then.
    joined: Option<Instant>,
    /// When it began.
    started: String,
    /// Whether statements have left settings or temporary tables behind.
    dirty: bool,
    /// Violations that were there before a migration that has foreign keys off.
    violations: Option<BTreeSet<Row>>,
    /// What a connection begins with.
    session: String,
}

impl Sqlite {
    async fn open(target: &Target, access: Access) -> Result<Self, DatabaseError> {
        library::check()?;
        let name = target.address.database.as_deref().unwrap_or_default();
        let path = Path::new(name);
        if name == ":memory:" {
            let message = "a database in memory is gone when the command ends";
            return Err(DatabaseError::new(Code::BadUrl, message).hint("name a file: `sqlite:FILE`"));
        }
        let create = match target.parameter("mode") {
            None | Some("rwc") => access == Access::Write,
            // Nothing else is let through.
            Some(_) => false,
        };
        inspect(path, create, target)?;
        let missing = !path.exists() && !create;
        let options = if missing {
            // Reading creates nothing: what is not there is empty.
            SqliteConnectOptions::new().in_memory(true)
        } else {
            SqliteConnectOptions::new().filename(path).create_if_missing(create)
        };
        let patience = match access {
            Access::Write => BUSY_TIMEOUT,
            // Below the limit for connecting, which says less about what is in the way.
            Access::Read => target.lock_wait.min(target.connect_timeout.mul_f32(0.9)),
        };
        let options = options
            .read_only(target.parameter("mode") == Some("ro"))
            .foreign_keys(true)
            .busy_timeout(patience)
            .disable_statement_logging();
        let options = native::with_extensions(options, &target.extensions);
        let guard = Arc::new(Guard::default());
        let tables = [target.ledger.history.clone(), target.ledger.script.clone()];
        let named = |error: DatabaseError| DatabaseError {
            message: format!("{target}: {}", error.message),
            ..error
        };
        let session = match access {
            Access::Write => target.session.clone(),
            Access::Read => String::new(),
        };
        let connection = establish(&options, &guard, &tables, &session).await.map_err(named)?;
        let mut database = Self {
            connection,
            options,
            server: Server {
                // To ask the connection for it would read the file, which somebody may keep for himself.
                version: library::name(),
                user: String::new(),
                schema: String::new(),
            },
            statements: Statements::new(&DIALECT, "main", &target.ledger),
            tables,
            guard,
            lock_wait: target.lock_wait,
            opening: Vec::new(),
            closing: Vec::new(),
            joined: None,
            started: String::new(),
            dirty: false,
            violations: None,
            session,
        };
        // The first statement that reads the file's header tells a database from any other file.
        match database.query("SELECT count(*) FROM sqlite_schema").await {
            // A run waits for whoever keeps the file for himself as for the lock, and says so.
            Err(error) if error.conflict == Some(Conflict::Busy) && access == Access::Write => {}
            read => drop(read.map_err(named)?),
        }
        Ok(database)
    }

    async fn query(&mut self, statement: &str) -> Result<Vec<Row>, DatabaseError> {
        let rows = raw_sql(AssertSqlSafe(statement.to_owned()))
            .fetch_all(&mut self.connection)
            .await;
        rows.map_err(describe)?
            .iter()
            .map(|row| texts_of(row).map_err(describe))
            .collect()
    }

    async fn send(&mut self, statement: &str) -> Result<u64, DatabaseError> {
        let done = raw_sql(AssertSqlSafe(statement.to_owned()))
            .execute(&mut self.connection)
            .await;
        done.map(|done| done.rows_affected()).map_err(describe)
    }

    /// Hands statements to the worker thread of the driver at once: waking it costs more than a small statement.
    async fn execute_message(
        &mut self,
        statements: &[&str],
        begins: &mut (dyn FnMut(usize) + Send),
    ) -> Result<(), (usize, DatabaseError)> {
        self.dirty |= statements.iter().any(|statement| native::leaves_traces(statement));
        let opening = std::mem::take(&mut self.opening);
        let before = opening.len();
        let message = messages::message(&opening, statements);
        let answers = self.connection.fetch_many(raw_sql(AssertSqlSafe(message)));
        let Answers {
            opened,
            answered,
            error,
        } = messages::read_answers(answers, before, statements.len(), begins, texts_of).await;
        self.opened(opened);
        // It was for this statement alone: what comes next tidies up.
        self.guard.interrupted.store(false, SeqCst);
        let outcome = error.map(describe);
        if let (Some(error), true) = (&outcome, answered < before) {
            return Err((0, stale(error)));
        }
        let index = (answered - before).min(statements.len().saturating_sub(1));
        let by_itself = outcome.as_ref().is_some_and(is_of_the_machine);
        if self.guard.armed.load(SeqCst) && self.guard.left.load(SeqCst) && !by_itself {
            self.guard.armed.store(false, SeqCst);
            let message = "the statement ended the transaction that the migration runs in; it was rolled back";
            let mut error = DatabaseError::new(Code::LeftTransaction, message);
            error.detail = outcome.map(|error| error.message);
            let hint = "remove COMMIT, ROLLBACK, OR ROLLBACK and RAISE(ROLLBACK) from what the script runs";
            return Err((index, error.hint(hint)));
        }
        let Some(mut error) = outcome else { return Ok(()) };
        // The driver finalizes the statements before, and SQLite forgets the place: reading the statement alone, without running
        // it, makes SQLite say it again.
        let again = match statements.get(index) {
            Some(statement) if answered > 0 => self
                .connection
                .prepare(AssertSqlSafe((*statement).to_owned()).into_sql_str())
                .await
                .is_err(),
            _ => true,
        };
        if again && let Ok(mut handle) = self.connection.lock_handle().await {
            error.offset = native::error_offset(&mut handle);
        }
        let statement = statements.get(index).copied().unwrap_or_default();
        Err((index, library::explained(error, statement)))
    }

    /// Opens the transaction where no statement has done so.
    async fn open_transaction(&mut self) -> Result<(), DatabaseError> {
        let opening = std::mem::take(&mut self.opening);
        if !opening.is_empty() {
            let row = self
                .query(&opening.join(SEPARATOR))
                .await
                .map_err(|error| stale(&error))?
                .pop();
            self.opened(row);
        }
        Ok(())
    }

    fn opened(&mut self, row: Option<Row>) {
        if let Some(started) = row.and_then(|row| row.into_iter().next().flatten()) {
            self.started = started;
        }
    }

    /// A migration that has changed settings or made temporary tables leaves them with its connection.
    async fn refresh(&mut self) -> Result<(), DatabaseError> {
        if self.dirty {
            let fresh = establish(&self.options, &self.guard, &self.tables, &self.session).await?;
            self.dirty = false;
            let used = std::mem::replace(&mut self.connection, fresh);
            used.close().await.map_err(describe)?;
        }
        Ok(())
    }
}

fn texts_of(row: &SqliteRow) -> Result<Row, sqlx::Error> {
    // Every type of SQLite can be read as text; asking for the declared type first would refuse.
    (0..row.len())
        .map(|column| row.try_get_unchecked::<Option<String>, _>(column))
        .collect()
}

#[async_trait]
impl Database for Sqlite {
    fn engine(&self) -> &'static Engine {
        &ENGINE
    }

    fn server(&self) -> &Server {
        &self.server
    }

    /// The write transaction of each migration is the lock; see [`Sqlite::begin`].
    async fn try_lock(&mut self) -> Result<Option<Holder>, DatabaseError> {
        Ok(None)
    }

    async fn unlock(&mut self) -> Result<(), DatabaseError> {
        Ok(())
    }

    async fn records(&mut self) -> Result<Vec<Record>, DatabaseError> {
        if !self.has_ledger().await? {
            return Ok(Vec::new());
        }
        let select = packed::select(&self.statements.history);
        match self.query(&select).await {
            Ok(rows) => sql::read_records(packed::unpack(&sql::first_column(rows).concat())),
            Err(error) if error.message.starts_with("no such column") => Err(self.statements.not_a_ledger()),
            Err(error) => Err(error),
        }
    }

    async fn texts(&mut self, wanted: &[Checksum]) -> Result<BTreeMap<Checksum, String>, DatabaseError> {
        let select = self.statements.texts(wanted);
        sql::read_texts(self.query(&select).await?)
    }

    async fn stored(&mut self) -> Result<Vec<Checksum>, DatabaseError> {
        let select = self.statements.stored();
        Ok(sql::read_checksums(self.query(&select).await?))
    }

    async fn tables(&mut self, also: &[String]) -> Result<Vec<Table>, DatabaseError> {
        Ok(tables_of(self.query(&DIALECT.tables(also)).await?))
    }

    async fn rows(&mut self, table: &Table, columns: &Columns, order: &str) -> Result<Vec<Row>, DatabaseError> {
        self.query(&DIALECT.select(table, columns, order)).await
    }

    async fn change(&mut self, table: &Table, changes: &[Change]) -> Result<(), DatabaseError> {
        for statement in DIALECT.changes(table, changes) {
            self.send(&statement).await?;
        }
        Ok(())
    }

    async fn objects(&mut self) -> Result<Vec<String>, DatabaseError> {
        let select = "SELECT name FROM main.sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
                      ORDER BY name LIMIT 5";
        Ok(sql::first_column(self.query(select).await?))
    }

    async fn places(&mut self) -> Result<Places, DatabaseError> {
        self.look_elsewhere().await
    }

    async fn now(&mut self) -> Result<String, DatabaseError> {
        let select = self.statements.now();
        Ok(sql::first_column(self.query(&select).await?).pop().unwrap_or_default())
    }

    async fn answer(&mut self, query: &str) -> Result<Option<String>, DatabaseError> {
        self.refresh().await?;
        Ok(sql::first_answer(self.query(query).await?))
    }

    async fn create_ledger(&mut self, init: &Record) -> Result<(), DatabaseError> {
        self.send("BEGIN IMMEDIATE").await?;
        let made = async {
            if !self.has_ledger().await? {
                for statement in self.statements.create() {
                    self.send(&statement).await?;
                }
            }
            let insert = self.statements.insert(init, &self.statements.are_empty());
            self.send(&insert).await?;
            self.commit().await
        };
        if let Err(error) = made.await {
            let _ = self.send("ROLLBACK").await;
            return Err(error);
        }
        Ok(())
    }

    async fn begin(&mut self, head: &Head, directives: &Directives) -> Result<(), DatabaseError> {
        let check = format!(
            "SELECT CASE WHEN coalesce(max(seq), -1) + 1 = {} THEN {} ELSE abs(-9223372036854775808) END FROM {}",
            head.next, DIALECT.now, self.statements.history
        );
        self.guard.disarm();
        match self.joined.take() {
            Some(until) => {
                let closing = std::mem::take(&mut self.closing).join(SEPARATOR);
                self.send(&closing).await.map_err(refused_record)?;
                self.opening = vec![check];
                self.guard.limit(until);
            }
            None => {
                self.refresh().await?;
                if directives.foreign_keys == ForeignKeys::Off {
                    // Inside a transaction this setting is ignored without a word.
                    self.send("PRAGMA foreign_keys = OFF").await?;
                    self.violations = Some(self.violations().await?);
                }
                // Taking the write lock first makes what is read next true until the commit. When the ledger has moved, the overflow
                // ends the message before any statement of the migration, which goes with it: the driver's worker is woken once.
                self.opening = vec!["BEGIN IMMEDIATE".to_owned(), check];
            }
        }
        self.guard.armed.store(true, SeqCst);
        Ok(())
    }

    async fn started(&mut self) -> Result<String, DatabaseError> {
        self.open_transaction().await?;
        Ok(self.started.clone())
    }

    async fn execute(&mut self, statement: &str) -> Result<(), DatabaseError> {
        self.execute_all(&[statement], &mut |_| {})
            .await
            .map_err(|(_, error)| error)
    }

    async fn execute_all(
        &mut self,
        statements: &[&str],
        begins: &mut (dyn FnMut(usize) + Send),
    ) -> Result<(), (usize, DatabaseError)> {
        let mut done = 0;
        while done < statements.len() {
            let rest = &statements[done..];
            // Before a table is dropped something has to be asked, so that statement begins a message of its own.
            let drops = |statement: &&str| native::dropped_table(statement).is_some();
            let together = 1 + rest.iter().skip(1).position(drops).unwrap_or(rest.len() - 1);
            if drops(&rest[0]) {
                self.check_drop(rest[0]).await.map_err(|error| (done, error))?;
            }
            let mut begin = |index: usize| begins(done + index);
            self.execute_message(&rest[..together], &mut begin)
                .await
                .map_err(|(index, error)| (done + index, error))?;
            done += together;
        }
        Ok(())
    }

    async fn copy_in(&mut self, _statement: &str, _data: &str) -> Result<(), DatabaseError> {
        Err(DatabaseError::new(Code::Internal, "SQLite has no COPY"))
    }

    async fn write(&mut self, record: &Record, texts: &[(Checksum, Cow<'_, str>)]) -> Result<(), DatabaseError> {
        self.open_transaction().await?;
        let touched = self.guard.touched.load(SeqCst);
        self.guard.armed.store(false, SeqCst);
        self.guard.unlimit();
        if touched {
            return Err(ledger_touched());
        }
        if let Some(before) = self.violations.clone() {
            let after = self.violations().await?;
            if let Some(row) = after.difference(&before).next() {
                let field = |i: usize| row.get(i).cloned().flatten().unwrap_or_default();
                let message = format!(
                    "row {} of `{}` would refer to a row of `{}` that is not there",
                    field(1),
                    field(0),
                    field(2)
                );
                return Err(
                    DatabaseError::new(Code::ForeignKeys, message).hint("PRAGMA foreign_key_check lists all of them")
                );
            }
        }
        // The update hook does not see rows that go with their table or without a WHERE.
        let intact = format!(
            "(SELECT count(*) = {0} AND coalesce(max(seq), -1) = {0} - 1 FROM {1})",
            record.seq, self.statements.history
        );
        let mut closing = vec![self.statements.insert(record, &intact)];
        // Also where a trigger has swallowed the row: the overflow ends the message before the COMMIT that it goes with.
        closing.push(WRITTEN.to_owned());
        closing.extend(
            texts
                .iter()
                .map(|(checksum, text)| self.statements.insert_text(*checksum, text, "1")),
        );
        self.closing = closing;
        Ok(())
    }

    fn join(&mut self, directives: &Directives, until: Instant) -> bool {
        // What a connection is left with, or has to be set before the transaction, stands against it.
        let joins = !self.dirty && self.violations.is_none() && directives.foreign_keys == ForeignKeys::default();
        self.joined = joins.then_some(until);
        joins
    }

    async fn commit(&mut self) -> Result<(), DatabaseError> {
        let deadline = Instant::now() + self.lock_wait;
        let mut message = messages::message(&std::mem::take(&mut self.closing), &["COMMIT"]);
        loop {
            match self.send(&message).await {
                // With a rollback journal a reader can keep the commit waiting; the transaction stays open meanwhile.
                Err(error) if error.conflict == Some(Conflict::Busy) && Instant::now() < deadline => {
                    "COMMIT".clone_into(&mut message);
                }
                Ok(_) => break,
                Err(error) => {
                    if is_of_the_machine(&error) {
                        self.discard().await;
                    }
                    return Err(refused_record(error));
                }
            }
        }
        self.restore_foreign_keys().await
    }

    async fn rollback(&mut self) -> Result<(), DatabaseError> {
        self.guard.disarm();
        self.opening.clear();
        self.closing.clear();
        self.joined = None;
        // SQLite may have rolled back by itself, and then says that there is nothing to roll back.
        let _ = self.send("ROLLBACK").await;
        self.restore_foreign_keys().await
    }

    /// In this mode the locks of the first write are kept after its commit (https://www.sqlite.org/pragma.html#pragma_locking_mode).
    async fn hold(&mut self, _directives: &Directives) -> Result<(), DatabaseError> {
        self.refresh().await?;
        self.send("PRAGMA main.locking_mode = EXCLUSIVE").await.map(drop)
    }

    async fn release(&mut self) -> Result<(), DatabaseError> {
        self.dirty = true;
        self.refresh().await
    }

    async fn announce(&mut self, record: &Record, manner: Manner) -> Result<(), DatabaseError> {
        if manner == Manner::Joined {
            self.opening = vec!["BEGIN IMMEDIATE".to_owned()];
            return Ok(());
        }
        self.update(record).await
    }

    async fn conclude(&mut self, record: &Record, manner: Manner) -> Result<(), DatabaseError> {
        if manner == Manner::Joined {
            self.open_transaction().await?;
            let update = self.statements.update(record);
            let message = messages::message(&[update, WRITTEN.to_owned()], &["COMMIT"]);
            return match self.send(&message).await {
                Ok(_) => Ok(()),
                Err(error) => self.committed(record, refused_record(error)).await,
            };
        }
        match record.outcome {
            Outcome::Running => Ok(()),
            _ => self.update(record).await,
        }
    }

    async fn abandon(&mut self) -> Result<Kept, DatabaseError> {
        self.opening.clear();
        // SQLite may have rolled back by itself, and then says that there is nothing to roll back.
        let _ = self.send("ROLLBACK").await;
        Ok(Kept::Nothing)
    }

    /// What fails in SQLite has done nothing, inside a transaction or by itself.
    fn is_refusal(&self, _statement: &str, _error: &DatabaseError) -> bool {
        true
    }

    async fn update(&mut self, record: &Record) -> Result<(), DatabaseError> {
        let update = self.statements.update(record);
        match self.send(&update).await? {
            1 => Ok(()),
            _ => Err(ledger_touched()),
        }
    }

    fn watch(&self) -> Option<Box<dyn Watch>> {
        Some(Box::new(Onlooker(Arc::clone(&self.guard))))
    }

    async fn close(self: Box<Self>) -> Result<(), DatabaseError> {
        self.connection.close().await.map_err(describe)
    }
}
