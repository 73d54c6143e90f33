//! Flyway: `flyway_schema_history`, with CRC32 of each script.
//! <https://documentation.red-gate.com/fd/flyway-schema-history-table-273973417.html>

use super::{Applied, Files, Form, HalfDone, Row, Table, Tool, Value, compared, sums, time};
use crate::migration::Id;
use crate::plan::{Taken, Verdict};

pub(super) struct Flyway;

impl Tool for Flyway {
    fn name(&self) -> &'static str {
        "flyway"
    }

    fn columns(&self) -> &'static [(&'static str, Form)] {
        &[
            ("installed_rank", Form::Text),
            ("version", Form::Text),
            ("description", Form::Text),
            ("type", Form::Text),
            ("script", Form::Text),
            ("checksum", Form::Text),
            ("installed_by", Form::Text),
            ("installed_on", Form::Text),
            ("execution_time", Form::Text),
            ("success", Form::Text),
        ]
    }

    fn order(&self) -> &'static str {
        "installed_rank"
    }

    fn is(&self, table: &Table, _: &[Table]) -> bool {
        table.has(&[
            "installed_rank",
            "version",
            "description",
            "type",
            "script",
            "checksum",
            "installed_on",
            "success",
        ])
    }

    fn row(&self, applied: &Applied<'_>) -> Option<Vec<(&'static str, Value)>> {
        let id = &applied.migration.id;
        // As it is written there, or in the name of the file: `01` is 1.
        let known = |row: &&Row<'_>| row.get("version").and_then(version).as_ref() == Some(id);
        let version = match applied.rows.iter().find(known) {
            Some(row) => row.text("version").to_owned(),
            None => written(applied.file().file()).unwrap_or_else(|| id.to_string()),
        };
        let ranks = applied
            .rows
            .iter()
            .filter_map(|row| row.number::<i64>("installed_rank"));
        Some(vec![
            ("version", Value::Text(version)),
            (
                "installed_rank",
                Value::Number(ranks.max().unwrap_or_default() + applied.place),
            ),
            ("description", Value::Text(applied.migration.name.replace('_', " "))),
            ("type", Value::Text("SQL".to_owned())),
            ("script", Value::Text(applied.file().file().to_owned())),
            ("checksum", Value::Number(sums::flyway(applied.bytes).into())),
            ("installed_by", Value::Text(applied.by.to_owned())),
            ("installed_on", applied.local()),
            ("execution_time", Value::Number(applied.took_ms)),
            ("success", Value::True),
        ])
    }

    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        let mut taken: Vec<Taken> = Vec::new();
        for row in rows {
            let (kind, script) = (row.text("type"), row.text("script"));
            if !row.holds("success") {
                return Err(HalfDone {
                    what: format!("Flyway says that `{script}` failed"),
                    help: "mend what it left, run `flyway repair`, and try again".to_owned(),
                });
            }
            let id = match row.get("version") {
                Some(text) => version(text),
                None => files
                    .named(script.rsplit('/').next().unwrap_or(script))
                    .map(|file| file.migration.id.clone())
                    .or_else(|| {
                        let name = script.rsplit('/').next()?.strip_prefix("R__")?.strip_suffix(".sql")?;
                        Some(Id::Repeatable(name.to_owned()))
                    }),
            };
            // The row that tells of the schema, and those of code that repeats.
            let Some(id) = id else { continue };
            taken.retain(|before| before.id != id);
            if kind.starts_with("UNDO") || kind == "DELETE" {
                continue;
            }
            let name = row.text("description").replace(' ', "_");
            let mut entry = compared(id, &name, None, |_| None);
            let file = files.get(&entry.id);
            if kind == "BASELINE" {
                entry.verdict = Verdict::Unverifiable;
            } else {
                let sum: Option<i32> = row.number("checksum");
                entry = compared(entry.id, &name, file, |file| {
                    let found = [
                        sums::flyway(file.bytes),
                        sums::flyway(file.migration.up.text.as_bytes()),
                    ];
                    sum.map(|sum| found.contains(&sum))
                });
            }
            entry.at = time(row.text("installed_on"));
            entry.by = row.get("installed_by").filter(|by| !by.is_empty()).map(str::to_owned);
            entry.took_ms = row.number("execution_time");
            taken.push(entry);
        }
        Ok(taken)
    }
}

fn version(text: &str) -> Option<Id> {
    text.replace('_', ".").parse().ok().map(Id::Version)
}

/// The version in the name of a file, as Flyway keeps it.
fn written(file: &str) -> Option<String> {
    let (stem, _) = file.strip_prefix('V')?.split_once("__")?;
    version(stem).map(|_| stem.replace('_', "."))
}
