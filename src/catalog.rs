//! The catalog: the migrations that the files hold, or everything that is wrong with the files.

mod build;
mod conditions;
mod filled;
mod given;
mod layouts;
mod numbering;
mod source;
mod words;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) use filled::Here;

use crate::history::{History, Record};
use crate::migration::{Id, Migration, Script};
use crate::script::{self, Placeholders, Problem, Syntax};

pub use given::Given;
pub(crate) use layouts::atlas::{Running as AtlasSums, parse as atlas_sum};
pub(crate) use layouts::diesel::dotted as diesel_version;
pub(crate) use layouts::graphile_migrate::Committed as GraphileCommitted;
pub(crate) use layouts::house::{Candidate, candidates, for_others, holds_both_ways, listing, takes_away};
pub(crate) use layouts::liquibase::hashed;
pub(crate) use layouts::native::PROGRAMS;
pub(crate) use layouts::sqitch::plan as sqitch_plan;
pub use layouts::{Ambiguous, BadPattern, Depth, Detected, Fresh, Layout};
pub(crate) use layouts::{
    any_wants, detect, files_that_make_a_migration, has_the_ending_of_a_script, is_migration, may_be_a_script,
};
pub use source::{CatalogError, CatalogProblem, Content, Entry};

/// The reason of a record that says a migration was not run because another one stands for it.
pub(crate) const STOOD_FOR: &str = "a baseline script stands for it";

/// The migrations of a project, in the order in which they run. Holds neither duplicates nor orphans.
#[derive(Debug, Clone)]
pub struct Catalog {
    syntax: Syntax,
    placeholders: Arc<Placeholders>,
    migrations: BTreeMap<Id, Migration>,
    /// A script that stands for everything up to its version on a new database; its versions before have files of their own.
    stand_in: Option<Migration>,
    /// The version that the stand-in has, in a catalog that was read for such a database.
    baseline: Option<Id>,
    /// Whose files they are.
    detected: Detected,
    /// The database that the files are for, with the file that says so.
    provider: Option<(String, String)>,
    /// The file that lists the migrations, and its text.
    listed_by: Option<(String, String)>,
    /// Files of which a script is only a part, by path.
    whole: BTreeMap<String, String>,
    notes: Vec<String>,
}

impl Catalog {
    /// A catalog without migrations, for what needs the ledger alone.
    pub fn empty(syntax: Syntax) -> Self {
        Self {
            syntax,
            placeholders: Arc::default(),
            migrations: BTreeMap::new(),
            stand_in: None,
            baseline: None,
            detected: Detected::asked(Layout::native()),
            provider: None,
            listed_by: None,
            whole: BTreeMap::new(),
            notes: Vec::new(),
        }
    }

    /// Reads `(path, text)` pairs, such as those that `include_str!` or the `include_dir` crate embed, by syncline's own layout.
    ///
    /// # Errors
    /// Every problem of names and bytes. What is wrong with the SQL of a script is kept with the script
    /// ([`Catalog::problems`]), because a migration that was applied long ago need not be run again.
    pub fn parse<P, B>(files: impl IntoIterator<Item = (P, B)>, syntax: Syntax) -> Result<Self, CatalogError>
    where
        P: Into<String>,
        B: Into<Vec<u8>>,
    {
        let entries = files.into_iter().map(|(path, text)| {
            let path = path.into();
            Entry {
                name: path
                    .rsplit(['/', std::path::MAIN_SEPARATOR])
                    .next()
                    .unwrap_or(&path)
                    .to_owned(),
                path,
                content: Content::Bytes(text.into()),
            }
        });
        let detected = Detected::asked(Layout::native());
        Self::from_entries(entries, detected, Placeholders::default(), syntax)
    }

    /// Reads what was found in a directory.
    ///
    /// # Errors
    /// As [`Catalog::parse`], and entries that could not be read.
    pub fn from_entries(
        entries: impl IntoIterator<Item = Entry>,
        detected: Detected,
        placeholders: Placeholders,
        syntax: Syntax,
    ) -> Result<Self, CatalogError> {
        Self::from_given(vec![entries.into_iter().collect()], detected, placeholders, &[], syntax)
    }

