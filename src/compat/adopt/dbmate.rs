//! dbmate: `schema_migrations` with the versions alone.
//! <https://github.com/amacneil/dbmate>

use super::{Applied, Files, Form, HalfDone, Kind, Row, Shape, Tool, Value, compared, leading};
use crate::plan::{Taken, Tells, UNNAMED};

pub(super) struct Dbmate;

impl Tool for Dbmate {
    fn name(&self) -> &'static str {
        "dbmate"
    }

    fn columns(&self) -> &'static [(&'static str, Form)] {
        &[("version", Form::Text)]
    }

    fn order(&self) -> &'static str {
        "version"
    }

    fn shape(&self) -> Shape {
        Shape::of(&["schema_migrations"], &["version"])
            .kinds(&[("version", Kind::Text)])
            .by_name()
    }

    fn could_write(&self, row: &Row<'_>) -> bool {
        let version = row.text("version");
        !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit())
    }

    fn tells(&self) -> Tells {
        Tells::Versions
    }

    fn row(&self, applied: &Applied<'_>) -> Option<Vec<(&'static str, Value)>> {
        // As it is written: the digits that its name begins with.
        let file = applied.file().file();
        let digits = file.bytes().take_while(u8::is_ascii_digit).count();
        Some(vec![("version", Value::Text(file.get(..digits)?.to_owned()))])
    }

    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        let entry = |row: &Row<'_>| {
            let id = leading(row.text("version"))?;
            let file = files.get(&id);
            Some(compared(id, UNNAMED, file, |_| None))
        };
        Ok(rows.iter().filter_map(entry).collect())
    }
}
