//! Supabase: `<version>_<name>.sql`, where the version is the time and the order that of the names.
//! <https://supabase.com/docs/guides/deployment/database-migrations>

use super::native::file_of;
use super::{Draft, Entry, Fresh, Tool, compared_as_text, is_sql, passed};
use crate::catalog::source::Found;
use crate::migration::{Direction, Id};

pub(super) struct Supabase;

/// The first script of a project that its first releases have made, which later ones pass over.
const INIT: &str = "_init.sql";
const INIT_BEFORE: &str = "20211209000000";

impl Tool for Supabase {
    fn name(&self) -> &'static str {
        "supabase"
    }

    fn fresh(&self, fresh: &Fresh<'_>) -> Option<Vec<(String, String)>> {
        let Fresh { version, name } = fresh;
        Some(vec![(format!("{version}_{name}.sql"), format!("-- {name}\n"))])
    }

    fn wants(&self, name: &str) -> bool {
        is_sql(name)
    }

    fn reads(&self, name: &str) -> bool {
        parts(file_of(name)).is_some()
    }

    /// Its names are syncline's, and read as those.
    fn shown_by(&self, _: &[Entry]) -> Option<String> {
        None
    }

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        let (mut order, mut others) = (Vec::new(), Vec::new());
        let mut is_first = true;
        for entry in files {
            let file = entry.file().to_owned();
            let is_old = std::mem::take(&mut is_first) && is_old_init(&file);
            let Some((version, name)) = parts(&file).filter(|_| !is_old) else {
                others.push(entry.path);
                continue;
            };
            if name.ends_with(".down") {
                let message = "Supabase knows no down scripts, and would run it like any other";
                draft.misnamed(&entry.path, message);
                continue;
            }
            let Ok(id) = version.parse().map(Id::Version) else {
                draft.misnamed(&entry.path, "its version is too long");
                continue;
            };
            let name = if name.is_empty() { version } else { name };
            if let Some(text) = draft.text(entry) {
                order.push((file.clone(), id.clone(), text.0.clone()));
                draft.scripts.push(Found::new(id, name, Direction::Up, text));
            }
        }
        passed("Supabase", &others, draft);
        compared_as_text("Supabase", draft, order);
    }
}

fn is_old_init(file: &str) -> bool {
    let version = file.strip_suffix(INIT).unwrap_or_default();
    version.len() == INIT_BEFORE.len() && version < INIT_BEFORE
}

fn parts(file: &str) -> Option<(&str, &str)> {
    let (version, name) = file.strip_suffix(".sql")?.split_once('_')?;
    let is_number = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some((version, name))
}
