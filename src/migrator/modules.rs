//! Other ledgers beside ours in the same schema: those of other modules of a project.

use super::Migrator;
use crate::compat::adopt::{Form, Table};
use crate::error::Error;
use crate::status::Module;

/// What a table of records has, whatever it is called.
const RECORDS: [&str; 4] = ["seq", "run_id", "up_checksum", "chain"];

impl Migrator {
    /// The ledgers of other names in the schema where ours belongs, with what is recorded in them. One that may not be read is none.
    pub(super) async fn modules(&mut self) -> Result<Vec<Module>, Error> {
        let ours = self.target.ledger.history.clone();
        let is_another = |table: &Table| {
            let has = |column: &str| table.column(column).is_some();
            table.schema.is_empty() && table.name != ours && RECORDS.iter().all(|column| has(column))
        };
        let tables = self.database.tables(&[]).await?;
        let mut modules = Vec::new();
        for table in tables.into_iter().filter(is_another) {
            let Ok(rows) = self.database.rows(&table, &[("up_checksum", Form::Text)], "seq").await else {
                continue;
            };
            let texts = rows.into_iter().filter_map(|row| row.into_iter().next().flatten());
            modules.push(Module {
                table: table.name,
                checksums: texts.filter_map(|text| text.parse().ok()).collect(),
            });
        }
        Ok(modules)
    }
}
