//! Prisma Migrate: a directory for each migration with `migration.sql`, and `migration_lock.toml` beside them.
//! <https://www.prisma.io/docs/orm/prisma-migrate/understanding-prisma-migrate/migration-histories>

use super::places::Places;
use super::{Depth, Draft, Entry, Fresh, Tool, in_directory, native};
use crate::catalog::source::Found;
use crate::migration::{Direction, Id};

pub(super) struct Prisma;

const LOCK: &str = "migration_lock.toml";

impl Tool for Prisma {
    fn name(&self) -> &'static str {
        "prisma"
    }

    fn depth(&self) -> Depth {
        Depth::Nested
    }

    fn fresh(&self, fresh: &Fresh<'_>) -> Option<Vec<(String, String)>> {
        let directory = format!("{}_{}", fresh.version, fresh.name);
        Some(vec![(
            format!("{directory}/migration.sql"),
            format!("-- {}\n", fresh.name),
        )])
    }

    fn each_holds(&self) -> Option<&'static str> {
        Some("migration.sql")
    }

    fn is_known_by_name(&self) -> bool {
        true
    }

    fn way_back(&self, _: &str) -> String {
        "move what goes back to `down.sql` beside it".to_owned()
    }

    fn wants(&self, name: &str) -> bool {
        self.reads(name) || native::is_migration(name)
    }

    fn reads(&self, name: &str) -> bool {
        // Its own command never runs the second, and its manual says to keep it there.
        name == LOCK || matches!(in_directory(name), Some((_, "migration.sql" | "down.sql")))
    }

    fn shown_by(&self, files: &[Entry]) -> Option<String> {
        // Drizzle keeps a picture of the schema beside each.
        if files.iter().any(|file| file.name.ends_with("/snapshot.json")) {
            return None;
        }
        let mut scripts = files.iter().filter(|file| file.name.ends_with("/migration.sql"));
        let first = scripts.clone().next()?;
        // Others have such directories, too, and count the numbers in their names. Prisma compares names as texts.
        let mut last = None;
        let is_ours = files.iter().any(|file| file.name == LOCK)
            || scripts.all(|file| {
                let number = in_directory(&file.name).and_then(|(directory, _)| number(directory));
                let fits = number.is_some() && number >= last;
                last = number;
                fits
            });
        is_ours.then(|| format!("`{}` is in a directory of its own", first.name))
    }

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        let names = files.iter().filter(|entry| self.reads(&entry.name));
        let places = Places::of(names.filter_map(|entry| Some(in_directory(&entry.name)?.0)));
        for entry in files {
            if !self.reads(&entry.name) {
                draft.passed.push(entry.name);
                continue;
            }
            let Some((directory, file)) = in_directory(&entry.name) else {
                draft.provider = provider(entry, draft);
                continue;
            };
            let direction = if file == "down.sql" {
                Direction::Down
            } else {
                Direction::Up
            };
            let Some(version) = places.version(directory) else {
                continue;
            };
            let (id, name) = (Id::Version(version), directory.to_owned());
            if let Some(text) = draft.text(entry) {
                draft.scripts.push(Found::new(id, name, direction, text));
            }
        }
    }
}

/// The time stamp that a name begins with, or what stands in its place.
fn number(directory: &str) -> Option<u128> {
    let (digits, _) = directory.split_once('_')?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(())?;
    digits.parse().ok()
}

/// The database that the lock file names.
fn provider(entry: Entry, draft: &mut Draft) -> Option<(String, String)> {
    let (path, text) = draft.text(entry)?;
    let table: toml::Table = text.parse().ok()?;
    let provider = table.get("provider")?.as_str()?.to_owned();
    Some((path, provider))
}
