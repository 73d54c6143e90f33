//! golang-migrate: `<version>_<name>.up.sql` and `.down.sql`, which belong together by their numbers.
//! <https://github.com/golang-migrate/migrate/blob/master/MIGRATIONS.md>

use std::collections::BTreeMap;

use super::numbered::{Names, one_name};
use super::{Draft, Entry, Fresh, Tool, is_sql};
use crate::catalog::source::Found;
use crate::migration::Direction;

pub(super) struct GolangMigrate;

/// `^([0-9]+)_(.*)\.(down|up)\.(.*)$`
const NAMES: Names = Names {
    tool: "golang-migrate",
    forms: "`<version>_<name>.up.sql` and `.down.sql`",
    behind: "_",
    stops: false,
};

impl Tool for GolangMigrate {
    fn name(&self) -> &'static str {
        "golang-migrate"
    }

    fn fresh(&self, fresh: &Fresh<'_>) -> Option<Vec<(String, String)>> {
        Some(fresh.pair())
    }

    fn wants(&self, name: &str) -> bool {
        is_sql(name)
    }

    /// Two files of a version with names that differ are a weak sign: pop has them for each database.
    fn yields(&self) -> bool {
        true
    }

    /// Its names are syncline's, unless two files of one number have two names.
    fn shown_by(&self, files: &[Entry]) -> Option<String> {
        let flat = files.iter().filter(|file| !file.name.contains('/'));
        let parts = flat.filter_map(|file| parts(&file.name));
        let its = parts.filter_map(|(stem, direction)| {
            let (number, name) = stem.split_once('_')?;
            let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| (number.trim_start_matches('0').to_owned(), direction, name.to_owned()))
        });
        let (ups, downs): (Vec<_>, Vec<_>) = its.partition(|(_, direction, _)| *direction == Direction::Up);
        let ups: BTreeMap<String, String> = ups.into_iter().map(|(number, _, name)| (number, name)).collect();
        let mut pairs = downs
            .iter()
            .filter_map(|(number, _, down)| Some((down, ups.get(number)?, number)));
        let (down, up, number) = pairs.find(|(down, up, _)| down != up)?;
        Some(format!(
            "the two files of version {number} have the names `{up}` and `{down}`"
        ))
    }

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        for entry in files {
            let Some((stem, direction)) = parts(entry.file()) else {
                NAMES.pass(&entry, draft);
                continue;
            };
            let Some((id, name)) = NAMES.read_stem(stem, &entry, draft) else {
                continue;
            };
            if let Some(text) = draft.text(entry) {
                draft.scripts.push(Found::new(id, name, direction, text));
            }
        }
        one_name(draft);
    }
}

/// A name without its endings, and the direction that they give. It takes whatever stands behind the last point.
fn parts(file: &str) -> Option<(&str, Direction)> {
    let (stem, ending) = file.rsplit_once('.')?;
    let stem = ending.eq_ignore_ascii_case("sql").then_some(stem)?;
    let up = stem.strip_suffix(".up").map(|stem| (stem, Direction::Up));
    up.or_else(|| stem.strip_suffix(".down").map(|stem| (stem, Direction::Down)))
}
