//! Rows of the tables that other tools keep.

use super::Postgres;
use super::dialect::DIALECT;
use crate::compat::adopt::{Columns, Table};
use crate::database::DatabaseError;
use crate::database::sql::Row;

/// For what other tools have written, until the end of the transaction.
pub(super) const IN_UTC: &str = "SET LOCAL TimeZone TO 'UTC'; SET LOCAL DateStyle TO 'ISO, MDY'";

impl Postgres {
    pub(super) async fn kept_rows(
        &mut self,
        table: &Table,
        columns: &Columns,
        order: &str,
    ) -> Result<Vec<Row>, DatabaseError> {
        let select = DIALECT.select(table, columns, order);
        // Times are read as they are in UTC, whatever the session has.
        let message = format!("BEGIN READ ONLY; {IN_UTC}; {select}; COMMIT");
        let rows = self.query(&message).await;
        if rows.is_err() {
            let _ = self.send("ROLLBACK").await;
        }
        rows
    }
}
