//! Histories that hold the names of files, which are what the migrations are known by: sql-migrate, Wrangler.

use std::collections::BTreeSet;

use super::{Files, compared, time};
use crate::migration::Id;
use crate::plan::Taken;

/// What rows of names and times say, in their order. A file that is gone has a version that none of the others has.
pub(super) fn read<'a>(rows: impl Iterator<Item = (&'a str, &'a str)>, files: &Files<'_>) -> Vec<Taken> {
    let mut used: BTreeSet<Id> = files.all().map(|file| file.migration.id.clone()).collect();
    let entry = |(name, at): (&str, &str)| {
        let file = files.named(name);
        let id = match file {
            Some(file) => file.migration.id.clone(),
            None => free(name, &used)?,
        };
        used.insert(id.clone());
        let stem = name.strip_suffix(".sql").unwrap_or(name);
        let mut entry = compared(id, stem, file, |_| None);
        entry.at = time(at);
        Some(entry)
    };
    rows.filter_map(entry).collect()
}

/// The number that a name begins with, or the next one behind it that is free. Names without one come before all others.
fn free(name: &str, used: &BTreeSet<Id>) -> Option<Id> {
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    let number = name.get(..digits).filter(|number| !number.is_empty()).unwrap_or("0");
    let places = std::iter::once(number.to_owned()).chain((1_u32..).map(|place| format!("{number}.{place}")));
    places
        .map_while(|place| place.parse().ok())
        .find(|id| !used.contains(id))
}
