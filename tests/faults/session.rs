//! A connection past the proxy, to look at what there is.

use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection, Row};

pub(crate) enum Session {
    MariaDb(MySqlConnection),
    Postgres(PgConnection),
}

impl Session {
    pub(crate) async fn open(url: &str) -> Result<Self, sqlx::Error> {
        Ok(if url.starts_with("mysql:") {
            Self::MariaDb(MySqlConnection::connect(url).await?)
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
        }
    }

    pub(crate) async fn close(self) {
        let _ = match self {
            Self::MariaDb(connection) => connection.close().await,
            Self::Postgres(connection) => connection.close().await,
        };
    }
}
