//! Other ledgers beside ours in the same schema: those of other modules of a project.

use std::collections::BTreeSet;

use super::Migrator;
use crate::compat::adopt::{Form, Table};
use crate::error::Error;
use crate::migration::Checksum;
use crate::status::Module;

/// What a table of records has, whatever it is called, and what one of scripts.
const RECORDS: [&str; 4] = ["seq", "run_id", "up_checksum", "chain"];
const SCRIPTS: [&str; 3] = ["checksum", "encoding", "body"];

impl Migrator {
    /// The ledgers of other names in the schema where ours belongs, with what is recorded in them. One that may not be read is none.
    pub(super) async fn modules(&mut self) -> Result<Vec<Module>, Error> {
        let ours = self.target.ledger.clone();
        let has = |table: &Table, columns: &[&str]| {
            table.schema.is_empty() && columns.iter().all(|column| table.column(column).is_some())
        };
        let tables = self.database.tables(&[]).await?;
        let mut scripts: Vec<(String, BTreeSet<Checksum>)> = Vec::new();
        for table in tables
            .iter()
            .filter(|table| has(table, &SCRIPTS) && table.name != ours.script)
        {
            let checksums = self.checksums(table, ("checksum", Form::Text), "checksum").await;
            scripts.extend(checksums.map(|checksums| (table.name.clone(), checksums)));
        }
        let mut modules = Vec::new();
        for table in tables
            .iter()
            .filter(|table| has(table, &RECORDS) && table.name != ours.history)
        {
            let Some(checksums) = self.checksums(table, ("up_checksum", Form::Text), "seq").await else {
                continue;
            };
            let downs = self.checksums(table, ("down_checksum", Form::Text), "seq").await;
            let its = scripts.iter().find(|(_, stored)| !stored.is_disjoint(&checksums));
            modules.push(Module {
                table: table.name.clone(),
                scripts: its.map(|(table, _)| table.clone()),
                checksums,
                downs: downs.unwrap_or_default(),
            });
        }
        Ok(modules)
    }

    async fn checksums(
        &mut self,
        table: &Table,
        column: (&'static str, Form),
        order: &str,
    ) -> Option<BTreeSet<Checksum>> {
        let rows = self.database.rows(table, &[column], order).await.ok()?;
        let texts = rows.into_iter().filter_map(|row| row.into_iter().next().flatten());
        Some(texts.filter_map(|text| text.parse().ok()).collect())
    }
}
