//! sql-migrate: files with both directions behind `-- +migrate` lines, in the order of the numbers that their names begin with.
//! <https://github.com/rubenv/sql-migrate#writing-migrations>

use std::collections::BTreeMap;

use super::native::{self, file_of};
use super::sections::{Mark, Sections};
use super::{Draft, Entry, Fresh, Tool, begun_by, line_that};
use crate::migration::{Direction, Id};

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

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        let mut numbers: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for file in &files {
            let name = file.file();
            numbers
                .entry(number(name).to_owned())
                .or_default()
                .push(name.to_owned());
        }
        for same in numbers.values_mut() {
            same.sort();
        }
        for entry in files {
            let file = entry.file().to_owned();
            let Some(stem) = file.strip_suffix(".sql") else {
                native::named(entry, draft);
                continue;
            };
            let number = number(&file);
            if number.is_empty() {
                let message = "there is no number at the beginning of the name, so its version cannot be told";
                draft.misnamed(&entry.path, message);
                continue;
            }
            // Several of one number go by their names. The first is what it would be alone.
            let same = numbers.get(number).map_or(&[][..], Vec::as_slice);
            let dotted = match same.iter().position(|other| *other == file) {
                None | Some(0) => number.to_owned(),
                Some(place) => format!("{number}.{place}"),
            };
            let Ok(id) = dotted.parse().map(Id::Version) else {
                draft.misnamed(&entry.path, "its number is too long");
                continue;
            };
            let name = stem[digits(stem).len()..].trim_start_matches(['-', '_', '.', ' ']);
            let name = if name.is_empty() { stem } else { name }.to_owned();
            SECTIONS.read_as(id, name, entry, draft);
        }
    }
}

/// The digits that a name begins with.
fn digits(file: &str) -> &str {
    let end = file.bytes().take_while(u8::is_ascii_digit).count();
    &file[..end]
}

/// The number that they are.
fn number(file: &str) -> &str {
    match digits(file).trim_start_matches('0') {
        "" if !digits(file).is_empty() => "0",
        number => number,
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
