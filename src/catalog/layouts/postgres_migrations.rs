//! postgres-migrations: `<version>-<name>.sql` or `<version>_<name>.sql`, and a line that says to run it without a transaction.
//! <https://github.com/ThomWright/postgres-migrations#migrations-rules>

use super::adapt::{OUTSIDE, say, without};
use super::native;
use super::{Draft, Entry, Fresh, Tool, is_sql, line_that};
use crate::catalog::source::Found;
use crate::migration::{Direction, Id};

pub(super) struct PostgresMigrations;

const MARK: &str = "-- postgres-migrations disable-transaction";

impl Tool for PostgresMigrations {
    fn name(&self) -> &'static str {
        "postgres-migrations"
    }

    fn fresh(&self, fresh: &Fresh<'_>) -> Option<Vec<(String, String)>> {
        Some(vec![(
            format!("{}_{}.sql", fresh.version, fresh.name),
            format!("-- {}\n", fresh.name),
        )])
    }

    fn wants(&self, name: &str) -> bool {
        is_sql(name)
    }

    fn shown_by(&self, files: &[Entry]) -> Option<String> {
        line_that(files, |line| line.starts_with(MARK))
    }

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        for entry in files {
            let Some((id, name)) = parts(entry.file()) else {
                // With the words of our own names, which are nearly the same.
                let path = entry.path.clone();
                if native::named(entry, draft).is_some() {
                    let message = "postgres-migrations has names `<version>-<name>.sql` and `<version>_<name>.sql`";
                    draft.misnamed(&path, message);
                }
                continue;
            };
            let Some((path, text)) = draft.text(entry) else {
                continue;
            };
            let mark = text.find(MARK).map(|at| at..at + MARK.len());
            let mut found = Found::new(id, name, Direction::Up, (path, text));
            if let Some(mark) = mark {
                found.text = without(&found.text, std::iter::once(mark));
                say(&mut found, OUTSIDE);
            }
            draft.scripts.push(found);
        }
    }
}

fn parts(file: &str) -> Option<(Id, String)> {
    let stem = file.strip_suffix(".sql")?;
    let digits = stem.bytes().take_while(u8::is_ascii_digit).count();
    let (version, name) = stem.split_at_checked(digits)?;
    let name = name.trim_start_matches(['-', '_']);
    (!name.is_empty()).then_some((Id::Version(version.parse().ok()?), name.to_owned()))
}
