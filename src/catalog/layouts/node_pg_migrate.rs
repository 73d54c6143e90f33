//! node-pg-migrate's SQL files: `<version>_<name>.sql`, both directions behind comment lines.
//! <https://salsita.github.io/node-pg-migrate/migrations/#migrations-in-sql>

use super::native::{self, file_of};
use super::numbered::Names;
use super::sections::{Mark, Sections};
use super::{Draft, Entry, Fresh, Tool, compared, is_sql, line_that};
use crate::migration::Direction;

pub(super) struct NodePgMigrate;

const SECTIONS: Sections = Sections {
    tool: "node-pg-migrate",
    mark,
    up: "-- Up Migration",
    can_be_plain: true,
};

const NAMES: Names = Names {
    tool: "node-pg-migrate",
    forms: "`<version>_<name>.sql`",
    behind: "",
    stops: true,
};

impl Tool for NodePgMigrate {
    fn name(&self) -> &'static str {
        "node-pg-migrate"
    }

    fn fresh(&self, fresh: &Fresh<'_>) -> Option<Vec<(String, String)>> {
        Some(fresh.both("-- Up Migration", "-- Down Migration"))
    }

    fn way_back(&self, _: &str) -> String {
        super::begun_by("-- Down Migration")
    }

    fn wants(&self, name: &str) -> bool {
        is_sql(name) || is_code(name)
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
            let moment = moment(entry.file());
            order.extend(SECTIONS.read(&NAMES, entry, draft).map(|(id, path)| (moment, id, path)));
        }
        compared(
            "node-pg-migrate",
            ("times", "write the versions in one form"),
            draft,
            order,
        );
    }
}

/// The number by which it sorts: 17 digits are a date, as which it makes them a count of milliseconds like those of 13 digits.
fn moment(file: &str) -> i128 {
    let digits = file.bytes().take_while(u8::is_ascii_digit).count();
    let version = file.get(..digits).unwrap_or_default();
    let part = |from: usize, to: usize| version.get(from..to).and_then(|digits| digits.parse::<i16>().ok());
    let small = |from, to| part(from, to).and_then(|number| i8::try_from(number).ok());
    let date = || {
        let (year, millisecond) = (part(0, 4)?, part(14, 17)?);
        let date = jiff::civil::Date::new(year, small(4, 6)?, small(6, 8)?).ok()?;
        let time = jiff::civil::Time::new(small(8, 10)?, small(10, 12)?, small(12, 14)?, 0).ok()?;
        let moment = jiff::tz::Offset::UTC.to_timestamp(date.to_datetime(time)).ok()?;
        Some(i128::from(moment.as_millisecond()) + i128::from(millisecond))
    };
    let moment = if version.len() == 17 { date() } else { None };
    moment.or_else(|| version.parse().ok()).unwrap_or_default()
}

fn is_code(name: &str) -> bool {
    let name = file_of(name);
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
