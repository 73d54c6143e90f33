//! A database that is run twice on the same file: by its client, and statement by statement.

use std::cell::RefCell;
use std::fmt;
use std::fs;

use similar::TextDiff;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection};
use syncline::script::{self, SqlMode, Syntax};

use crate::settings::setting;
use crate::{clients, picture, pieces};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    MariaDb,
    Postgres,
    Sqlite,
}

impl Engine {
    /// How the names of its files begin.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::MariaDb => "mysql_",
            Self::Postgres => "postgres_",
            Self::Sqlite => "sqlite_",
        }
    }

    pub(crate) fn syntax(self) -> Syntax {
        match self {
            Self::MariaDb => Syntax::Mysql(SqlMode::default()),
            Self::Postgres => Syntax::Postgres(Default::default()),
            Self::Sqlite => Syntax::Sqlite,
        }
    }

    /// Whether a file is not refused before anything of it runs: as broken, or for a command of the client.
    pub(crate) fn splits(self, bytes: &[u8]) -> bool {
        let text = script::decode(bytes.to_vec());
        text.is_ok_and(|text| script::parse(&text, self.syntax()).is_ok())
    }

    /// Whether the client goes on behind an error. That of SQLite drops what else is in the line, so it must not.
    pub(crate) fn goes_on(self) -> bool {
        self != Self::Sqlite
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::MariaDb => "MariaDB",
            Self::Postgres => "PostgreSQL",
            Self::Sqlite => "SQLite",
        })
    }
}

pub(crate) struct Database {
    pub(crate) engine: Engine,
    /// Of the server, or of SQLite's file.
    pub(crate) url: String,
    name: String,
    pub(crate) directory: tempfile::TempDir,
    runtime: tokio::runtime::Runtime,
    /// Kept, since to log in to PostgreSQL takes longer than all the rest.
    cleaner: RefCell<Option<PgConnection>>,
}

impl Database {
    pub(crate) fn new(engine: Engine) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let name = format!("differential{}", std::process::id());
        let at = |variable| format!("{}/{name}", setting(variable).rsplit_once('/').unwrap().0);
        let url = match engine {
            Engine::MariaDb => at("SYNCLINE_TEST_MARIADB"),
            Engine::Postgres => at("SYNCLINE_TEST_POSTGRES"),
            Engine::Sqlite => directory.path().join("database").display().to_string(),
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        Self {
            engine,
            url,
            name,
            directory,
            runtime,
            cleaner: RefCell::new(None),
        }
    }

    /// Runs a file both ways; an error tells what is different.
    pub(crate) fn compare(&self, bytes: &[u8]) -> Result<(), String> {
        let text = script::decode(bytes.to_vec()).unwrap();
        self.empty();
        let mut wanted = clients::run(self, bytes);
        wanted.extend(self.runtime.block_on(picture::of(self)));
        self.empty();
        let mut found = self.runtime.block_on(pieces::run(self, &text));
        found.extend(self.runtime.block_on(picture::of(self)));
        if wanted == found {
            return Ok(());
        }
        let (wanted, found) = (wanted.join("\n") + "\n", found.join("\n") + "\n");
        let diff = TextDiff::from_lines(&wanted, &found);
        let diff = diff.unified_diff().header("the client", "one by one").to_string();
        Err(format!("{text}\n--- is run differently:\n{diff}"))
    }

    fn empty(&self) {
        let (server, name) = (self.url.rsplit_once('/').unwrap().0, &self.name);
        let again = format!("DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name}");
        match self.engine {
            Engine::MariaDb => self.runtime.block_on(async {
                let mut connection = MySqlConnection::connect(&format!("{server}/mysql")).await.unwrap();
                sqlx::raw_sql(AssertSqlSafe(again))
                    .execute(&mut connection)
                    .await
                    .unwrap();
                connection.close().await.unwrap();
            }),
            Engine::Postgres => {
                let mut cleaner = self.cleaner.borrow_mut();
                let cleaner =
                    cleaner.get_or_insert_with(|| self.runtime.block_on(made_in_postgres(&self.url, server, name)));
                self.runtime.block_on(sqlx::raw_sql(EMPTY).execute(cleaner)).unwrap();
            }
            Engine::Sqlite => {
                for file in fs::read_dir(self.directory.path()).unwrap() {
                    fs::remove_file(file.unwrap().path()).unwrap();
                }
            }
        }
    }
}

/// To make another database takes ten times as long.
const EMPTY: &str = "DO $$ DECLARE s name; BEGIN
    FOR s IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', s);
    END LOOP;
    CREATE SCHEMA public;
END $$";

async fn made_in_postgres(url: &str, server: &str, name: &str) -> PgConnection {
    let mut connection = PgConnection::connect(&format!("{server}/postgres")).await.unwrap();
    let create = format!("CREATE DATABASE {name}");
    sqlx::raw_sql(AssertSqlSafe(create))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    PgConnection::connect(url).await.unwrap()
}
