//! A file run statement by statement, as the splitter finds them, over a plain connection.

use futures_util::TryStreamExt as _;
use sqlx::mysql::{MySqlConnectOptions, MySqlDatabaseError};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection, Either, MySqlConnection, PgConnection, SqliteConnection};
use syncline::script::{self, Kind};

use crate::clients::{FAILED, without_rest};
use crate::engine::Database;

enum Plain {
    MariaDb(MySqlConnection),
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

/// The errors, in the order of the file.
pub(crate) async fn run(database: &Database, text: &str) -> Vec<String> {
    let parsed = script::parse(text, database.engine.syntax()).unwrap();
    let mut connection = Plain::open(database).await;
    let mut errors = Vec::new();
    for statement in parsed.sent() {
        let body = &text[statement.body.clone()];
        let outcome = match &statement.kind {
            Kind::CopyIn { data } => connection.copy(body, &text[data.clone()]).await,
            _ => connection.run(body).await,
        };
        if let Err(error) = outcome {
            errors.push(told(&error));
            if !database.engine.goes_on() {
                break;
            }
        }
    }
    connection.close().await;
    errors
}

impl Plain {
    /// A session as the client gets it.
    async fn open(database: &Database) -> Self {
        use crate::engine::Engine;
        match database.engine {
            Engine::MariaDb => {
                let options: MySqlConnectOptions = database.url.parse().unwrap();
                let options = options
                    .pipes_as_concat(false)
                    .no_engine_substitution(false)
                    .timezone(None);
                let mut connection = options.connect().await.unwrap();
                // The driver asks for IGNORE_SPACE, as syncline finds it and takes it back.
                sqlx::raw_sql("SET NAMES utf8mb4, SESSION sql_mode = @@GLOBAL.sql_mode")
                    .execute(&mut connection)
                    .await
                    .unwrap();
                Self::MariaDb(connection)
            }
            Engine::Postgres => Self::Postgres(PgConnection::connect(&database.url).await.unwrap()),
            Engine::Sqlite => {
                let options = SqliteConnectOptions::new().filename(&database.url);
                let options = options.create_if_missing(true).foreign_keys(false);
                Self::Sqlite(options.connect().await.unwrap())
            }
        }
    }

    async fn run(&mut self, body: &str) -> Result<(), sqlx::Error> {
        macro_rules! answers {
            ($connection:expr) => {{
                let results = sqlx::raw_sql(AssertSqlSafe(body.to_owned())).fetch_many($connection);
                let answers =
                    results.try_filter_map(async |result| Ok(matches!(result, Either::Left(_)).then_some(())));
                answers.try_collect::<Vec<()>>().await?.len()
            }};
        }
        let answers = match self {
            Self::MariaDb(connection) => answers!(connection),
            Self::Postgres(connection) => answers!(connection),
            Self::Sqlite(connection) => answers!(connection),
        };
        // Servers take several statements at once, so only this tells that they are one.
        assert!(answers <= 1 || body.starts_with("CALL"), "{answers} statements: {body}");
        Ok(())
    }

    async fn copy(&mut self, body: &str, data: &str) -> Result<(), sqlx::Error> {
        let Self::Postgres(connection) = self else {
            panic!("only PostgreSQL has it: {body}");
        };
        let mut copy = connection.copy_in_raw(body).await?;
        copy.send(data.as_bytes()).await?;
        copy.finish().await.map(drop)
    }

    async fn close(self) {
        match self {
            Self::MariaDb(connection) => connection.close().await,
            Self::Postgres(connection) => connection.close().await,
            Self::Sqlite(connection) => connection.close().await,
        }
        .unwrap();
    }
}

/// An error as `clients` tells it.
fn told(error: &sqlx::Error) -> String {
    let Some(error) = error.as_database_error() else {
        panic!("no answer of the server: {error}");
    };
    if let Some(error) = error.try_downcast_ref::<MySqlDatabaseError>() {
        without_rest(&format!("{} {}", error.number(), error.message()))
    } else if error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() {
        error.code().unwrap().into_owned()
    } else {
        FAILED.to_owned()
    }
}
