//! Sqitch: `changes`, with SHA-1 of each deploy script.
//! <https://sqitch.org/docs/manual/>

use std::collections::BTreeSet;

use super::{File, Files, Form, HalfDone, Row, Table, Tool, compared, sums, time};
use crate::migration::Id;
use crate::plan::Taken;
use crate::version::Version;

pub(super) struct Sqitch;

impl Tool for Sqitch {
    fn name(&self) -> &'static str {
        "sqitch"
    }

    fn columns(&self) -> &'static [(&'static str, Form)] {
        &[
            ("change_id", Form::Text),
            ("script_hash", Form::Text),
            ("change", Form::Text),
            ("project", Form::Text),
            ("committed_at", Form::Text),
            ("committer_name", Form::Text),
        ]
    }

    fn order(&self) -> &'static str {
        "committed_at"
    }

    fn is(&self, table: &Table, _: &[Table]) -> bool {
        table.name == "changes"
            && table.has(&[
                "change_id",
                "script_hash",
                "change",
                "project",
                "committed_at",
                "committer_name",
            ])
    }

    /// Changes are found in the plan by their names, since many may come in one second. One that was made anew is there more than once,
    /// with a tag behind its name but for the last.
    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        let projects: BTreeSet<&str> = rows.iter().map(|row| row.text("project")).collect();
        if projects.len() > 1 {
            let names: Vec<&str> = projects.into_iter().collect();
            return Err(HalfDone {
                what: format!(
                    "Sqitch keeps more than one project in this registry: {}",
                    names.join(", ")
                ),
                help: "syncline baseline VERSION   # records what is deployed of this one".to_owned(),
            });
        }
        let planned: Vec<File<'_>> = files.all().collect();
        let mut used: BTreeSet<&Id> = BTreeSet::new();
        let mut found: Vec<Option<File<'_>>> = vec![None; rows.len()];
        // Those with their own text first; the rest in the order of the plan.
        for by_text in [true, false] {
            for (row, found) in rows.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
                let is_its = |file: &&File<'_>| {
                    let migration = file.migration;
                    let named = migration.name.split('@').next() == Some(row.text("change"));
                    named && !used.contains(&migration.id) && (!by_text || is_same(row, **file) == Some(true))
                };
                *found = planned.iter().find(is_its).copied();
                if let Some(file) = found {
                    used.insert(&file.migration.id);
                }
            }
        }
        let mut behind = (planned.len() + 1..).filter_map(|number| u32::try_from(number).ok());
        let entry = |(row, file): (&Row<'_>, Option<File<'_>>)| {
            let id = match file {
                Some(file) => file.migration.id.clone(),
                None => Id::Version(Version::from_number(behind.next()?.into())),
            };
            let mut entry = compared(id, row.text("change"), file, |file| is_same(row, file));
            entry.at = time(row.text("committed_at"));
            entry.by = row.get("committer_name").map(str::to_owned);
            Some(entry)
        };
        Ok(rows.iter().zip(found).filter_map(entry).collect())
    }
}

/// `None` where old releases have left no sum.
fn is_same(row: &Row<'_>, file: File<'_>) -> Option<bool> {
    let sum = row.get("script_hash").filter(|sum| !sum.is_empty())?;
    Some(sums::spellings(file.bytes).iter().any(|bytes| sums::sha1(bytes) == sum))
}
