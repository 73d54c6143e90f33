//! What other tools' tables say now, whose histories were taken over.

use std::collections::BTreeMap;

use super::Migrator;
use crate::catalog::Catalog;
use crate::code::Code;
use crate::compat::adopt::{Files, Row, Table, Tool, Wanted, named, read};
use crate::database::DatabaseError;
use crate::error::Error;
use crate::history::History;
use crate::plan::{Beside, Origin, Says, origins, placed};

impl Migrator {
    /// Looks at each of them again. It costs a message, and only where a history was taken over.
    pub(super) async fn beside(&mut self, catalog: &Catalog, history: &History) -> Result<Vec<Beside>, Error> {
        let mut found: Vec<Beside> = Vec::new();
        for origin in origins(history) {
            let (tool, table, origin) = match origin {
                Some(origin) => {
                    let Some(tool) = named(&origin.tool) else { continue };
                    (tool, table(&origin.table), origin)
                }
                // The ledger does not say which table it was: where there is one alone, it was that.
                None => {
                    let (nothing, wanted) = (BTreeMap::new(), Wanted::default());
                    let files = Files::new(catalog, &nothing);
                    let Ok((tool, table, _)) = self.foreign(&files, &wanted).await else {
                        continue;
                    };
                    let origin = Origin {
                        tool: tool.name().to_owned(),
                        table: table.full(),
                    };
                    (tool, table, origin)
                }
            };
            if found.iter().all(|known| known.origin != origin) {
                let says = self.says(catalog, history, tool, &origin, table).await?;
                found.push(Beside { origin, says });
            }
        }
        Ok(found)
    }

    async fn says(
        &mut self,
        catalog: &Catalog,
        history: &History,
        tool: &'static dyn Tool,
        origin: &Origin,
        mut table: Table,
    ) -> Result<Says, Error> {
        let (columns, order) = (tool.columns(), tool.order());
        let mut rows = self.database.rows(&table, columns, order).await;
        if let Err(error) = rows {
            if is_about_the_connection(&error) {
                return Err(error.into());
            }
            // It is gone, or its name or its columns are written in another way than they were taken for.
            let mut tables = self.database.tables(std::slice::from_ref(&table.schema)).await?;
            tables.retain(|table| table.full() == origin.table);
            let Some(there) = tables.pop() else {
                return Ok(Says::Gone);
            };
            table = there;
            rows = self.database.rows(&table, columns, order).await;
        }
        let rows = match rows {
            Ok(rows) => rows,
            Err(error) if is_about_the_connection(&error) => return Err(error.into()),
            Err(error) => return Ok(Says::Unreadable(error.message)),
        };
        let rows: Vec<Row<'_>> = rows.into_iter().map(|values| Row::new(columns, values)).collect();
        let texts = texts(catalog);
        let files = Files::new(catalog, &texts);
        Ok(match read(tool, &rows, &files) {
            Ok(taken) => Says::Done(
                tool.tells(),
                placed(history, tool.tells(), files.as_recorded(taken, history)),
            ),
            Err(stopped) => Says::HalfDone {
                what: stopped.what,
                help: stopped.help,
            },
        })
    }
}

/// A table by its name, with its schema where there is one before it.
fn table(name: &str) -> Table {
    let (schema, name) = name.split_once('.').unwrap_or(("", name));
    Table {
        schema: schema.to_owned(),
        home: schema.to_owned(),
        name: name.to_owned(),
        columns: Vec::new(),
    }
}

/// The texts of the files. Which migrations rows tell of is seen without their bytes, unless a sum alone tells it.
fn texts(catalog: &Catalog) -> BTreeMap<String, Vec<u8>> {
    let ups = catalog.migrations().map(|migration| &migration.up);
    let texts = ups.map(|script| (script.path.as_str(), script.source()));
    texts
        .chain(catalog.list())
        .chain(catalog.whole())
        .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
        .collect()
}

fn is_about_the_connection(error: &DatabaseError) -> bool {
    error.conflict.is_some() || error.code.exit() == Code::Lost.exit() && error.code != Code::Permission
}
