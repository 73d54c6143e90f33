//! dbmate: `schema_migrations` with the versions alone.
//! <https://github.com/amacneil/dbmate>

use super::{Applied, Files, Form, HalfDone, Row, Table, Tool, Value, compared, leading};
use crate::plan::{Taken, Tells};

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

    /// Rails has the same table, and another one beside it.
    fn is(&self, table: &Table, all: &[Table]) -> bool {
        table.name == "schema_migrations"
            && table.is_just(&["version"])
            && !all
                .iter()
                .any(|other| other.schema == table.schema && other.name == "ar_internal_metadata")
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
            Some(compared(id, "migration", file, |_| None))
        };
        Ok(rows.iter().filter_map(entry).collect())
    }
}
