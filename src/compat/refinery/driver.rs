//! refinery's own history over sqlx: what its runner needs from a connection, and nothing of syncline's.

use refinery_core::traits::r#async::{AsyncMigrate, AsyncQuery, AsyncTransaction};
use refinery_core::{Migration, SchemaVersion};
use sqlx::{AssertSqlSafe, ColumnIndex, Connection, Database, Decode, Executor, Row, Transaction, Type, raw_sql};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::script::{self, Kind, Position, Syntax, describe};

/// A connection of sqlx, as refinery's `Runner` takes it.
///
/// Everything is refinery's own: the table, the checksums, `set_grouped`, `set_abort_divergent`, `set_abort_missing`, the targets. A
/// history that refinery has written through another driver goes on here, and one from here goes on there. syncline's ledger, lock
/// and plan have no part in it.
///
/// ```
/// use refinery::{Migration, Runner};
/// use sqlx::{Connection, SqliteConnection};
/// use syncline::compat::refinery::Sqlx;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // Or what `refinery::embed_migrations!` has made: `embedded::migrations::runner()`.
/// let runner = Runner::new(&[
///     Migration::unapplied("V1__people", "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT)")?,
///     Migration::unapplied("V2__index", "CREATE INDEX people_name ON people (name); ANALYZE;")?,
/// ]);
/// let mut connection = SqliteConnection::connect("sqlite::memory:").await?;
///
/// let report = runner.run_async(&mut Sqlx::new(&mut connection)).await?;
/// assert_eq!(report.applied_migrations().len(), 2);
/// let again = runner.run_async(&mut Sqlx::new(&mut connection)).await?;
/// assert!(again.applied_migrations().is_empty());
///
/// let last = runner.get_last_applied_migration_async(&mut Sqlx::new(&mut connection)).await?;
/// assert_eq!(last.map(|migration| migration.version()), Some(2));
/// # Ok(())
/// # }
/// ```
///
/// A connection of a pool is lent as `Sqlx::new(&mut *connection)`:
///
/// ```no_run
/// # async fn run(runner: refinery::Runner) -> Result<(), Box<dyn std::error::Error>> {
/// let pool = sqlx::PgPool::connect("postgres://localhost/shop").await?;
/// let mut connection = pool.acquire().await?;
/// let report = runner.set_grouped(true).run_async(&mut syncline::compat::refinery::Sqlx::new(&mut *connection)).await?;
/// # Ok(())
/// # }
/// ```
///
/// # What you may rely on
///
/// - A migration and its row of the history are written in one transaction; after `set_grouped(true)` all migrations are. When
///   something fails, the transaction is rolled back.
/// - MySQL and MariaDB end the transaction with the first statement that changes the schema, and commit every statement behind it
///   on its own. A script that fails there may leave some of its effects, without a row, and of a group the migrations before it
///   stay. The transactions are READ COMMITTED, as those of refinery's driver for mysql_async.
/// - A script is sent as it is, and may hold several statements and bodies with semicolons. Rows that it returns are thrown away.
/// - A row of the history that refinery cannot have written is an error. It is never passed over, and nothing panics.
/// - A connection that is in a transaction is refused, because that transaction would be committed, too.
/// - A script that sqlx could not run is refused, and nothing is sent of it or of its group: `COPY … FROM STDIN` and `TO STDOUT` on
///   PostgreSQL, a zero byte on SQLite and PostgreSQL, and on SQLite a script that begins or ends a transaction.
/// - refinery takes no lock: of two runs at the same time one may fail. [`Session`](super::Session) has a lock.
/// - Whoever drops the future of a run should close the connection. The statement that is running may come to its end at the server;
///   what was not committed is rolled back, at the latest when the connection is closed.
///
/// # The session is yours
///
/// No setting of the session is changed, and sqlx sets some that may change what a script means. Lend a connection that is for
/// migrations alone, and give it the settings that your scripts were written for.
///
/// - **MySQL and MariaDB**: sqlx adds `PIPES_AS_CONCAT`, `NO_ENGINE_SUBSTITUTION` and `IGNORE_SPACE` to `sql_mode`, so `||` joins texts.
///   Functions, triggers and events keep the mode that they were made with. The time zone is `+00:00`. The drivers that refinery
///   brings leave both to the server, and so does this:
///
///   ```no_run
///   # use sqlx::{Connection, MySqlConnection};
///   # async fn run(runner: refinery::Runner) -> Result<(), Box<dyn std::error::Error>> {
///   let mut connection = MySqlConnection::connect("mysql://localhost/shop").await?;
///   sqlx::raw_sql("SET SESSION sql_mode = @@GLOBAL.sql_mode, SESSION time_zone = @@GLOBAL.time_zone")
///       .execute(&mut connection)
///       .await?;
///   runner.run_async(&mut syncline::compat::refinery::Sqlx::new(&mut connection)).await?;
///   # Ok(())
///   # }
///   ```
///
/// - **PostgreSQL**: sqlx asks for the time zone UTC and the date style `ISO, MDY`, whatever the server, the database or the user have.
///   `SET timezone = …` on the connection gives it another one.
/// - **SQLite**: sqlx checks foreign keys, and a script cannot switch that off, because the pragma does nothing in a transaction. Where a
///   script makes a table anew that others refer to, connect with `SqliteConnectOptions::foreign_keys(false)`.
pub struct Sqlx<'a, C>(&'a mut C);

