//! MySQL and MariaDB: one connection that holds the lock and does the work; a savepoint tells whether a statement has committed.
//!
//! DDL commits the transaction that it is sent in before it does anything, so the record that announces it is written in that
//! transaction and costs no commit of its own. Everything else is committed together with its record.

mod address;
mod answers;
mod company;
mod dialect;
mod errors;
mod evidence;
mod parameters;
mod prepared;
mod records;
mod session;
mod watch;
mod words;

use std::borrow::Cow;
use std::collections::BTreeMap;

use async_trait::async_trait;
use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};
use sqlx::mysql::MySqlConnection;
use sqlx::{AssertSqlSafe, Connection, Either, Executor, raw_sql};

use super::foreign::tables_of;
use super::server::{Rows, lock_taken, names_ledger};
use super::sql::{self, Row, Statements, Turns, ledger_touched, moved};
use super::{
    Access, Conflict, Connecting, Database, DatabaseError, Engine, Holder, Kept, Server, Storage, Target, Watch,
};
use crate::code::Code;
use crate::compat::adopt::{Change, Columns, Table};
use crate::history::{Head, Outcome, Record};
use crate::migration::{Checksum, hex};
use crate::script::{self, Aftermath, Directives, Manner, SqlMode, Syntax};
use answers::{Answer, query, texts_of};
use company::Company;
use dialect::{DIALECT, literal, seconds};
use errors::{describe, fits, ledger_dropped, located, number, refused_record, with_rights};
use prepared::Prepared;
use records::complete;
use session::{Current, Kind, Session};
use watch::Onlooker;
use words::{chooses_engine, is_lock, is_one_of, is_refusal, leaves_traces, runs_program};

pub(super) static ENGINE: Engine = Engine {
    id: "mysql",
    name: "MySQL",
    schemes: &["mysql", "mariadb"],
    syntax: Syntax::Mysql(SqlMode {
        no_backslash_escapes: false,
        ansi_quotes: false,
        oracle: false,
    }),
    words: parameters::WORDS,
    variables: parameters::VARIABLES,
    settings: session::SETTINGS,
    storage: Storage::Server,
    gather: None,
    library: None,
    connect,
};

/// The guard of a transaction: whatever commits implicitly forgets it
/// (<https://dev.mysql.com/doc/refman/8.4/en/savepoint.html>).
const GUARD: &str = "syncline_guard";
/// What says how isolated a session's transactions are.
const ISOLATION: &str = "SET SESSION TRANSACTION ISOLATION LEVEL";

/// Whether the lock is ours, as it was noted last.
const LOCKED: &str = "@syncline_locked";

/// No such savepoint.
const FORGOTTEN: u16 = 1305;

fn connect(target: &Target, access: Access) -> Connecting<'_> {
    Box::pin(async move {
        MySql::open(target, access)
            .await
            .map(|database| Box::new(database) as Box<dyn Database>)
    })
}

struct MySql {
    target: Target,
    access: Access,
    connection: MySqlConnection,
    server: Server,
    kind: Kind,
    /// Whether other nodes of a cluster take writes, too.
    clustered: bool,
    name: Current,
    mode: SqlMode,
    /// What the server takes at once, in bytes.
    packet: usize,
    statements: Statements,
    lock: String,
    locked: bool,
    /// Whether statements have left settings, temporary tables or locks with the session.
    dirty: bool,
    /// Whether a script may have made another schema the current one.
    elsewhere: bool,
    /// The record that was announced last, and the statement that it names: where the database has that, the announcement was
    /// committed.
    announced: Option<(i64, u32)>,
    /// What there is besides tables that can be rolled back.
    company: Company,
    /// What the session has prepared.
    prepared: Prepared,
    /// A session without anything that a script has set, for what the catalog shows.
    clean: Option<MySqlConnection>,
    /// The schema that is current in a session that was just opened.
    schema: String,
    /// The limits that the session has.
    limits: String,
    /// What writes the record, until it is sent together with the COMMIT.
    closing: Vec<String>,
    /// When the transaction began, by the server's clock.
    started: String,
}

