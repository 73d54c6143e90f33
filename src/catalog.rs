//! The catalog: the migrations that the files hold, or everything that is wrong with the files.

mod names;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use crate::migration::{Id, Migration, Script};
use crate::script::{self, Position, Problem, Syntax, Undecodable};
use names::{Name, Part};

/// The migrations of a project, in the order in which they run. Holds neither duplicates nor orphans.
#[derive(Debug, Clone)]
pub struct Catalog {
    syntax: Syntax,
    migrations: BTreeMap<Id, Migration>,
}

/// One thing that was found in a place where migrations are looked for.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The path, as it is to be shown in messages. Its last component is what the naming rules read.
    pub path: String,
    /// What is there.
    pub content: Content,
}

/// What is behind a path.
#[derive(Debug, Clone)]
pub enum Content {
    /// A file that was read.
    Bytes(Vec<u8>),
    /// Something else, or a file that cannot be read; the text says what.
    Unreadable(String),
}

/// Something in the files that has to be mended before anything is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogProblem {
    /// Stable name of the kind of problem.
    pub code: &'static str,
    /// The file.
    pub path: String,
    /// The place in it, where there is one.
    pub position: Option<Position>,
    /// The line at that place.
    pub line: Option<String>,
    /// What was found.
    pub message: String,
    /// What would be right.
    pub help: String,
}

/// The files do not make a catalog. Holds every problem that was found, not the first.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{} in the migration files", counted(problems.len(), "problem"))]
pub struct CatalogError {
    /// At least one.
    pub problems: Vec<CatalogProblem>,
}

fn counted(n: usize, noun: &str) -> String {
    if n == 1 {
        format!("1 {noun}")
    } else {
        format!("{n} {noun}s")
    }
}

/// Whether a file of this name is looked at; others need not be read.
pub(crate) fn wants(file: &str) -> bool {
    names::read(file) != Name::Other
}

/// Whether a file of this name is a migration without any doubt.
pub(crate) fn is_migration(file: &str) -> bool {
    matches!(names::read(file), Name::Migration { .. })
}

impl Catalog {
    /// A catalog without migrations, for what needs the ledger alone.
    pub fn empty(syntax: Syntax) -> Self {
        Self {
            syntax,
            migrations: BTreeMap::new(),
        }
    }

    /// Reads `(path, text)` pairs, such as those that `include_str!` or the `include_dir` crate embed.
    ///
    /// # Errors
    /// Every problem of names and bytes. What is wrong with the SQL of a script is kept with the script
    /// ([`Catalog::problems`]), because a migration that was applied long ago need not be run again.
    pub fn parse<P, B>(files: impl IntoIterator<Item = (P, B)>, syntax: Syntax) -> Result<Self, CatalogError>
    where
        P: Into<String>,
        B: Into<Vec<u8>>,
    {
        let entries = files.into_iter().map(|(path, text)| Entry {
            path: path.into(),
            content: Content::Bytes(text.into()),
        });
        Self::from_entries(entries, syntax)
    }

    /// Reads what was found in a directory.
    ///
    /// # Errors
    /// As [`Catalog::parse`], and entries that could not be read.
    pub fn from_entries(entries: impl IntoIterator<Item = Entry>, syntax: Syntax) -> Result<Self, CatalogError> {
        let mut builder = Builder::new(syntax);
        let mut entries: Vec<Entry> = entries.into_iter().collect();
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        for entry in entries {
            builder.add(entry);
        }
        builder.finish()
    }

    /// The rules by which scripts are split.
    pub fn syntax(&self) -> Syntax {
        self.syntax
    }

