//! PostgreSQL: one connection that holds the lock and does the work, guarded by its transaction id.

mod address;
mod dialect;
mod errors;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Either, Executor, Row as _, raw_sql};

use super::sql::{self, Answers, Row, SEPARATOR, Statements};
use super::{Access, Connecting, Database, DatabaseError, Engine, Holder, Server, Storage, Target};
use crate::code::Code;
use crate::history::{Head, Record};
use crate::migration::Checksum;
use crate::script::{Directives, Syntax};
use address::options;
use dialect::{BYTE_DIALECT, DIALECT, literal};
use errors::{
    LEFT, TOUCHED, UNLOCKED, describe, ledger_touched, located, refused_record, unreachable_server, with_rights,
};

pub(super) static ENGINE: Engine = Engine {
    id: "postgres",
    name: "PostgreSQL",
    schemes: &["postgres", "postgresql"],
    syntax: Syntax::Postgres,
    parameters: &[
        "sslmode",
        "sslrootcert",
        "sslcert",
        "sslkey",
        "application_name",
        "options",
        "options[",
    ],
    storage: Storage::Server,
    // Its locks are kept until the commit.
    gather: None,
    connect,
};

/// The oldest server that is supported: older ones lack statements that the protocol uses.
const OLDEST: u32 = 12;

/// Takes back what migrations do to their session, without giving up the advisory lock: `DISCARD ALL` would.
const RESET: &str = "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; DEALLOCATE ALL; CLOSE ALL; UNLISTEN *; DISCARD TEMP; DISCARD SEQUENCES";

/// Ends what could redirect or hide the history write. A notification would come in between the answers to COMMIT, where the
/// driver takes it for a broken connection, so nobody listens any more by then. The last one is changed only where it was, since it takes a superuser.
const RESTORE: [&str; 8] = [
    "SET LOCAL SESSION AUTHORIZATION DEFAULT",
    "SET LOCAL ROLE NONE",
    "SET LOCAL search_path = pg_catalog",
    "SET LOCAL client_encoding = 'UTF8'",
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL row_security = on",
    "UNLISTEN *",
    "SELECT pg_catalog.set_config('session_replication_role', 'origin', true) \
     WHERE pg_catalog.current_setting('session_replication_role') <> 'origin'",
];

fn connect(target: &Target, access: Access) -> Connecting<'_> {
    Box::pin(async move {
        Postgres::open(target, access)
            .await
            .map(|database| Box::new(database) as Box<dyn Database>)
    })
}

