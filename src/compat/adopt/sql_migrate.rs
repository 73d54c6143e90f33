//! sql-migrate: `gorp_migrations` with the names of the files.
//! <https://github.com/rubenv/sql-migrate>

use super::{Applied, Files, Form, HalfDone, Kind, Row, Shape, Tool, Value, by_file};
use crate::plan::{Taken, Tells};

pub(super) struct SqlMigrate;

impl Tool for SqlMigrate {
    fn name(&self) -> &'static str {
        "sql-migrate"
    }

    fn columns(&self) -> &'static [(&'static str, Form)] {
        &[("id", Form::Text), ("applied_at", Form::Text)]
    }

    fn order(&self) -> &'static str {
        "applied_at"
    }

    fn shape(&self) -> Shape {
        Shape::of(&["gorp_migrations"], &["id", "applied_at"])
            .kinds(&[("id", Kind::Text)])
            .by_name()
    }

    fn tells(&self) -> Tells {
        Tells::Names
    }

    /// "unknown migration in database", unless it is told not to look.
    fn needs_every_file(&self) -> bool {
        true
    }

    fn row(&self, applied: &Applied<'_>) -> Option<Vec<(&'static str, Value)>> {
        Some(vec![
            ("id", Value::Text(applied.file().file().to_owned())),
            ("applied_at", applied.local()),
        ])
    }

    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        let rows = rows.iter().map(|row| (row.text("id"), row.text("applied_at")));
        let mut taken = by_file::read(rows, files);
        // Those of one run may be of one second.
        taken.sort_by(|a, b| (&a.at, &a.id).cmp(&(&b.at, &b.id)));
        Ok(taken)
    }
}