impl MySql {
    async fn open(target: &Target, access: Access) -> Result<Self, DatabaseError> {
        let session = session::open(target, access).await?;
        let Some(schema) = target.ledger.schema.clone().or_else(|| session.schema.clone()) else {
            let message = format!("{target} names no database");
            return Err(DatabaseError::new(Code::NoDatabase, message).hint("write `mysql://user@host/DATABASE`"));
        };
        // The name is part of the lock's.
        let schema = if session.folds { schema.to_lowercase() } else { schema };
        let current = session.schema.clone().unwrap_or_else(|| schema.clone());
        let statements = Statements::new(&DIALECT, &schema, &target.ledger);
        let digest = hex(&Sha256::digest(format!("syncline\0{}", statements.history)));
        let Session {
            connection,
            kind,
            number,
            user,
            name,
            mode,
            packet,
            cluster,
            ..
        } = session;
        let clustered = cluster.is_some();
        let cluster = cluster.map_or_else(String::new, |cluster| format!(", {cluster}"));
        Ok(Self {
            target: target.clone(),
            access,
            connection,
            server: Server {
                version: format!("{} {number}{cluster}", kind.name()),
                user,
                schema,
            },
            kind,
            clustered,
            name: Current::new(name),
            mode,
            packet,
            // 64 characters at most, and MariaDB tells capital letters apart in spite of its manual: one fixed form.
            lock: literal(&format!("syncline:{}", digest.get(..40).unwrap_or(&digest))),
            statements,
            locked: false,
            dirty: false,
            elsewhere: false,
            announced: None,
            company: Company::default(),
            prepared: Prepared::default(),
            clean: None,
            schema: current,
            limits: String::new(),
            closing: Vec::new(),
            started: String::new(),
        })
    }

    /// What a script did to its session goes with the session. The lock goes too, and is taken again by the new one: where somebody
    /// else was quicker, the ledger is looked at again.
    async fn renew(&mut self) -> Result<(), DatabaseError> {
        if !self.dirty {
            return Ok(());
        }
        let fresh = session::open_in_time(&self.target, self.access).await?;
        self.dirty = false;
        self.elsewhere = false;
        self.prepared = Prepared::default();
        self.limits.clear();
        self.packet = fresh.packet;
        let mut used = std::mem::replace(&mut self.connection, fresh.connection);
        // The server does not say when it has noticed that a session ended.
        let _ = query(&mut used, "SELECT RELEASE_ALL_LOCKS()").await;
        let _ = used.close().await;
        // Not before: until then it is the used one that has the lock.
        self.name.set(fresh.name);
        if std::mem::take(&mut self.locked)
            && let Some(holder) = self.try_lock().await?
        {
            let message = format!("the lock is held by {}", holder.description);
            return Err(DatabaseError::new(Code::Locked, message).conflict(Conflict::Busy));
        }
        // What comes next was taken apart by other rules.
        match std::mem::replace(&mut self.mode, fresh.mode) == fresh.mode {
            true => Ok(()),
            false => Err(moved()),
        }
    }

    async fn refresh(&mut self) -> Result<(), DatabaseError> {
        self.renew().await?;
        if !self.locked && self.access == Access::Write && self.try_lock().await?.is_some() {
            return Err(lock_taken());
        }
        Ok(())
    }

    /// The schema in which names without one are looked for.
    async fn current_schema(&mut self) -> Result<String, DatabaseError> {
        if !self.elsewhere {
            return Ok(self.schema.clone());
        }
        let current = self.query("SELECT DATABASE()").await?;
        Ok(sql::first_column(current).pop().unwrap_or_default())
    }

    async fn query(&mut self, statement: &str) -> Result<Vec<Row>, DatabaseError> {
        query(&mut self.connection, statement)
            .await
            .map_err(|error| describe(&error))
    }

    /// Sends a message of several statements and reads everything that comes back.
    async fn send(&mut self, message: &str) -> Result<Vec<Answer>, DatabaseError> {
        fits(message, self.packet)?;
        let mut results = self.connection.fetch_many(raw_sql(AssertSqlSafe(message.to_owned())));
        let (mut answers, mut rows) = (Vec::new(), Rows::default());
        loop {
            match results.try_next().await {
                Ok(Some(Either::Left(done))) => answers.push(Answer {
                    found: done.rows_affected(),
                    rows: std::mem::take(&mut rows).end(),
                }),
                Ok(Some(Either::Right(row))) => {
                    let row = texts_of(&row).map_err(|error| describe(&error))?;
                    rows.push(row).await.map_err(|error| describe(&error))?;
                }
                Ok(None) => return Ok(answers),
                Err(error) => return Err(describe(&error)),
            }
        }
    }
}

