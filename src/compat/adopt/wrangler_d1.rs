//! Wrangler for D1: `d1_migrations` with the names of the files.
//! <https://developers.cloudflare.com/d1/reference/migrations/>

use super::{Applied, Files, Form, HalfDone, Row, Shape, Tool, Value, by_file};
use crate::plan::{Taken, Tells};

pub(super) struct WranglerD1;

impl Tool for WranglerD1 {
    fn name(&self) -> &'static str {
        "wrangler-d1"
    }

    fn columns(&self) -> &'static [(&'static str, Form)] {
        &[("id", Form::Text), ("name", Form::Text), ("applied_at", Form::Text)]
    }

    fn order(&self) -> &'static str {
        "id"
    }

    fn shape(&self) -> Shape {
        Shape::of(&["d1_migrations"], &["id", "name", "applied_at"]).by_name()
    }

    fn tells(&self) -> Tells {
        Tells::Names
    }

    fn row(&self, applied: &Applied<'_>) -> Option<Vec<(&'static str, Value)>> {
        Some(vec![
            ("name", Value::Text(applied.file().file().to_owned())),
            // As SQLite's own `CURRENT_TIMESTAMP`, to the second.
            ("applied_at", Value::Text(applied.at.get(..19)?.replacen('T', " ", 1))),
        ])
    }

    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        let rows = rows.iter().map(|row| (row.text("name"), row.text("applied_at")));
        Ok(by_file::read(rows, files))
    }
}
