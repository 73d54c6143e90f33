//! An empty database of an engine, and short ways to say what happens to it.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection, Row};
use syncline::catalog::Catalog;
use syncline::database::Access;
use syncline::executor::Event;
use syncline::history::History;
use syncline::plan::{Finding, Goal, Policy, Rule, Source, Until};
use syncline::status;
use syncline::{Error, Migrator, Report, Target};

use crate::settings::{setting, variable};

/// An empty database.
pub(crate) struct Bench {
    pub(crate) target: Target,
    url: String,
    _directory: Option<tempfile::TempDir>,
    /// The server is somebody's, and not to be left full of databases.
    borrowed: bool,
}

/// A migration file: its name and text.
pub(crate) type File<'a> = (&'a str, &'a str);

pub(crate) fn up() -> Goal {
    Goal::Up(Until::End)
}

pub(crate) fn down() -> Goal {
    Goal::Down(Until::Steps(1), None)
}

pub(crate) fn down_with(source: Source) -> Goal {
    Goal::Down(Until::Steps(1), Some(source))
}

pub(crate) const STRICT: Policy = Policy {
    out_of_order: Rule::Refuse,
    missing: Rule::Refuse,
    latest_stamp: None,
};

pub(crate) fn postgres_url() -> String {
    setting("SYNCLINE_TEST_POSTGRES")
}

pub(crate) fn mariadb_url() -> String {
    setting("SYNCLINE_TEST_MARIADB")
}

