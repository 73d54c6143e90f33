//! Atlas: `atlas_schema_revisions`, with a hash that runs over all files.
//! <https://atlasgo.io/versioned/apply>

use std::collections::{BTreeMap, BTreeSet};

use super::{Applied, Files, Form, HalfDone, Row, Shape, Tool, Value, compared, time};
use crate::catalog::{AtlasSums, atlas_sum};
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
        // A row that begins with a dot is Atlas's own.
        let rows: Vec<&Row<'_>> = rows
            .iter()
            .filter(|row| !row.text("version").starts_with('.'))
            .collect();
        let mut taken: Vec<Taken> = Vec::new();
        let mut is_whole = true;
        for row in &rows {
            let (version, description) = (row.text("version"), row.text("description"));
            let unfinished =
                row.get("applied") != row.get("total") || row.get("error").is_some_and(|error| !error.is_empty());
            if unfinished {
                return Err(HalfDone {
                    what: format!(
                        "Atlas says that {version} stopped after {} of {} statements",
                        row.text("applied"),
                        row.text("total")
                    ),
                    // `migrate set` leaves what such a row says of its statements, and Atlas would go on with them.
                    help: "finish it with `atlas migrate apply`; what was finished by hand is called done by `applied = total, error = NULL` in its row; and try again".to_owned(),
                });
            }
            let Some(id) = id_of(version) else { continue };
            let own = files.get(&id);
            let stand_in = files.stand_in().filter(|file| own.is_none() && file.migration.id == id);
            let sum = row.text("hash");
            let mut entry = compared(id.clone(), description, own.or(stand_in), |_| {
                if !sum.is_empty() && sums.get(&id).is_some_and(|found| found == sum) {
                    return Some(true);
                }
                let then = then(files, &sums, &rows, row, &id);
                let is_same = then.hash.is_some_and(|found| found == sum);
                // A hash holds the files before it, so nothing is known of those behind one that is another now, or that may have come later.
                (!sum.is_empty() && (is_same || is_whole && !then.has_skipped)).then_some(is_same)
            });
            entry.stands_in = stand_in.is_some();
            // A checkpoint before the newest, which nothing runs any more.
            if entry.verdict == Verdict::MissingFile && sums.contains_key(&id) {
                entry.verdict = Verdict::Baseline;
            }
            is_whole &= entry.verdict != Verdict::Edited && entry.verdict != Verdict::MissingFile;
            // Bit 0: everything up to it was there before.
            if entry.verdict == Verdict::MissingFile && row.number::<u32>("type").is_some_and(|kind| kind & 1 == 1) {
                entry.verdict = Verdict::Unverifiable;
                is_whole = false;
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

/// A version of Atlas is any text, and those that are read here are numbers.
fn id_of(version: &str) -> Option<Id> {
    version.parse().ok().map(Id::Version)
}

/// The hash of each file: the one of `atlas.sum`, which its layout has compared with the files, or made of them.
fn hashes(files: &Files<'_>) -> BTreeMap<Id, String> {
    if let Some(list) = files.list().and_then(|text| atlas_sum(text).ok()) {
        let version = |name: &str| {
            id_of(
                name.strip_suffix(".sql")
                    .unwrap_or(name)
                    .split('_')
                    .next()
                    .unwrap_or_default(),
            )
        };
        return list
            .into_iter()
            .filter_map(|(name, hash)| Some((version(&name)?, hash)))
            .collect();
    }
    let mut running = AtlasSums::default();
    let hash = |file: super::File<'_>| Some((file.migration.id.clone(), running.next(file.file(), file.bytes)?));
    files.all().filter_map(hash).collect()
}

/// The files as they were when one of them was applied.
struct Then {
    /// Its hash, where files that come before it were added later: in an order that is not linear.
    hash: Option<String>,
    /// Whether files lie before it that were never applied, checkpoints among them, and may have been there or not.
    has_skipped: bool,
}

fn then(files: &Files<'_>, sums: &BTreeMap<Id, String>, rows: &[&Row<'_>], row: &Row<'_>, id: &Id) -> Then {
    // Those of one run may be of one second, and then they are in their order.
    let when = |row: &Row<'_>| (time(row.text("executed_at")), row.text("version").to_owned());
    let ids = |is_meant: &dyn Fn(&Row<'_>) -> bool| -> BTreeSet<Id> {
        let meant = rows.iter().filter(|other| is_meant(other));
        meant.filter_map(|other| id_of(other.text("version"))).collect()
    };
    let at = when(row);
    let (all, before) = (ids(&|_| true), ids(&|other| when(other) < at));
    let is_below = |other: &Id| all.first().is_some_and(|first| other < first);
    let mut running = AtlasSums::default();
    let mut hash = None;
    for file in files.all().filter(|file| file.migration.id <= *id) {
        let other = &file.migration.id;
        if other == id || is_below(other) || before.contains(other) {
            hash = running.next(file.file(), file.bytes);
        }
    }
    let has_skipped = sums
        .keys()
        .any(|other| other < id && !is_below(other) && !all.contains(other));
    Then { hash, has_skipped }
}
