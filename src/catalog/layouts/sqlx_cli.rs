//! sqlx: `<version>_<name>.sql`, or the same with `.up.sql` and `.down.sql`; a first line `-- no-transaction`.
//! <https://docs.rs/sqlx/latest/sqlx/macro.migrate.html>

use super::adapt::{OUTSIDE, say, without};
use super::native::{self, Name};
use super::{Draft, Entry, Fresh, Tool, is_flat_sql, is_sql};

pub(super) struct Sqlx;

const FIRST: &str = "-- no-transaction";

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
            let is_other =
                matches!(native::read(entry.file()), Name::Migration { .. }) && !native::is_numbered(entry.file());
            if is_other {
                let message = "sqlx has names `<version>_<name>.sql`";
                draft.misnamed(&entry.path, message);
                continue;
            }
            let Some((mut found, _)) = native::named(entry, draft) else {
                continue;
            };
            found.can_be_cut = false;
            if found.text.starts_with(FIRST) {
                let end = found.text.find(['\r', '\n']).unwrap_or(found.text.len());
                found.text = without(&found.text, std::iter::once(0..end));
                say(&mut found, OUTSIDE);
            }
            draft.scripts.push(found);
        }
    }
}
