//! syncline's own layout: which files are migrations by their names, which are nearly so, and which have nothing to do with us.

use super::{Draft, Entry, Fresh, Tool};
use crate::catalog::source::Found;
use crate::migration::{Direction, Id, REPEATABLE};
use crate::version::{Version, VersionError};

pub(super) struct Native;

impl Tool for Native {
    fn name(&self) -> &'static str {
        "native"
    }

    fn fresh(&self, fresh: &Fresh<'_>) -> Option<Vec<(String, String)>> {
        Some(fresh.pair())
    }

    fn way_back(&self, path: &str) -> String {
        match read(file_of(path)) {
            Name::Migration {
                part: Part::Whole,
                id: Id::Version(_),
                ..
            } => super::begun_by("-- syncline: down"),
            Name::Migration {
                id: Id::Repeatable(_), ..
            } => "take out what goes back, since a repeatable migration has no down script".to_owned(),
            _ => super::moved(path, ".up.sql", ".down.sql"),
        }
    }

    fn wants(&self, name: &str) -> bool {
        read(file_of(name)) != Name::Other
    }

    fn shown_by(&self, _: &[Entry]) -> Option<String> {
        None
    }

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        for entry in files {
            if let Some((found, _)) = named(entry, draft) {
                draft.scripts.push(found);
            }
        }
    }
}

/// The last component of a path.
pub(in crate::catalog) fn file_of(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// A file that is named as syncline names them, as one script; a whole one may still hold both. What is wrong is noted.
pub(super) fn named(entry: Entry, draft: &mut Draft) -> Option<(Found, Part)> {
    let (id, name, part) = match read(entry.file()) {
        Name::Other => return None,
        Name::NearMiss { message, help } => {
            draft.problem("near-miss", &entry.path, message, &help);
            return None;
        }
        Name::Migration { id, name, part } => (id, name, part),
    };
    let (path, text) = draft.text(entry)?;
    let direction = match part {
        Part::Whole | Part::Up => Direction::Up,
        Part::Down => Direction::Down,
    };
    let found = Found {
        id,
        name,
        direction,
        path,
        first_line: 0,
        text,
        can_be_cut: part == Part::Whole,
    };
    Some((found, part))
}

/// Whether a file of this name is a migration without any doubt.
pub(in crate::catalog) fn is_migration(name: &str) -> bool {
    !name.contains('/') && matches!(read(name), Name::Migration { .. })
}

/// What a file's name says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::catalog) enum Name {
    /// A migration's file.
    Migration { id: Id, name: String, part: Part },
    /// Looks like a migration and is none: what was found, and what would be right.
    NearMiss { message: String, help: String },
    /// Not a migration.
    Other,
}

/// Which scripts a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::catalog) enum Part {
    /// The whole migration: its up script and, after a `-- syncline: down` line, its down script.
    Whole,
    /// `.up.sql`
    Up,
    /// `.down.sql`
    Down,
}

const EXTENSION: &str = ".sql";

/// Endings of files that editors, merge tools and people leave beside migrations.
const DROPPINGS: &[&str] = &[
    "~", ".swp", ".swo", ".orig", ".rej", ".bak", ".tmp", ".md", ".txt", ".toml", ".sum",
];

const FORMS: &str = "names are `<version>_<name>.up.sql` and `.down.sql`, `<version>_<name>.sql`, `V<version>__<name>.sql` or `R__<name>.sql`";

/// Reads the last component of a path.
pub(in crate::catalog) fn read(file: &str) -> Name {
    if file.starts_with('.') || (file.starts_with('#') && file.ends_with('#')) {
        return Name::Other;
    }
    let dropping = DROPPINGS.iter().any(|ending| file.ends_with(ending));
    if dropping && !file.to_ascii_lowercase().contains(".sql.txt") {
        return Name::Other;
    }
    let Some(stem) = file.strip_suffix(EXTENSION) else {
        return if looks_like_a_migration(file) {
            near_miss(file)
        } else {
            Name::Other
        };
    };
    if let Some(near_miss) = hidden(file) {
        return near_miss;
    }
    let (stem, part) = if let Some(stem) = stem.strip_suffix(".down") {
        (stem, Part::Down)
    } else if let Some(stem) = stem.strip_suffix(".up") {
        (stem, Part::Up)
    } else {
        (stem, Part::Whole)
    };
    if let Some(name) = stem.strip_prefix(REPEATABLE).filter(|name| !name.is_empty()) {
        return match part {
            Part::Down => Name::NearMiss {
                message: "a repeatable migration has no down script".to_owned(),
                help: "it runs again whenever it changes: put the former text back instead".to_owned(),
            },
            _ => Name::Migration {
                id: Id::Repeatable(name.to_owned()),
                name: name.to_owned(),
                part,
            },
        };
    }
    let (version, name) = match stem.strip_prefix('V') {
        Some(rest) => match rest.split_once("__") {
            Some(split) => split,
            None => return near_miss(file),
        },
        None => match stem.split_once('_') {
            Some(split) => split,
            None => return near_miss(file),
        },
    };
    if name.trim().is_empty() {
        return near_miss(file);
    }
    match version.parse::<Version>() {
        Ok(version) => Name::Migration {
            id: Id::Version(version),
            name: name.to_owned(),
            part,
        },
        Err(VersionError::NotDigits(_)) => near_miss(file),
        Err(error) => Name::NearMiss {
            message: error.to_string(),
            help: "give the file a shorter version".to_owned(),
        },
    }
}

