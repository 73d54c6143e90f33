//! Files in the order of the numbers that their names begin with, and then of the names; those without a number come last. sql-migrate and
//! Wrangler sort so, and know a migration by its file's name: a number may be there more than once.

use super::Entry;
use crate::migration::Id;

/// The digits that a name begins with, without zeros before them.
fn number(file: &str) -> Option<&str> {
    let end = file.bytes().take_while(u8::is_ascii_digit).count();
    let digits = file.get(..end).filter(|digits| !digits.is_empty())?;
    match digits.trim_start_matches('0') {
        "" => Some("0"),
        number => Some(number),
    }
}

/// The files in their order, each with the place that it has among them: its number, with a part more where that is taken. `None` where
/// the number is too long.
pub(super) fn places(mut files: Vec<Entry>) -> Vec<(Entry, Option<Id>)> {
    files.sort_by(|a, b| key(a).cmp(&key(b)));
    let (mut last, mut further) = (None, 0);
    files
        .into_iter()
        .map(|entry| {
            let own = number(entry.file()).map(str::to_owned);
            if own.is_some() && own != last || last.is_none() {
                (last, further) = (Some(own.unwrap_or_else(|| "0".to_owned())), 0);
            } else {
                further += 1;
            }
            let number = last.as_deref().unwrap_or_default();
            let place = match further {
                0 => number.to_owned(),
                further => format!("{number}.{further}"),
            };
            (entry, place.parse().ok().map(Id::Version))
        })
        .collect()
}

/// What is behind the number of a name.
pub(super) fn unnumbered(name: &str) -> &str {
    name.trim_start_matches(|c: char| c.is_ascii_digit())
}

/// Numbers of any length are compared as numbers.
fn key(entry: &Entry) -> (bool, usize, &str, &str) {
    let number = number(entry.file());
    let digits = number.unwrap_or_default();
    (number.is_none(), digits.len(), digits, entry.file())
}
