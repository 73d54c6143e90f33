//! sqlx: `<version>_<name>.sql`, or the same with `.up.sql` and `.down.sql`; a first line `-- no-transaction`.
//! <https://docs.rs/sqlx/latest/sqlx/macro.migrate.html>

use super::adapt::{OUTSIDE, say, without};
use super::numbered::{Names, one_name};
use super::{Draft, Entry, Fresh, Tool, is_flat_sql, is_sql};
use crate::catalog::source::Found;
use crate::migration::Direction;

pub(super) struct Sqlx;

const FIRST: &str = "-- no-transaction";

const NAMES: Names = Names {
    tool: "sqlx",
    forms: "`<version>_<name>.sql`, `.up.sql` and `.down.sql`",
    behind: "_",
    stops: false,
};

impl Tool for Sqlx {
    fn name(&self) -> &'static str {
        "sqlx"
    }

    fn fresh(&self, fresh: &Fresh<'_>) -> Option<Vec<(String, String)>> {
        Some(fresh.pair())
    }

    fn wants(&self, name: &str) -> bool {
        is_sql(name)
    }

    fn shown_by(&self, files: &[Entry]) -> Option<String> {
        let mut files = files.iter().filter(|file| is_flat_sql(&file.name));
        let found = files.find(|file| file.peek().is_some_and(|text| text.starts_with(FIRST)))?;
        Some(format!("`{}` begins with `{FIRST}`", found.name))
    }

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        for entry in files {
            let file = entry.file();
            let (stem, direction) = match file.strip_suffix(".down.sql") {
                Some(stem) => (stem, Direction::Down),
                None => (
                    file.strip_suffix(".up.sql")
                        .or_else(|| file.strip_suffix(".sql"))
                        .unwrap_or(""),
                    Direction::Up,
                ),
            };
            let Some((id, name)) = NAMES.read_stem(stem, &entry, draft) else {
                continue;
            };
            let Some(text) = draft.text(entry) else { continue };
            let mut found = Found::new(id, name, direction, text);
            if found.text.starts_with(FIRST) {
                let end = found.text.find(['\r', '\n']).unwrap_or(found.text.len());
                found.text = without(&found.text, std::iter::once(0..end));
                say(&mut found, OUTSIDE);
            }
            draft.scripts.push(found);
        }
        one_name(draft);
    }
}
