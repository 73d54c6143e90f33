//! knex: `knex_migrations`, with the names of its files, which are programs.
//! <https://knexjs.org/guide/migrations.html>

use super::{Files, Form, HalfDone, Row, Shape, Tool, code};
use crate::plan::{Taken, Tells};

pub(super) struct Knex;

impl Tool for Knex {
    fn name(&self) -> &'static str {
        "knex"
    }

    fn columns(&self) -> &'static [(&'static str, Form)] {
        &[
            ("id", Form::Text),
            ("name", Form::Text),
            ("batch", Form::Text),
            ("migration_time", Form::Text),
        ]
    }

    fn order(&self) -> &'static str {
        "id"
    }

    fn shape(&self) -> Shape {
        Shape::of(&["knex_migrations"], &["id", "name", "batch", "migration_time"])
    }

    fn keeps_sql(&self) -> bool {
        false
    }

    fn tells(&self) -> Tells {
        Tells::Names
    }

    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        let entry = |(number, row): (u32, &Row<'_>)| {
            code::by_name_or_file(number, row.text("name"), row.text("migration_time"), files)
        };
        Ok((1..).zip(rows).filter_map(entry).collect())
    }
}