    /// The same files, split by other rules: a server may read quotes in another way than was assumed.
    pub fn split_by(&self, syntax: Syntax) -> Cow<'_, Self> {
        if syntax == self.syntax {
            return Cow::Borrowed(self);
        }
        let again = |script: &Arc<Script>| {
            let (path, text) = (script.path.clone(), script.text.clone());
            Arc::new(Script::new(path, script.first_line, text, syntax))
        };
        let migrations = self.migrations.iter().map(|(id, migration)| {
            let (up, down) = (again(&migration.up), migration.down.as_ref().map(again));
            (
                id.clone(),
                Migration {
                    up,
                    down,
                    ..migration.clone()
                },
            )
        });
        Cow::Owned(Self {
            syntax,
            migrations: migrations.collect(),
        })
    }

    /// All migrations, in the order in which they run.
    pub fn migrations(&self) -> impl DoubleEndedIterator<Item = &Migration> {
        self.migrations.values()
    }

    /// The migration of that identity.
    pub fn get(&self, id: &Id) -> Option<&Migration> {
        self.migrations.get(id)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.migrations.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.migrations.is_empty()
    }

    /// What keeps scripts from being run, of all migrations, in their order.
    pub fn problems(&self) -> Vec<CatalogProblem> {
        self.migrations()
            .flat_map(|migration| script_problems(&migration.up))
            .collect()
    }
}

/// What keeps this script from being run, told with its place in the file.
pub(crate) fn script_problems(script: &Script) -> Vec<CatalogProblem> {
    script
        .problems()
        .into_iter()
        .map(|problem| placed(script, problem))
        .collect()
}

fn placed(script: &Script, problem: Problem) -> CatalogProblem {
    CatalogProblem {
        code: problem.code,
        path: script.path.clone(),
        position: Some(script.position(problem.at)),
        line: shown_line(script, problem.at),
        message: problem.message,
        help: problem.help,
    }
}

/// The line at a byte of a script, to be shown to people; `None` where its statement holds a secret.
pub(crate) fn shown_line(script: &Script, byte: usize) -> Option<String> {
    /// Nobody writes a password into a statement this long, and looking for one takes time.
    const LONG: usize = 64 * 1024;
    let line = line_at(&script.text, byte);
    let pieces = script.parsed.iter().flat_map(|parsed| &parsed.statements);
    let mut pieces = pieces.map(|statement| statement.piece.clone());
    let around = pieces.find(|piece| piece.contains(&byte) && piece.len() <= LONG);
    let around = around.and_then(|piece| script.text.get(piece)).unwrap_or(line);
    let masked = around.len() <= LONG && script::mask_secrets(around, script.syntax) != around;
    (!masked).then(|| line.to_owned())
}

/// The line of a text in which a byte stands, without its end.
fn line_at(text: &str, byte: usize) -> &str {
    let mut at = byte.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let start = text[..at].rfind('\n').map_or(0, |i| i + 1);
    let end = text[at..].find('\n').map_or(text.len(), |i| at + i);
    text[start..end].trim_end_matches('\r')
}

struct Builder {
    syntax: Syntax,
    problems: Vec<CatalogProblem>,
    ups: BTreeMap<Id, (String, Arc<Script>)>,
    downs: BTreeMap<Id, (String, Arc<Script>)>,
    folded: BTreeMap<String, String>,
}

impl Builder {
    fn new(syntax: Syntax) -> Self {
        Self {
            syntax,
            problems: Vec::new(),
            ups: BTreeMap::new(),
            downs: BTreeMap::new(),
            folded: BTreeMap::new(),
        }
    }

    fn problem(&mut self, code: &'static str, path: &str, message: String, help: &str) {
        let (path, help) = (path.to_owned(), help.to_owned());
        self.problems.push(CatalogProblem {
            code,
            path,
            position: None,
            line: None,
            message,
            help,
        });
    }

    fn duplicate(&mut self, id: &Id, path: &str, other: &str) {
        let message = format!("version {id} is taken by `{other}` already");
        self.problem(
            "duplicate",
            path,
            message,
            "give one of the two another version: `syncline new` never makes a duplicate",
        );
    }