    /// As [`Catalog::from_entries`], for one directory or several, with what is said of the files elsewhere.
    ///
    /// # Errors
    /// The same.
    pub fn from_given(
        groups: Vec<Vec<Entry>>,
        detected: Detected,
        placeholders: Placeholders,
        given: &[Given],
        syntax: Syntax,
    ) -> Result<Self, CatalogError> {
        build::catalog(groups, detected, placeholders, given, syntax)
    }

    /// Whose files they are, and what shows it.
    pub fn detected(&self) -> &Detected {
        &self.detected
    }

    /// What is worth knowing of the files and keeps nothing from running, such as scripts of other kinds that are not run.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Whether a migration is known by its name, and its version is only its place.
    pub fn is_known_by_name(&self) -> bool {
        self.detected.layout.tool().is_known_by_name()
    }

    /// The path of the file that lists the migrations, where their tool has one.
    pub fn listed_by(&self) -> Option<&str> {
        self.list().map(|(path, _)| path)
    }

    /// The same, and its text.
    pub(crate) fn list(&self) -> Option<(&str, &str)> {
        let (path, text) = self.listed_by.as_ref()?;
        Some((path, text))
    }

    /// Path and text of files of which a script is only a part, where sums are made of more.
    pub(crate) fn whole(&self) -> impl Iterator<Item = (&str, &str)> {
        self.whole.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The file that says for which database all of them are, and its word for it, where that is another one.
    pub(crate) fn made_for_another(&self) -> Option<(&str, &str)> {
        let (path, provider) = self.provider.as_ref()?;
        let fits = match provider.as_str() {
            "sqlite" | "turso" => self.syntax == Syntax::Sqlite,
            "postgresql" | "postgres" | "cockroachdb" => matches!(self.syntax, Syntax::Postgres(_)),
            "mysql" => matches!(self.syntax, Syntax::Mysql(_)),
            _ => false,
        };
        (!fits).then_some((path, provider))
    }

    /// A script that is in no file, with the same rules and the same values of placeholders.
    pub(crate) fn script(&self, path: impl Into<String>, text: String) -> Script {
        Script::expanded(path, 0, text, self.syntax, &self.placeholders)
    }

    /// A text with the values of placeholders put in; `None` where one has none.
    pub(crate) fn replaced(&self, text: &str) -> Option<String> {
        let expanded = self.placeholders.expand(text).ok()?;
        Some(expanded.text)
    }

    /// The rules by which scripts are split.
    pub fn syntax(&self) -> Syntax {
        self.syntax
    }

    /// The same files, split by other rules: a server may read quotes in another way than was assumed.
    pub fn split_by(&self, syntax: Syntax) -> Cow<'_, Self> {
        self.read_at(Here::default(), syntax)
    }

