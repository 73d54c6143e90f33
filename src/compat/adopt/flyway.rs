//! Flyway: `flyway_schema_history`, with CRC32 of each script.
//! <https://documentation.red-gate.com/fd/flyway-schema-history-table-273973417.html>

use super::{Applied, Files, Form, HalfDone, Row, Shape, Tool, Value, compared, sums, time};
use crate::migration::Id;
use crate::plan::{Taken, Tells, Verdict};

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

    fn shape(&self) -> Shape {
        Shape::of(
            &["flyway_schema_history", "schema_version"],
            &[
                "installed_rank",
                "version",
                "description",
                "type",
                "script",
                "checksum",
                "installed_on",
                "success",
            ],
        )
        .and_others()
    }

    fn tells(&self) -> Tells {
        Tells::Versions
    }

    fn row(&self, applied: &Applied<'_>) -> Option<Vec<(&'static str, Value)>> {
        let id = &applied.migration.id;
        // As it is written there, or in the name of the file: `01` is 1.
        let versions = || {
            applied
                .rows
                .iter()
                .filter_map(|row| row.get("version").and_then(version))
        };
        let known = |row: &&Row<'_>| row.get("version").and_then(version).as_ref() == Some(id);
        let known = applied.rows.iter().find(known);
        let version = match known {
            Some(row) => row.text("version").to_owned(),
            None => written(applied.file().file()).unwrap_or_else(|| id.to_string()),
        };
        let ranks = applied
            .rows
            .iter()
            .filter_map(|row| row.number::<i64>("installed_rank"));
        // Flyway up to 3 keeps the place of each version, moves those that come later, and has sums of its own.
        let is_old = applied.table.column("version_rank").is_some();
        if is_old && known.is_none() && versions().any(|version| version > *id) {
            return None;
        }
        let sum = if is_old { sums::old_flyway } else { sums::flyway };
        let mut row = vec![
            ("version", Value::Text(version)),
            (
                "installed_rank",
                Value::Number(ranks.max().unwrap_or_default() + applied.place),
            ),
            ("description", Value::Text(applied.migration.name.replace('_', " "))),
            ("type", Value::Text("SQL".to_owned())),
            ("script", Value::Text(applied.file().file().to_owned())),
            ("checksum", Value::Number(sum(applied.bytes).into())),
            ("installed_by", Value::Text(applied.by.to_owned())),
            ("installed_on", applied.local_as_in("installed_on")),
            ("execution_time", Value::Number(applied.took_ms)),
            ("success", Value::True),
        ];
        if is_old {
            let before = i64::try_from(versions().count()).ok()?;
            row.push(("version_rank", Value::Number(before + applied.place)));
        }
        Some(row)
    }

    /// A row of a baseline speaks for everything up to its version: of that, Flyway never runs what no other row tells of.
    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        let mut taken: Vec<Taken> = Vec::new();
        let mut baseline: Option<Id> = None;
        // That one tells of the schema, under a version of its own in old releases.
        for row in rows.iter().filter(|row| row.text("type") != "SCHEMA") {
            let (kind, script) = (Type::of(row.text("type")), row.text("script"));
            if !row.holds("success") {
                return Err(HalfDone {
                    what: format!("Flyway says that `{script}` failed"),
                    help: "mend what it left, run `flyway repair`, and try again".to_owned(),
                });
            }
            // Code that repeats has none.
            let Some(id) = identity(row, files) else { continue };
            taken.retain(|before| before.id != id);
            if kind == Type::TakesBack {
                continue;
            }
            if matches!(kind, Type::Baseline | Type::BaselineScript) {
                baseline = baseline.max(Some(id.clone()));
            }
            let file = match kind {
                Type::BaselineScript => files.stand_in().filter(|file| file.migration.id == id),
                Type::Baseline | Type::Program => None,
                Type::Script | Type::TakesBack => files.get(&id),
            };
            // Where no script of its own is there, it tells of that of the same version.
            let is_mark = matches!(kind, Type::Baseline | Type::BaselineScript) && file.is_none();
            let named = files.get(&id).filter(|_| is_mark);
            let name = named.map_or_else(
                || row.text("description").replace(' ', "_"),
                |file| file.migration.name.clone(),
            );
            let sum: Option<i32> = row.number("checksum");
            let is_stand_in = kind == Type::BaselineScript && file.is_some();
            let mut entry = compared(id, &name, file, |file| is_same(sum?, file, files));
            entry.stands_in = is_stand_in;
            match kind {
                Type::Baseline => entry.verdict = Verdict::Baseline,
                Type::BaselineScript if !is_stand_in => entry.verdict = Verdict::Baseline,
                Type::Program => entry.verdict = Verdict::Code,
                _ => {}
            }
            entry.at = time(row.text("installed_on"));
            entry.by = row.get("installed_by").filter(|by| !by.is_empty()).map(str::to_owned);
            entry.took_ms = row.number("execution_time");
            taken.push(entry);
        }
        if let Some(baseline) = baseline {
            files.cover(&mut taken, |id| *id <= baseline);
        }
        Ok(taken)
    }
}