    fn add(&mut self, entry: Entry) {
        let path = entry.path;
        let file = path.rsplit(['/', std::path::MAIN_SEPARATOR]).next().unwrap_or(&path);
        let (id, name, part) = match names::read(file) {
            Name::Other => match entry.content {
                // A directory of migrations, or a name that is not text: the reader would not tell us otherwise.
                Content::Unreadable(what) => {
                    return self.problem("unreadable", &path, what, "move it elsewhere, or mend it");
                }
                Content::Bytes(_) => return,
            },
            Name::NearMiss { message, help } => return self.problem("near-miss", &path, message, &help),
            Name::Migration { id, name, part } => (id, name, part),
        };
        let bytes = match entry.content {
            Content::Bytes(bytes) => bytes,
            Content::Unreadable(what) => {
                return self.problem(
                    "unreadable",
                    &path,
                    what,
                    "a migration is a regular file that can be read",
                );
            }
        };
        // Two files whose names differ only in case or in the form of an accent are one file elsewhere.
        let folded = file.nfc().flat_map(char::to_lowercase).collect::<String>();
        if let Some(other) = self.folded.insert(folded, path.clone()) {
            let message = format!("the name is that of `{other}` on systems that fold case or accents");
            self.problem("duplicate", &path, message, "rename one of the two");
            return;
        }
        let text = match script::decode(bytes) {
            Ok(text) => text,
            Err(Undecodable {
                problem: Problem {
                    code, message, help, ..
                },
                position,
            }) => {
                self.problems.push(CatalogProblem {
                    code,
                    path,
                    position: Some(position),
                    line: None,
                    message,
                    help,
                });
                return;
            }
        };
        self.place(id, name, part, path, text);
    }

    fn place(&mut self, id: Id, name: String, part: Part, path: String, text: String) {
        match part {
            Part::Up => self.insert_up(id, name, Script::new(path, 0, text, self.syntax)),
            Part::Down => self.insert_down(id, name, Script::new(path, 0, text, self.syntax)),
            Part::Whole => {
                // A text that cannot be cut cannot be split either, so the up script will tell why.
                let Ok(Some(marker)) = script::down_marker(&text, self.syntax) else {
                    return self.insert_up(id, name, Script::new(path, 0, text, self.syntax));
                };
                if matches!(id, Id::Repeatable(_)) {
                    let help = "it runs again whenever it changes: remove the `-- syncline: down` part";
                    return self.problem(
                        "near-miss",
                        &path,
                        "a repeatable migration has no down script".to_owned(),
                        help,
                    );
                }
                let lines = text[..marker.end].matches('\n').count();
                let down = text[marker.end..].to_owned();
                let up = text[..marker.start].to_owned();
                self.insert_up(id.clone(), name.clone(), Script::new(path.clone(), 0, up, self.syntax));
                self.insert_down(
                    id,
                    name,
                    Script::new(path, u32::try_from(lines).unwrap_or(u32::MAX), down, self.syntax),
                );
            }
        }
    }

    fn insert_up(&mut self, id: Id, name: String, script: Script) {
        let path = script.path.clone();
        match self.ups.get(&id).map(|(_, other)| other.path.clone()) {
            Some(other) => self.duplicate(&id, &path, &other),
            None => drop(self.ups.insert(id, (name, Arc::new(script)))),
        }
    }

    fn insert_down(&mut self, id: Id, name: String, script: Script) {
        let path = script.path.clone();
        match self.downs.get(&id).map(|(_, other)| other.path.clone()) {
            Some(other) => {
                let message = format!("`{other}` is the down script of version {id} already");
                self.problem("duplicate", &path, message, "keep one of the two");
            }
            None => drop(self.downs.insert(id, (name, Arc::new(script)))),
        }
    }

