//! A connection past the proxy, to look at what there is.

use std::str::FromStr;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection, Row, SqliteConnection};

pub(crate) enum Session {
    MariaDb(MySqlConnection),
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

impl Session {
    pub(crate) async fn open(url: &str) -> Result<Self, sqlx::Error> {
        Ok(if url.starts_with("mysql:") {
            Self::MariaDb(MySqlConnection::connect(url).await?)
        } else if url.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(url)?.create_if_missing(true);
            Self::Sqlite(SqliteConnection::connect_with(&options).await?)
        } else {
            Self::Postgres(PgConnection::connect(url).await?)
        })
    }

    /// The first column of all rows, as text.
    pub(crate) async fn query(&mut self, sql: &str) -> Vec<String> {
        let statement = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        macro_rules! first {
            ($connection:expr) => {{
                let rows = statement.fetch_all($connection).await;
                let rows = rows.unwrap_or_else(|error| panic!("{sql}: {error}"));
                rows.iter()
                    .map(|row| row.get_unchecked::<Option<String>, _>(0).unwrap_or_default())
                    .collect()
            }};
        }
        match self {
            Self::MariaDb(connection) => first!(connection),
            Self::Postgres(connection) => first!(connection),
            Self::Sqlite(connection) => first!(connection),
        }
    }

    pub(crate) async fn close(self) {
        let _ = match self {
            Self::MariaDb(connection) => connection.close().await,
            Self::Postgres(connection) => connection.close().await,
            Self::Sqlite(connection) => connection.close().await,
        };
    }
}
