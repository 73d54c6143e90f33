//! maragudk/migrate: `<version>.up.sql` and `.down.sql`, where the version is any text and the order that of texts.
//! <https://github.com/maragudk/migrate>

use std::collections::BTreeMap;

use super::{Draft, Entry, Fresh, Tool, is_sql};
use crate::catalog::source::Found;
use crate::migration::{Direction, Id};

pub(super) struct Maragudk;

impl Tool for Maragudk {
    fn name(&self) -> &'static str {
        "maragudk"
    }

    fn fresh(&self, fresh: &Fresh<'_>) -> Option<Vec<(String, String)>> {
        Some(fresh.pair())
    }

    fn wants(&self, name: &str) -> bool {
        is_sql(name)
    }

    /// Without two files of one number its names are syncline's.
    fn shown_by(&self, _: &[Entry]) -> Option<String> {
        None
    }

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        let mut numbers: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let ups = files.iter().filter_map(|file| parts(file.file()));
        for (version, _) in ups.filter(|(_, direction)| *direction == Direction::Up) {
            let same = numbers.entry(number(version).to_owned()).or_default();
            if !same.iter().any(|known| known == version) {
                same.push(version.to_owned());
            }
        }
        let mut order = Vec::new();
        for entry in files {
            let named = parts(entry.file()).map(|(version, direction)| (version.to_owned(), direction));
            let Some((version, direction)) = named.filter(|(version, _)| !number(version).is_empty()) else {
                draft.passed.push(entry.name);
                continue;
            };
            let digits = number(&version);
            let same = numbers.get(digits).map_or(&[][..], Vec::as_slice);
            // It looks for down scripts alone when it goes back, and never finds one without its up script.
            if !same.contains(&version) {
                draft.passed.push(entry.name);
                continue;
            }
            // Several scripts of one number are told apart by their places among each other. The first is what it would be alone.
            let dotted = match same.iter().filter(|other| **other < version).count() {
                0 => digits.to_owned(),
                place => format!("{digits}.{place}"),
            };
            let Ok(id) = dotted.parse().map(Id::Version) else {
                draft.problem(
                    "near-miss",
                    &entry.path,
                    "its number is too long",
                    "give it a shorter one",
                );
                continue;
            };
            let name = version
                .get(digits.len()..)
                .unwrap_or_default()
                .trim_start_matches(['_', '-']);
            let name = if name.is_empty() { version.as_str() } else { name }.to_owned();
            let Some((path, text)) = draft.text(entry) else {
                continue;
            };
            if direction == Direction::Up {
                order.push((version, id.clone(), path.clone()));
            }
            draft.scripts.push(Found::new(id, name, direction, (path, text)));
        }
        super::compared_as_text("maragudk/migrate", draft, order);
    }
}

fn parts(file: &str) -> Option<(&str, Direction)> {
    let up = file.strip_suffix(".up.sql").map(|version| (version, Direction::Up));
    up.or_else(|| file.strip_suffix(".down.sql").map(|version| (version, Direction::Down)))
}

/// The digits that a version begins with.
fn number(version: &str) -> &str {
    let end = version.bytes().take_while(u8::is_ascii_digit).count();
    version.get(..end).unwrap_or_default()
}