/// A name for a database that no other test has.
fn unused_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("t{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

impl Bench {
    pub(crate) fn sqlite() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", directory.path().join("test.db").display());
        Self {
            target: Target::from_url(&url).unwrap(),
            url,
            _directory: Some(directory),
            borrowed: false,
        }
    }

    pub(crate) async fn postgres() -> Self {
        Self::postgres_at(&postgres_url()).await
    }

    /// One on each server that there is: Debian's, and a newer one where `tests/run` could have one.
    pub(crate) async fn postgres_of_each_version() -> Vec<Self> {
        let mut benches = vec![Self::postgres().await];
        if let Some(server) = variable("SYNCLINE_TEST_POSTGRES_NEW") {
            benches.push(Self::postgres_at(&server).await.lent(true));
        }
        benches
    }

    async fn postgres_at(server: &str) -> Self {
        let name = unused_name();
        let mut connection = sqlx::PgConnection::connect(server).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
        Self::of(&format!("{}/{name}", server.rsplit_once('/').unwrap().0))
    }

    pub(crate) async fn mariadb() -> Self {
        Self::mysql_at(&mariadb_url()).await
    }

    /// None where `tests/run` was told of no second MariaDB.
    pub(crate) async fn mariadb_new() -> Option<Self> {
        let bench = Self::mysql_at(&variable("SYNCLINE_TEST_MARIADB_NEW")?).await;
        Some(bench.lent(true))
    }

    /// None where `tests/run` has no MySQL.
    pub(crate) async fn mysql() -> Option<Self> {
        let bench = Self::mysql_at(&variable("SYNCLINE_TEST_MYSQL")?).await;
        Some(bench.lent(true))
    }

    /// A database of MySQL, and one of each MariaDB that there is.
    pub(crate) async fn mysqls() -> Vec<Self> {
        let mut benches = vec![Self::mariadb().await];
        benches.extend(Self::mariadb_new().await);
        benches.extend(Self::mysql().await);
        benches
    }

    pub(crate) async fn mysql_at(server: &str) -> Self {
        let name = unused_name();
        let mut connection = sqlx::MySqlConnection::connect(server).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
        Self::of(&format!("{}/{name}", server.rsplit_once('/').unwrap().0))
    }

    /// A database that is there.
    pub(crate) fn of(url: &str) -> Self {
        Self {
            target: Target::from_url(url).unwrap(),
            url: url.to_owned(),
            _directory: None,
            borrowed: false,
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// An empty database of the same engine.
    pub(crate) async fn fresh(&self) -> Self {
        match self.engine() {
            "sqlite" => Self::sqlite(),
            "postgres" => {
                let bench = Self::postgres_at(&self.url).await;
                bench.lent(self.borrowed)
            }
            _ => {
                let bench = Self::mysql_at(&self.url).await;
                bench.lent(self.borrowed)
            }
        }
    }

    fn lent(mut self, borrowed: bool) -> Self {
        self.borrowed = borrowed;
        self
    }

    pub(crate) fn engine(&self) -> &'static str {
        self.target.engine.id
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.engine() == "sqlite"
    }

    /// An expression for the schema that is current.
    pub(crate) fn schema(&self) -> &'static str {
        match self.engine() {
            "mysql" => "DATABASE()",
            _ => "current_schema()",
        }
    }

    /// A statement that takes so many seconds on a server.
    pub(crate) fn sleep(&self, seconds: u32) -> String {
        match self.engine() {
            "mysql" => format!("DO SLEEP({seconds})"),
            _ => format!("SELECT pg_sleep({seconds})"),
        }
    }

    /// Whether a migration that fails leaves nothing, with the engine's own means.
    pub(crate) fn is_transactional(&self) -> bool {
        self.engine() != "mysql"
    }

    pub(crate) fn catalog(&self, files: &[File<'_>]) -> Catalog {
        let files = files.iter().map(|(path, text)| (*path, text.as_bytes()));
        Catalog::parse(files, self.target.engine.syntax).unwrap_or_else(|error| panic!("{:#?}", error.problems))
    }

    pub(crate) async fn migrator(&self) -> Migrator {
        Migrator::connect(&self.target, Access::Write).await.unwrap()
    }

    pub(crate) async fn try_run(&self, goal: &Goal, files: &[File<'_>], policy: &Policy) -> Result<Report, Error> {
        let catalog = self.catalog(files);
        let mut migrator = self.migrator().await;
        let report = migrator.run(goal, &catalog, policy, &mut |_: Event<'_>| {}).await;
        migrator.close().await.unwrap();
        report
    }

    /// Runs to a goal that has to be reached, and says what was done.
    pub(crate) async fn run(&self, goal: &Goal, files: &[File<'_>]) -> Vec<String> {
        let report = self.try_run(goal, files, &STRICT).await.unwrap();
        if let Some(failure) = report.failure {
            panic!("{} failed: {:?}", failure.label(), failure.error);
        }
        report
            .done
            .iter()
            .map(|done| format!("{} {}", done.kind, done.label()))
            .collect()
    }

    pub(crate) async fn failure(&self, goal: &Goal, files: &[File<'_>]) -> syncline::Failure {
        let report = self.try_run(goal, files, &STRICT).await.unwrap();
        report.failure.expect("a migration should have failed")
    }

    pub(crate) async fn refusals(&self, goal: &Goal, files: &[File<'_>]) -> Vec<Finding> {
        match self.try_run(goal, files, &STRICT).await {
            Err(Error::Refused(findings)) => findings,
            other => panic!("should have been refused: {other:?}"),
        }
    }

    pub(crate) async fn history(&self) -> History {
        let mut migrator = Migrator::connect(&self.target, Access::Read).await.unwrap();
        let history = migrator.history().await.unwrap();
        migrator.close().await.unwrap();
        history
    }

    /// `version state` of each migration.
    pub(crate) async fn states(&self, files: &[File<'_>]) -> Vec<String> {
        let catalog = self.catalog(files);
        let mut migrator = Migrator::connect(&self.target, Access::Read).await.unwrap();
        let known = migrator.status(&catalog).await.unwrap();
        migrator.close().await.unwrap();
        status::join(&catalog, &known)
            .iter()
            .map(|row| format!("{} {}", row.id, row.standing.word()))
            .collect()
    }

    /// Runs statements as somebody else would.
    pub(crate) async fn execute(&self, sql: &str) {
        let statement = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self.engine() {
            "sqlite" => {
                let options: sqlx::sqlite::SqliteConnectOptions = self.url.parse().unwrap();
                let mut connection = sqlx::SqliteConnection::connect_with(&options.create_if_missing(true))
                    .await
                    .unwrap();
                statement.execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
            }
            "postgres" => {
                let mut connection = sqlx::PgConnection::connect(&self.url).await.unwrap();
                statement.execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
            }
            _ => {
                let mut connection = sqlx::MySqlConnection::connect(&self.url).await.unwrap();
                statement.execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
            }
        }
    }

    /// The first column of all rows, as text.
    pub(crate) async fn query(&self, sql: &str) -> Vec<String> {
        let statement = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        macro_rules! first {
            ($connection:ty) => {{
                let mut connection = <$connection>::connect(&self.url).await.unwrap();
                let rows = statement.fetch_all(&mut connection).await.unwrap();
                rows.iter()
                    .map(|row| row.get_unchecked::<Option<String>, _>(0).unwrap_or_default())
                    .collect()
            }};
        }
        match self.engine() {
            "sqlite" => first!(sqlx::SqliteConnection),
            "postgres" => first!(sqlx::PgConnection),
            _ => first!(sqlx::MySqlConnection),
        }
    }

    /// Names of the tables that are not syncline's.
    pub(crate) async fn tables(&self) -> Vec<String> {
        let sql = match self.engine() {
            "sqlite" => {
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'syncline_%' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
            }
            "postgres" => {
                "SELECT tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename NOT LIKE 'syncline_%' ORDER BY 1"
            }
            _ => {
                "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME NOT LIKE 'syncline_%' ORDER BY 1"
            }
        };
        self.query(sql).await
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        if !self.borrowed {
            return;
        }
        let (server, name) = self.url.rsplit_once('/').unwrap();
        let is_mysql = self.engine() == "mysql";
        let work = async {
            match is_mysql {
                true => drop_of_mysql(server, name).await,
                false => drop_of_postgres(server, name).await,
            }
        };
        // This may happen inside a runtime, which must not be blocked by another one.
        std::thread::scope(|scope| {
            let run = || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .unwrap();
                runtime.block_on(work)
            };
            if let Err(error) = scope.spawn(run).join().unwrap() {
                eprintln!("{name} is still there: {error}");
            }
        });
    }
}

async fn drop_of_mysql(server: &str, name: &str) -> Result<(), sqlx::Error> {
    // Tests name further databases after their own.
    let ours = format!(
        "SELECT CONCAT('DROP DATABASE `', SCHEMA_NAME, '`') FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE '%{}'",
        name.replace('_', "\\_")
    );
    let mut connection = sqlx::MySqlConnection::connect(&format!("{server}/mysql")).await?;
    sqlx::raw_sql("SET lock_wait_timeout = 5")
        .execute(&mut connection)
        .await?;
    for row in sqlx::raw_sql(AssertSqlSafe(ours)).fetch_all(&mut connection).await? {
        let drop: String = row.get_unchecked(0);
        sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut connection).await?;
    }
    connection.close().await
}

async fn drop_of_postgres(server: &str, name: &str) -> Result<(), sqlx::Error> {
    let mut connection = sqlx::PgConnection::connect(&format!("{server}/postgres")).await?;
    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
    sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut connection).await?;
    connection.close().await
}

/// The codes of findings.
pub(crate) fn codes(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.code.id()).collect()
}

/// Seconds of work for SQLite.
pub(crate) const SLOW_FOR_SQLITE: &str = "CREATE TABLE slow AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000) SELECT count(*) AS i FROM n";

/// Runs with an observer that keeps what it is told.
pub(crate) async fn told<T: Send>(
    target: &Target,
    catalog: &Catalog,
    mut keep: impl FnMut(&Event<'_>) -> Option<T> + Send,
) -> (Result<Report, Error>, Vec<T>) {
    let mut migrator = Migrator::connect(target, Access::Write).await.unwrap();
    let mut kept = Vec::new();
    let report = migrator
        .run(&up(), catalog, &STRICT, &mut |event: Event<'_>| {
            kept.extend(keep(&event))
        })
        .await;
    (report, kept)
}

/// Migrations that leave 50 in `a` when each is run once.
pub(crate) const COUNTED: [File<'_>; 6] = [
    ("1_a.sql", "CREATE TABLE a (balance integer); INSERT INTO a VALUES (0)"),
    ("2_a.sql", "UPDATE a SET balance = balance + 10"),
    ("3_a.sql", "UPDATE a SET balance = balance + 10"),
    ("4_a.sql", "UPDATE a SET balance = balance + 10"),
    ("5_a.sql", "UPDATE a SET balance = balance + 10"),
    ("6_a.sql", "UPDATE a SET balance = balance + 10"),
];

/// Runs so many times at once, and returns how many migrations that applied. Nothing may fail.
pub(crate) async fn at_once(runs: usize, target: &Target, catalog: &Catalog, expect: fn(&Migrator)) -> usize {
    let run = |_| {
        let (target, catalog) = (target.clone(), catalog.clone());
        tokio::spawn(async move {
            let mut migrator = Migrator::connect(&target, Access::Write).await?;
            expect(&migrator);
            migrator.run(&up(), &catalog, &STRICT, &mut |_| {}).await
        })
    };
    let running: Vec<_> = (0..runs).map(run).collect();
    let mut applied = 0;
    for run in running {
        let report = run.await.unwrap().unwrap();
        assert!(report.failure.is_none(), "{target}: {:?}", report.failure);
        applied += report.done.len();
    }
    applied
}
