//! PostgreSQL: one connection that holds the lock and does the work, guarded by its transaction id.

mod address;
mod binding;
mod certificates;
mod detach;
mod dialect;
mod errors;
mod guard;
mod indexes;
mod kept;
mod place;
mod places;
mod pooler;
mod relay;
mod session;
mod settings;
mod watch;
mod words;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;

use async_trait::async_trait;
use futures_util::TryStreamExt;
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Connection, Either, Executor, Row as _, raw_sql};

use super::foreign::tables_of;
use super::messages::{self, Answers, SEPARATOR};
use super::server::{Rows, names_ledger, out_of_step};
use super::sql::{self, Dialect, Row, Statements, ledger_touched};
use super::{
    Access, Connecting, Database, DatabaseError, Engine, Holder, Kept, Pooler, Server, Storage, Target, Watch,
};
use crate::code::Code;
use crate::compat::adopt::{Change, Columns, Table};
use crate::history::{Head, Outcome, Record};
use crate::migration::Checksum;
use crate::places::Places;
use crate::script::{self, Directives, Manner, Strings, Syntax};
use dialect::{BYTE_DIALECT, DIALECT, literal};
use errors::{TOUCHED, UNLOCKED, describe, refused_record, refused_transaction, refused_update, with_rights};
use guard::{RESET, RESTORE, lock_key, stop};
use session::{Name, Route};
use settings::{Own, SETTINGS};
use watch::Onlooker;

pub(super) static ENGINE: Engine = Engine {
    id: "postgres",
    name: "PostgreSQL",
    schemes: &["postgres", "postgresql"],
    syntax: Syntax::Postgres(Strings::Standard),
    words: words::WORDS,
    variables: words::VARIABLES,
    settings: SETTINGS,
    storage: Storage::Server,
    // Its locks are kept until the commit.
    gather: None,
    library: None,
    connect,
};

fn connect(target: &Target, access: Access) -> Connecting<'_> {
    Box::pin(async move {
        Postgres::open(target, access)
            .await
            .map(|database| Box::new(database) as Box<dyn Database>)
    })
}

struct Postgres {
    target: Target,
    access: Access,
    connection: PgConnection,
    route: Route,
    version: u32,
    /// The process that serves the session.
    name: Name,
    server: Server,
    /// The database that the session is in.
    database: String,
    dialect: &'static Dialect,
    /// What its sessions have of their own.
    own: Own,
    statements: Statements,
    lock_key: i64,
    /// The ledgers elsewhere, as somebody has looked for them.
    seen: Option<String>,
    /// What the session is set to at its beginning.
    settings: String,
    /// Sent behind each migration: takes back what it did to the session.
    clean: String,
    /// Sets the limits of a script outside a transaction, behind what cleans the session.
    limits: String,
    /// Whether a script runs outside a transaction of its own.
    journals: bool,
    /// What `lock_timeout` is then, in milliseconds, where the script does not say it itself: a statement that keeps nobody
    /// waiting may wait longer.
    patience: Option<u128>,
    /// What opens the transaction, until it is sent together with the first statement.
    opening: Vec<String>,
    /// What writes the record, until it is sent together with the COMMIT.
    closing: Vec<String>,
    /// The transaction's id.
    transaction: String,
    /// When it began.
    started: String,
    /// The state of the history table then, where the server counts; see [`ledger_state`].
    ledger: Option<String>,
}

impl Postgres {
    async fn open(target: &Target, access: Access) -> Result<Self, DatabaseError> {
        let session = session::open(target, access).await?;
        let dialect = match session.encoding.as_str() {
            "SQL_ASCII" => &BYTE_DIALECT,
            _ => &DIALECT,
        };
        let statements = Statements::new(dialect, &session.schema, &target.ledger);
        let pooled = match session.route {
            Route::Direct => "",
            Route::Pooled => ", behind a pooler",
            Route::Kept => ", behind a pooler that keeps sessions",
        };
        let mut opened = Self {
            target: target.clone(),
            access,
            settings: session.settings,
            connection: session.connection,
            route: session.route,
            version: session.version,
            name: session.name,
            server: Server {
                version: format!("PostgreSQL {}{pooled}", session.number),
                user: session.user,
                schema: session.schema,
            },
            lock_key: lock_key(&session.database, &statements.history),
            database: session.database,
            own: session.own,
            dialect,
            seen: None,
            clean: String::new(),
            statements,
            limits: String::new(),
            journals: false,
            patience: None,
            opening: Vec::new(),
            closing: Vec::new(),
            transaction: String::new(),
            started: String::new(),
            ledger: None,
        };
        if opened.route == Route::Kept {
            opened.target.pooler = Some(Pooler::Session);
        }
        opened.clean = opened.cleaning();
        Ok(opened)
    }

