//! postgres-migrations: `<version>-<name>.sql` or `<version>_<name>.sql`, and a line that says to run it without a transaction.
//! <https://github.com/ThomWright/postgres-migrations#migrations-rules>

use super::adapt::{OUTSIDE, say, without};
use super::numbered::Names;
use super::{Draft, Entry, Fresh, Tool, is_sql, line_that};
use crate::catalog::source::Found;
use crate::migration::Direction;

pub(super) struct PostgresMigrations;

const MARK: &str = "-- postgres-migrations disable-transaction";

/// `^(-?\d+)[-_]?(.*).(sql|js)$`, in any case.
const NAMES: Names = Names {
    tool: "postgres-migrations",
    forms: "`<version>-<name>.sql` and `<version>_<name>.sql`",
    behind: "",
    stops: true,
};

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
            let file = entry.file();
            let (stem, ending) = file.rsplit_once('.').unwrap_or((file, ""));
            if ending.eq_ignore_ascii_case("js") {
                let message = "a migration in JavaScript, which only postgres-migrations can run";
                draft.problem(
                    "layout",
                    &entry.path,
                    message,
                    "write it as SQL, or keep it out of this directory",
                );
                continue;
            }
            let stem = if ending.eq_ignore_ascii_case("sql") { stem } else { "" };
            let Some((id, name)) = NAMES.read_stem(stem, &entry, draft) else {
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