#[async_trait]
impl Database for MySql {
    fn engine(&self) -> &'static Engine {
        &ENGINE
    }

    fn server(&self) -> &Server {
        &self.server
    }

    fn syntax(&self) -> Syntax {
        Syntax::Mysql(self.mode)
    }

    async fn try_lock(&mut self) -> Result<Option<Holder>, DatabaseError> {
        self.renew().await?;
        // Asked for, never waited for: MariaDB takes a wait without end for an error (MDEV-4017), and so nobody would be kept out.
        let lock = self.lock.clone();
        let got = self.query(&format!("SELECT GET_LOCK({lock}, 0)")).await?;
        match sql::first_column(got).first().map(String::as_str) {
            Some("1") => {
                self.locked = true;
                return Ok(None);
            }
            Some("0") => {}
            _ => {
                return Err(DatabaseError::new(
                    Code::Locked,
                    "the server did not give the lock, and does not say why",
                ));
            }
        }
        let holder = self
            .query(&format!(
                "SELECT CONCAT('session ', u.id, COALESCE(CONCAT(' of ', p.USER, ' from ', p.HOST, ', ', p.COMMAND, ' for ', p.TIME, ' s'), '')) \
                 FROM (SELECT IS_USED_LOCK({lock}) AS id) u LEFT JOIN information_schema.PROCESSLIST p ON p.ID = u.id"
            ))
            .await?;
        let description = sql::first_column(holder)
            .pop()
            .unwrap_or_else(|| "a run that has just ended".to_owned());
        Ok(Some(Holder { description }))
    }

    fn locks_everywhere(&self) -> bool {
        !self.clustered
    }

    async fn unlock(&mut self) -> Result<(), DatabaseError> {
        self.locked = false;
        self.query("SELECT RELEASE_ALL_LOCKS()").await.map(drop)
    }

    async fn records(&mut self) -> Result<Vec<Record>, DatabaseError> {
        self.renew().await?;
        let select = format!("SELECT {} FROM {} ORDER BY seq", sql::COLUMNS, self.statements.history);
        match self.query(&select).await {
            Ok(rows) => sql::read_records(rows),
            Err(error) => match number(&error) {
                // no such table
                1146 => Ok(Vec::new()),
                // no such column
                1054 => Err(self.statements.not_a_ledger()),
                _ => Err(with_rights(error)),
            },
        }
    }

    async fn texts(&mut self, wanted: &[Checksum]) -> Result<BTreeMap<Checksum, String>, DatabaseError> {
        self.renew().await?;
        let select = self.statements.texts(wanted);
        sql::read_texts(self.query(&select).await.map_err(with_rights)?)
    }

    async fn stored(&mut self) -> Result<Vec<Checksum>, DatabaseError> {
        self.renew().await?;
        let select = self.statements.stored();
        Ok(sql::read_checksums(self.query(&select).await.map_err(with_rights)?))
    }

    async fn tables(&mut self, also: &[String]) -> Result<Vec<Table>, DatabaseError> {
        Ok(tables_of(self.query(&DIALECT.tables(also)).await?))
    }

    async fn rows(&mut self, table: &Table, columns: &Columns, order: &str) -> Result<Vec<Row>, DatabaseError> {
        self.send(dialect::IN_UTC).await?;
        let rows = self.query(&DIALECT.select(table, columns, order)).await;
        self.send(dialect::AS_BEFORE).await?;
        rows
    }

    async fn change(&mut self, table: &Table, changes: &[Change]) -> Result<(), DatabaseError> {
        self.send(dialect::IN_UTC).await?;
        for statement in DIALECT.changes(table, changes) {
            self.send(&statement).await?;
        }
        self.send(dialect::AS_BEFORE).await.map(drop)
    }

    async fn objects(&mut self) -> Result<Vec<String>, DatabaseError> {
        let ours = [&self.target.ledger.history, &self.target.ledger.script];
        let select = format!(
            "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = {} AND TABLE_NAME NOT IN ({}, {}) ORDER BY 1 LIMIT 5",
            literal(&self.server.schema),
            literal(ours[0]),
            literal(ours[1])
        );
        Ok(sql::first_column(self.query(&select).await?))
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
        // Each of the three is durable by itself. Whoever was cut off before the last left two empty tables, which the next
        // one fills; what holds texts without a first record is somebody's mistake.
        let [history, script] = self.statements.create();
        let there = |create: String| create.replacen("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ", 1);
        self.send(&there(script)).await.map_err(with_rights)?;
        self.send(&there(history)).await.map_err(with_rights)?;
        let insert = self.statements.insert(init, &self.statements.are_empty());
        match self.send(&insert).await {
            Err(error) if number(&error) == 1062 => Ok(()),
            Err(error) if number(&error) == 1054 => Err(self.statements.not_a_ledger()),
            Err(error) => Err(with_rights(error)),
            Ok(_) => Ok(()),
        }
    }

    async fn begin(&mut self, head: &Head, _directives: &Directives) -> Result<(), DatabaseError> {
        self.refresh().await?;
        let message = format!(
            "START TRANSACTION READ WRITE; SAVEPOINT {GUARD}; SELECT {}, COALESCE(MAX(seq), -1) + 1 FROM {}",
            DIALECT.now, self.statements.history
        );
        let mut answers = self.send(&message).await?;
        let row = answers
            .pop()
            .and_then(|mut answer| answer.rows.pop())
            .unwrap_or_default();
        self.started = row.first().cloned().flatten().unwrap_or_default();
        let next = row.get(1).cloned().flatten();
        if next != Some(head.next.to_string()) {
            self.send("ROLLBACK").await?;
            return Err(moved());
        }
        Ok(())
    }

    async fn started(&mut self) -> Result<String, DatabaseError> {
        Ok(self.started.clone())
    }

    async fn execute(&mut self, statement: &str) -> Result<(), DatabaseError> {
        // What a statement does to the ledger could not be taken back here, and a temporary table of its name would hide it.
        let meant = self.prepared.meant(statement);
        if names_ledger(&meant, &self.target.ledger, self.syntax()) {
            return Err(ledger_touched());
        }
        if script::drops_database(&meant, &self.server.schema, self.syntax()) {
            return Err(ledger_dropped(&self.server.schema));
        }
        fits(statement, self.packet)?;
        self.dirty |= leaves_traces(statement, self.company.programs);
        let program = runs_program(&meant);
        self.elsewhere |= program || is_one_of(&["use"], &meant);
        let mut answers = self.connection.fetch_many(raw_sql(AssertSqlSafe(statement.to_owned())));
        let described = |error| located(describe(&error), statement);
        let mut turns = Turns::default();
        while answers.try_next().await.map_err(described)?.is_some() {
            turns.next().await;
        }
        drop(answers);
        // The next announcement would end it, and the catalog could not be asked before.
        if is_lock(statement) {
            self.send("UNLOCK TABLES").await?;
        }
        if program || chooses_engine(statement) || chooses_engine(&meant) {
            // A procedure may have made, or prepared, what the text does not show.
            self.company = Company::default();
            self.prepared = Prepared::default();
        } else if matches!(meant, Cow::Owned(_)) {
            self.company.changed_by(&meant);
        }
        if is_one_of(&["prepare"], statement) {
            self.note_prepared(statement).await?;
        }
        Ok(())
    }

    async fn copy_in(&mut self, _statement: &str, _data: &str) -> Result<(), DatabaseError> {
        Err(DatabaseError::new(Code::Internal, "MySQL has no COPY"))
    }

    async fn write(&mut self, record: &Record, texts: &[(Checksum, Cow<'_, str>)]) -> Result<(), DatabaseError> {
        let (lock, condition) = (self.note_lock(), format!("{LOCKED} = 1"));
        self.closing = vec![lock, self.statements.insert(record, &condition)];
        let texts = texts
            .iter()
            .map(|(checksum, text)| self.statements.insert_text(*checksum, text, "1"));
        self.closing.extend(texts);
        Ok(())
    }

    async fn commit(&mut self) -> Result<(), DatabaseError> {
        let mut closing = std::mem::take(&mut self.closing);
        closing.push(format!("RELEASE SAVEPOINT {GUARD}; COMMIT"));
        let answers = self.send(&closing.join("; ")).await.map_err(refused_record)?;
        self.written(answers.get(1)).await?;
        complete(&answers, closing.len() + 1)
    }

    async fn rollback(&mut self) -> Result<(), DatabaseError> {
        self.closing.clear();
        self.send("ROLLBACK").await.map(drop)
    }

    async fn hold(&mut self, directives: &Directives) -> Result<(), DatabaseError> {
        // How isolated the script before was goes with its session.
        self.dirty |= self.limits.contains(ISOLATION);
        self.refresh().await?;
        let lock = seconds(directives.lock_timeout.unwrap_or(self.target.lock_timeout));
        let limit = directives.statement_timeout.or(self.target.statement_timeout);
        let limit = match (self.kind, limit) {
            (Kind::MariaDb, limit) => format!("max_statement_time = {}", limit.unwrap_or_default().as_secs_f64()),
            // It holds for SELECT only (https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_max_execution_time).
            (Kind::MySql, limit) => format!("max_execution_time = {}", limit.unwrap_or_default().as_millis()),
        };
        let isolation = directives
            .isolation
            .map(|level| format!("; {ISOLATION} {}", level.sql()))
            .unwrap_or_default();
        let limits = format!(
            "SET SESSION lock_wait_timeout = {lock}, SESSION innodb_lock_wait_timeout = {lock}, SESSION {limit}{isolation}"
        );
        // Most scripts have the same, and a session that they leave nothing with keeps it.
        if self.limits != limits {
            self.send(&limits).await?;
            self.limits = limits;
        }
        Ok(())
    }

    async fn release(&mut self) -> Result<(), DatabaseError> {
        Ok(())
    }

    async fn manner(&mut self, statement: &str, planned: Manner) -> Result<Manner, DatabaseError> {
        match planned {
            Manner::Joined | Manner::Guarded => self.manner_of_rows(statement).await,
            Manner::Committing => {
                // What nobody could tell afterwards is announced for sure, and recorded as done at once.
                let told = matches!(
                    script::aftermath(statement, self.syntax()),
                    Aftermath::Shown | Aftermath::Harmless
                ) && !self.computes_rows_that_stay(statement).await?;
                self.company.changed_by(statement);
                Ok(if told { Manner::Committing } else { Manner::Alone })
            }
            Manner::Alone | Manner::Unrecorded => Ok(planned),
        }
    }

    async fn evidence(&mut self, statement: &str, within: Option<&str>) -> Result<Option<String>, DatabaseError> {
        match script::aftermath(statement, self.syntax()) {
            Aftermath::Hidden | Aftermath::Harmless => Ok(None),
            // The object tells nothing of them.
            _ if self.computes_rows_that_stay(statement).await? => Ok(None),
            Aftermath::Shown | Aftermath::Hinted => {
                let objects = script::objects(statement, self.syntax());
                self.shown(objects, within).await
            }
        }
    }

    async fn announce(&mut self, record: &Record, manner: Manner) -> Result<(), DatabaseError> {
        self.announced = Some((record.seq, record.statement_started));
        match manner {
            Manner::Unrecorded => Ok(()),
            Manner::Alone => self.update(record).await,
            Manner::Guarded => {
                self.update(record).await?;
                self.send(&format!("START TRANSACTION READ WRITE; SAVEPOINT {GUARD}"))
                    .await
                    .map(drop)
            }
            Manner::Joined | Manner::Committing => self.write_running(record, &format!("SAVEPOINT {GUARD}")).await,
        }
    }

    async fn conclude(&mut self, record: &Record, manner: Manner) -> Result<(), DatabaseError> {
        match (manner, record.outcome) {
            (Manner::Joined | Manner::Guarded, _) => self.conclude_joined(record).await,
            // It goes with the next announcement: until then the catalog tells, where there is anything to tell.
            (Manner::Committing | Manner::Unrecorded, Outcome::Running) => Ok(()),
            _ => self.update(record).await,
        }
    }

    async fn abandon(&mut self) -> Result<Kept, DatabaseError> {
        let stays = self.left_rows().await?;
        let guarded = self.send(&format!("RELEASE SAVEPOINT {GUARD}")).await;
        self.send("ROLLBACK").await?;
        Ok(match guarded {
            _ if stays || self.left_rows().await? => Kept::Rows,
            Ok(_) => Kept::Nothing,
            // A deadlock forgets the savepoint with everything else, and so does a commit inside a program: the first that does keeps
            // the announcement.
            Err(_) if self.is_announced().await? => Kept::Perhaps,
            Err(_) => Kept::Nothing,
        })
    }

    fn is_refusal(&self, statement: &str, error: &DatabaseError) -> bool {
        is_refusal(&self.prepared.meant(statement), number(error), self.company.programs)
    }

    async fn update(&mut self, record: &Record) -> Result<(), DatabaseError> {
        // What finds no row has changed nothing, and so may be committed with the same message.
        self.write_running(record, "COMMIT").await
    }

    fn watch(&self) -> Option<Box<dyn Watch>> {
        Some(Box::new(Onlooker {
            target: self.target.clone(),
            kind: self.kind,
            name: self.name.clone(),
            connection: None,
            short_sighted: false,
        }))
    }

    async fn close(self: Box<Self>) -> Result<(), DatabaseError> {
        self.connection.close().await.map_err(|error| describe(&error))
    }
}
