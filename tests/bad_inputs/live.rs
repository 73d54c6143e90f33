//! Databases for one run each, and what is in them.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use sqlx::mysql::MySqlRow;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection, Row};
use tokio::runtime::Runtime;

use crate::case::Engine;
use crate::settings::setting;

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
    session: Session,
}

enum Session {
    Postgres(PgConnection),
    MariaDb(MySqlConnection),
}

/// Databases that are empty again.
static FREE: Mutex<Vec<Database>> = Mutex::new(Vec::new());

/// Makes a database of PostgreSQL as it was, whatever a script has done to it.
const RESET: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT nspname FROM pg_namespace WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%' LOOP
    EXECUTE format('DROP SCHEMA %I CASCADE', name);
  END LOOP;
END $$;
CREATE SCHEMA public;
GRANT USAGE ON SCHEMA public TO PUBLIC;";

/// The URL of the server that `tests/run` started.
pub(crate) fn server_of(engine: Engine) -> String {
    setting(match engine {
        Engine::MariaDb => "SYNCLINE_TEST_MARIADB",
        _ => "SYNCLINE_TEST_POSTGRES",
    })
}

/// That of PostgreSQL.
pub(crate) fn server() -> String {
    server_of(Engine::Postgres)
}

/// Host and port of a server.
pub(crate) fn address_of(engine: Engine) -> (String, u16) {
    let url = server_of(engine);
    let authority = url.rsplit_once('@').unwrap().1;
    let (host, rest) = authority.split_once(':').unwrap();
    let port = rest.split('/').next().unwrap().parse().unwrap();
    (host.to_owned(), port)
}

/// Host and port of PostgreSQL.
pub(crate) fn server_address() -> (String, u16) {
    address_of(Engine::Postgres)
}

