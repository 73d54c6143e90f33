//! goose: `<version>_<name>.sql` with both directions behind `-- +goose` lines.
//! <https://pressly.github.io/goose/documentation/annotations/>

use super::native::{self, file_of};
use super::numbered::Names;
use super::sections::{Mark, Sections};
use super::{Draft, Entry, Fresh, Tool, is_sql, line_that};
use crate::migration::Direction;

pub(super) struct Goose;

const MARK: &str = "+goose";

const SECTIONS: Sections = Sections {
    tool: "goose",
    mark,
    up: "-- +goose Up",
    can_be_plain: false,
};

const NAMES: Names = Names {
    tool: "goose",
    forms: "`<version>_<name>.sql`",
    behind: "_",
    stops: true,
};

impl Tool for Goose {
    fn name(&self) -> &'static str {
        "goose"
    }

    fn fresh(&self, fresh: &Fresh<'_>) -> Option<Vec<(String, String)>> {
        Some(fresh.both("-- +goose Up", "-- +goose Down"))
    }

    fn way_back(&self, _: &str) -> String {
        super::begun_by("-- +goose Down")
    }

    fn wants(&self, name: &str) -> bool {
        match name.ends_with(".go") {
            true => is_code(name),
            false => is_sql(name),
        }
    }

    fn shown_by(&self, files: &[Entry]) -> Option<String> {
        line_that(files, |line| {
            annotation(line).is_some_and(|said| said.starts_with(MARK))
        })
    }

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        for entry in files {
            if is_code(&entry.name) {
                let message = "a migration in Go, which only its program can run";
                draft.problem(
                    "layout",
                    &entry.path,
                    message,
                    "write it as SQL, or keep it out of this directory",
                );
            } else {
                SECTIONS.read(&NAMES, entry, draft);
            }
        }
    }
}

/// Whether goose would take it for a migration in Go.
fn is_code(name: &str) -> bool {
    let file = file_of(name);
    file.strip_suffix(".go")
        .is_some_and(|stem| !stem.ends_with("_test") && native::is_migration(&format!("{stem}.sql")))
}

/// A comment line that holds the mark is an annotation, or goose says that it is a wrong one.
fn annotation(line: &str) -> Option<&str> {
    let said = line.trim_start().strip_prefix("--")?.trim();
    said.contains(MARK).then_some(said)
}

fn mark(line: &str) -> Mark {
    let Some(said) = annotation(line) else {
        return Mark::Text;
    };
    if line.starts_with(char::is_whitespace) {
        let message = format!("goose takes no annotation with blanks before it, as `{said}` has");
        return Mark::Unsupported(message, "remove the blanks");
    }
    let name = said.strip_prefix(MARK).unwrap_or(said).trim();
    match name.to_ascii_lowercase().as_str() {
        "up" => Mark::Part(Direction::Up),
        "down" => Mark::Part(Direction::Down),
        "no transaction" => Mark::Outside,
        // The splitter finds the ends of statements itself.
        "statementbegin" | "statementend" | "envsub off" => Mark::Nothing,
        "envsub on" => Mark::Unsupported(
            "goose replaces variables of the environment from here on".to_owned(),
            "declare each as a placeholder in the configuration (`\"${NAME}\" = { env = \"NAME\" }`) and remove the line",
        ),
        _ => Mark::Unsupported(
            format!("goose knows no annotation `{name}`"),
            "the annotations are Up, Down, StatementBegin, StatementEnd, NO TRANSACTION and ENVSUB",
        ),
    }
}
