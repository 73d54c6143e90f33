//! tern: `schema_version` with one row, the number that was reached.
//! <https://github.com/jackc/tern>

use super::{Applied, Files, Form, HalfDone, Kind, Row, Shape, Tool, Value, compared, leading};
use crate::plan::{Taken, Tells, UNNAMED, Verdict};

pub(super) struct Tern;

impl Tool for Tern {
    fn name(&self) -> &'static str {
        "tern"
    }

    fn columns(&self) -> &'static [(&'static str, Form)] {
        &[("version", Form::Text)]
    }

    fn order(&self) -> &'static str {
        "version"
    }

    fn shape(&self) -> Shape {
        Shape::of(&["schema_version"], &["version"])
            .kinds(&[("version", Kind::Number)])
            .by_name()
    }

    fn could_write(&self, row: &Row<'_>) -> bool {
        row.number::<i64>("version").is_some()
    }

    fn tells(&self) -> Tells {
        Tells::Reached
    }

    fn row(&self, applied: &Applied<'_>) -> Option<Vec<(&'static str, Value)>> {
        Some(vec![("version", Value::Number(applied.number()?))])
    }

    fn row_of_none(&self) -> Option<Vec<(&'static str, Value)>> {
        Some(vec![("version", Value::Number(0))])
    }

    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        // 0 is none.
        let reached = rows.last().filter(|row| row.text("version") != "0");
        let Some(reached) = reached.and_then(|row| leading(row.text("version"))) else {
            return Ok(Vec::new());
        };
        let done = files.all().filter(|file| file.migration.id <= reached);
        let mut taken: Vec<Taken> = done.map(|file| file.taken(Verdict::Unverifiable)).collect();
        if taken.last().is_none_or(|last| last.id != reached) {
            taken.push(compared(reached, UNNAMED, None, |_| None));
        }
        Ok(taken)
    }
}
