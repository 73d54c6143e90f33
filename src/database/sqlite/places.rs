//! Whether the file has a ledger, and ledgers in files that `session` has attached.

use super::{DIALECT, Sqlite};
use crate::database::{DatabaseError, Ledger, sql};
use crate::places::{Chosen, Owner, Place, Places, Rights};

impl Sqlite {
    pub(super) async fn has_ledger(&mut self) -> Result<bool, DatabaseError> {
        let name = (DIALECT.literal)(&self.tables[0]);
        // SQLite compares table names without regard to ASCII case.
        let select = format!("SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND lower(name) = lower({name})");
        Ok(!self.query(&select).await?.is_empty())
    }

    /// The file that the URL names is `main`, whatever else is attached.
    pub(super) async fn look_elsewhere(&mut self) -> Result<Places, DatabaseError> {
        let attached = "SELECT name FROM pragma_database_list WHERE name NOT IN ('main', 'temp') ORDER BY seq";
        let mut places = Places {
            chosen: Chosen::Connection,
            ..Places::default()
        };
        for schema in sql::first_column(self.query(attached).await?) {
            let names = [&self.tables[0], &Ledger::default().history].map(|name| (DIALECT.literal)(name));
            let select = format!(
                "SELECT name FROM {}.sqlite_schema WHERE type = 'table' AND lower(name) IN (lower({}))",
                (DIALECT.identifier)(&schema),
                names.join("), lower(")
            );
            places.found.extend(
                sql::first_column(self.query(&select).await?)
                    .into_iter()
                    .map(|history| Place {
                        schema: schema.clone(),
                        history,
                        owner: Owner::Ours,
                        rights: Rights::Granted,
                    }),
            );
        }
        Ok(places)
    }
}
