//! Alembic: `alembic_version`, which holds the newest revisions alone.
//! <https://alembic.sqlalchemy.org/en/latest/tutorial.html>

use super::{Files, Form, HalfDone, Kind, Row, Shape, Tool, code};
use crate::plan::{Taken, Tells};

pub(super) struct Alembic;

impl Tool for Alembic {
    fn name(&self) -> &'static str {
        "alembic"
    }

    fn columns(&self) -> &'static [(&'static str, Form)] {
        &[("version_num", Form::Text)]
    }

    fn order(&self) -> &'static str {
        "version_num"
    }

    fn shape(&self) -> Shape {
        Shape::of(&["alembic_version"], &["version_num"]).kinds(&[("version_num", Kind::Text)])
    }

    fn keeps_sql(&self) -> bool {
        false
    }

    fn tells(&self) -> Tells {
        Tells::Heads
    }

    /// What came before the newest is only in its Python files.
    fn read(&self, rows: &[Row<'_>], _: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        Ok((1..)
            .zip(rows)
            .filter_map(|(number, row)| code::by_name(number, row.text("version_num"), ""))
            .collect())
    }
}
