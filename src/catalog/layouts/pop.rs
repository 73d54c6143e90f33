//! pop and Ory's popx: `<version>_<name>.up.sql` and `.down.sql` for all databases, `<version>_<name>.<dialect>.up.sql` in its place for
//! one. <https://gobuffalo.io/documentation/database/migrations/>, <https://github.com/ory/x/tree/master/popx>

use std::collections::BTreeMap;

use super::adapt::{OUTSIDE, say};
use super::native::file_of;
use super::{Depth, Draft, Entry, Fresh, Tool, compared_as_text, passed};
use crate::catalog::source::Found;
use crate::migration::{Direction, Id};

pub(super) struct Pop;

/// Its dialects, with their other names. <https://github.com/gobuffalo/pop/blob/main/pop.go>
const DIALECTS: [&str; 11] = [
    "sqlite3",
    "sqlite",
    "postgres",
    "postgresql",
    "pg",
    "pgx",
    "mysql",
    "mariadb",
    "cockroach",
    "cockroachdb",
    "crdb",
];

/// As long as a version of pop's own can be. Those of popx are longer.
const OWN: usize = 14;

/// What a name says.
struct Said<'a> {
    version: &'a str,
    name: &'a str,
    dialect: Option<&'a str>,
    autocommit: bool,
    direction: Direction,
    is_sql: bool,
}

impl Tool for Pop {
    fn name(&self) -> &'static str {
        "pop"
    }

    fn depth(&self) -> Depth {
        Depth::Recursive
    }

    fn by_file(&self) -> bool {
        true
    }

    fn fresh(&self, fresh: &Fresh<'_>) -> Option<Vec<(String, String)>> {
        Some(fresh.pair())
    }

    fn wants(&self, name: &str) -> bool {
        let file = file_of(name);
        (file.ends_with(".fizz") || super::is_sql(file)) && !file.starts_with('.')
    }

    fn reads(&self, name: &str) -> bool {
        said(file_of(name)).is_some()
    }

    fn shown_by(&self, files: &[Entry]) -> Option<String> {
        files.iter().filter(|file| !file.name.contains('/')).find_map(|file| {
            let said = said(&file.name)?;
            let path = &file.name;
            match said.dialect {
                _ if !said.is_sql => Some(format!("`{path}` is written in pop's own language")),
                _ if said.autocommit => Some(format!("`{path}` commits each statement by its name")),
                Some(dialect) if is_dialect(dialect) => Some(format!("`{path}` is for one database by its name")),
                _ => None,
            }
        })
    }

    /// Its files are templates of Go.
    fn always_replaces(&self) -> Option<&'static str> {
        Some("{{.name}}")
    }

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        let mut names: BTreeMap<Id, String> = BTreeMap::new();
        let (mut order, mut others) = (Vec::new(), Vec::new());
        for entry in files {
            let file = entry.file().to_owned();
            let Some(said) = said(&file) else {
                match file.starts_with(|c: char| c.is_ascii_digit()) {
                    true => draft.misnamed(
                        &entry.path,
                        "pop has names `<version>_<name>.up.sql` and `.down.sql`, and `.<dialect>` before those for one database",
                    ),
                    false => others.push(entry.path),
                }
                continue;
            };
            // Pop says that it knows no such dialect, and goes on.
            if said.dialect.is_some_and(|dialect| !is_dialect(dialect)) {
                others.push(entry.path);
                continue;
            }
            if !said.is_sql {
                let message = "it is written in fizz, which pop alone translates";
                let help = "write it as SQL, in a file that ends in `.sql`";
                draft.problem("layout", &entry.path, message, help);
                continue;
            }
            let Ok(id) = said.version.parse().map(Id::Version) else {
                draft.misnamed(&entry.path, "its version is too long");
                continue;
            };
            let Some((path, text)) = draft.text(entry) else {
                continue;
            };
            if said.direction == Direction::Up {
                order.push((said.version.to_owned(), id.clone(), path.clone()));
                names.entry(id.clone()).or_insert_with(|| said.name.to_owned());
            }
            draft.unchecked |= said.autocommit || said.version.len() > OWN;
            let mut found = Found::new(id, said.name, said.direction, (path, text));
            if let Some(dialect) = said.dialect {
                draft.only_for.insert(found.path.clone(), dialect.to_owned());
            }
            if said.autocommit {
                say(&mut found, OUTSIDE);
            }
            draft.scripts.push(found);
        }
        // The version alone tells which belong together.
        for found in &mut draft.scripts {
            if let Some(name) = names.get(&found.id) {
                found.name.clone_from(name);
            }
        }
        passed(self.name(), &others, draft);
        compared_as_text(self.name(), draft, order);
    }
}

fn is_dialect(word: &str) -> bool {
    DIALECTS.contains(&word)
}

/// What a name says; `None` for one that it does not read.
fn said(file: &str) -> Option<Said<'_>> {
    let mut parts = file.split('.');
    let (version, name) = parts.next()?.split_once('_')?;
    let rest: Vec<&str> = parts.collect();
    let (rest, direction, ending) = match rest.as_slice() {
        [rest @ .., "up", ending] => (rest, Direction::Up, *ending),
        [rest @ .., "down", ending] => (rest, Direction::Down, *ending),
        _ => return None,
    };
    let (dialect, autocommit) = match rest {
        [] => (None, false),
        ["autocommit"] => (None, true),
        [dialect] => (Some(*dialect), false),
        [dialect, "autocommit"] => (Some(*dialect), true),
        _ => return None,
    };
    let is_word = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let is_number = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && !name.is_empty() && dialect.is_none_or(is_word) && matches!(ending, "sql" | "fizz")).then_some(Said {
        version,
        name,
        dialect,
        autocommit,
        direction,
        is_sql: ending == "sql",
    })
}
