//! What another tool's history in the database says, for `Goal::Adopt`.

use std::collections::BTreeMap;

use super::Migrator;
use crate::catalog::Catalog;
use crate::code::Code;
use crate::compat::adopt::{self, Candidate, Files, Question, Row, Table, Tool, Wanted, found, lack, second};
use crate::database::DatabaseError;
use crate::error::Error;
use crate::history::History;
use crate::plan::{Adoption, Finding, origins, placed};

/// The history of another tool, with what it was read from.
pub(super) struct Foreign {
    pub tool: &'static dyn Tool,
    pub table: Table,
    pub rows: Vec<Row<'static>>,
    pub adoption: Adoption,
}

impl Migrator {
    /// Reads the history that another tool keeps in this database, and compares it with the files. `bytes` are those of the files, by
    /// the paths of the catalog's up scripts. Writes nothing, and never changes the other tool's table.
    ///
    /// # Errors
    /// When there is no such history, or more than one could be meant and `wanted` does not say which; and when it says that something failed or is not
    /// finished: what that left is for whoever ran it to mend.
    pub async fn adoptable(
        &mut self,
        catalog: &Catalog,
        bytes: &BTreeMap<String, Vec<u8>>,
        wanted: &Wanted,
    ) -> Result<Adoption, Error> {
        let history = self.history().await?;
        let catalog = &*self.read_here(catalog);
        let files = Files::new(catalog, bytes);
        Ok(self.read_foreign(&history, &files, wanted).await?.adoption)
    }

    pub(super) async fn read_foreign(
        &mut self,
        history: &History,
        files: &Files<'_>,
        wanted: &Wanted,
    ) -> Result<Foreign, Error> {
        let (tool, table, rows) = self.foreign(files, wanted).await?;
        if let Some(finding) = second(tool.name(), &table, wanted, &origins(history)) {
            return Err(Error::Refused(vec![finding]));
        }
        let taken = adopt::read(tool, &rows, files);
        let taken = taken.map_err(|stopped| DatabaseError::new(Code::HalfDone, stopped.what).hint(&stopped.help))?;
        let adoption = Adoption {
            tool: tool.name(),
            table: table.full(),
            lack: lack(tool, &table.full(), &taken, files),
            tells: tool.tells(),
            taken: placed(history, tool.tells(), files.as_recorded(taken, history)),
        };
        Ok(Foreign {
            tool,
            table,
            rows,
            adoption,
        })
    }

    /// The other tool's table, whose it is, and its rows.
    pub(super) async fn foreign(
        &mut self,
        files: &Files<'_>,
        wanted: &Wanted,
    ) -> Result<(&'static dyn Tool, Table, Vec<Row<'static>>), Error> {
        let refused = |finding: Finding| Error::Refused(vec![finding]);
        let tables = self.database.tables(&wanted.schemas()).await?;
        let path = match tables.iter().any(|table| !table.schema.is_empty()) {
            true => self.database.places().await?.path,
            false => Vec::new(),
        };
        let question = Question {
            tables: &tables,
            path: &path,
            wanted,
            layout: files.layout(),
        };
        let mut read: Vec<(Candidate<'_>, Vec<Row<'static>>)> = Vec::new();
        for candidate in question.candidates().map_err(refused)? {
            let columns = candidate.tool.columns();
            let rows = self
                .database
                .rows(candidate.table, columns, candidate.tool.order())
                .await?;
            read.push((
                candidate,
                rows.into_iter().map(|values| Row::new(columns, values)).collect(),
            ));
        }
        let chosen = question.choose(&read).map_err(refused)?;
        let is_it = |(candidate, _): &(Candidate<'_>, Vec<Row<'static>>)| {
            candidate.tool.name() == chosen.tool.name() && std::ptr::eq(candidate.table, chosen.table)
        };
        let rows = read.into_iter().find(is_it).map(|(_, rows)| rows).unwrap_or_default();
        Ok((chosen.tool, chosen.table.clone(), rows))
    }

    /// The histories of other tools that `adopt` would find, where there are tables, or schemas behind the current one in which names
    /// are looked for: there was another current one when they were made. Where there are none, those that it would propose.
    pub(super) async fn foreign_histories(&mut self, has_tables: bool) -> Result<Vec<InSight>, Error> {
        let here = &self.database.server().schema;
        if !has_tables && self.path.iter().all(|schema| schema == here) {
            return Ok(Vec::new());
        }
        let tables = self.database.tables(&[]).await?;
        let in_sight = |found: Candidate<'_>| {
            let is_on_path = self.path.contains(&found.table.schema);
            let is_seen = is_on_path || found.table.schema.is_empty() || found.tool.keeps_apart();
            let told = InSight {
                told: format!("{} (`{}`)", found.tool.name(), found.table.full()),
                table: found.table.full(),
                is_on_path,
            };
            (is_seen, told)
        };
        let (seen, mut others): (Vec<_>, Vec<_>) =
            (found(&tables, None).into_iter().map(in_sight)).partition(|(is_seen, _)| *is_seen);
        others.truncate(if seen.is_empty() { FAR } else { 0 });
        Ok(seen.into_iter().chain(others).map(|(_, told)| told).collect())
    }
}

/// How many histories are told of that are in schemas where nothing is looked for: each tenant may have one.
const FAR: usize = 3;

/// A history of another tool.
pub(super) struct InSight {
    /// Its table.
    pub table: String,
    /// The tool and the table.
    pub told: String,
    /// Whether it is in a schema behind the current one.
    pub is_on_path: bool,
}
