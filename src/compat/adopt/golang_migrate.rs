//! golang-migrate: `schema_migrations` with one row, the version that was reached.
//! <https://github.com/golang-migrate/migrate/blob/master/GETTING_STARTED.md>

use super::{Applied, Files, Form, HalfDone, Kind, Row, Shape, Tool, Value, compared, leading};
use crate::plan::{Taken, Tells, UNNAMED, Verdict};

pub(super) struct GolangMigrate;

impl Tool for GolangMigrate {
    fn name(&self) -> &'static str {
        "golang-migrate"
    }

    fn columns(&self) -> &'static [(&'static str, Form)] {
        &[("version", Form::Text), ("dirty", Form::Text)]
    }

    fn order(&self) -> &'static str {
        "version"
    }

    fn shape(&self) -> Shape {
        Shape::of(&["schema_migrations"], &["version", "dirty"]).kinds(&[("version", Kind::Number)])
    }

    fn could_write(&self, row: &Row<'_>) -> bool {
        row.number::<i64>("version").is_some()
    }

    fn tells(&self) -> Tells {
        Tells::Reached
    }

    fn row(&self, applied: &Applied<'_>) -> Option<Vec<(&'static str, Value)>> {
        Some(vec![
            ("version", Value::Number(applied.number()?)),
            ("dirty", Value::False),
        ])
    }

    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        let Some(row) = rows.last() else { return Ok(Vec::new()) };
        let version = row.text("version");
        if row.holds("dirty") {
            return Err(HalfDone {
                what: format!("golang-migrate says that version {version} is dirty: it failed half-way"),
                help: format!(
                    "mend what it left, say so with `migrate force {version}` or the version before, and try again"
                ),
            });
        }
        // -1 is none.
        let Some(reached) = leading(version) else {
            return Ok(Vec::new());
        };
        let done = files
            .all()
            .filter(|file| file.migration.id.version().is_some() && file.migration.id <= reached);
        let mut taken: Vec<Taken> = done.map(|file| file.taken(Verdict::Unverifiable)).collect();
        if taken.last().is_none_or(|last| last.id != reached) {
            taken.push(compared(reached, UNNAMED, None, |_| None));
        }
        Ok(taken)
    }
}