    /// The same, with what the tool's own placeholders stand for on a connection.
    pub(crate) fn read_at(&self, here: Here<'_>, syntax: Syntax) -> Cow<'_, Self> {
        let filled = self.filled_in(here, syntax).map(Arc::new);
        if syntax == self.syntax && filled.is_none() {
            return Cow::Borrowed(self);
        }
        let placeholders = filled.unwrap_or_else(|| Arc::clone(&self.placeholders));
        let again = |script: &Arc<Script>| {
            let read = (script.path.clone(), script.first_line, script.source().to_owned());
            Arc::new(filled::script(&self.detected.layout, read, syntax, &placeholders))
        };
        let again = |migration: &Migration| Migration {
            up: again(&migration.up),
            down: migration.down.as_ref().map(again),
            ..migration.clone()
        };
        let migrations = self
            .migrations
            .iter()
            .map(|(id, migration)| (id.clone(), again(migration)));
        Cow::Owned(Self {
            syntax,
            placeholders: Arc::clone(&placeholders),
            migrations: migrations.collect(),
            stand_in: self.stand_in.as_ref().map(again),
            ..self.clone()
        })
    }

    /// The migrations as they are for a database: with the versions that the ledger has for their names, where names are what they are
    /// known by; on a new one a stand-in takes the place of what it stands for, on others there is no such script.
    pub fn for_history(&self, history: &History) -> Cow<'_, Self> {
        let numbering = self.numbering(history);
        if !numbering.is_empty() {
            let mut catalog = self.clone();
            let numbered = std::mem::take(&mut catalog.migrations)
                .into_iter()
                .map(|(id, migration)| {
                    let id = numbering.recorded(&id).clone();
                    (id.clone(), Migration { id, ..migration })
                });
            catalog.migrations = numbered.collect();
            return Cow::Owned(catalog);
        }
        let Some(stand_in) = &self.stand_in else {
            return Cow::Borrowed(self);
        };
        let ran = history
            .get(&stand_in.id)
            .is_some_and(|current| current.up_checksum == Some(stand_in.up.checksum));
        let is_ours =
            |record: Option<&Record>| record.is_some_and(|record| record.reason.as_deref() == Some(STOOD_FOR));
        let is_new = history
            .current()
            .all(|(_, current)| is_ours(history.record_of(current)));
        self.with_stand_in(ran || is_new)
    }

    /// As [`Catalog::for_history`], for what another tool's history says: that tells itself whether a stand-in ran.
    pub(crate) fn for_other(&self, history: &History) -> Cow<'_, Self> {
        match self.stand_in {
            Some(_) => Cow::Borrowed(self),
            None => self.for_history(history),
        }
    }

    /// With the stand-in in the place of what it stands for, or without it.
    pub(crate) fn with_stand_in(&self, stands_in: bool) -> Cow<'_, Self> {
        let Some(stand_in) = self.stand_in.as_ref().filter(|_| stands_in) else {
            return Cow::Borrowed(self);
        };
        let mut catalog = self.clone();
        catalog.migrations.insert(stand_in.id.clone(), stand_in.clone());
        catalog.baseline = Some(stand_in.id.clone());
        Cow::Owned(catalog)
    }

    /// Whether a text is no change of a stored one to the tool whose files these are: what runs on change does not run again.
    pub(crate) fn is_no_change(&self, stored: &str, text: &str) -> bool {
        let bare = |text: &str| text.split_ascii_whitespace().collect::<String>();
        !self.detected.layout.tool().minds_blanks() && bare(stored) == bare(text)
    }

    /// The script that stands for everything up to its version on a new database.
    pub fn stand_in(&self) -> Option<&Migration> {
        self.stand_in.as_ref()
    }

    /// Whether a stand-in makes it unnecessary to run this one.
    pub(crate) fn is_stood_for(&self, id: &Id) -> bool {
        id.version().is_some() && self.baseline.as_ref().is_some_and(|baseline| id < baseline)
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
            .flat_map(|migration| self.problems_of_up(&migration.up))
            .collect()
    }

    /// What keeps an up script of these files from being run.
    pub(crate) fn problems_of_up(&self, script: &Script) -> Vec<CatalogProblem> {
        let mut problems = script_problems(script);
        problems.extend(script.both_directions().map(|mut problem| {
            let way = self.detected.layout.tool().way_back(&script.path);
            problem.help = format!(
                "{way}; for files of another tool choose its `layout`; if all of it is meant to run, add the line `-- syncline: allow {} reason=\"…\"`",
                problem.code
            );
            placed(script, problem)
        }));
        problems
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
    let line = line_at(script.source(), script.origin(byte));
    let pieces = script.parsed.iter().flat_map(|parsed| &parsed.statements);
    let mut pieces = pieces.map(|statement| statement.piece.clone());
    let around = pieces.find(|piece| piece.contains(&byte) && piece.len() <= LONG);
    let around = around
        .and_then(|piece| script.text.get(piece))
        .unwrap_or_else(|| line_at(&script.text, byte));
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
