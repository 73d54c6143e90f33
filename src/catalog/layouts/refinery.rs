//! refinery: `V<version>__<name>.sql`, and `U` for a migration that may come late.
//! <https://docs.rs/refinery/latest/refinery/#migration-file-naming>

use super::adapt::say;
use super::native::file_of;
use super::numbered::Names;
use super::{Draft, Entry, Fresh, Tool};
use crate::catalog::source::Found;
use crate::migration::{Direction, Id};

pub(super) struct Refinery;

/// What `U` says there: it runs whenever it is pending, however old it is.
const LATE: &str = "-- syncline: allow out-of-order reason=\"unversioned in refinery\"";

const NAMES: Names = Names {
    tool: "refinery",
    forms: "`V<version>__<name>.sql` and `U<version>__<name>.sql`",
    behind: "",
    stops: false,
};

impl Tool for Refinery {
    fn name(&self) -> &'static str {
        "refinery"
    }

    fn fresh(&self, fresh: &Fresh<'_>) -> Option<Vec<(String, String)>> {
        Some(vec![(
            format!("V{}__{}.sql", fresh.version, fresh.name),
            format!("-- {}\n", fresh.name),
        )])
    }

    fn wants(&self, name: &str) -> bool {
        parts(file_of(name)).is_some() || super::is_sql(name)
    }

    fn reads(&self, name: &str) -> bool {
        parts(name).is_some()
    }

    /// Without a `U` its names are syncline's.
    fn shown_by(&self, files: &[Entry]) -> Option<String> {
        let versions = |letter| {
            let read = move |file: &Entry| {
                parts(&file.name)
                    .filter(|part| part.0 == letter && part.3 == "sql")
                    .map(|part| part.1.to_owned())
            };
            files.iter().filter_map(read).collect::<Vec<_>>()
        };
        let (once, late) = (versions('V'), versions('U'));
        // Two files of one version are an error to it, and an undo script to Flyway.
        if late.iter().all(|version| once.contains(version)) {
            return None;
        }
        let named = files
            .iter()
            .find(|file| parts(&file.name).is_some_and(|part| part.0 == 'U'))?;
        Some(format!("`{}` is unversioned and undoes nothing", named.name))
    }

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        for entry in files {
            let Some((letter, version, name, ending)) = parts(entry.file()) else {
                NAMES.pass(&entry, draft);
                continue;
            };
            if ending == "rs" {
                let message = "a migration in Rust, which only its program can run";
                draft.problem(
                    "layout",
                    &entry.path,
                    message,
                    "write it as SQL, or keep it out of this directory",
                );
                continue;
            }
            let Ok(version) = version.parse() else {
                let message = "the version is too long";
                draft.problem(
                    "near-miss",
                    &entry.path,
                    message,
                    "refinery takes whole numbers of 32 or 64 bits",
                );
                continue;
            };
            let name = name.to_owned();
            let Some((path, text)) = draft.text(entry) else {
                continue;
            };
            let mut found = Found::new(Id::Version(version), name, Direction::Up, (path, text));
            if letter == 'U' {
                say(&mut found, LATE);
            }
            draft.scripts.push(found);
        }
    }
}

/// `^(U|V)(\d+)__(\w+)\.(rs|sql)$`
fn parts(file: &str) -> Option<(char, &str, &str, &str)> {
    let letter = file.chars().next().filter(|letter| matches!(letter, 'U' | 'V'))?;
    let (stem, ending) = file.get(1..)?.rsplit_once('.')?;
    let (version, name) = stem.split_once("__")?;
    let right = !version.is_empty()
        && version.bytes().all(|byte| byte.is_ascii_digit())
        && !name.is_empty()
        && name.chars().all(|c| c.is_alphanumeric() || c == '_')
        && matches!(ending, "rs" | "sql");
    right.then_some((letter, version, name, ending))
}
