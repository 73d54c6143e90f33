//! Wrangler for Cloudflare's D1: any `.sql`, in the order of the numbers that names begin with.
//! <https://developers.cloudflare.com/d1/reference/migrations/>

use super::native::file_of;
use super::{Draft, Entry, Fresh, Tool, by_number, line_that};
use crate::catalog::source::Found;
use crate::migration::Direction;

pub(super) struct WranglerD1;

/// What its command begins a file with.
const FIRST: &str = "-- Migration number: ";

impl Tool for WranglerD1 {
    fn name(&self) -> &'static str {
        "wrangler-d1"
    }

    fn fresh(&self, fresh: &Fresh<'_>) -> Option<Vec<(String, String)>> {
        let Fresh { version, name } = fresh;
        let file = format!("{version:0>4}_{name}.sql");
        Some(vec![(file, format!("{FIRST}{version:0>4}\n-- {name}\n"))])
    }

    fn wants(&self, name: &str) -> bool {
        name.ends_with(".sql") && !file_of(name).starts_with('.')
    }

    fn shown_by(&self, files: &[Entry]) -> Option<String> {
        line_that(files, |line| line.starts_with(FIRST))
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
        for (entry, id) in by_number::places(files) {
            let stem = entry.file().strip_suffix(".sql").unwrap_or_default().to_owned();
            if stem.ends_with(".down") {
                let message = "Wrangler knows no down scripts, and would run it like any other";
                draft.misnamed(&entry.path, message);
                continue;
            }
            let Some(id) = id else {
                draft.misnamed(&entry.path, "its number is too long");
                continue;
            };
            if let Some(text) = draft.text(entry) {
                draft.scripts.push(Found::new(id, stem, Direction::Up, text));
            }
        }
    }
}
