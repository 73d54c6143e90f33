//! node-pg-migrate's SQL files: `<version>_<name>.sql`, both directions behind comment lines.
//! <https://salsita.github.io/node-pg-migrate/migrations/#migrations-in-sql>

use super::native;
use super::sections::{Mark, Sections};
use super::{Draft, Entry, Fresh, Tool, compared_as_text, is_flat_sql, line_that};
use crate::migration::Direction;

pub(super) struct NodePgMigrate;

const SECTIONS: Sections = Sections {
    tool: "node-pg-migrate",
    mark,
    up: "-- Up Migration",
    can_be_plain: true,
};

impl Tool for NodePgMigrate {
    fn name(&self) -> &'static str {
        "node-pg-migrate"
    }

    fn fresh(&self, fresh: &Fresh<'_>) -> Option<Vec<(String, String)>> {
        Some(fresh.both("-- Up Migration", "-- Down Migration"))
    }

    fn wants(&self, name: &str) -> bool {
        is_flat_sql(name) || is_code(name)
    }

    fn shown_by(&self, files: &[Entry]) -> Option<String> {
        line_that(files, |line| part(line).is_some())
    }

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        let mut order = Vec::new();
        for entry in files {
            if is_code(&entry.name) {
                let message = "a migration in JavaScript, which only node-pg-migrate can run";
                draft.problem(
                    "layout",
                    &entry.path,
                    message,
                    "write it as SQL, or keep it out of this directory",
                );
                continue;
            }
            let name = entry.name.clone();
            order.extend(SECTIONS.read(entry, draft).map(|(id, path)| (name, id, path)));
        }
        compared_as_text("node-pg-migrate", draft, order);
    }
}

fn is_code(name: &str) -> bool {
    [".js", ".ts", ".cjs", ".mjs"].iter().any(|ending| {
        name.strip_suffix(ending)
            .is_some_and(|stem| native::is_migration(&format!("{stem}.sql")))
    })
}

/// `/^\s*--[\s-]*(up|down)\s+migration/im`
fn part(line: &str) -> Option<Direction> {
    let said = line.trim_start().strip_prefix("--")?;
    let said = said
        .trim_start_matches(|c: char| c == '-' || c.is_whitespace())
        .to_ascii_lowercase();
    let (direction, rest) = match said.strip_prefix("up") {
        Some(rest) => (Direction::Up, rest),
        None => (Direction::Down, said.strip_prefix("down")?),
    };
    let follows = rest.starts_with(char::is_whitespace) && rest.trim_start().starts_with("migration");
    follows.then_some(direction)
}

fn mark(line: &str) -> Mark {
    part(line).map_or(Mark::Text, Mark::Part)
}
