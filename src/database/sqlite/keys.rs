//! Foreign keys: what a dropped table would take with it, and what a migration has to leave intact that switches them off.

use std::collections::BTreeSet;

use super::{DIALECT, Sqlite, native};
use crate::code::Code;
use crate::database::DatabaseError;
use crate::database::sql::{self, Row};

impl Sqlite {
    /// Refuses what would silently delete rows: dropping a table that others refer to, with foreign keys on, first deletes
    /// its rows, and that cascades (https://www.sqlite.org/foreignkeys.html#fk_schemacommands).
    pub(super) async fn check_drop(&mut self, statement: &str) -> Result<(), DatabaseError> {
        let Some(table) = native::dropped_table(statement) else {
            return Ok(());
        };
        if self.violations.is_some() {
            return Ok(());
        }
        let table = (DIALECT.literal)(&table);
        let referring = self
            .query(&format!(
                "SELECT s.name FROM main.sqlite_schema s, pragma_foreign_key_list(s.name) f WHERE s.type = 'table' \
                 AND lower(f.\"table\") = lower({table}) AND lower(s.name) <> lower({table}) AND (SELECT foreign_keys FROM pragma_foreign_keys)"
            ))
            .await?;
        let Some(child) = sql::first_column(referring).into_iter().next() else {
            return Ok(());
        };
        let message = format!(
            "`{child}` has a foreign key to the table that is dropped here: SQLite would delete its rows or refuse"
        );
        Err(DatabaseError::new(Code::ForeignKeys, message).hint(
            "write `-- syncline: foreign-keys=off` into the script: keys are then checked before the commit instead",
        ))
    }

    pub(super) async fn violations(&mut self) -> Result<BTreeSet<Row>, DatabaseError> {
        Ok(self.query("PRAGMA main.foreign_key_check").await?.into_iter().collect())
    }

    pub(super) async fn restore_foreign_keys(&mut self) -> Result<(), DatabaseError> {
        match self.violations.take() {
            Some(_) => self
                .send(&format!("PRAGMA foreign_keys = ON; {}", self.session))
                .await
                .map(drop),
            None => Ok(()),
        }
    }
}