/// What a row tells of, by its type.
/// <https://github.com/flyway/flyway/blob/main/flyway-core/src/main/java/org/flywaydb/core/api/CoreMigrationType.java>
#[derive(Clone, Copy, PartialEq, Eq)]
enum Type {
    /// SQL, whatever word there is for it.
    Script,
    /// A script that stands for everything up to its version: `B…`.
    BaselineScript,
    /// That everything up to its version was there.
    Baseline,
    /// Java, or a script of another language.
    Program,
    /// What an earlier row tells of is gone: undone, or deleted by `repair`.
    TakesBack,
}

impl Type {
    fn of(text: &str) -> Self {
        match text {
            // `INIT` was the word before Flyway 3.
            "BASELINE" | "INIT" | "JDBC_BASELINE" | "JDBC_STATE_SCRIPT" => Self::Baseline,
            "SQL_BASELINE" | "SQL_STATE_SCRIPT" => Self::BaselineScript,
            "JDBC" | "SPRING_JDBC" | "SCRIPT" | "CUSTOM" => Self::Program,
            "DELETE" => Self::TakesBack,
            undo if undo.starts_with("UNDO") => Self::TakesBack,
            _ => Self::Script,
        }
    }
}

/// The migration that a row tells of. A repeatable one is known by its description there, and by its script where that was cut.
fn identity(row: &Row<'_>, files: &Files<'_>) -> Option<Id> {
    if let Some(text) = row.get("version") {
        return version(text);
    }
    let script = row.text("script");
    let script = script.rsplit('/').next().unwrap_or(script);
    let described = |file: &super::File<'_>| match &file.migration.id {
        Id::Repeatable(name) => name.replace('_', " ") == row.text("description"),
        Id::Version(_) => false,
    };
    let file = files.named(script).or_else(|| files.all().find(described));
    file.map(|file| file.migration.id.clone()).or_else(|| {
        let name = script.strip_prefix("R__")?.strip_suffix(".sql")?;
        Some(Id::Repeatable(name.to_owned()))
    })
}

/// Whether a sum is that of a file: of its lines, as Flyway 4 and newer make it, or of its bytes. That of a repeatable script is made with the
/// values of placeholders put in, and where those are not known, another sum says nothing.
fn is_same(sum: i32, file: super::File<'_>, files: &Files<'_>) -> Option<bool> {
    let old = || {
        sums::spellings(file.bytes)
            .iter()
            .any(|bytes| sums::old_flyway(bytes) == sum)
    };
    if sums::flyway(file.bytes) == sum || old() {
        return Some(true);
    }
    let text = String::from_utf8_lossy(file.bytes);
    if file.migration.id.version().is_some() || !text.contains("${") {
        return Some(false);
    }
    let replaced = files.catalog.replaced(&text).filter(|replaced| *replaced != text)?;
    Some(sums::flyway(replaced.as_bytes()) == sum)
}

fn version(text: &str) -> Option<Id> {
    text.replace('_', ".").parse().ok().map(Id::Version)
}

/// The version in the name of a file, as Flyway keeps it.
fn written(file: &str) -> Option<String> {
    let (stem, _) = file.strip_prefix('V')?.split_once("__")?;
    version(stem).map(|_| stem.replace('_', "."))
}

#[cfg(test)]
mod tests;
