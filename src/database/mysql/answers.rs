//! What comes back for a message, as text.

use futures_util::TryStreamExt;
use sqlx::mysql::{MySqlConnection, MySqlRow};
use sqlx::{AssertSqlSafe, Row as _, raw_sql};

use crate::database::server::Rows;
use crate::database::sql::Row;

/// What came back for one statement of a message.
pub(super) struct Answer {
    pub rows: Vec<Row>,
    /// Rows that an UPDATE has found, or an INSERT has written.
    pub found: u64,
}

pub(super) async fn query(connection: &mut MySqlConnection, statement: &str) -> Result<Vec<Row>, sqlx::Error> {
    let mut found = raw_sql(AssertSqlSafe(statement.to_owned())).fetch(connection);
    let mut rows = Rows::default();
    while let Some(row) = found.try_next().await? {
        rows.push(texts_of(&row)?).await?;
    }
    Ok(rows.end())
}

pub(super) fn texts_of(row: &MySqlRow) -> Result<Row, sqlx::Error> {
    // This protocol answers in text, whatever the type of a column; in which character set is the session's to say.
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (0..row.len())
        .map(|column| Ok(row.try_get_unchecked::<Option<Vec<u8>>, _>(column)?.map(text)))
        .collect()
}
