//! Databases for one run each, and what is in them.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use tokio::runtime::Runtime;

use crate::case::Engine;

/// A database, or the place of one that is not to be reached.
pub(crate) struct Live {
    pub(crate) engine: Engine,
    pub(crate) url: String,
    server: Option<Mutex<Database>>,
    use_again: bool,
}

/// A database of the server, with a connection that is kept: to get in costs more than all that is asked.
struct Database {
    name: String,
    runtime: Runtime,
    connection: PgConnection,
}

/// Databases that are empty again.
static FREE: Mutex<Vec<Database>> = Mutex::new(Vec::new());

/// Makes a database as it was, whatever a script has done to it.
const RESET: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT nspname FROM pg_namespace WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%' LOOP
    EXECUTE format('DROP SCHEMA %I CASCADE', name);
  END LOOP;
END $$;
CREATE SCHEMA public;
GRANT USAGE ON SCHEMA public TO PUBLIC;";

/// The URL of the server that `tests/run` started.
pub(crate) fn server() -> String {
    let found = std::env::vars().find(|(name, _)| name == "SYNCLINE_TEST_POSTGRES");
    found
        .expect("SYNCLINE_TEST_POSTGRES is not set: run tests/run, or tests/run --serve in another terminal")
        .1
}

/// Host and port of that server.
pub(crate) fn server_address() -> (String, u16) {
    let url = server();
    let authority = url.rsplit_once('@').unwrap().1;
    let (host, rest) = authority.split_once(':').unwrap();
    let port = rest.split('/').next().unwrap().parse().unwrap();
    (host.to_owned(), port)
}

/// Its password, which may appear nowhere.
pub(crate) fn server_password() -> String {
    let url = server();
    let (_, rest) = url.split_once("://").unwrap();
    let (user, _) = rest.rsplit_once('@').unwrap();
    user.split_once(':').map_or("", |(_, password)| password).to_owned()
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// Runs statements of an administrator on the server itself, one by one.
pub(crate) fn administer(statements: &[&str]) {
    runtime().block_on(async {
        let mut connection = PgConnection::connect(&server()).await.unwrap();
        for statement in statements {
            let statement = sqlx::raw_sql(AssertSqlSafe((*statement).to_owned()));
            statement.execute(&mut connection).await.unwrap();
        }
        connection.close().await.unwrap();
    });
}

fn url_of(name: &str) -> String {
    format!("{}/{name}", server().rsplit_once('/').unwrap().0)
}

impl Database {
    fn new(with: &str) -> Self {
        let name = fresh("d");
        administer(&[&format!("CREATE DATABASE {name} {with}")]);
        let runtime = runtime();
        let connection = runtime.block_on(PgConnection::connect(&url_of(&name))).unwrap();
        Self {
            name,
            runtime,
            connection,
        }
    }

    fn query(&mut self, sql: &str) -> Vec<String> {
        let statement = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        let rows = self
            .runtime
            .block_on(statement.fetch_all(&mut self.connection))
            .unwrap();
        rows.iter()
            .map(|row| row.get_unchecked::<Option<String>, _>(0).unwrap_or_default())
            .collect()
    }
}

/// A name that nobody else has.
pub(crate) fn fresh(kind: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!(
        "bad_{kind}_{}_{}",
        std::process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed)
    )
}

impl Live {
    /// Nothing is there.
    pub(crate) fn nowhere(engine: Engine) -> Self {
        let url = match engine {
            Engine::Sqlite => "sqlite:test.db",
            Engine::Postgres => "postgres://127.0.0.1:1/x",
        };
        Self {
            engine,
            url: url.to_owned(),
            server: None,
            use_again: false,
        }
    }

    /// An empty database.
    pub(crate) fn new(engine: Engine, project: &Path) -> Self {
        if engine == Engine::Sqlite {
            let mut live = Self::nowhere(engine);
            live.url = format!("sqlite:{}", project.join("test.db").display());
            return live;
        }
        let free = FREE.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Self::of(free.unwrap_or_else(|| Database::new("")), true)
    }

    /// An empty database on the server, made with these words of `CREATE DATABASE`.
    pub(crate) fn postgres(with: &str) -> Self {
        Self::of(Database::new(with), false)
    }

