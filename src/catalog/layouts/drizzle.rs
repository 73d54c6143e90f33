//! Drizzle Kit: `<name>.sql` in the order of `meta/_journal.json`, with `--> statement-breakpoint` between statements. Since 1.0 a directory
//! for each migration, `<time>_<name>/migration.sql`, with a picture of the schema beside it, in the order of their names.
//! <https://orm.drizzle.team/docs/kit-overview>

use std::collections::BTreeMap;

use serde::Deserialize;

use super::places::Places;
use super::{Depth, Draft, Entry, Tool, is_sql};
use crate::catalog::source::Found;
use crate::migration::{Direction, Id};
use crate::version::Version;

pub(super) struct Drizzle;

const JOURNAL: &str = "meta/_journal.json";
const META: &str = "meta/";
const SCRIPT: &str = "/migration.sql";
const PICTURE: &str = "/snapshot.json";
const BREAK: &str = "--> statement-breakpoint";

#[derive(Deserialize)]
struct Journal {
    dialect: Option<String>,
    entries: Vec<Step>,
}

#[derive(Deserialize)]
struct Picture {
    dialect: String,
}

#[derive(Deserialize)]
struct Step {
    tag: String,
}

impl Tool for Drizzle {
    fn name(&self) -> &'static str {
        "drizzle"
    }

    fn depth(&self) -> Depth {
        Depth::Nested
    }

    fn wants(&self, name: &str) -> bool {
        // Beside the journal lies a picture of the schema for each migration, `meta/0000_snapshot.json`, which is drizzle-kit's alone.
        name == JOURNAL || name.ends_with(PICTURE) || is_sql(name) && !name.starts_with(META)
    }

    fn is_known_by_name(&self) -> bool {
        true
    }

    /// Whoever merges two branches numbers one of them anew.
    fn kin<'a>(&self, name: &'a str) -> &'a str {
        name.trim_start_matches(|c: char| c.is_ascii_digit())
    }

    fn shown_by(&self, files: &[Entry]) -> Option<String> {
        if files.iter().any(|file| file.name == JOURNAL) {
            return Some(format!("`{JOURNAL}` gives the order"));
        }
        let picture = files.iter().find(|file| file.name.ends_with(PICTURE))?;
        Some(format!("`{}` is the picture that it takes of the schema", picture.name))
    }

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        let (journal, files): (Vec<Entry>, Vec<Entry>) = files.into_iter().partition(|file| file.name == JOURNAL);
        let Some(journal) = journal.into_iter().next() else {
            if files.iter().any(|file| file.name.ends_with(SCRIPT)) {
                return directories(files, draft);
            }
            draft.problem(
                "layout",
                JOURNAL,
                "there is no such file, and it gives the order",
                "drizzle-kit writes it",
            );
            return;
        };
        let Some((path, text)) = draft.text(journal) else {
            return;
        };
        let journal: Journal = match serde_json::from_str(&text) {
            Ok(journal) => journal,
            Err(error) => {
                draft.problem(
                    "layout",
                    &path,
                    format!("it is no journal of Drizzle: {error}"),
                    "drizzle-kit writes it",
                );
                return;
            }
        };
        draft.provider = journal.dialect.map(|dialect| (path.clone(), dialect));
        let mut files: BTreeMap<String, Entry> = files.into_iter().map(|file| (file.name.clone(), file)).collect();
        draft.listed_by = Some((path.clone(), text));
        let journal_path = path;
        // Drizzle goes by the order of the entries, whatever numbers they say.
        for (number, step) in (0_u32..).zip(journal.entries) {
            let Some(entry) = files.remove(&format!("{}.sql", step.tag)) else {
                draft.problem(
                    "layout",
                    &journal_path,
                    format!("there is no file `{}.sql`", step.tag),
                    "put it back: the journal names it",
                );
                continue;
            };
            let Some((path, text)) = draft.text(entry) else {
                continue;
            };
            // Counted from 0, as in the names that Drizzle makes unless it is told otherwise.
            draft.scripts.push(Found::new(
                Id::Version(Version::from_number(number.into())),
                step.tag,
                Direction::Up,
                (path, broken(&text)),
            ));
        }
        for entry in files.into_values() {
            // What has a number may have been lost from the journal in a merge.
            if !entry.file().starts_with(|c: char| c.is_ascii_digit()) {
                draft.passed.push(entry.name);
                continue;
            }
            let message = format!("`{JOURNAL}` does not name it, so Drizzle would pass over it");
            draft.problem(
                "near-miss",
                &entry.path,
                message,
                "add it with `drizzle-kit generate --custom`, or move it elsewhere",
            );
        }
    }
}

/// Files as Drizzle Kit writes them since 1.0.
fn directories(files: Vec<Entry>, draft: &mut Draft) {
    let named = |file: &Entry| file.name.strip_suffix(SCRIPT).map(str::to_owned);
    let names: Vec<String> = files.iter().filter_map(named).collect();
    let places = Places::of(names.iter().map(String::as_str));
    for entry in files {
        if entry.name.ends_with(PICTURE) {
            let database = || {
                let picture: Picture = serde_json::from_str(entry.peek()?).ok()?;
                Some((entry.path.clone(), picture.dialect))
            };
            draft.provider = database().or_else(|| draft.provider.take());
            continue;
        }
        let name = named(&entry);
        let Some((name, version)) = name.and_then(|name| places.version(&name).map(|version| (name, version))) else {
            draft.passed.push(entry.name);
            continue;
        };
        if let Some((path, text)) = draft.text(entry) {
            let text = (path, broken(&text));
            draft
                .scripts
                .push(Found::new(Id::Version(version), name, Direction::Up, text));
        }
    }
}

/// The text with each mark as the end of a statement. One behind a `;` ends nothing more.
fn broken(text: &str) -> String {
    let mut parts = text.split(BREAK);
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let line = whole.trim_end().lines().last().unwrap_or_default();
        // What looks like a comment may end in a `;` that ends nothing, or hide the one that is put there.
        let comments = line.contains("--") || line.contains('#');
        let is_within = comments && !whole.rsplit('\n').next().unwrap_or_default().trim().is_empty();
        if !whole.trim_end().ends_with(';') || comments {
            match part.find('\n').filter(|_| is_within) {
                Some(end) => {
                    let (rest, next) = part.split_at(end + 1);
                    whole.push_str(rest);
                    whole.push(';');
                    whole.push_str(next);
                    continue;
                }
                None => whole.push(';'),
            }
        }
        whole.push_str(part);
    }
    whole
}