impl<'a, C> Sqlx<'a, C> {
    /// Lends a connection to a runner.
    pub fn new(connection: &'a mut C) -> Self {
        Self(connection)
    }
}

/// Why a run over [`Sqlx`] ended. refinery's error has it as its source.
#[derive(Debug, thiserror::Error)]
pub enum DriverError {
    /// What sqlx or the database said.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The caller has begun a transaction on the connection. Nothing was sent.
    #[error("the connection is in a transaction: commit it or roll it back first")]
    InTransaction,
    /// A script that sqlx cannot run. Nothing was sent of it or of its group.
    #[error("{0}")]
    Script(String),
    /// The history has a row that refinery cannot have written.
    #[error("row {row} of the history is none that refinery writes: {column}: {what}")]
    History {
        /// Which row, from 1, in the order of the versions.
        row: usize,
        /// The column.
        column: &'static str,
        /// What is wrong with it.
        what: String,
    },
}

/// The connections of sqlx that a runner can use: those of the engines that are switched on.
pub trait Engine: Connection {
    #[doc(hidden)]
    const RULES: Rules;
}

/// What is particular to an engine. It has no public name, so nobody else can implement the trait.
#[derive(Clone, Copy)]
pub struct Rules {
    begin: &'static str,
    syntax: Syntax,
}

#[cfg(feature = "_sqlite")]
impl Engine for sqlx::SqliteConnection {
    const RULES: Rules = Rules {
        begin: "BEGIN",
        syntax: Syntax::Sqlite,
    };
}

#[cfg(feature = "postgres")]
impl Engine for sqlx::PgConnection {
    const RULES: Rules = Rules {
        begin: "BEGIN",
        syntax: Syntax::Postgres(script::Strings::Standard),
    };
}

#[cfg(feature = "mysql")]
impl Engine for sqlx::MySqlConnection {
    const RULES: Rules = Rules {
        // The first one holds for the second alone. In one message, so that nobody can come between them.
        begin: "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; BEGIN",
        syntax: Syntax::Mysql(script::SqlMode {
            no_backslash_escapes: false,
            ansi_quotes: false,
            oracle: false,
        }),
    };
}

impl<C> AsyncTransaction for Sqlx<'_, C>
where
    C: Engine,
    for<'e> &'e mut C: Executor<'e, Database = C::Database>,
{
    type Error = DriverError;

    async fn execute<'a, T>(&'a mut self, queries: T) -> Result<usize, DriverError>
    where
        T: Iterator<Item = &'a str> + Send + 'a,
    {
        let queries: Vec<&str> = queries.collect();
        queries.iter().try_for_each(|query| fit(query, C::RULES.syntax))?;
        let mut transaction = begin(self.0).await?;
        for query in &queries {
            let done = raw_sql(AssertSqlSafe((*query).to_owned()))
                .execute(&mut *transaction)
                .await;
            if let Err(error) = done {
                return Err(roll_back(transaction, error).await);
            }
        }
        transaction.commit().await?;
        Ok(queries.len())
    }
}

impl<C> AsyncQuery<Vec<Migration>> for Sqlx<'_, C>
where
    C: Engine,
    for<'e> &'e mut C: Executor<'e, Database = C::Database>,
    for<'r> i32: Decode<'r, C::Database> + Type<C::Database>,
    for<'r> i64: Decode<'r, C::Database> + Type<C::Database>,
    for<'r> String: Decode<'r, C::Database> + Type<C::Database>,
    usize: ColumnIndex<<C::Database as Database>::Row>,
{
    async fn query<'a>(&'a mut self, query: &'a str) -> Result<Vec<Migration>, DriverError> {
        let mut transaction = begin(self.0).await?;
        let rows = match raw_sql(AssertSqlSafe(query.to_owned()))
            .fetch_all(&mut *transaction)
            .await
        {
            Ok(rows) => rows,
            Err(error) => return Err(roll_back(transaction, error).await),
        };
        transaction.commit().await?;
        (1..).zip(&rows).map(|(number, row)| migration(number, row)).collect()
    }
}

