//! sql-migrate: files with both directions behind `-- +migrate` lines, in the order of the numbers that their names begin with.
//! <https://github.com/rubenv/sql-migrate#writing-migrations>

use super::native::{self, file_of};
use super::sections::{Mark, Sections};
use super::{Draft, Entry, Fresh, Tool, begun_by, by_number, line_that};
use crate::migration::Direction;

pub(super) struct SqlMigrate;

const MARK: &str = "-- +migrate ";

const SECTIONS: Sections = Sections {
    tool: "sql-migrate",
    mark,
    up: "-- +migrate Up",
    can_be_plain: false,
};

impl Tool for SqlMigrate {
    fn name(&self) -> &'static str {
        "sql-migrate"
    }

    fn way_back(&self, _: &str) -> String {
        begun_by("-- +migrate Down")
    }

    fn fresh(&self, fresh: &Fresh<'_>) -> Option<Vec<(String, String)>> {
        let Fresh { version, name } = fresh;
        let text = format!("-- +migrate Up\n-- {name}\n\n-- +migrate Down\n-- revert {name}\n");
        Some(vec![(format!("{version}-{name}.sql"), text)])
    }

    fn wants(&self, name: &str) -> bool {
        super::is_sql(name)
    }

    fn reads(&self, name: &str) -> bool {
        file_of(name).ends_with(".sql")
    }

    fn shown_by(&self, files: &[Entry]) -> Option<String> {
        line_that(files, |line| line.starts_with(MARK))
    }

    /// Its table knows no directory.
    fn takes_several(&self) -> bool {
        false
    }

    /// The table holds the names of files, whatever their numbers are.
    fn is_known_by_name(&self) -> bool {
        true
    }

    /// A file that was given another number and kept its text is the one that ran: its statements would fail.
    fn kin<'a>(&self, name: &'a str) -> &'a str {
        by_number::unnumbered(name)
    }

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        let (files, others): (Vec<Entry>, Vec<Entry>) = files.into_iter().partition(|file| self.reads(&file.name));
        for entry in others {
            native::named(entry, draft);
        }
        for (entry, id) in by_number::places(files) {
            let name = entry.file().strip_suffix(".sql").unwrap_or_default().to_owned();
            let Some(id) = id else {
                draft.misnamed(&entry.path, "its number is too long");
                continue;
            };
            SECTIONS.read_as(id, name, entry, draft);
        }
    }
}

/// What it does not know it passes over without a word, so that is refused here.
fn mark(line: &str) -> Mark {
    let said = line.trim();
    let Some(command) = line.strip_prefix(MARK) else {
        return match said.strip_prefix("--").map(str::trim_start) {
            Some(rest) if rest.starts_with("+migrate") => Mark::Unsupported(
                format!("sql-migrate passes over `{said}`: it knows `{MARK}` alone, at the beginning of a line"),
                "write it so, or remove the line",
            ),
            _ => Mark::Text,
        };
    };
    let words: Vec<&str> = command.split_whitespace().collect();
    match words.as_slice() {
        ["Up"] => Mark::Part(Direction::Up),
        ["Up", "notransaction"] => Mark::PartOutside(Direction::Up),
        ["Down"] => Mark::Part(Direction::Down),
        ["Down", "notransaction"] => Mark::PartOutside(Direction::Down),
        // The splitter finds the ends of statements itself.
        ["StatementBegin" | "StatementEnd"] => Mark::Nothing,
        _ => Mark::Unsupported(
            format!("sql-migrate knows no `{said}`"),
            "it knows Up, Down, StatementBegin and StatementEnd, and `notransaction` behind the first two",
        ),
    }
}