struct Postgres {
    connection: PgConnection,
    server: Server,
    statements: Statements,
    lock_key: i64,
    lock_timeout_ms: u128,
    statement_timeout: Option<Duration>,
    /// Sent behind each migration: takes back what it did to the session.
    clean: String,
    /// Sets the limits of a script outside a transaction, behind what cleans the session.
    limits: String,
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
        let options = options(target)?;
        let mut connection = options
            .connect()
            .await
            .map_err(|error| unreachable_server(&error, target))?;
        let version = connection.server_version_num().unwrap_or_default();
        let wrap = |error| describe(&error);
        let schema = target
            .ledger
            .schema
            .as_deref()
            .map_or_else(|| "pg_catalog.current_schema()".to_owned(), literal);
        // A server that lost its client notices only when it next writes, unless it is told to look (PostgreSQL 14).
        // Scripts are taken apart by the rules of the standard, whatever the database or the role has as its default.
        let session = if version >= 140_000 {
            "SET standard_conforming_strings = on; SET client_connection_check_interval = '2s'; "
        } else {
            "SET standard_conforming_strings = on; "
        };
        let about = format!(
            "{session}SELECT {schema}, session_user, pg_catalog.current_database(), pg_catalog.pg_is_in_recovery(), \
             pg_catalog.current_setting('server_version'), pg_catalog.to_regnamespace(pg_catalog.quote_ident({schema}::text)) IS NULL, \
             pg_catalog.current_setting('server_encoding'), pg_catalog.version()"
        );
        let rows = query(&mut connection, &about).await.map_err(wrap)?;
        let mut row = rows.into_iter().next().unwrap_or_default().into_iter();
        let mut next = || row.next().flatten();
        let (schema, user, database, standby, number, no_schema) = (next(), next(), next(), next(), next(), next());
        let (encoding, product) = (next().unwrap_or_default(), next().unwrap_or_default());
        if let Some(other) = other_product(&product) {
            let message = format!("{target} is {other}, not PostgreSQL");
            return Err(DatabaseError::new(Code::Unsupported, message).hint(
                "it speaks the same protocol, but what a transaction and a lock promise there is not what syncline relies on",
            ));
        }
        let number = number.unwrap_or_default();
        let number = number.split(' ').next().unwrap_or_default();
        if version / 10_000 < OLDEST {
            let message = format!("{target} is PostgreSQL {number}; syncline needs {OLDEST} or newer");
            return Err(DatabaseError::new(Code::Unsupported, message).hint("upgrade the server"));
        }
        let Some(schema) = schema.filter(|_| no_schema.as_deref() == Some("f")) else {
            let message = match &target.ledger.schema {
                Some(schema) => format!("{target} has no schema `{schema}`"),
                None => format!("{target} has no schema of those in `search_path`"),
            };
            return Err(
                DatabaseError::new(Code::NoDatabase, message).hint("create the schema first, or name another one")
            );
        };
        if access == Access::Write && standby.as_deref() == Some("t") {
            let message = format!("{target} is a standby and takes no writes");
            return Err(DatabaseError::new(Code::ReadOnly, message).hint("connect to the primary server"));
        }
        let dialect = if encoding == "SQL_ASCII" {
            &BYTE_DIALECT
        } else {
            &DIALECT
        };
        let statements = Statements::new(dialect, &schema, &target.ledger);
        let lock_key = lock_key(&database.unwrap_or_default(), &statements.history);
        Ok(Self {
            connection,
            server: Server {
                version: format!("PostgreSQL {number}"),
                user: user.unwrap_or_default(),
                schema,
            },
            lock_key,
            lock_timeout_ms: target.lock_timeout.as_millis(),
            statement_timeout: target.statement_timeout,
            clean: format!("BEGIN; {RESET}; COMMIT; {session}"),
            statements,
            limits: String::new(),
            opening: Vec::new(),
            closing: Vec::new(),
            transaction: String::new(),
            started: String::new(),
            ledger: None,
        })
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
            let row = self.query(&opening.join(SEPARATOR)).await?.pop();
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

    async fn send(&mut self, statement: &str) -> Result<u64, DatabaseError> {
        let done = raw_sql(AssertSqlSafe(statement.to_owned()))
            .execute(&mut self.connection)
            .await;
        done.map(|done| done.rows_affected()).map_err(|error| describe(&error))
    }
}

async fn query(connection: &mut PgConnection, statement: &str) -> Result<Vec<Row>, sqlx::Error> {
    let rows = raw_sql(AssertSqlSafe(statement.to_owned()))
        .fetch_all(connection)
        .await?;
    rows.iter().map(texts_of).collect()
}

fn texts_of(row: &PgRow) -> Result<Row, sqlx::Error> {
    // The simple protocol answers in text, whatever the type of a column.
    (0..row.len())
        .map(|column| row.try_get_unchecked::<Option<String>, _>(column))
        .collect()
}

/// Servers that speak the protocol and are not what they seem say so in `version()`.
fn other_product(version: &str) -> Option<&str> {
    const KNOWN: [&str; 3] = ["Redshift", "-YB-", "Materialize"];
    let foreign = !version.starts_with("PostgreSQL ") || KNOWN.iter().any(|word| version.contains(word));
    let end = version.char_indices().nth(60).map_or(version.len(), |(end, _)| end);
    foreign.then(|| version[..end].split(" (").next().unwrap_or_default())
}

/// One lock for one ledger: the same for everyone who would write to it.
fn lock_key(database: &str, history: &str) -> i64 {
    let digest: [u8; 32] = Sha256::digest(format!("syncline\0{database}\0{history}")).into();
    digest.iter().take(8).fold(0, |key, byte| key << 8 | i64::from(*byte))
}

/// An expression that changes when this session writes to a table, without reading a row of it: the server counts what was
/// written, truncating or rewriting the table gives it another file, and dropping it another id
/// (https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-STATS-FUNCTIONS).
fn ledger_state(table: &str) -> String {
    let id = format!("pg_catalog.to_regclass({table})::oid");
    let written = |what: &str| format!("pg_catalog.pg_stat_get_xact_tuples_{what}({id})");
    format!(
        "pg_catalog.concat_ws(' ', {id}, pg_catalog.pg_relation_filenode({id}), {}, {}, {})",
        written("inserted"),
        written("updated"),
        written("deleted")
    )
}