impl<C> AsyncMigrate for Sqlx<'_, C> where Self: AsyncQuery<Vec<Migration>> {}

async fn begin<C: Engine>(connection: &mut C) -> Result<Transaction<'_, C::Database>, DriverError> {
    // A savepoint would be all that sqlx gives.
    if connection.is_in_transaction() {
        return Err(DriverError::InTransaction);
    }
    Ok(connection.begin_with(C::RULES.begin).await?)
}

/// Does not return before the server has let go of everything, unless it cannot be understood any more.
async fn roll_back<C>(mut transaction: Transaction<'_, C::Database>, error: sqlx::Error) -> DriverError
where
    C: Engine,
    for<'e> &'e mut C: Executor<'e, Database = C::Database>,
{
    // An answer may never come: the server may be waiting for us.
    if matches!(error, sqlx::Error::Protocol(_)) {
        return error.into();
    }
    if C::RULES.syntax == Syntax::Sqlite {
        // SQLite rolls back by itself after some errors, such as a full disk, and sqlx would count a transaction that there is no
        // more. Where it is still there, this fails.
        let _ = raw_sql("BEGIN").execute(&mut *transaction).await;
    }
    // Where it fails, the connection is lost, and the server rolls back.
    let _ = transaction.rollback().await;
    error.into()
}

/// Refuses what sqlx would wait for without end, and what would leave a transaction that is counted and is none.
fn fit(text: &str, syntax: Syntax) -> Result<(), DriverError> {
    if matches!(syntax, Syntax::Mysql(_)) {
        return Ok(());
    }
    let refused = |at, what: String| {
        let line = Position::of(text, at).line;
        Err(DriverError::Script(format!("line {line} of the script: {what}")))
    };
    if let Some(at) = text.find('\0') {
        return refused(at, "a zero byte, which would end the script".to_owned());
    }
    // What cannot be split is the server's to judge.
    let parsed = script::parse(text, syntax);
    for statement in parsed.iter().flat_map(|parsed| &parsed.statements) {
        let why = match (&statement.kind, syntax) {
            (Kind::CopyIn { .. } | Kind::CopyOut, _) => "wants a client that sends or takes rows: write INSERT",
            (Kind::Transaction, Syntax::Sqlite) => {
                "begins or ends a transaction, and the migration is in one: remove it"
            }
            _ => continue,
        };
        let what = describe(text, statement, syntax);
        return refused(statement.body.start, format!("`{what}` {why}"));
    }
    Ok(())
}

fn migration<R: Row>(number: usize, row: &R) -> Result<Migration, DriverError>
where
    for<'r> i32: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> i64: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> String: Decode<'r, R::Database> + Type<R::Database>,
    usize: ColumnIndex<R>,
{
    let wrong = |column, what: String| DriverError::History {
        row: number,
        column,
        what,
    };
    // sqlx may read a NULL as if it were a value.
    let missing = || "NULL".to_owned();
    // refinery makes the column an int4, or an int8 where its feature says so, and a table may be older than the feature.
    let version = match row.try_get::<Option<i32>, _>(0) {
        Ok(version) => Ok(version.map(i64::from)),
        Err(_) => row.try_get(0),
    };
    let version: Option<i64> = version.map_err(|error| wrong("version", error.to_string()))?;
    let version = version.ok_or_else(|| wrong("version", missing()))?;
    let version = SchemaVersion::try_from(version).map_err(|error| wrong("version", format!("{version}: {error}")))?;
    let text = |index: usize, column| {
        let value: Option<String> = row.try_get(index).map_err(|error| wrong(column, error.to_string()))?;
        value.ok_or_else(|| wrong(column, missing()))
    };
    let (name, applied_on, checksum) = (text(1, "name")?, text(2, "applied_on")?, text(3, "checksum")?);
    let applied_on = OffsetDateTime::parse(&applied_on, &Rfc3339)
        .map_err(|error| wrong("applied_on", format!("{applied_on:?}: {error}")))?;
    let checksum = checksum
        .parse()
        .map_err(|error| wrong("checksum", format!("{checksum:?}: {error}")))?;
    Ok(Migration::applied(version, name, applied_on, checksum))
}