/// A name that holds what nobody sees.
fn hidden(file: &str) -> Option<Name> {
    let bad = file.chars().find(|c| unprintable(*c))?;
    Some(Name::NearMiss {
        message: format!(
            "the name holds U+{:04X}, which cannot be seen on a terminal",
            u32::from(bad)
        ),
        help: "rename the file".to_owned(),
    })
}

/// Whether all of a name can be seen; what cannot is noted.
pub(super) fn is_printable(entry: &Entry, draft: &mut Draft) -> bool {
    let Some(Name::NearMiss { message, help }) = hidden(entry.file()) else {
        return true;
    };
    draft.problem("near-miss", &entry.path, message, &help);
    false
}

/// How files end that are migrations in a programming language.
pub(crate) const PROGRAMS: [&str; 9] = [".js", ".cjs", ".mjs", ".ts", ".cts", ".mts", ".py", ".php", ".rb"];

/// Whether leaving the file out without a word could lose a migration.
fn looks_like_a_migration(file: &str) -> bool {
    let lower = file.to_ascii_lowercase();
    if lower.contains(EXTENSION) {
        return true;
    }
    let rest = lower.trim_start_matches(['v', 'u', 'b']);
    let after_digits = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    lower.starts_with("r__") || (after_digits.len() < rest.len() && after_digits.starts_with(['_', '-']))
}

fn near_miss(file: &str) -> Name {
    let lower = file.to_ascii_lowercase();
    let stem = file.split('.').next().unwrap_or(file);
    let message = if file.starts_with('U') && stem[1..].starts_with(|c: char| c.is_ascii_digit()) {
        "`U` means undo to one tool and unversioned to another, so it is not guessed".to_owned()
    } else if lower.ends_with(EXTENSION) && !file.ends_with(EXTENSION) {
        "the ending has to be `.sql`, in small letters".to_owned()
    } else if PROGRAMS.iter().any(|ending| lower.ends_with(ending)) {
        return Name::NearMiss {
            message: "it is a program, and only the tool that it is for can run it".to_owned(),
            help: "give the SQL a directory of its own, and name it with `--dir` or `dir`".to_owned(),
        };
    } else if !lower.ends_with(EXTENSION) {
        "it is named like a migration but does not end in `.sql`".to_owned()
    } else if file.starts_with('V') && !file.contains("__") {
        "after `V<version>` come two underscores".to_owned()
    } else if file.starts_with("R_") {
        "after `R` come two underscores and a name".to_owned()
    } else if file.starts_with(|c: char| c.is_ascii_digit()) && !file.contains('_') {
        "between the version and the name comes an underscore".to_owned()
    } else if file.starts_with('_') {
        "there is no version before the underscore".to_owned()
    } else {
        "it is not named like a migration".to_owned()
    };
    Name::NearMiss {
        message,
        help: FORMS.to_owned(),
    }
}

/// Control characters, and those that reorder or hide what stands around them.
fn unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn migration(file: &str) -> (String, String, Part) {
        match read(file) {
            Name::Migration { id, name, part } => (id.to_string(), name, part),
            other => panic!("{file}: {other:?}"),
        }
    }

    #[test]
    fn every_native_form_is_read() {
        let cases = [
            (
                "20261122093000_add_users.up.sql",
                "20261122093000",
                "add_users",
                Part::Up,
            ),
            (
                "20261122093000_add_users.down.sql",
                "20261122093000",
                "add_users",
                Part::Down,
            ),
            ("1_a b (x).sql", "1", "a b (x)", Part::Whole),
            ("1.2_it's.sql", "1.2", "it's", Part::Whole),
            ("V1__add_users.sql", "1", "add_users", Part::Whole),
            ("V1.10__add.down.sql", "1.10", "add", Part::Down),
            (
                "R__active_users_view.sql",
                "R__active_users_view",
                "active_users_view",
                Part::Whole,
            ),
            ("001_café.sql", "1", "café", Part::Whole),
        ];
        for (file, id, name, part) in cases {
            assert_eq!(migration(file), (id.to_owned(), name.to_owned(), part), "{file}");
        }
    }

    #[test]
    fn what_looks_like_a_migration_is_never_skipped() {
        for file in [
            "1-a.sql",
            "V1_a.sql",
            "1_a.SQL",
            "_a.sql",
            "1a.sql",
            "1_a.sql.txt",
            "U1__a.sql",
            "1.sql",
            "1_.sql",
            "R_a.sql",
            "R__.sql",
            "R__a.down.sql",
            "-1_a.sql",
            "１_a.sql",
            "schema.sql",
            "V1__a.rs",
            "1_a.cypher",
            "1_a",
            "B1__base.sql",
            "1_a\u{202e}.sql",
            "99999999999999999999999999999999999999999_a.sql",
        ] {
            assert!(matches!(read(file), Name::NearMiss { .. }), "{file}: {:?}", read(file));
        }
    }

    #[test]
    fn what_editors_and_people_leave_behind_is_no_migration() {
        for file in [
            ".1_a.sql.swp",
            "1_a.sql~",
            "1_a.sql.orig",
            "#1_a.sql#",
            ".DS_Store",
            "README.md",
            "seed.csv",
            "20260101_notes.md",
        ] {
            assert_eq!(read(file), Name::Other, "{file}");
        }
    }
}