/// An expression of no value that ends the transaction with an error. The server must not see that it is constant, or it is
/// computed while the statement is planned (https://www.postgresql.org/docs/current/xfunc-volatility.html).
fn stop(word: &str) -> String {
    format!("pg_catalog.concat('{word}')::pg_catalog.text::pg_catalog.bool")
}

#[async_trait]
impl Database for Postgres {
    fn engine(&self) -> &'static Engine {
        &ENGINE
    }

    fn server(&self) -> &Server {
        &self.server
    }

    async fn try_lock(&mut self) -> Result<Option<Holder>, DatabaseError> {
        // Tried, never waited for: a session that waits inside the server holds a snapshot, and CREATE INDEX CONCURRENTLY of
        // the holder would wait for that (https://github.com/flyway/flyway/issues/1654).
        let key = self.lock_key;
        let got = self
            .query(&format!("SELECT pg_catalog.pg_try_advisory_lock({key})"))
            .await?;
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
        self.send("SELECT pg_catalog.pg_advisory_unlock_all()").await.map(drop)
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
        let rows = self.query(&select).await.map_err(with_rights)?;
        Ok(sql::first_column(rows)
            .iter()
            .filter_map(|text| Checksum::from_str(text).ok())
            .collect())
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

    async fn now(&mut self) -> Result<String, DatabaseError> {
        let select = self.statements.now();
        Ok(sql::first_column(self.query(&select).await?).pop().unwrap_or_default())
    }

    async fn create_ledger(&mut self, init: &Record) -> Result<(), DatabaseError> {
        let [history, script] = self.statements.create();
        let insert = self.statements.insert(init, "true");
        // One message without BEGIN is one transaction. Whoever was quicker has made the same.
        match self.send(&format!("{history}; {script}; {insert}")).await {
            Err(error) if matches!(error.native.as_deref(), Some("42P07" | "23505")) => Ok(()),
            Err(error) => Err(with_rights(error)),
            Ok(_) => Ok(()),
        }
    }

    async fn begin(&mut self, _head: &Head, directives: &Directives) -> Result<(), DatabaseError> {
        let lock_timeout = directives
            .lock_timeout
            .map_or(self.lock_timeout_ms, |limit| limit.as_millis());
        let statement_timeout = directives.statement_timeout.or(self.statement_timeout);
        let statement_timeout = statement_timeout.map_or(0, |limit| limit.as_millis());
        self.opening = vec![
            "BEGIN READ WRITE".to_owned(),
            "SET LOCAL idle_in_transaction_session_timeout = 0".to_owned(),
            format!("SET LOCAL lock_timeout = {lock_timeout}"),
            format!("SET LOCAL statement_timeout = {statement_timeout}"),
            format!(
                "SELECT pg_catalog.txid_current()::text, {}, CASE pg_catalog.current_setting('track_counts') WHEN 'on' THEN {} END",
                DIALECT.now,
                ledger_state(&literal(&self.statements.history))
            ),
        ];
        Ok(())
    }

    async fn started(&mut self) -> Result<String, DatabaseError> {
        self.open_transaction().await?;
        Ok(self.started.clone())
    }

    async fn execute(&mut self, statement: &str) -> Result<(), DatabaseError> {
        self.execute_all(&[statement], &mut |_| {})
            .await
            .map_err(|(_, error)| error)?;
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
        let message = sql::message(&opening, statements);
        let answers = self.connection.fetch_many(raw_sql(AssertSqlSafe(message.clone())));
        let Answers {
            opened,
            answered,
            error,
        } = sql::read_answers(answers, before, statements.len(), begins, texts_of).await;
        self.opened(opened);
        let Some(error) = error else { return Ok(()) };
        let mut described = located(describe(&error), &error, &message);
        // A syntax error is found before any of them is executed: the place tells which one it is in.
        let mut start: usize = opening.iter().map(|opening| opening.len() + SEPARATOR.len()).sum();
        for (number, statement) in statements.iter().enumerate() {
            let end = start + statement.len();
            match described.offset {
                Some(offset) if (start..=end).contains(&offset) => {
                    described.offset = Some(offset - start);
                    return Err((number, described));
                }
                _ => start = end + SEPARATOR.len(),
            }
        }
        described.offset = None;
        let last = statements.len().saturating_sub(1);
        Err(((answered.saturating_sub(before)).min(last), described))
    }

    async fn copy_in(&mut self, statement: &str, data: &str) -> Result<(), DatabaseError> {
        self.open_transaction().await?;
        let wrap = |error: sqlx::Error| located(describe(&error), &error, statement);
        let mut copy = self.connection.copy_in_raw(statement).await.map_err(wrap)?;
        // A message of 64 KiB is what psql sends at most, too.
        for chunk in data.as_bytes().chunks(64 * 1024) {
            copy.send(chunk).await.map_err(wrap)?;
        }
        copy.finish().await.map(drop).map_err(wrap)
    }

    async fn write(&mut self, record: &Record, texts: &[(Checksum, Cow<'_, str>)]) -> Result<(), DatabaseError> {
        self.open_transaction().await?;
        let history = &self.statements.history;
        let same = format!("pg_catalog.txid_current()::text = {}", literal(&self.transaction));
        let intact = match &self.ledger {
            Some(ledger) => format!(
                "pg_catalog.current_setting('track_counts') = 'on' AND {} = {}",
                ledger_state(&literal(history)),
                literal(ledger)
            ),
            // Where the server does not count, the rows are read: one that this transaction wrote has an age of 0 or less.
            None => format!(
                "(SELECT count(*) = {} AND count(*) FILTER (WHERE pg_catalog.age(xmin) <= 0) = 0 FROM {history})",
                record.seq
            ),
        };
        let locked = format!("pg_catalog.pg_try_advisory_lock({})", self.lock_key);
        let guard = format!(
            "CASE WHEN NOT {same} THEN {} WHEN NOT {locked} THEN {} WHEN NOT ({intact}) THEN {} ELSE true END",
            stop(LEFT),
            stop(UNLOCKED),
            stop(TOUCHED)
        );
        // One statement: each more costs the server its own planning and its own snapshot. A trigger may swallow the row.
        let mut with = format!(
            "WITH written AS ({} RETURNING 1)",
            self.statements.insert(record, &guard)
        );
        for (number, (checksum, text)) in texts.iter().enumerate() {
            let insert = self.statements.insert_text(*checksum, text, "true");
            let _ = write!(with, ", text_{number} AS ({insert})");
        }
        let _ = write!(
            with,
            " SELECT CASE (SELECT count(*) FROM written) WHEN 1 THEN true ELSE {} END",
            stop(TOUCHED)
        );
        self.closing = RESTORE.iter().map(ToString::to_string).collect();
        self.closing.push(with);
        Ok(())
    }

    async fn commit(&mut self) -> Result<(), DatabaseError> {
        // Nothing that a migration wrote goes with the COMMIT, only the record before it, whose error would end the message,
        // and what cleans the session behind it.
        let closing = std::mem::take(&mut self.closing);
        let message = sql::message(&closing, &["COMMIT", &format!("{}{}", self.clean, self.limits)]);
        let mut results = self.connection.fetch_many(raw_sql(AssertSqlSafe(message)));
        let mut answered = 0;
        loop {
            match results.try_next().await {
                Ok(Some(Either::Left(_))) => answered += 1,
                Ok(Some(Either::Right(_))) => {}
                Ok(None) => return Ok(()),
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
        self.send(&message).await.map(drop)
    }

    async fn hold(&mut self, directives: &Directives) -> Result<(), DatabaseError> {
        // Only what is asked for, and no lock timeout but the script's own: an index that is built concurrently waits long and
        // keeps nobody waiting.
        let limits = [
            ("lock_timeout", directives.lock_timeout),
            (
                "statement_timeout",
                directives.statement_timeout.or(self.statement_timeout),
            ),
        ];
        for (setting, limit) in limits {
            if let Some(limit) = limit {
                let _ = write!(self.limits, "; SET {setting} = {}", limit.as_millis());
            }
        }
        Ok(())
    }

    async fn release(&mut self) -> Result<(), DatabaseError> {
        self.limits.clear();
        let clean = self.clean.clone();
        self.send(&clean).await.map(drop)
    }

    async fn update(&mut self, record: &Record) -> Result<(), DatabaseError> {
        // The role and the settings that the script has chosen are put aside for this, and hold again afterwards.
        let update = self.statements.update(record);
        let message = format!(
            "BEGIN READ WRITE; {}; {update} RETURNING 'written'; COMMIT",
            RESTORE.join("; ")
        );
        match self.query(&message).await.map(sql::first_column) {
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

    async fn close(self: Box<Self>) -> Result<(), DatabaseError> {
        self.connection.close().await.map_err(|error| describe(&error))
    }
}
