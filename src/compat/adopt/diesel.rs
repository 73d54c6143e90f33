//! diesel: `__diesel_schema_migrations` with the versions alone.
//! <https://docs.rs/diesel_migrations/>

use super::{Applied, Files, Form, HalfDone, Kind, Row, Shape, Tool, Value, compared, time};
use crate::catalog::diesel_version;
use crate::migration::Id;
use crate::plan::{Taken, Tells, UNNAMED};

pub(super) struct Diesel;

impl Tool for Diesel {
    fn name(&self) -> &'static str {
        "diesel"
    }

    fn columns(&self) -> &'static [(&'static str, Form)] {
        &[("version", Form::Text), ("run_on", Form::Text)]
    }

    fn order(&self) -> &'static str {
        "version"
    }

    fn shape(&self) -> Shape {
        Shape::of(&["__diesel_schema_migrations"], &["version", "run_on"])
            .kinds(&[("version", Kind::Text), ("run_on", Kind::Time)])
            .by_name()
    }

    fn tells(&self) -> Tells {
        Tells::Versions
    }

    fn row(&self, applied: &Applied<'_>) -> Option<Vec<(&'static str, Value)>> {
        let version = applied.file().directory().split('_').next()?.replace('-', "");
        Some(vec![("version", Value::Text(version)), ("run_on", applied.local())])
    }

    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        let entry = |row: &Row<'_>| {
            let id = Id::Version(diesel_version(row.text("version"))?.parse().ok()?);
            let file = files.get(&id);
            let mut entry = compared(id, UNNAMED, file, |_| None);
            entry.at = time(row.text("run_on"));
            Some(entry)
        };
        Ok(rows.iter().filter_map(entry).collect())
    }
}
