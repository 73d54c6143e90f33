//! goose: `goose_db_version`, where the last row of a version counts.
//! <https://pressly.github.io/goose/documentation/>

use super::{Applied, Files, Form, HalfDone, Row, Shape, Tool, Value, compared, leading, time};
use crate::plan::{Taken, Tells, UNNAMED};

pub(super) struct Goose;

impl Tool for Goose {
    fn name(&self) -> &'static str {
        "goose"
    }

    fn columns(&self) -> &'static [(&'static str, Form)] {
        &[
            ("id", Form::Text),
            ("version_id", Form::Text),
            ("is_applied", Form::Text),
            ("tstamp", Form::Text),
        ]
    }

    fn order(&self) -> &'static str {
        "id"
    }

    fn shape(&self) -> Shape {
        Shape::of(&["goose_db_version"], &["id", "version_id", "is_applied", "tstamp"])
    }

    fn tells(&self) -> Tells {
        Tells::Versions
    }

    fn row(&self, applied: &Applied<'_>) -> Option<Vec<(&'static str, Value)>> {
        Some(vec![
            ("version_id", Value::Number(applied.number()?)),
            ("is_applied", Value::True),
            ("tstamp", applied.local()),
        ])
    }

    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        let mut taken: Vec<Taken> = Vec::new();
        // The row of version 0 only says that the table was made.
        for row in rows.iter().filter(|row| row.text("version_id") != "0") {
            let Some(id) = leading(row.text("version_id")) else {
                continue;
            };
            taken.retain(|before| before.id != id);
            if row.holds("is_applied") {
                let file = files.get(&id);
                let mut entry = compared(id, UNNAMED, file, |_| None);
                entry.at = time(row.text("tstamp"));
                taken.push(entry);
            }
        }
        Ok(taken)
    }
}
