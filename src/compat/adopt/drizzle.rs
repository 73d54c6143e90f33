//! Drizzle: `__drizzle_migrations`, with SHA-256 of each file.
//! <https://orm.drizzle.team/docs/migrations>

use super::{Files, Form, HalfDone, Row, Table, Tool, compared, sums, time};
use crate::migration::Id;
use crate::plan::Taken;
use crate::version::Version;

pub(super) struct Drizzle;

impl Tool for Drizzle {
    fn name(&self) -> &'static str {
        "drizzle"
    }

    fn columns(&self) -> &'static [(&'static str, Form)] {
        &[("id", Form::Text), ("hash", Form::Text), ("created_at", Form::Text)]
    }

    fn order(&self) -> &'static str {
        "created_at"
    }

    fn is(&self, table: &Table, _: &[Table]) -> bool {
        table.name == "__drizzle_migrations" && table.is_just(&["id", "hash", "created_at"])
    }

    /// Rows hold no names: they are in the order of the journal, whose first migration is number 0.
    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        let entry = |(number, row): (u32, &Row<'_>)| {
            let id = Id::Version(Version::from_number(number.into()));
            let file = files.get(&id);
            let sum = row.text("hash");
            let mut entry = compared(id, "migration", file, |file| {
                Some(
                    sums::spellings(file.bytes)
                        .iter()
                        .any(|bytes| sums::sha256(bytes) == sum),
                )
            });
            // When the file was made, which is all that it keeps.
            entry.at = time(row.text("created_at"));
            entry
        };
        Ok((0..).zip(rows).map(entry).collect())
    }
}
