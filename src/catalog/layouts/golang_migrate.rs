//! golang-migrate: `<version>_<name>.up.sql` and `.down.sql`.
//! <https://github.com/golang-migrate/migrate/blob/master/MIGRATIONS.md>

use super::native::{self, Part};
use super::{Draft, Entry, Fresh, Tool, is_sql};

pub(super) struct GolangMigrate;

impl Tool for GolangMigrate {
    fn name(&self) -> &'static str {
        "golang-migrate"
    }

    fn fresh(&self, fresh: &Fresh<'_>) -> Option<Vec<(String, String)>> {
        Some(fresh.pair())
    }

    fn wants(&self, name: &str) -> bool {
        is_sql(name)
    }

    /// Its names are syncline's, and read as those.
    fn shown_by(&self, _: &[Entry]) -> Option<String> {
        None
    }

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        for entry in files {
            let path = entry.path.clone();
            let is_numbered = native::is_numbered(entry.file());
            match native::named(entry, draft) {
                Some((_, part)) if part == Part::Whole || !is_numbered => {
                    let message = "golang-migrate has names `<version>_<name>.up.sql` and `.down.sql`";
                    draft.misnamed(&path, message);
                }
                found => draft.scripts.extend(found.map(|(found, _)| found)),
            }
        }
    }
}
