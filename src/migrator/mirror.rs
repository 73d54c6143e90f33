//! Keeping up the table of another tool, for a time in which both are used.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use super::Migrator;
use super::adopt::Foreign;
use crate::catalog::Catalog;
use crate::code::Code;
use crate::compat::adopt::{Applied, Change, Files, Wanted};
use crate::database::DatabaseError;
use crate::error::Error;
use crate::executor::{Observer, Stop};
use crate::history::{History, Kind, State};
use crate::migration::Id;
use crate::plan::{Adoption, Origin, Plan, Tells, done_since, is_told, since};

impl Migrator {
    /// Brings the table of another tool up to what the ledger says, for a time in which that tool looks at it, too: rows for what syncline
    /// has applied, and none for what it has reverted. All of it or nothing. Returns how many migrations were told.
    ///
    /// # Errors
    /// As [`Migrator::adoptable`]; when the tool's table cannot be kept up; when something is applied that has no file.
    pub async fn mirror(
        &mut self,
        catalog: &Catalog,
        bytes: &BTreeMap<String, Vec<u8>>,
        wanted: &Wanted,
        observer: &mut Observer<'_>,
    ) -> Result<(Adoption, usize), Error> {
        // Where it is says which lock is meant.
        self.history().await?;
        self.lock(Instant::now(), observer).await?;
        let mirrored = self.mirror_locked(catalog, bytes, wanted).await;
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
        wanted: &Wanted,
    ) -> Result<(Adoption, usize), Error> {
        let history = self.history().await?;
        let numbering = catalog.numbering(&history);
        let recorded = &*catalog.for_other(&history);
        let files = Files::new(catalog, bytes);
        let foreign = self.read_foreign(&history, &files, wanted).await?;
        let Foreign {
            tool,
            table,
            rows,
            adoption,
        } = foreign;
        let origin = Origin::from(&adoption);
        let refused = done_since(
            &origin,
            &since(recorded, &history, &origin, adoption.tells, &adoption.taken),
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
            // What stopped half-way is neither, and its row stays as it is.
            let is_news = match applied {
                true => !there.contains(id),
                false => current.state == State::Reverted && there.contains(id),
            };
            let is_told = is_news || applied && (tool.tells() == Tells::Reached);
            if !is_told {
                continue;
            }
            let (Some(migration), Some(record)) = (
                numbering.in_files(id).and_then(|id| catalog.get(id)),
                history.record_of(current),
            ) else {
                if is_news {
                    return Err(cannot(id, "there is no file of").into());
                }
                // One row says that it is the newest, unless a newer one comes.
                newest = Some(Err(cannot(id, "there is no file of")));
                continue;
            };
            let of = Applied {
                table: &table,
                rows: &rows,
                files: &files,
                migration,
                bytes: bytes.get(&migration.up.path).map_or(&[][..], Vec::as_slice),
                at: &record.started_at,
                by: &record.applied_by,
                took_ms: record.duration_ms.unwrap_or_default(),
                place: place + i64::from(applied),
                is_declined: record.kind == Kind::Baseline && record.reason.is_some(),
            };
            if applied && tool.leaves_out(&of) {
                continue;
            }
            let row = tool.row(&of);
            place += i64::from(applied);
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
        if !changes.is_empty() || !is_told(&history, &origin) {
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
}
