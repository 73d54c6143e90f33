//! sqlx: `_sqlx_migrations`, with SHA-384 of each file.
//! <https://docs.rs/sqlx/latest/sqlx/migrate/struct.Migrator.html>

use super::{Applied, Files, Form, HalfDone, Row, Shape, Tool, Value, compared, leading, sums, time};
use crate::plan::{Taken, Tells};

pub(super) struct Sqlx;

impl Tool for Sqlx {
    fn name(&self) -> &'static str {
        "sqlx"
    }

    fn columns(&self) -> &'static [(&'static str, Form)] {
        &[
            ("version", Form::Text),
            ("description", Form::Text),
            ("installed_on", Form::Text),
            ("success", Form::Text),
            ("checksum", Form::Hex),
            ("execution_time", Form::Text),
        ]
    }

    fn order(&self) -> &'static str {
        "version"
    }

    fn shape(&self) -> Shape {
        Shape::of(
            &["_sqlx_migrations"],
            &[
                "version",
                "description",
                "installed_on",
                "success",
                "checksum",
                "execution_time",
            ],
        )
    }

    fn tells(&self) -> Tells {
        Tells::Versions
    }

    fn row(&self, applied: &Applied<'_>) -> Option<Vec<(&'static str, Value)>> {
        Some(vec![
            ("version", Value::Number(applied.number()?)),
            ("description", Value::Text(applied.migration.name.replace('_', " "))),
            ("installed_on", applied.local()),
            ("success", Value::True),
            ("checksum", Value::Bytes(sums::sqlx_bytes(applied.bytes))),
            (
                "execution_time",
                Value::Number(applied.took_ms.saturating_mul(1_000_000)),
            ),
        ])
    }

    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        let entry = |row: &Row<'_>| {
            let (version, description) = (row.text("version"), row.text("description"));
            if !row.holds("success") {
                return Err(HalfDone {
                    what: format!("sqlx says that {version} ({description}) was begun and not finished"),
                    help: "mend what it left and its row in `_sqlx_migrations`, and try again".to_owned(),
                });
            }
            let Some(id) = leading(version) else { return Ok(None) };
            let sum = row.text("checksum").to_ascii_lowercase();
            let file = files.get(&id);
            let mut entry = compared(id, &description.replace(' ', "_"), file, |file| {
                Some(sums::spellings(file.bytes).iter().any(|bytes| sums::sqlx(bytes) == sum))
            });
            entry.at = time(row.text("installed_on"));
            // Nanoseconds; -1 where it is not known.
            entry.took_ms = row.number::<u64>("execution_time").map(|time| time / 1_000_000);
            Ok(Some(entry))
        };
        rows.iter().filter_map(|row| entry(row).transpose()).collect()
    }
}
