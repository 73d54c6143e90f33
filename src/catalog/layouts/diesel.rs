//! diesel: a directory `<version>_<name>` for each migration, with `up.sql`, `down.sql` and perhaps `metadata.toml`.
//! <https://docs.rs/diesel_migrations/latest/diesel_migrations/struct.FileBasedMigrations.html>

use std::collections::BTreeSet;

use super::adapt::{OUTSIDE, say};
use super::{Depth, Draft, Entry, Fresh, Tool, compared_as_text, in_directory, native};
use crate::catalog::source::Found;
use crate::migration::{Direction, Id};

pub(super) struct Diesel;

impl Tool for Diesel {
    fn name(&self) -> &'static str {
        "diesel"
    }

    fn depth(&self) -> Depth {
        Depth::Nested
    }

    fn fresh(&self, fresh: &Fresh<'_>) -> Option<Vec<(String, String)>> {
        let Fresh { version, name } = fresh;
        Some(vec![
            (format!("{version}_{name}/up.sql"), format!("-- {name}\n")),
            (format!("{version}_{name}/down.sql"), format!("-- revert {name}\n")),
        ])
    }

    fn each_holds(&self) -> Option<&'static str> {
        Some("up.sql")
    }

    fn way_back(&self, _: &str) -> String {
        "move what goes back to `down.sql` beside it".to_owned()
    }

    fn takes_several(&self) -> bool {
        true
    }

    fn wants(&self, name: &str) -> bool {
        self.reads(name) || native::is_migration(name)
    }

    fn reads(&self, name: &str) -> bool {
        matches!(in_directory(name), Some((_, "up.sql" | "down.sql" | "metadata.toml")))
    }

    fn shown_by(&self, files: &[Entry]) -> Option<String> {
        let directory = |file: &&Entry| {
            let (directory, file) = in_directory(&file.name)?;
            (file == "up.sql").then(|| parts(directory).is_some())
        };
        let versioned = files.iter().find(|file| directory(file) == Some(true));
        // Directories without versions are wrong, unless the migrations are others.
        let loose = files.iter().any(|file| native::is_migration(&file.name));
        let file = versioned.or_else(|| files.iter().find(|file| directory(file).is_some() && !loose))?;
        Some(format!("`{}` is in a directory of its own", file.name))
    }

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        let mut order = Vec::new();
        let mut outside: BTreeSet<Id> = BTreeSet::new();
        let first = draft.scripts.len();
        for entry in files {
            if !self.reads(&entry.name) {
                draft.passed.push(entry.name);
                continue;
            }
            let directory = in_directory(&entry.name)
                .map_or("", |(directory, _)| directory)
                .to_owned();
            let Some((text_version, id, name)) = parts(&directory) else {
                let message = "its directory is not named `<version>_<name>`";
                draft.problem("near-miss", &entry.path, message, "rename the directory");
                continue;
            };
            let direction = match entry.file() {
                "up.sql" => Direction::Up,
                "down.sql" => Direction::Down,
                _ => {
                    if metadata(entry, draft) {
                        outside.insert(id);
                    }
                    continue;
                }
            };
            let Some((path, text)) = draft.text(entry) else {
                continue;
            };
            if direction == Direction::Up {
                order.push((text_version, id.clone(), path.clone()));
            }
            draft.scripts.push(Found::new(id, name, direction, (path, text)));
        }
        for found in draft.scripts.iter_mut().skip(first) {
            if outside.contains(&found.id) {
                say(found, OUTSIDE);
            }
        }
        compared_as_text("diesel", draft, order);
    }
}

/// The version as diesel compares it, which is as text; the identity, and the name.
fn parts(directory: &str) -> Option<(String, Id, String)> {
    let (version, name) = directory.split_once('_').unwrap_or((directory, ""));
    let text = version.replace('-', "");
    let dotted = dotted(&text)?;
    let name = match name {
        "" => directory.trim_start_matches(|c: char| c == '-' || c.is_ascii_digit()),
        name => name,
    };
    let name = if name.is_empty() { directory } else { name };
    Some((text, Id::Version(dotted.parse().ok()?), name.to_owned()))
}

/// A version whose numbers are in the order of texts: a time that is written with fewer digits than it has ends in zeros, and what
/// follows a whole time is a number of its own, which is more than none. Dates apart, versions stay as they are.
pub(crate) fn dotted(text: &str) -> Option<String> {
    const DATE: usize = 8;
    const TIME: usize = 14;
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let digits = text.get(..length).filter(|digits| !digits.is_empty())?;
    Some(match digits.split_at_checked(TIME) {
        Some((time, "")) => time.to_owned(),
        Some((time, more)) => format!("{time}.1{more}"),
        None if length >= DATE => format!("{digits:0<TIME$}"),
        None => digits.to_owned(),
    })
}

/// Whether a `metadata.toml` says that the migration runs without a transaction.
fn metadata(entry: Entry, draft: &mut Draft) -> bool {
    let Some((path, text)) = draft.text(entry) else {
        return false;
    };
    let table: toml::Table = match text.parse() {
        Ok(table) => table,
        Err(error) => {
            draft.problem(
                "layout",
                &path,
                format!("it is no TOML: {}", error.message()),
                "diesel reads `run_in_transaction = false`",
            );
            return false;
        }
    };
    for key in table.keys().filter(|key| *key != "run_in_transaction") {
        draft.problem(
            "layout",
            &path,
            format!("`{key}` is not supported"),
            "diesel reads `run_in_transaction`",
        );
    }
    match table.get("run_in_transaction") {
        None | Some(toml::Value::Boolean(true)) => false,
        Some(toml::Value::Boolean(false)) => true,
        Some(_) => {
            draft.problem(
                "layout",
                &path,
                "`run_in_transaction` is neither true nor false",
                "write `run_in_transaction = false`",
            );
            false
        }
    }
}
