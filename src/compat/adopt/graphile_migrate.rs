//! graphile-migrate: `graphile_migrate.migrations` with the hash of each file, which holds that of the one before.
//! <https://github.com/graphile/migrate>

use super::{Applied, File, Files, Form, HalfDone, Row, Shape, Tool, Value, compared, leading, time};
use crate::catalog::GraphileCommitted;
use crate::plan::{Taken, Tells, UNNAMED};

pub(super) struct GraphileMigrate;

impl Tool for GraphileMigrate {
    fn name(&self) -> &'static str {
        "graphile-migrate"
    }

    fn columns(&self) -> &'static [(&'static str, Form)] {
        &[("hash", Form::Text), ("filename", Form::Text), ("date", Form::Text)]
    }

    fn order(&self) -> &'static str {
        "filename"
    }

    fn shape(&self) -> Shape {
        Shape::of(&["migrations"], &["hash", "previous_hash", "filename", "date"])
    }

    fn tells(&self) -> Tells {
        Tells::Versions
    }

    fn keeps_apart(&self) -> bool {
        true
    }

    fn row(&self, applied: &Applied<'_>) -> Option<Vec<(&'static str, Value)>> {
        let committed = committed(applied.file())?;
        let digits = applied.file().file().bytes().take_while(u8::is_ascii_digit).count();
        let number = applied.file().file().get(..digits)?;
        Some(vec![
            ("hash", Value::Text(committed.hash)),
            ("previous_hash", committed.previous.map_or(Value::Null, Value::Text)),
            ("filename", Value::Text(format!("{number}.sql"))),
            ("date", Value::Text(applied.at.to_owned())),
        ])
    }

    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        let entry = |row: &Row<'_>| {
            let id = leading(row.text("filename"))?;
            let file = files.get(&id);
            let hash = row.text("hash");
            let mut entry = compared(id, UNNAMED, file, |file| {
                let committed = committed(file)?;
                match committed.computed == hash {
                    true => Some(true),
                    // With `AllowInvalidHash` nobody knows what the text was.
                    false => (committed.hash != hash).then_some(false),
                }
            });
            entry.at = time(row.text("date"));
            Some(entry)
        };
        let mut taken: Vec<Taken> = rows.iter().filter_map(entry).collect();
        // It goes on behind the last one, whatever else comes before that.
        if let Some(last) = taken.iter().map(|taken| taken.id.clone()).max() {
            files.cover(&mut taken, |id| *id < last);
        }
        Ok(taken)
    }
}

fn committed(file: File<'_>) -> Option<GraphileCommitted> {
    let text = std::str::from_utf8(file.bytes).ok()?;
    GraphileCommitted::new(text.trim_start_matches('\u{feff}')).ok()
}
