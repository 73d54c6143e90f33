//! sqlx: `_sqlx_migrations`, with SHA-384 of each file, perhaps without some characters.
//! <https://docs.rs/sqlx/latest/sqlx/migrate/struct.Migrator.html>

use super::{Applied, File, Files, Form, HalfDone, Row, Shape, Tool, Value, compared, leading, sums, time};
use crate::migration::hex;
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
        let ignored = ignored(applied.rows, applied.files);
        let mut sums = ignored.iter().map(|ignored| sums::sqlx(applied.bytes, ignored));
        let sum = sums.next().unwrap_or_else(|| sums::sqlx(applied.bytes, &[]));
        // The file holds what nothing says whether it is ignored.
        if sums.any(|other| other != sum) {
            return None;
        }
        Some(vec![
            ("version", Value::Number(applied.number()?)),
            ("description", Value::Text(applied.migration.name.replace('_', " "))),
            ("installed_on", applied.local()),
            ("success", Value::True),
            ("checksum", Value::Bytes(sum)),
            (
                "execution_time",
                Value::Number(applied.took_ms.saturating_mul(1_000_000)),
            ),
        ])
    }

    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        let ignored = ignored(rows, files);
        let entry = |row: &Row<'_>| {
            let (version, description) = (row.text("version"), row.text("description"));
            if !row.holds("success") {
                return Err(HalfDone {
                    what: format!("sqlx says that {version} ({description}) was begun and not finished"),
                    help: "mend what it left and its row in `_sqlx_migrations`, and try again".to_owned(),
                });
            }
            let Some(id) = leading(version) else { return Ok(None) };
            let file = files.get(&id);
            let mut entry = compared(id, &description.replace(' ', "_"), file, |file| {
                let ignored = ignored.iter().any(|ignored| has_sum(row, file, ignored));
                Some(ignored || has_sum(row, file, &[]))
            });
            entry.at = time(row.text("installed_on"));
            // Nanoseconds; -1 where it is not known.
            entry.took_ms = row.number::<u64>("execution_time").map(|time| time / 1_000_000);
            Ok(Some(entry))
        };
        rows.iter().filter_map(|row| entry(row).transpose()).collect()
    }
}

/// The characters that sqlx may have been told to ignore: each choice that explains as many of the sums that are not those of the files
/// as any other does.
fn ignored(rows: &[Row<'_>], files: &Files<'_>) -> Vec<Vec<char>> {
    let with_file = |row| Some((row, files.get(&leading(Row::text(row, "version"))?)?));
    let mut others: Vec<(&Row<'_>, File<'_>)> = rows.iter().filter_map(with_file).collect();
    others.retain(|(row, file)| !has_sum(row, *file, &[]));
    let (mut best, mut most) = (Vec::new(), 1);
    for ignored in sums::ignored_by_sqlx() {
        let is_its = |(row, file): &&(&Row<'_>, File<'_>)| has_sum(row, *file, &ignored);
        let count = others.iter().filter(is_its).count();
        if count > most {
            best.clear();
        }
        if count >= most {
            most = count;
            best.push(ignored);
        }
    }
    best
}

fn has_sum(row: &Row<'_>, file: File<'_>, ignored: &[char]) -> bool {
    let sum = row.text("checksum").to_ascii_lowercase();
    let mut spellings = sums::spellings(file.bytes).into_iter();
    spellings.any(|bytes| hex(&sums::sqlx(&bytes, ignored)) == sum)
}