    /// Names the tables of the ledger, and the lock that goes with them.
    fn bind(&mut self) {
        self.statements = Statements::new(self.dialect, &self.server.schema, &self.target.ledger);
        self.lock_key = lock_key(&self.database, &self.statements.history);
    }

    async fn query(&mut self, statement: &str) -> Result<Vec<Row>, DatabaseError> {
        query(&mut self.connection, statement)
            .await
            .map_err(|error| describe(&error))
    }

    /// Opens the transaction where no statement has done so.
    async fn open_transaction(&mut self) -> Result<(), DatabaseError> {
        let opening = std::mem::take(&mut self.opening);
        if !opening.is_empty() {
            let row = self
                .query(&opening.join(SEPARATOR))
                .await
                .map_err(refused_transaction)?
                .pop();
            self.opened(row);
        }
        Ok(())
    }

    fn opened(&mut self, row: Option<Row>) {
        if let Some([transaction, started, ledger]) = row.and_then(|row| <[Option<String>; 3]>::try_from(row).ok()) {
            self.transaction = transaction.unwrap_or_default();
            self.started = started.unwrap_or_default();
            self.ledger = ledger;
        }
    }

    /// Lets a statement wait that keeps nobody waiting, unless the script has set its own limit. Returns what is to be set again.
    async fn wait_longer(&mut self, limit: u128) -> Result<Option<u128>, DatabaseError> {
        let set = format!(
            "SELECT pg_catalog.set_config('lock_timeout', '0', false) \
             WHERE pg_catalog.current_setting('lock_timeout')::pg_catalog.interval = '{limit} ms'::pg_catalog.interval"
        );
        Ok((!self.query(&set).await?.is_empty()).then_some(limit))
    }

    /// Writes what a running record says now. The role and the settings that the script has chosen are put aside for this, and
    /// hold again afterwards.
    async fn record_and_commit(&mut self, begin: &str, record: &Record) -> Result<(), DatabaseError> {
        let update = self.statements.update(record);
        let guard = format!("CASE WHEN {} THEN true ELSE {} END", self.take_lock(), stop(UNLOCKED));
        // Where no row is found nothing is committed, neither the record nor the statement beside it.
        let message = format!(
            "{begin}{}; WITH written AS ({update} AND {guard} RETURNING 1) \
             SELECT CASE (SELECT count(*) FROM written) WHEN 1 THEN 'written' ELSE {}::text END; COMMIT",
            RESTORE.join("; "),
            stop(TOUCHED)
        );
        match self
            .query(&message)
            .await
            .map(sql::first_column)
            .map_err(refused_update)
        {
            Ok(words) if words.iter().any(|word| word == "written") => Ok(()),
            Ok(_) => Err(ledger_touched()),
            Err(error) => {
                if error.code != Code::Lost {
                    let _ = self.send("ROLLBACK").await;
                }
                Err(error)
            }
        }
    }

    async fn send(&mut self, statement: &str) -> Result<(), DatabaseError> {
        self.query(statement).await.map(drop)
    }
}

async fn query(connection: &mut PgConnection, statement: &str) -> Result<Vec<Row>, sqlx::Error> {
    let mut answers = connection.fetch_many(raw_sql(AssertSqlSafe(statement.to_owned())));
    let (mut rows, mut answered) = (Rows::default(), false);
    while let Some(answer) = answers.try_next().await? {
        match answer {
            Either::Left(_) => answered = true,
            Either::Right(row) => rows.push(texts_of(&row)?).await?,
        }
    }
    if answered { Ok(rows.end()) } else { Err(out_of_step()) }
}

fn texts_of(row: &PgRow) -> Result<Row, sqlx::Error> {
    // The simple protocol answers in text, whatever the type of a column.
    (0..row.len())
        .map(|column| row.try_get_unchecked::<Option<String>, _>(column))
        .collect()
}

