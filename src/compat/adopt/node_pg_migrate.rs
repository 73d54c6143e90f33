//! node-pg-migrate: `pgmigrations`, with the names of its files, which are SQL or programs.
//! <https://salsita.github.io/node-pg-migrate/>

use super::{Applied, Files, Form, HalfDone, Row, Shape, Tool, Value, code, compared, leading, time};
use crate::plan::{Taken, Tells};

pub(super) struct NodePgMigrate;

impl Tool for NodePgMigrate {
    fn name(&self) -> &'static str {
        "node-pg-migrate"
    }

    fn columns(&self) -> &'static [(&'static str, Form)] {
        &[("id", Form::Text), ("name", Form::Text), ("run_on", Form::Text)]
    }

    fn order(&self) -> &'static str {
        "id"
    }

    fn shape(&self) -> Shape {
        Shape::of(&["pgmigrations"], &["id", "name", "run_on"]).by_name()
    }

    fn tells(&self) -> Tells {
        Tells::Names
    }

    fn row(&self, applied: &Applied<'_>) -> Option<Vec<(&'static str, Value)>> {
        let name = applied.file().file().trim_end_matches(".sql").to_owned();
        Some(vec![("name", Value::Text(name)), ("run_on", applied.local())])
    }

    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        let entry = |(number, row): (u32, &Row<'_>)| {
            let (name, at) = (row.text("name"), row.text("run_on"));
            // A name without the ending of its file.
            let file = leading(name)
                .and_then(|id| files.get(&id))
                .filter(|file| file.file().starts_with(name));
            match file {
                Some(file) => {
                    let mut entry = compared(file.migration.id.clone(), name, Some(file), |_| None);
                    entry.at = time(at);
                    Some(entry)
                }
                None => code::by_name(number, name, at),
            }
        };
        Ok((1..).zip(rows).filter_map(entry).collect())
    }
}
