//! Atlas: `atlas_schema_revisions`, with a hash that runs over all files.
//! <https://atlasgo.io/versioned/apply>

use std::collections::BTreeMap;

use super::{Applied, Files, Form, HalfDone, Row, Shape, Tool, Value, compared, leading, time};
use crate::catalog::AtlasSums;
use crate::migration::Id;
use crate::plan::{Taken, Tells, Verdict};

pub(super) struct Atlas;

impl Tool for Atlas {
    fn name(&self) -> &'static str {
        "atlas"
    }

    fn columns(&self) -> &'static [(&'static str, Form)] {
        &[
            ("version", Form::Text),
            ("description", Form::Text),
            ("type", Form::Text),
            ("applied", Form::Text),
            ("total", Form::Text),
            ("executed_at", Form::Text),
            ("execution_time", Form::Text),
            ("error", Form::Text),
            ("hash", Form::Text),
        ]
    }

    fn order(&self) -> &'static str {
        "version"
    }

    fn shape(&self) -> Shape {
        Shape::of(
            &["atlas_schema_revisions"],
            &[
                "version",
                "description",
                "type",
                "applied",
                "total",
                "executed_at",
                "hash",
                "partial_hashes",
            ],
        )
        .and_others()
    }

    fn tells(&self) -> Tells {
        Tells::Versions
    }

    fn keeps_apart(&self) -> bool {
        true
    }

    fn row(&self, applied: &Applied<'_>) -> Option<Vec<(&'static str, Value)>> {
        let stem = applied.file().file().strip_suffix(".sql")?;
        let (version, description) = stem.split_once('_').unwrap_or((stem, ""));
        let statements = i64::try_from(applied.migration.up.statements()).ok()?;
        Some(vec![
            ("version", Value::Text(version.to_owned())),
            ("description", Value::Text(description.to_owned())),
            // Executed.
            ("type", Value::Number(2)),
            ("applied", Value::Number(statements)),
            ("total", Value::Number(statements)),
            ("executed_at", applied.local()),
            (
                "execution_time",
                Value::Number(applied.took_ms.saturating_mul(1_000_000)),
            ),
            (
                "hash",
                Value::Text(hashes(applied.files).remove(&applied.migration.id)?),
            ),
            ("operator_version", Value::Text("syncline".to_owned())),
        ])
    }

    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        let sums = hashes(files);
        let mut taken: Vec<Taken> = Vec::new();
        // A row that begins with a dot is Atlas's own.
        for row in rows.iter().filter(|row| !row.text("version").starts_with('.')) {
            let (version, description) = (row.text("version"), row.text("description"));
            let unfinished =
                row.get("applied") != row.get("total") || row.get("error").is_some_and(|error| !error.is_empty());
            if unfinished {
                return Err(HalfDone {
                    what: format!("Atlas says that {version} stopped after {} of {} statements", row.text("applied"), row.text("total")),
                    help: "finish it with `atlas migrate apply`, or mend it and say so with `atlas migrate set`, and try again".to_owned(),
                });
            }
            let Some(id) = leading(version) else { continue };
            let file = files.get(&id);
            let sum = row.text("hash");
            let mut entry = compared(id.clone(), description, file, |_| {
                (!sum.is_empty()).then(|| sums.get(&id).is_some_and(|found| found == sum))
            });
            // Bit 0: everything up to it was there before.
            if entry.verdict == Verdict::MissingFile && row.number::<u32>("type").is_some_and(|kind| kind & 1 == 1) {
                entry.verdict = Verdict::Unverifiable;
            }
            entry.at = time(row.text("executed_at"));
            entry.took_ms = row.number::<u64>("execution_time").map(|time| time / 1_000_000);
            taken.push(entry);
        }
        // What comes before its first revision, a baseline or a checkpoint, it never looks at again.
        files.cover_before_the_first(&mut taken);
        Ok(taken)
    }
}

/// The hash of each file, which runs over those before it.
fn hashes(files: &Files<'_>) -> BTreeMap<Id, String> {
    let mut running = AtlasSums::default();
    let hash = |file: super::File<'_>| Some((file.migration.id.clone(), running.next(file.file(), file.bytes)?));
    files.all().filter_map(hash).collect()
}