#[async_trait]
impl Database for Postgres {
    fn engine(&self) -> &'static Engine {
        &ENGINE
    }

    fn server(&self) -> &Server {
        &self.server
    }

    fn syntax(&self) -> Syntax {
        Syntax::Postgres(self.own.strings)
    }

    async fn try_lock(&mut self) -> Result<Option<Holder>, DatabaseError> {
        // Tried, never waited for: a session that waits inside the server holds a snapshot, and CREATE INDEX CONCURRENTLY of
        // the holder would wait for that (https://github.com/flyway/flyway/issues/1654).
        let key = self.lock_key;
        let got = self.query(&format!("SELECT {}", self.take_lock())).await?;
        if sql::first_column(got) == ["t"] {
            return Ok(None);
        }
        let (high, low) = (key >> 32 & 0xffff_ffff, key & 0xffff_ffff);
        let holder = self
            .query(&format!(
                "SELECT 'process ' || l.pid || coalesce(' of ' || nullif(a.usename, ''), '') \
                 || coalesce(', ' || nullif(a.application_name, ''), '') || coalesce(' from ' || a.client_addr, '') \
                 || coalesce(', connected since ' || to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS'), '') \
                 FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid \
                 WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.classid::bigint = {high} \
                 AND l.objid::bigint = {low} AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())"
            ))
            .await?;
        let description = sql::first_column(holder)
            .pop()
            .unwrap_or_else(|| "a run that has just ended".to_owned());
        Ok(Some(Holder { description }))
    }

    async fn unlock(&mut self) -> Result<(), DatabaseError> {
        if self.route == Route::Pooled {
            return Ok(());
        }
        self.send("SELECT pg_catalog.pg_advisory_unlock_all()").await
    }

    async fn records(&mut self) -> Result<Vec<Record>, DatabaseError> {
        let select = format!("SELECT {} FROM {} ORDER BY seq", sql::COLUMNS, self.statements.history);
        match self.query(&select).await {
            Ok(rows) => sql::read_records(rows),
            // undefined_table
            Err(error) if error.native.as_deref() == Some("42P01") => Ok(Vec::new()),
            // undefined_column
            Err(error) if error.native.as_deref() == Some("42703") => Err(self.statements.not_a_ledger()),
            Err(error) => Err(with_rights(error)),
        }
    }

    async fn texts(&mut self, wanted: &[Checksum]) -> Result<BTreeMap<Checksum, String>, DatabaseError> {
        let select = self.statements.texts(wanted);
        sql::read_texts(self.query(&select).await.map_err(with_rights)?)
    }

    async fn stored(&mut self) -> Result<Vec<Checksum>, DatabaseError> {
        let select = self.statements.stored();
        Ok(sql::read_checksums(self.query(&select).await.map_err(with_rights)?))
    }

    async fn tables(&mut self, also: &[String]) -> Result<Vec<Table>, DatabaseError> {
        Ok(tables_of(self.query(&DIALECT.tables(also)).await?))
    }

    async fn rows(&mut self, table: &Table, columns: &Columns, order: &str) -> Result<Vec<Row>, DatabaseError> {
        self.kept_rows(table, columns, order).await
    }

    async fn change(&mut self, table: &Table, changes: &[Change]) -> Result<(), DatabaseError> {
        for (place, statement) in DIALECT.changes(table, changes).iter().enumerate() {
            self.send(statement).await?;
            // The session may have another one, and times are written as they are in UTC.
            if place == 0 {
                self.send(kept::IN_UTC).await?;
            }
        }
        Ok(())
    }

    async fn objects(&mut self) -> Result<Vec<String>, DatabaseError> {
        let select = format!(
            "SELECT c.relname FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') \
             AND c.relnamespace = pg_catalog.to_regnamespace(pg_catalog.quote_ident({})) AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d \
             WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e') ORDER BY 1 LIMIT 5",
            literal(&self.server.schema)
        );
        Ok(sql::first_column(self.query(&select).await?))
    }

    async fn places(&mut self) -> Result<Places, DatabaseError> {
        self.look_elsewhere().await
    }

    fn keep_in(&mut self, schema: &str) {
        self.keep_ledger_in(schema);
    }

    async fn now(&mut self) -> Result<String, DatabaseError> {
        let select = self.statements.now();
        Ok(sql::first_column(self.query(&select).await?).pop().unwrap_or_default())
    }

    async fn answer(&mut self, query: &str) -> Result<Option<String>, DatabaseError> {
        Ok(sql::first_answer(self.query(query).await?))
    }

    async fn create_ledger(&mut self, init: &Record) -> Result<(), DatabaseError> {
        self.begin_ledger(init).await
    }

    async fn begin(&mut self, head: &Head, directives: &Directives) -> Result<(), DatabaseError> {
        self.opening = self.opening(head, directives);
        Ok(())
    }

    async fn started(&mut self) -> Result<String, DatabaseError> {
        self.open_transaction().await?;
        Ok(self.started.clone())
    }

    async fn execute(&mut self, statement: &str) -> Result<(), DatabaseError> {
        // Outside a transaction of the migration what a statement does to the ledger could not be taken back.
        if self.journals && names_ledger(statement, &self.target.ledger, self.syntax()) {
            return Err(ledger_touched());
        }
        let waits = match self.patience {
            Some(limit) if self.opening.is_empty() && script::keeps_nobody_waiting(statement, ENGINE.syntax) => {
                self.wait_longer(limit).await?
            }
            _ => None,
        };
        let mut sent = match self.half_detached(statement).await? {
            Some(half) => self.finish_detaching(&half).await,
            None => self
                .execute_all(&[statement], &mut |_| {})
                .await
                .map_err(|(_, error)| error),
        };
        if let Err(error) = &mut sent
            && error.code != Code::Lost
            && self.opening.is_empty()
        {
            self.add_what_is_left(statement, error).await?;
        }
        let lost = matches!(&sent, Err(error) if error.code == Code::Lost);
        if let Some(limit) = waits.filter(|_| !lost) {
            self.send(&format!("SET lock_timeout = {limit}")).await?;
        }
        sent?;
        self.check_built(statement).await?;
        // Outside a transaction it would last until somebody is notified: see RESTORE.
        let listens = statement
            .get(..6)
            .is_some_and(|word| word.eq_ignore_ascii_case("listen"));
        if listens {
            self.send("UNLISTEN *").await?;
        }
        Ok(())
    }

    async fn execute_all(
        &mut self,
        statements: &[&str],
        begins: &mut (dyn FnMut(usize) + Send),
    ) -> Result<(), (usize, DatabaseError)> {
        // One message: the server executes its statements one by one and answers each, or stops at the one that fails.
        let opening = std::mem::take(&mut self.opening);
        let before = opening.len();
        let message = messages::message(&opening, statements);
        let answers = self.connection.fetch_many(raw_sql(AssertSqlSafe(message.clone())));
        let Answers {
            opened,
            answered,
            error,
        } = messages::read_answers(answers, before, statements.len(), begins, texts_of).await;
        self.opened(opened);
        let error = error.or_else(|| (answered < before + statements.len()).then(out_of_step));
        let Some(error) = error else { return Ok(()) };
        let mut described = refused_transaction(describe(&error));
        let told = place::in_text(&error, &message).and_then(|at| place::in_statement(at, &opening, statements));
        let number = match told {
            Some((number, offset)) => {
                described.offset = Some(offset);
                number
            }
            None if statements.len() > 1 && place::may_be_unread(answered, &described) => {
                self.unread(statements).await.unwrap_or_default()
            }
            None => {
                let number = answered.saturating_sub(before).min(statements.len().saturating_sub(1));
                let failed = statements.get(number);
                described.offset = failed.and_then(|statement| place::in_block(&error, statement));
                number
            }
        };
        Err((number, errors::of_statement(described, &error, statements.get(number))))
    }

    async fn copy_in(&mut self, statement: &str, data: &str) -> Result<(), DatabaseError> {
        self.open_transaction().await?;
        let wrap = |error: sqlx::Error| DatabaseError {
            offset: place::in_text(&error, statement),
            ..describe(&error)
        };
        let mut copy = self.connection.copy_in_raw(statement).await.map_err(wrap)?;
        // A message of 64 KiB is what psql sends at most, too.
        for chunk in data.as_bytes().chunks(64 * 1024) {
            copy.send(chunk).await.map_err(wrap)?;
        }
        copy.finish().await.map(drop).map_err(wrap)
    }

    async fn write(&mut self, record: &Record, texts: &[(Checksum, Cow<'_, str>)]) -> Result<(), DatabaseError> {
        self.open_transaction().await?;
        self.closing = self.closing(record, texts);
        Ok(())
    }

    async fn commit(&mut self) -> Result<(), DatabaseError> {
        // Nothing that a migration wrote goes with the COMMIT, only the record before it, whose error would end the message,
        // and what cleans the session behind it.
        let closing = std::mem::take(&mut self.closing);
        let message = messages::message(&closing, &["COMMIT", &format!("{}{}", self.clean, self.limits)]);
        let mut results = self.connection.fetch_many(raw_sql(AssertSqlSafe(message)));
        let mut answered = 0;
        loop {
            match results.try_next().await {
                Ok(Some(Either::Left(_))) => answered += 1,
                Ok(Some(Either::Right(_))) => {}
                Ok(None) if answered > closing.len() => return Ok(()),
                Ok(None) => return Err(describe(&out_of_step())),
                // What fails behind the COMMIT has nothing to do with it.
                Err(_) if answered > closing.len() => return Ok(()),
                Err(error) if answered < closing.len() => return Err(refused_record(describe(&error))),
                Err(error) => return Err(describe(&error)),
            }
        }
    }

    async fn rollback(&mut self) -> Result<(), DatabaseError> {
        self.closing.clear();
        if !std::mem::take(&mut self.opening).is_empty() {
            return Ok(());
        }
        let message = format!("ROLLBACK; {}", self.clean);
        self.send(&message).await
    }

    async fn hold(&mut self, directives: &Directives) -> Result<(), DatabaseError> {
        let lock_timeout = directives.lock_timeout.unwrap_or(self.target.lock_timeout).as_millis();
        self.journals = true;
        self.patience = directives.lock_timeout.is_none().then_some(lock_timeout);
        self.limits = format!("; SET lock_timeout = {lock_timeout}");
        if let Some(limit) = directives.statement_timeout.or(self.target.statement_timeout) {
            let _ = write!(self.limits, "; SET statement_timeout = {}", limit.as_millis());
        }
        Ok(())
    }

    async fn release(&mut self) -> Result<(), DatabaseError> {
        self.journals = false;
        self.patience = None;
        self.limits.clear();
        let clean = self.clean.clone();
        self.send(&clean).await
    }

    async fn can_journal(&mut self) -> Result<(), DatabaseError> {
        self.keep_session().await
    }

    fn pooler(&self) -> Option<Pooler> {
        self.target.pooler
    }

    async fn evidence(&mut self, statement: &str, within: Option<&str>) -> Result<Option<String>, DatabaseError> {
        self.shown(statement, within).await
    }

    async fn clear(&mut self, statement: &str) -> Result<Option<String>, DatabaseError> {
        self.clear_invalid(statement).await
    }

    fn watch(&self) -> Option<Box<dyn Watch>> {
        // Behind a pooler nobody knows which session serves us.
        (self.route != Route::Pooled).then(|| {
            Box::new(Onlooker {
                target: self.target.clone(),
                version: self.version,
                name: self.name.clone(),
                connection: None,
                files: false,
            }) as Box<dyn Watch>
        })
    }

    async fn announce(&mut self, record: &Record, manner: Manner) -> Result<(), DatabaseError> {
        if manner == Manner::Joined {
            self.opening = vec!["BEGIN READ WRITE".to_owned()];
            return Ok(());
        }
        self.update(record).await
    }

    async fn conclude(&mut self, record: &Record, manner: Manner) -> Result<(), DatabaseError> {
        match (manner, record.outcome) {
            (Manner::Joined, _) => {
                self.open_transaction().await?;
                self.record_and_commit("", record).await
            }
            (_, Outcome::Running) => Ok(()),
            _ => self.update(record).await,
        }
    }

    async fn abandon(&mut self) -> Result<Kept, DatabaseError> {
        // What would end a transaction inside it is refused there.
        if std::mem::take(&mut self.opening).is_empty() {
            self.send("ROLLBACK").await?;
        }
        Ok(Kept::Nothing)
    }

    async fn update(&mut self, record: &Record) -> Result<(), DatabaseError> {
        self.record_and_commit("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; ", record)
            .await
    }

    async fn close(mut self: Box<Self>) -> Result<(), DatabaseError> {
        self.leave().await;
        self.connection.close().await.map_err(|error| describe(&error))
    }
}