    fn of(database: Database, use_again: bool) -> Self {
        Self {
            engine: Engine::Postgres,
            url: url_of(&database.name),
            server: Some(Mutex::new(database)),
            use_again,
        }
    }

    /// Whether there is anything to ask.
    pub(crate) fn exists(&self) -> bool {
        match self.engine {
            Engine::Sqlite => Path::new(self.url.trim_start_matches("sqlite:")).exists(),
            Engine::Postgres => self.server.is_some(),
        }
    }

    pub(crate) fn execute(&self, sql: &str) {
        self.query(sql);
    }

    /// The first column of all rows, as text.
    pub(crate) fn query(&self, sql: &str) -> Vec<String> {
        if let Some(database) = &self.server {
            return database.lock().unwrap_or_else(PoisonError::into_inner).query(sql);
        }
        runtime().block_on(async {
            let statement = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
            let options: sqlx::sqlite::SqliteConnectOptions = self.url.parse().unwrap();
            let options = options.create_if_missing(true);
            let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
            let rows = statement.fetch_all(&mut connection).await.unwrap();
            connection.close().await.unwrap();
            rows.iter()
                .map(|row| row.get_unchecked::<Option<String>, _>(0).unwrap_or_default())
                .collect()
        })
    }

    /// Names of the tables that are not syncline's.
    pub(crate) fn tables(&self) -> Vec<String> {
        self.query(match self.engine {
            Engine::Sqlite => {
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'syncline_%' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
            }
            Engine::Postgres => {
                "SELECT tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename NOT LIKE 'syncline_%' ORDER BY 1"
            }
        })
    }

    /// All that the database holds of schema and ledger, to be compared. A ledger of which only the beginning is there is none.
    pub(crate) fn everything(&self) -> Vec<String> {
        if !self.exists() {
            return Vec::new();
        }
        let (schema, ledger, count) = match self.engine {
            Engine::Sqlite => (
                "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema WHERE tbl_name NOT LIKE 'syncline_%' ORDER BY 1",
                "SELECT count(*) FROM sqlite_schema WHERE name = 'syncline_history'",
                "SELECT seq || ' ' || kind || ' ' || coalesce(version, '') || ' ' || state FROM syncline_history WHERE seq > 0 ORDER BY seq",
            ),
            Engine::Postgres => (
                "SELECT 'class ' || oid::regclass::text || ' ' || relkind::text || relnatts::text FROM pg_class WHERE relnamespace NOT IN \
                 ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'pg_toast'::regnamespace) AND relname NOT LIKE 'syncline_%' \
                 UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg_%' \
                 UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace NOT IN \
                 ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) ORDER BY 1",
                "SELECT count(*)::text FROM pg_tables WHERE schemaname = 'public' AND tablename = 'syncline_history'",
                "SELECT seq || ' ' || kind || ' ' || coalesce(version, '') || ' ' || state FROM public.syncline_history WHERE seq > 0 ORDER BY seq",
            ),
        };
        let mut all = self.query(schema);
        if self.query(ledger) == ["1"] && !self.is_foreign() {
            all.extend(self.query(count));
        }
        all
    }

    /// Whether the table of the ledger is somebody else's.
    fn is_foreign(&self) -> bool {
        let columns = match self.engine {
            Engine::Sqlite => "SELECT name FROM pragma_table_info('syncline_history')",
            Engine::Postgres => {
                "SELECT column_name::text FROM information_schema.columns WHERE table_name = 'syncline_history'"
            }
        };
        let columns = self.query(columns);
        !["seq", "kind", "version", "state"]
            .iter()
            .all(|wanted| columns.iter().any(|column| column == wanted))
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        let Some(database) = self.server.take() else { return };
        if std::thread::panicking() {
            return;
        }
        let mut database = database.into_inner().unwrap_or_else(PoisonError::into_inner);
        if self.use_again {
            database.query(RESET);
            FREE.lock().unwrap_or_else(PoisonError::into_inner).push(database);
        } else {
            let Database { name, connection, .. } = database;
            drop(connection);
            administer(&[&format!("DROP DATABASE {name} WITH (FORCE)")]);
        }
    }
}
