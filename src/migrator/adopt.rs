//! What another tool's history in the database says, for `Goal::Adopt`.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use super::Migrator;
use crate::catalog::Catalog;
use crate::code::Code;
use crate::compat::adopt::{self, Applied, Change, Files, Row, Table, Tool, found};
use crate::database::DatabaseError;
use crate::error::Error;
use crate::executor::{Observer, Stop};
use crate::history::History;
use crate::migration::Id;
use crate::plan::{Adoption, Origin, Plan, Tells, done_since, is_told, placed, since};

/// The history of another tool, with what it was read from.
struct Foreign {
    tool: &'static dyn Tool,
    table: Table,
    rows: Vec<Row<'static>>,
    adoption: Adoption,
}

impl Migrator {
    /// Reads the history that another tool keeps in this database, and compares it with the files. `bytes` are those of the files, by
    /// the paths of the catalog's up scripts. Writes nothing, and never changes the other tool's table.
    ///
    /// # Errors
    /// When there is no such history, or more than one and `from` names none of them; and when it says that something failed or is not
    /// finished: what that left is for whoever ran it to mend.
    pub async fn adoptable(
        &mut self,
        catalog: &Catalog,
        bytes: &BTreeMap<String, Vec<u8>>,
        from: Option<&str>,
    ) -> Result<Adoption, Error> {
        let history = self.history().await?;
        let catalog = &*catalog.for_history(&history);
        let files = Files::new(catalog, bytes);
        Ok(self.read_foreign(&history, &files, from).await?.adoption)
    }

    async fn read_foreign(
        &mut self,
        history: &History,
        files: &Files<'_>,
        from: Option<&str>,
    ) -> Result<Foreign, Error> {
        let (tool, table) = self.foreign(from).await?;
        let columns = tool.columns();
        let rows = self.database.rows(&table, columns, tool.order()).await?;
        let rows: Vec<Row<'static>> = rows.into_iter().map(|values| Row::new(columns, values)).collect();
        let taken = adopt::read(tool, &rows, files);
        let taken = taken.map_err(|stopped| DatabaseError::new(Code::HalfDone, stopped.what).hint(&stopped.help))?;
        let adoption = Adoption {
            tool: tool.name(),
            table: full(&table),
            tells: tool.tells(),
            taken: placed(history, tool.tells(), taken),
        };
        Ok(Foreign {
            tool,
            table,
            rows,
            adoption,
        })
    }

    /// Brings the table of another tool up to what the ledger says, for a time in which that tool looks at it, too: rows for what syncline
    /// has applied, and none for what it has reverted. All of it or nothing. Returns how many migrations were told.
    ///
    /// # Errors
    /// As [`Migrator::adoptable`]; when the tool's table cannot be kept up; when something is applied that has no file.
    pub async fn mirror(
        &mut self,
        catalog: &Catalog,
        bytes: &BTreeMap<String, Vec<u8>>,
        from: Option<&str>,
        observer: &mut Observer<'_>,
    ) -> Result<(Adoption, usize), Error> {
        // Where it is says which lock is meant.
        self.history().await?;
        self.lock(Instant::now(), observer).await?;
        let mirrored = self.mirror_locked(catalog, bytes, from).await;
        // A lock that could not be given back ends with the connection, and so does a transaction that was begun.
        if mirrored.is_err() || self.database.unlock().await.is_err() {
            let _ = self.reconnect().await;
        }
        mirrored
    }

    async fn mirror_locked(
        &mut self,
        catalog: &Catalog,
        bytes: &BTreeMap<String, Vec<u8>>,
        from: Option<&str>,
    ) -> Result<(Adoption, usize), Error> {
        let history = self.history().await?;
        let catalog = &*catalog.for_history(&history);
        let files = Files::new(catalog, bytes);
        let foreign = self.read_foreign(&history, &files, from).await?;
        let Foreign {
            tool,
            table,
            rows,
            adoption,
        } = foreign;
        let origin = Origin::from(&adoption);
        let refused = done_since(
            &origin,
            &since(catalog, &history, &origin, adoption.tells, &adoption.taken),
        );
        if !refused.is_empty() {
            return Err(Error::Refused(refused));
        }
        let there: BTreeSet<&Id> = adoption.taken.iter().map(|taken| &taken.id).collect();
        let cannot = |id: &Id, why: &str| {
            let message = format!("the table of {} cannot be kept up: {why} {id}", tool.name());
            DatabaseError::new(Code::NoForeignHistory, message).hint("let that tool go, or run it for this one itself")
        };
        let (mut changes, mut told, mut newest, mut place) = (Vec::new(), 0, None, 0);
        for (id, current) in history.current().filter(|(id, _)| id.version().is_some()) {
            let applied = current.state.is_applied();
            let is_news = applied != there.contains(id);
            let is_told = is_news || applied && (tool.tells() == Tells::Reached);
            if !is_told {
                continue;
            }
            let (Some(migration), Some(record)) = (catalog.get(id), history.record_of(current)) else {
                if is_news {
                    return Err(cannot(id, "there is no file of").into());
                }
                // One row says that it is the newest, unless a newer one comes.
                newest = Some(Err(cannot(id, "there is no file of")));
                continue;
            };
            place += i64::from(applied);
            let row = tool.row(&Applied {
                rows: &rows,
                files: &files,
                migration,
                bytes: bytes.get(&migration.up.path).map_or(&[][..], Vec::as_slice),
                at: &record.started_at,
                by: &record.applied_by,
                took_ms: record.duration_ms.unwrap_or_default(),
                place,
            });
            let row = row.ok_or_else(|| cannot(id, "it has no row for"))?;
            told += usize::from(is_news);
            match (applied, (tool.tells() == Tells::Reached)) {
                (true, true) => newest = Some(Ok(row)),
                (true, false) => changes.push(Change::Insert(row)),
                (false, true) => {}
                (false, false) => changes.push(Change::Delete(row.into_iter().take(tool.key()).collect())),
            }
        }
        if (tool.tells() == Tells::Reached) && told > 0 {
            changes.push(Change::Clear);
            let row = newest.transpose()?.or_else(|| tool.row_of_none());
            changes.extend(row.map(Change::Insert));
        }
        if !changes.is_empty() {
            self.database.change(&table, &changes).await?;
        }
        if !is_told(&history, &origin) {
            self.remember_told(&history, &origin).await?;
        }
        Ok((adoption, told))
    }