/// The password of a server, which may appear nowhere.
pub(crate) fn password_of(engine: Engine) -> String {
    let url = server_of(engine);
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

/// Runs statements of an administrator on PostgreSQL itself, one by one.
pub(crate) fn administer(statements: &[&str]) {
    administer_of(Engine::Postgres, statements);
}

/// Runs statements of an administrator on a server itself, one by one.
pub(crate) fn administer_of(engine: Engine, statements: &[&str]) {
    let runtime = runtime();
    let mut session = Session::open(&runtime, engine, &server_of(engine));
    for statement in statements {
        session.query(&runtime, statement);
    }
    session.close(&runtime);
}

fn url_of(engine: Engine, name: &str) -> String {
    format!("{}/{name}", server_of(engine).rsplit_once('/').unwrap().0)
}

impl Session {
    fn open(runtime: &Runtime, engine: Engine, url: &str) -> Self {
        runtime.block_on(async {
            match engine {
                Engine::MariaDb => Self::MariaDb(MySqlConnection::connect(url).await.unwrap()),
                _ => Self::Postgres(PgConnection::connect(url).await.unwrap()),
            }
        })
    }

    /// The first column of all rows, as text.
    fn query(&mut self, runtime: &Runtime, sql: &str) -> Vec<String> {
        let statement = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        runtime.block_on(async {
            match self {
                Self::Postgres(connection) => {
                    let rows = statement.fetch_all(connection).await.unwrap();
                    rows.iter()
                        .map(|row| row.get_unchecked::<Option<String>, _>(0).unwrap_or_default())
                        .collect()
                }
                Self::MariaDb(connection) => {
                    let rows = statement.fetch_all(connection).await.unwrap();
                    // This protocol answers in text, whatever the type of a column.
                    let bytes = |row: &MySqlRow| row.get_unchecked::<Option<Vec<u8>>, _>(0).unwrap_or_default();
                    rows.iter()
                        .map(|row| String::from_utf8_lossy(&bytes(row)).into_owned())
                        .collect()
                }
            }
        })
    }

    fn close(self, runtime: &Runtime) {
        runtime.block_on(async {
            match self {
                Self::Postgres(connection) => connection.close().await.unwrap(),
                Self::MariaDb(connection) => connection.close().await.unwrap(),
            }
        });
    }
}

impl Database {
    fn new(engine: Engine, with: &str) -> Self {
        let name = fresh("d");
        administer_of(engine, &[&format!("CREATE DATABASE {name} {with}")]);
        let runtime = runtime();
        let session = Session::open(&runtime, engine, &url_of(engine, &name));
        Self { name, runtime, session }
    }

    fn engine(&self) -> Engine {
        match self.session {
            Session::Postgres(_) => Engine::Postgres,
            Session::MariaDb(_) => Engine::MariaDb,
        }
    }

    fn query(&mut self, sql: &str) -> Vec<String> {
        self.session.query(&self.runtime, sql)
    }

    /// Makes it as it was, whatever a script has done to it.
    fn reset(&mut self) {
        let name = self.name.clone();
        match self.session {
            Session::Postgres(_) => drop(self.query(RESET)),
            Session::MariaDb(_) => {
                let others = format!(
                    "SELECT ID FROM information_schema.PROCESSLIST WHERE DB = '{name}' AND ID <> CONNECTION_ID()"
                );
                for session in self.query(&others) {
                    // It may have ended meanwhile.
                    self.query(&format!(
                        "BEGIN NOT ATOMIC DECLARE CONTINUE HANDLER FOR 1094 BEGIN END; KILL {session}; END"
                    ));
                }
                self.query(&format!("DROP DATABASE {name}; CREATE DATABASE {name}; USE {name}"));
            }
        }
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
            Engine::MariaDb => "mysql://127.0.0.1:1/x",
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
        let mut free = FREE.lock().unwrap_or_else(PoisonError::into_inner);
        let found = free.iter().position(|database| database.engine() == engine);
        let found = found.map(|index| free.swap_remove(index));
        drop(free);
        Self::of(found.unwrap_or_else(|| Database::new(engine, "")), true)
    }

    /// An empty database on the server, made with these words of `CREATE DATABASE`.
    pub(crate) fn postgres(with: &str) -> Self {
        Self::of(Database::new(Engine::Postgres, with), false)
    }

    fn of(database: Database, use_again: bool) -> Self {
        Self {
            engine: database.engine(),
            url: url_of(database.engine(), &database.name),
            server: Some(Mutex::new(database)),
            use_again,
        }
    }

    /// Whether there is anything to ask.
    pub(crate) fn exists(&self) -> bool {
        match self.engine {
            Engine::Sqlite => Path::new(self.url.trim_start_matches("sqlite:")).exists(),
            Engine::Postgres | Engine::MariaDb => self.server.is_some(),
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
            Engine::MariaDb => {
                "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME NOT LIKE 'syncline_%' ORDER BY 1"
            }
        })
    }

    /// All that the database holds of schema, rows and ledger, to be compared. A ledger of which only the beginning is there is none.
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
            Engine::MariaDb => (
                "SELECT CONCAT_WS(' ', TABLE_TYPE, TABLE_NAME, COLUMN_NAME, COLUMN_TYPE) FROM information_schema.TABLES JOIN information_schema.COLUMNS USING (TABLE_SCHEMA, TABLE_NAME) \
                 WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME NOT LIKE 'syncline_%' \
                 UNION ALL SELECT CONCAT_WS(' ', ROUTINE_TYPE, ROUTINE_NAME) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() ORDER BY 1",
                "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'syncline_history'",
                "SELECT CONCAT_WS(' ', seq, kind, COALESCE(version, ''), state) FROM syncline_history WHERE seq > 0 ORDER BY seq",
            ),
        };
        let mut all = self.query(schema);
        if self.query(ledger) == ["1"] && !self.is_foreign() {
            all.extend(self.query(count));
            let rows = self.rows_of_history();
            all.extend(rows.into_iter().filter(|row| !row.contains(" init ")));
            all.extend(self.query("SELECT checksum FROM syncline_script ORDER BY 1"));
        }
        for count in self.query(self.counts()) {
            all.extend(self.query(&count));
        }
        all
    }

    /// A query that finds a query for each table: how many rows it has.
    fn counts(&self) -> &'static str {
        match self.engine {
            Engine::Sqlite => {
                "SELECT 'SELECT ' || quote(name) || ' || count(*) FROM \"' || replace(name, '\"', '\"\"') || '\"' FROM sqlite_schema \
                 WHERE type = 'table' AND name NOT LIKE 'syncline_%' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
            }
            Engine::Postgres => {
                "SELECT format('SELECT %L || count(*) FROM %I.%I', tablename, schemaname, tablename) FROM pg_tables \
                 WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename NOT LIKE 'syncline_%' ORDER BY 1"
            }
            Engine::MariaDb => {
                "SELECT CONCAT('SELECT CONCAT(', QUOTE(TABLE_NAME), ', COUNT(*)) FROM `', REPLACE(TABLE_NAME, '`', '``'), '`') \
                 FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE' \
                 AND TABLE_NAME NOT LIKE 'syncline_%' ORDER BY 1"
            }
        }
    }

    /// All that the history holds, a text for each row.
    pub(crate) fn rows_of_history(&self) -> Vec<String> {
        let columns = self.columns_of_history();
        if columns.is_empty() {
            return columns;
        }
        let all: Vec<String> = columns
            .iter()
            .map(|column| format!("coalesce(cast({column} as char(4000)), '')"))
            .collect();
        let all = match self.engine {
            Engine::MariaDb => format!("CONCAT_WS(' ', {})", all.join(", ")),
            _ => all.join(" || ' ' || "),
        };
        self.query(&format!("SELECT {all} FROM syncline_history"))
    }

    fn columns_of_history(&self) -> Vec<String> {
        self.query(match self.engine {
            Engine::Sqlite => "SELECT name FROM pragma_table_info('syncline_history')",
            Engine::Postgres => {
                "SELECT column_name::text FROM information_schema.columns WHERE table_name = 'syncline_history'"
            }
            Engine::MariaDb => {
                "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'syncline_history'"
            }
        })
    }

    /// Whether the table of the ledger is somebody else's.
    fn is_foreign(&self) -> bool {
        let columns = self.columns_of_history();
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
            database.reset();
            FREE.lock().unwrap_or_else(PoisonError::into_inner).push(database);
        } else {
            let Database { name, session, .. } = database;
            drop(session);
            administer(&[&format!("DROP DATABASE {name} WITH (FORCE)")]);
        }
    }
}
