//! Drizzle: `__drizzle_migrations`, with SHA-256 of each file.
//! <https://orm.drizzle.team/docs/migrations>

use std::collections::BTreeSet;

use super::{Applied, File, Files, Form, HalfDone, Row, Shape, Tool, Value, compared, sums, time};
use crate::migration::Id;
use crate::plan::{Taken, Tells};
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

    /// Since 1.0 it has `name` and `applied_at` as well.
    fn shape(&self) -> Shape {
        Shape::of(&["__drizzle_migrations"], &["id", "hash", "created_at"])
            .and_others()
            .by_name()
    }

    fn tells(&self) -> Tells {
        Tells::Names
    }

    fn keeps_apart(&self) -> bool {
        true
    }

    fn row(&self, applied: &Applied<'_>) -> Option<Vec<(&'static str, Value)>> {
        let journal: serde_json::Value = serde_json::from_str(applied.files.list()?).ok()?;
        let tag = applied.file().file().strip_suffix(".sql")?;
        let mut entries = journal.get("entries")?.as_array()?.iter();
        let entry = entries.find(|entry| entry.get("tag").is_some_and(|told| told == tag))?;
        Some(vec![
            ("hash", Value::Text(sums::sha256(applied.bytes))),
            // When the file was made: Drizzle runs those that are younger than the newest row.
            ("created_at", Value::Number(entry.get("when")?.as_i64()?)),
        ])
    }

    /// Rows of releases before 1.0 hold no names. Each is that of a file with its sum; those of files that were edited are in the order of
    /// the files. Times are no order: two branches that were merged may have changed places.
    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        let mut numbers: Vec<Option<u32>> = vec![None; rows.len()];
        let all: Vec<File<'_>> = files.all().collect();
        let sums: Vec<[String; 3]> = all
            .iter()
            .map(|file| sums::spellings(file.bytes).map(|bytes| sums::sha256(&bytes)))
            .collect();
        let of = |number: u32| usize::try_from(number).ok().and_then(|number| all.get(number)).copied();
        let mut free: BTreeSet<u32> = (0..).zip(&sums).map(|(number, _)| number).collect();
        for (row, found) in rows.iter().zip(&mut numbers) {
            let is_its = |number: &u32| {
                let sums = usize::try_from(*number).ok().and_then(|number| sums.get(number));
                sums.is_some_and(|sums| sums.iter().any(|sum| sum == row.text("hash")))
            };
            *found = free.iter().copied().find(is_its);
            if let Some(number) = *found {
                free.remove(&number);
            }
        }
        let mut left = free.into_iter().chain(u32::try_from(sums.len()).unwrap_or(u32::MAX)..);
        let entry = |(row, number): (&Row<'_>, Option<u32>)| {
            let is_same = number.is_some();
            let number = number.or_else(|| left.next())?;
            let file = of(number);
            let id = file.map_or_else(|| behind(&all, number), |file| file.migration.id.clone());
            // A row says nothing else of itself.
            let name = format!("when-{}", row.text("created_at"));
            let mut entry = compared(id, &name, file, |_| Some(is_same));
            // When the file was made, which is all that it keeps.
            entry.at = time(row.text("created_at"));
            Some(entry)
        };
        Ok(rows.iter().zip(numbers).filter_map(entry).collect())
    }
}

/// A version behind those of all files.
fn behind(all: &[File<'_>], number: u32) -> Id {
    let newest = all.iter().filter_map(|file| file.migration.id.version()).max();
    let newest = newest.map_or(0, Version::major);
    Id::Version(Version::from_number(newest.saturating_add(number.into())))
}
