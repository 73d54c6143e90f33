//! Names of which a tool reads the number that they begin with, and of other files those that it passes over.

use super::native;
use super::{Draft, Entry};
use crate::catalog::source::Found;
use crate::migration::{Direction, Id};
use std::collections::BTreeMap;

/// What a tool reads of the names of its files.
pub(super) struct Names {
    pub tool: &'static str,
    /// What they are like, for messages.
    pub forms: &'static str,
    /// What has to stand behind the number; nothing has to where this is empty.
    pub behind: &'static str,
    /// Whether it stops at a `.sql` file that is named otherwise, instead of passing over it.
    pub stops: bool,
}

impl Names {
    /// The identity and the name that a file has by its name; none where it has none, which is told.
    pub fn read(&self, entry: &Entry, draft: &mut Draft) -> Option<(Id, String)> {
        match entry.file().strip_suffix(".sql") {
            Some(stem) => self.read_stem(stem, entry, draft),
            None => {
                self.pass(entry, draft);
                None
            }
        }
    }

    /// As [`Self::read`], for a name without its endings.
    pub fn read_stem(&self, stem: &str, entry: &Entry, draft: &mut Draft) -> Option<(Id, String)> {
        if !native::is_printable(entry, draft) {
            return None;
        }
        let (number, rest) = split(stem);
        if number.is_empty() || !rest.starts_with(self.behind) {
            self.pass(entry, draft);
            return None;
        }
        let Ok(version) = number.parse() else {
            draft.misnamed(&entry.path, "its number is too long");
            return None;
        };
        let name = rest.trim_start_matches(['-', '_', '.', ' ']);
        let name = if name.is_empty() { stem } else { name };
        Some((Id::Version(version), name.to_owned()))
    }

    /// A file that is not its tool's: a word about it, and a refusal where it looks like a migration that nobody would ever run.
    pub fn pass(&self, entry: &Entry, draft: &mut Draft) {
        let file = entry.file();
        let lower = file.to_ascii_lowercase();
        let has_direction = lower.ends_with(".up.sql") || lower.ends_with(".down.sql");
        let is_like_one = self.stops
            || has_direction
            || native::is_migration(file)
            || lower
                .trim_start_matches(['v', 'u', 'b'])
                .starts_with(|c: char| c.is_ascii_digit());
        if lower.ends_with(".sql") && is_like_one {
            let does = if self.stops {
                "stops at this one"
            } else {
                "would pass over this one"
            };
            draft.misnamed(
                &entry.path,
                format!("{} has names {}, and {does}", self.tool, self.forms),
            );
        } else {
            draft.passed.push(entry.name.clone());
        }
    }
}

/// The number that a name begins with, and the rest.
fn split(stem: &str) -> (&str, &str) {
    let digits = stem.bytes().take_while(u8::is_ascii_digit).count();
    stem.split_at(digits)
}

/// Gives both files of a migration the name of its up script, where a tool pairs them by the number alone.
pub(super) fn one_name(draft: &mut Draft) {
    let is_up = |found: &&Found| found.direction == Direction::Up;
    let ups = draft.scripts.iter().filter(is_up);
    let names: BTreeMap<Id, String> = ups.map(|found| (found.id.clone(), found.name.clone())).collect();
    for found in &mut draft.scripts {
        if let Some(name) = names.get(&found.id) {
            found.name.clone_from(name);
        }
    }
}
