//! Sqitch: `changes`, with SHA-1 of each deploy script.
//! <https://sqitch.org/docs/manual/>

use super::{Files, Form, HalfDone, Row, Table, Tool, compared, sums, time};
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

    /// Changes are deployed in the order of the plan.
    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        let entry = |(number, row): (u32, &Row<'_>)| {
            let id = Id::Version(Version::from_number(number.into()));
            let change = row.text("change");
            // One that was made anew later has a tag behind its name.
            let file = files
                .get(&id)
                .filter(|file| file.migration.name.split('@').next() == Some(change));
            let sum = row.get("script_hash").filter(|sum| !sum.is_empty());
            let mut entry = compared(id, change, file, |file| {
                sum.map(|sum| sums::spellings(file.bytes).iter().any(|bytes| sums::sha1(bytes) == sum))
            });
            entry.at = time(row.text("committed_at"));
            entry.by = row.get("committer_name").map(str::to_owned);
            entry
        };
        Ok((1..).zip(rows).map(entry).collect())
    }
}