    fn finish(mut self) -> Result<Catalog, CatalogError> {
        let mut migrations = BTreeMap::new();
        let mut downs = std::mem::take(&mut self.downs);
        for (id, (name, up)) in std::mem::take(&mut self.ups) {
            let down = match downs.remove(&id) {
                Some((down_name, down)) if down_name != name => {
                    let message = format!(
                        "its name is `{down_name}`, but that of version {id} is `{name}` (`{}`)",
                        up.path
                    );
                    self.problem("orphan-down", &down.path, message, "give both files the same name");
                    None
                }
                down => down.map(|(_, down)| down),
            };
            migrations.insert(id.clone(), Migration { id, name, up, down });
        }
        for (id, (_, down)) in downs {
            let message = format!("there is no up script of version {id}");
            self.problem(
                "orphan-down",
                &down.path,
                message,
                "add the up script, or remove this file",
            );
        }
        if !self.problems.is_empty() {
            self.problems
                .sort_by(|a, b| (&a.path, a.position).cmp(&(&b.path, b.position)));
            return Err(CatalogError {
                problems: self.problems,
            });
        }
        Ok(Catalog {
            syntax: self.syntax,
            migrations,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(files: &[(&str, &str)]) -> Result<Catalog, CatalogError> {
        Catalog::parse(
            files.iter().map(|(path, text)| (*path, text.as_bytes())),
            Syntax::Sqlite,
        )
    }

    fn codes(files: &[(&str, &str)]) -> Vec<(String, &'static str)> {
        parse(files)
            .unwrap_err()
            .problems
            .into_iter()
            .map(|p| (p.path, p.code))
            .collect()
    }

    #[test]
    fn two_files_make_one_migration() {
        let catalog = parse(&[
            ("m/2_b.up.sql", "SELECT 2"),
            ("m/2_b.down.sql", "SELECT -2"),
            ("m/10_c.sql", "SELECT 10"),
        ])
        .unwrap();
        let ids: Vec<String> = catalog.migrations().map(|m| m.id.to_string()).collect();
        assert_eq!(ids, ["2", "10"]);
        assert_eq!(
            catalog.migrations().next().unwrap().down.as_ref().unwrap().text,
            "SELECT -2"
        );
    }

    #[test]
    fn one_file_holds_both_directions_after_a_marker() {
        let catalog = parse(&[("1_a.sql", "CREATE TABLE a (x);\n-- syncline: down\nDROP TABLE a;\n")]).unwrap();
        let migration = catalog.migrations().next().unwrap();
        assert_eq!(migration.up.text, "CREATE TABLE a (x);\n");
        let down = migration.down.as_ref().unwrap();
        assert_eq!(down.text, "DROP TABLE a;\n");
        assert_eq!(down.position(0).line, 3);
    }

    #[test]
    fn versions_are_compared_as_numbers_when_duplicates_are_looked_for() {
        assert_eq!(
            codes(&[("1_a.sql", "SELECT 1"), ("001_b.sql", "SELECT 1")]),
            [("1_a.sql".to_owned(), "duplicate")]
        );
        assert_eq!(
            codes(&[("V1__a.sql", "SELECT 1"), ("1.0_b.sql", "SELECT 1")]),
            [("V1__a.sql".to_owned(), "duplicate")]
        );
    }

    #[test]
    fn a_down_script_without_its_up_script_is_an_orphan() {
        assert_eq!(
            codes(&[("1_a.down.sql", "SELECT 1")]),
            [("1_a.down.sql".to_owned(), "orphan-down")]
        );
        assert_eq!(
            codes(&[("1_a.up.sql", "SELECT 1"), ("1_b.down.sql", "SELECT 1")]),
            [("1_b.down.sql".to_owned(), "orphan-down")]
        );
    }

    #[test]
    fn all_problems_are_reported_at_once() {
        let found = codes(&[
            ("1-a.sql", ""),
            ("V2_b.sql", ""),
            ("3_c.down.sql", "x"),
            ("4_d.sql", "a\0b"),
        ]);
        assert_eq!(found.len(), 4, "{found:?}");
    }

    #[test]
    fn names_that_are_one_file_on_other_systems_are_refused() {
        assert_eq!(codes(&[("R__A.sql", "SELECT 1"), ("R__a.sql", "SELECT 1")]).len(), 1);
        assert_eq!(
            codes(&[("R__caf\u{e9}.sql", "SELECT 1"), ("R__cafe\u{301}.sql", "SELECT 1")]).len(),
            1
        );
    }
}
