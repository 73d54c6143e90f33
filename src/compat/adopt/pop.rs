//! pop and Ory's popx: `schema_migration` with the versions alone.
//! <https://github.com/gobuffalo/pop/blob/main/migrator.go>, <https://github.com/ory/x/blob/master/popx/migrator.go>

use std::collections::BTreeSet;

use super::{Applied, File, Files, Form, HalfDone, Kind, Row, Shape, Tool, Value, compared, leading};
use crate::migration::Id;
use crate::plan::{Taken, Tells, UNNAMED, Verdict};

pub(super) struct Pop;

const TABLE: &str = "schema_migration";

/// As long as the versions of pop's own are. popx takes one for all that begin with it.
const OWN: usize = 14;

impl Tool for Pop {
    fn name(&self) -> &'static str {
        "pop"
    }

    fn columns(&self) -> &'static [(&'static str, Form)] {
        &[("version", Form::Text)]
    }

    fn order(&self) -> &'static str {
        "version"
    }

    /// popx has a second column, which nothing reads. Under another name it looks like the table of dbmate.
    fn shape(&self) -> Shape {
        Shape::of(&[TABLE], &["version"])
            .and_perhaps(&["version_self"])
            .kinds(&[("version", Kind::Text)])
            .by_mark(|table, _| table.name.eq_ignore_ascii_case(TABLE))
    }

    fn tells(&self) -> Tells {
        Tells::Versions
    }

    fn row(&self, applied: &Applied<'_>) -> Option<Vec<(&'static str, Value)>> {
        Some(vec![("version", Value::Text(version(applied.file())?.to_owned()))])
    }

    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        let mut taken: Vec<Taken> = Vec::new();
        let mut known: BTreeSet<Id> = BTreeSet::new();
        for row in rows {
            let said = row.text("version");
            let Some(id) = leading(said) else { continue };
            let own = files.get(&id);
            let begins = |file: &File<'_>| {
                said.len() == OWN
                    && version(*file).is_some_and(|version| version.len() > OWN && version.starts_with(said))
            };
            let spoken: Vec<Taken> = (files.all().filter(begins))
                .map(|file| file.taken(Verdict::Unverifiable))
                .collect();
            if own.is_some() || spoken.is_empty() {
                taken.push(compared(id, UNNAMED, own, |_| None));
            }
            taken.extend(spoken);
        }
        taken.retain(|entry| known.insert(entry.id.clone()));
        Ok(taken)
    }
}

/// The digits that the name of a file begins with, as pop keeps them.
fn version(file: File<'_>) -> Option<&str> {
    let name = file.file();
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    name.get(..digits).filter(|version| !version.is_empty())
}