    /// What is gone from its table later is what the other tool has taken back, and not what it was never told of.
    async fn remember_told(&mut self, history: &History, origin: &Origin) -> Result<(), Error> {
        let plan = Plan {
            steps: vec![origin.told()],
            ..Plan::default()
        };
        let (mut head, mut done) = (history.head(), Vec::new());
        let written = self.execute(&plan, &mut head, &mut done, &mut |_| {}).await;
        written.map_err(|stop| match stop {
            Stop::Again(error) | Stop::Interrupted(error) => error.into(),
            Stop::Failed(failure) | Stop::Commit(failure, ..) | Stop::Lost(failure) => failure.error.into(),
        })
    }

    /// The histories of other tools in the schemas that names are looked for in behind the current one: there was another current
    /// one when they were made.
    pub(super) async fn foreign_histories_on_path(&mut self) -> Result<Vec<String>, Error> {
        let here = &self.database.server().schema;
        if self.path.iter().all(|schema| schema == here) {
            return Ok(Vec::new());
        }
        let tables = self.tables().await?;
        let on_path = |table: &&Table| self.path.contains(&table.schema);
        let histories = found(&tables, None).into_iter().map(|(_, table)| table);
        Ok(histories.filter(on_path).map(full).collect())
    }

    /// The other tool's table, and whose it is.
    pub(super) async fn foreign(&mut self, from: Option<&str>) -> Result<(&'static dyn Tool, Table), Error> {
        let tables = self.tables().await?;
        let mut found = found(&tables, from);
        let path = match found.iter().any(|(_, table)| !table.schema.is_empty()) {
            true => self.database.places().await?.path,
            false => Vec::new(),
        };
        // How near a table is: the current schema first, then the others in which names without a schema are looked for.
        let distance = |table: &Table| match table.schema.as_str() {
            "" => 0,
            schema => path
                .iter()
                .position(|other| other == schema)
                .map_or(usize::MAX, |at| at + 1),
        };
        // Of one tool's tables in several schemas, the nearest.
        let all = found.clone();
        found.retain(|(tool, table)| {
            let its = all.iter().filter(|other| other.0.name() == tool.name());
            its.map(|(_, other)| distance(other)).min() == Some(distance(table))
        });
        match found.as_slice() {
            [(tool, table)] if distance(table) == usize::MAX && !tool.keeps_apart() => {
                let message = format!(
                    "the history of {} is in the schema `{}`, where this connection looks for nothing",
                    tool.name(),
                    table.schema
                );
                let hint = format!(
                    "let `search_path` of the connection begin with it, where it is the one that is meant: `options=-csearch_path={}` in the URL",
                    table.schema
                );
                Err(DatabaseError::new(Code::NoForeignHistory, message).hint(hint).into())
            }
            [(tool, table)] => Ok((*tool, (*table).clone())),
            [] => {
                let message = match from {
                    Some(name) => format!("there is no history of {name} in the database"),
                    None => "there is no history of another tool in the database".to_owned(),
                };
                let error = DatabaseError::new(Code::NoForeignHistory, message);
                Err(error
                    .hint("`syncline baseline VERSION` records what is in it already")
                    .into())
            }
            [(first, _), ..] => {
                let full: Vec<String> = found
                    .iter()
                    .map(|(tool, table)| format!("{} (`{}`)", tool.name(), full(table)))
                    .collect();
                let message = format!("there is more than one history in the database: {}", full.join(", "));
                let hint = match found.iter().all(|(tool, _)| tool.name() == first.name()) {
                    true => "let `search_path` of the connection begin with the schema that is meant".to_owned(),
                    false => format!("syncline adopt --from {}   # or another one", first.name()),
                };
                Err(DatabaseError::new(Code::NoForeignHistory, message).hint(&hint).into())
            }
        }
    }

    pub(super) async fn tables(&mut self) -> Result<Vec<Table>, Error> {
        let mut tables: Vec<Table> = Vec::new();
        for [schema, name, column] in self.database.columns().await? {
            match tables
                .last_mut()
                .filter(|last| last.schema == schema && last.name == name)
            {
                Some(last) => last.columns.push(column),
                None => tables.push(Table {
                    schema,
                    name,
                    columns: vec![column],
                }),
            }
        }
        Ok(tables)
    }
}

/// Its name, with its schema where that is not the current one.
pub(super) fn full(table: &Table) -> String {
    match table.schema.as_str() {
        "" => table.name.clone(),
        schema => format!("{schema}.{}", table.name),
    }
}
