//! refinery: `refinery_schema_history`, with SipHash of name, version and text.
//! <https://docs.rs/refinery/latest/refinery/>

use super::{Applied, Files, Form, HalfDone, Row, Shape, Tool, Value, compared, leading, sums, time};
use crate::plan::{Taken, Tells};

pub(super) struct Refinery;

impl Tool for Refinery {
    fn name(&self) -> &'static str {
        "refinery"
    }

    fn columns(&self) -> &'static [(&'static str, Form)] {
        &[
            ("version", Form::Text),
            ("name", Form::Text),
            ("applied_on", Form::Text),
            ("checksum", Form::Text),
        ]
    }

    fn order(&self) -> &'static str {
        "version"
    }

    fn shape(&self) -> Shape {
        Shape::of(
            &["refinery_schema_history"],
            &["version", "name", "applied_on", "checksum"],
        )
    }

    fn tells(&self) -> Tells {
        Tells::Versions
    }

    fn row(&self, applied: &Applied<'_>) -> Option<Vec<(&'static str, Value)>> {
        let (version, name) = (applied.number()?, &applied.migration.name);
        let sums = sums::refinery(name, version, applied.bytes);
        // As wide as the versions of those that it has applied.
        let sum = match applied.rows.iter().any(|row| is_wide(row, applied.files)) {
            true => sums[1],
            false => sums[0].or(sums[1]),
        };
        let sum = sum?;
        Some(vec![
            ("version", Value::Number(version)),
            ("name", Value::Text(name.clone())),
            ("applied_on", Value::Text(applied.at.to_owned())),
            ("checksum", Value::Text(sum.to_string())),
        ])
    }

    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        let entry = |row: &Row<'_>| {
            let (version, name) = (row.text("version"), row.text("name"));
            let id = leading(version)?;
            let sum: Option<u64> = row.number("checksum");
            let file = files.get(&id);
            let mut entry = compared(id, name, file, |file| {
                // It embeds the file as it was; where Git has changed the ends of lines since, it is the same script.
                let same =
                    |bytes: &Vec<u8>| sums::refinery(name, version.parse().unwrap_or_default(), bytes).contains(&sum);
                Some(sum.is_some() && sums::spellings(file.bytes).iter().any(same))
            });
            entry.at = time(row.text("applied_on"));
            Some(entry)
        };
        Ok(rows.iter().filter_map(entry).collect())
    }
}

/// Whether the sum of a row was made with a version of 64 bits.
fn is_wide(row: &Row<'_>, files: &Files<'_>) -> bool {
    let file = leading(row.text("version")).and_then(|id| files.get(&id));
    let (Some(file), Some(version)) = (file, row.number("version")) else {
        return false;
    };
    let wide = |bytes: &Vec<u8>| sums::refinery(row.text("name"), version, bytes)[1] == row.number("checksum");
    sums::spellings(file.bytes).iter().any(wide)
}
