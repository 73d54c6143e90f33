//! Layouts: how the tools that people come from name their files, and what the lines in them mean. Each is one small file; a layout
//! turns files into scripts in syncline's own terms, and knows no database.

mod adapt;
pub(super) mod atlas;
mod by_number;
mod dbmate;
pub(super) mod diesel;
mod drizzle;
mod flyway;
mod golang_migrate;
mod goose;
pub(super) mod graphile_migrate;
pub(super) mod house;
pub(super) mod liquibase;
mod listed;
mod maragudk;
pub(super) mod native;
mod node_pg_migrate;
mod numbered;
mod pattern;
mod places;
mod pop;
mod postgres_migrations;
mod prisma;
mod refinery;
mod sections;
pub(super) mod sqitch;
mod sql_migrate;
mod sqlx_cli;
mod supabase;
mod tern;
mod wrangler_d1;
mod yoyo;

use std::fmt;
use std::sync::Arc;

use super::source::{Draft, Entry, Found};
use super::words;
pub(super) use adapt::{Adapted, EMPTY, adapt, say, unchecked};
use native::file_of;
pub use pattern::BadPattern;

/// One tool's way to keep its migrations.
pub(super) trait Tool: Send + Sync {
    /// The value of `layout`.
    fn name(&self) -> &'static str;

    /// How deep in the directory its files lie.
    fn depth(&self) -> Depth {
        Depth::Flat
    }

    /// Whether a file is looked at, by its path from the directory on; others need not be read.
    fn wants(&self, name: &str) -> bool;

    /// The files of a new migration by their paths from the directory on, with what they begin with. `None` where the tool has to make
    /// them itself, since it writes into files of its own.
    fn fresh(&self, _: &Fresh<'_>) -> Option<Vec<(String, String)>> {
        None
    }

    /// Whether a file is one of its own by its name, and no near miss.
    fn reads(&self, name: &str) -> bool {
        self.wants(name)
    }

    /// Whether its files are known by their own names, in whatever directory they lie.
    fn by_file(&self) -> bool {
        self.depth() == Depth::Flat
    }

    /// The file that makes a directory a migration, where every directory is one.
    fn each_holds(&self) -> Option<&'static str> {
        None
    }

    /// What to do with the part of an up script that goes back, by the path of its file: where the tool has its down scripts.
    fn way_back(&self, path: &str) -> String {
        moved(path, ".up.sql", ".down.sql")
    }

    /// What shows that the files are this tool's and no other's, in words. `None` where nothing does.
    fn shown_by(&self, files: &[Entry]) -> Option<String>;

    /// Whether what shows another tool counts more than what shows this one, which others have as well.
    fn yields(&self) -> bool {
        false
    }

    /// A placeholder as the tool always replaces it, though none is declared.
    fn always_replaces(&self) -> Option<&'static str> {
        None
    }

    /// Whether the files of several directories can be one sequence: none has a list, and versions are not only places.
    fn takes_several(&self) -> bool {
        self.by_file()
    }

    /// Whether it looks into a directory, by its path from the directory of the migrations on. What lies in others is passed over.
    fn enters(&self, _directory: &str) -> bool {
        true
    }

    /// Whether white space makes a text another one, so that what runs on change runs again.
    fn minds_blanks(&self) -> bool {
        true
    }

    /// Placeholders that it fills in itself, as they are written, and what each stands for.
    fn fills_in(&self) -> &'static [(&'static str, Fact)] {
        &[]
    }

    /// Whether a migration's name is its identity, which no other one has, and its version only the place that the files give it. The
    /// database then keeps the version that a name got when it was recorded.
    fn is_known_by_name(&self) -> bool {
        false
    }

    /// What names have in common that may be those of one migration all the same, such as a number at the beginning that is left out.
    fn kin<'a>(&self, name: &'a str) -> &'a str {
        name
    }

    /// Whether a name of the files and one of the ledger that are [kin](Tool::kin) are of one migration, though its text was edited.
    fn is_the_same(&self, _file: &str, _recorded: &str) -> bool {
        false
    }

    /// Reads the files that it wants, in the order of their paths.
    fn read(&self, files: Vec<Entry>, draft: &mut Draft);
}

/// What a placeholder of a tool's own stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fact {
    /// The schema that is current where the history is.
    Schema,
    /// The database, where that is not another word for a file.
    Database,
    /// The user that statements are run as.
    User,
    /// The name of the script's file.
    File,
}

/// What a new migration is called.
pub struct Fresh<'a> {
    /// The version, as wide as the others.
    pub version: &'a str,
    /// The name, for a file.
    pub name: &'a str,
}

impl Fresh<'_> {
    /// One file for each direction.
    fn pair(&self) -> Vec<(String, String)> {
        let Self { version, name } = self;
        vec![
            (format!("{version}_{name}.up.sql"), format!("-- {name}\n")),
            (format!("{version}_{name}.down.sql"), format!("-- revert {name}\n")),
        ]
    }

    /// One file for both, with the lines that begin them.
    fn both(&self, up: &str, down: &str) -> Vec<(String, String)> {
        let Self { version, name } = self;
        let text = format!("{up}\n-- {name}\n\n{down}\n-- revert {name}\n");
        vec![(format!("{version}_{name}.sql"), text)]
    }
}

/// How deep migrations are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// Only in the directory itself. A directory below it that holds migrations is a problem, not something to pass over.
    Flat,
    /// A migration is a directory, or what belongs to it lies in one.
    Nested,
    /// In all directories below it, too.
    Recursive,
}

/// All layouts that have a name. The first is syncline's own.
static TOOLS: &[&dyn Tool] = &[
    &native::Native,
    &atlas::Atlas,
    &dbmate::Dbmate,
    &diesel::Diesel,
    &drizzle::Drizzle,
    &flyway::Flyway,
    &golang_migrate::GolangMigrate,
    &goose::Goose,
    &graphile_migrate::GraphileMigrate,
    &liquibase::Liquibase::PLAIN,
    &maragudk::Maragudk,
    &node_pg_migrate::NodePgMigrate,
    &pop::Pop,
    &postgres_migrations::PostgresMigrations,
    &prisma::Prisma,
    &refinery::Refinery,
    &sqitch::Sqitch,
    &sql_migrate::SqlMigrate,
    &sqlx_cli::Sqlx,
    &supabase::Supabase,
    &tern::Tern,
    &wrangler_d1::WranglerD1,
    &yoyo::Yoyo,
];

#[derive(Clone)]
enum Inner {
    Named(&'static dyn Tool),
    Made(Arc<dyn Tool>),
}

/// How the files of a directory are named and what the lines in them mean.
#[derive(Clone)]
pub struct Layout(Inner);

impl Layout {
    /// The layout of that name, such as `goose`.
    pub fn named(name: &str) -> Option<Self> {
        let tool = TOOLS.iter().find(|tool| tool.name() == name)?;
        Some(Self(Inner::Named(*tool)))
    }

    /// The names of all layouts, syncline's own first.
    pub fn names() -> impl Iterator<Item = &'static str> {
        TOOLS.iter().map(|tool| tool.name())
    }

    /// syncline's own.
    pub fn native() -> Self {
        Self(Inner::Named(&native::Native))
    }

    /// Names that a regular expression reads as a whole. Groups: `version`, in one part or several (`version2` …), or `release`, which
    /// several files may share; `name`; `direction`, a word such as `up` or `undo`, or `up` and `down` around words of one's own; `engine`, a
    /// word such as `postgres`. With a `/` in it, it reads paths from the directory on.
    ///
    /// # Errors
    /// When it is no regular expression, or its groups are others.
    pub fn pattern(pattern: &str) -> Result<Self, BadPattern> {
        Ok(Self(Inner::Made(Arc::new(pattern::Pattern::new(pattern)?))))
    }

    /// Files in the order of a list, a path from the directory on in each line. Versions are their places in it, counted from 1; a
    /// `….down.sql` beside a `….up.sql` belongs to it. Indented lines `down: PATH` and `name: NAME` say more of the path above.
    ///
    /// # Errors
    /// When the list names a file twice.
    pub fn listed(list: &str) -> Result<Self, BadPattern> {
        Ok(Self(Inner::Made(Arc::new(listed::Listed::new(list)?))))
    }

    /// Liquibase's, with the changelog that it is started with, from the directory on, and what change sets hold that are recorded and not
    /// run: names of attributes and changes, such as `runAlways` and `customChange`.
    pub fn liquibase(changelog: Option<String>, not_run: Vec<String>) -> Self {
        let root = changelog;
        Self(Inner::Made(Arc::new(liquibase::Liquibase { root, not_run })))
    }

    /// The value of `layout` that chooses it; `pattern` and `order` for those that have no name.
    pub fn name(&self) -> &'static str {
        self.tool().name()
    }

    /// Whether it is syncline's own.
    pub fn is_native(&self) -> bool {
        self.name() == native::Native.name()
    }

    pub(super) fn tool(&self) -> &dyn Tool {
        match &self.0 {
            Inner::Named(tool) => *tool,
            Inner::Made(tool) => tool.as_ref(),
        }
    }

    /// The files of a new migration, by their paths from the directory on, with what they begin with. `None` where only the tool itself
    /// can make them.
    pub fn fresh(&self, fresh: &Fresh<'_>) -> Option<Vec<(String, String)>> {
        self.tool().fresh(fresh)
    }

    /// The files of a migration with these scripts, as [`Layout::fresh`] has them for a new one: each script is where its first line would be.
    pub fn written(&self, named: &Fresh<'_>, up: &str, down: Option<&str>) -> Option<Vec<(String, String)>> {
        let line = |text: &str| match text.ends_with('\n') || text.is_empty() {
            true => text.to_owned(),
            false => format!("{text}\n"),
        };
        let (first, last) = (format!("-- {}\n", named.name), format!("-- revert {}\n", named.name));
        let files = self.tool().fresh(named)?.into_iter().filter_map(|(path, text)| {
            let text = match text {
                // A file of its own holds the script as it is.
                text if text == first => up.to_owned(),
                text if text == last => down?.to_owned(),
                text => {
                    let (head, tail) = text.split_once(&last).unwrap_or((&text, ""));
                    format!(
                        "{}{}{tail}",
                        head.replacen(&first, &line(up), 1),
                        line(down.unwrap_or_default())
                    )
                }
            };
            Some((path, text))
        });
        Some(files.collect())
    }

    /// How deep its files lie.
    pub(crate) fn depth(&self) -> Depth {
        self.tool().depth()
    }

    /// The file that makes a directory a migration, where every directory is one.
    pub(crate) fn each_holds(&self) -> Option<&'static str> {
        self.tool().each_holds()
    }

    /// Whether a directory is looked into, by its path from the directory on.
    pub(crate) fn enters(&self, directory: &str) -> bool {
        self.tool().enters(directory)
    }

    /// Whether several directories can be read as one: their files say versions that are not only places in one of them.
    pub(crate) fn takes_several(&self) -> bool {
        self.tool().takes_several()
    }

    /// Whether a file is one of its own, by its path from the directory on.
    pub(crate) fn reads(&self, name: &str) -> bool {
        self.tool().reads(name)
    }

    /// Whether a file would be a migration if its directory were read: by a name that is one anywhere, or by the names that are asked for.
    pub(crate) fn is_its_own(&self, file: &str) -> bool {
        is_migration(file) || matches!(self.0, Inner::Made(_)) && self.reads(file)
    }

    /// Whether a file is looked at, by its path from the directory on.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.tool().wants(name)
    }
}

impl fmt::Debug for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Layout").field(&self.name()).finish()
    }
}

/// Whether some layout looks at a file of this name.
pub(crate) fn any_wants(name: &str) -> bool {
    TOOLS.iter().any(|tool| tool.wants(name))
}

/// The files that make a directory a migration.
pub(crate) fn files_that_make_a_migration() -> impl Iterator<Item = &'static str> {
    TOOLS.iter().filter_map(|tool| tool.each_holds())
}

/// Whether a file of this name is a migration without any doubt.
pub(crate) fn is_migration(name: &str) -> bool {
    native::is_migration(name)
}

/// Endings of scripts for any database.
const SCRIPTS: [&str; 9] = [
    ".sql", ".ddl", ".psql", ".pgsql", ".mysql", ".cql", ".cypher", ".cyp", ".sql.gz",
];

/// Endings that stand behind another one, of what is filled in before it is run.
const TEMPLATES: [&str; 7] = ["in", "tmpl", "tpl", "template", "j2", "jinja", "erb"];

/// The ending of a script's name, with the words for databases and templates behind it.
fn ending(file: &str) -> &str {
    let mut at = file.len();
    let mut found = file.len();
    while let Some((before, word)) = file.get(..at).and_then(|rest| rest.rsplit_once('.')) {
        let lower = word.to_ascii_lowercase();
        let is_script = SCRIPTS
            .iter()
            .any(|ending| ending.strip_prefix('.') == Some(lower.as_str()));
        let is_beside = TEMPLATES.contains(&lower.as_str()) || words::database(word).is_some();
        if !is_script && !is_beside {
            break;
        }
        at = before.len();
        if is_script {
            found = at;
        }
        // `.sql.mysql` is one ending, and `.pg.sql` a word and one.
        if is_script && words::database(word).is_none() {
            break;
        }
    }
    file.get(found..).unwrap_or_default()
}

/// Whether a file ends as scripts do, whatever else its name says.
pub(crate) fn has_the_ending_of_a_script(file: &str) -> bool {
    !ending(file).is_empty() && !file.starts_with('.')
}

/// Endings of what lies beside scripts and tells a tool about them, which is nothing to run.
const SETTINGS: [&str; 2] = [".toml", ".conf"];

/// Whether a file of this name could be a migration, in whatever language and layout.
pub(crate) fn may_be_a_script(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let is_script = SCRIPTS.iter().any(|ending| lower.ends_with(ending)) && !name.starts_with('.');
    let is_setting = SETTINGS.iter().any(|ending| lower.ends_with(ending));
    !is_setting && (is_script || is_sql(name) || any_wants(name))
}

/// Whose files these are, and what shows it.
#[derive(Debug, Clone)]
pub struct Detected {
    /// The layout.
    pub layout: Layout,
    /// What shows it, in words. Empty where it was asked for, and for syncline's own names, which need no reason.
    pub reason: String,
}

impl Detected {
    /// A layout that was asked for.
    pub fn asked(layout: Layout) -> Self {
        Self {
            layout,
            reason: String::new(),
        }
    }
}

/// More than one layout fits the files.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.told())]
pub struct Ambiguous {
    /// The layouts by name, each with what shows it.
    pub fits: Vec<(&'static str, String)>,
}

impl Ambiguous {
    fn told(&self) -> String {
        let fits: Vec<String> = self.fits.iter().map(|(name, why)| format!("{name} ({why})")).collect();
        format!("the files could be those of {}", fits.join(" or of "))
    }
}

/// Looks whose files these are, those in the directories below too where they are read. Never guesses: where two readings differ and
/// both fit, that is an error.
pub(crate) fn detect(files: &mut [Entry], depth: Depth) -> Result<Detected, Ambiguous> {
    let mut shown: Vec<Option<String>> = Vec::new();
    let within = |tool: &dyn Tool| depth == Depth::Recursive && tool.by_file();
    shown.extend(TOOLS.iter().map(|tool| tool.shown_by(files).filter(|_| !within(*tool))));
    // The bytes of all files are too many to be copied for this.
    let paths: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
    if depth == Depth::Recursive {
        for file in files.iter_mut() {
            file.name = file.file().to_owned();
        }
    }
    for (tool, shown) in TOOLS.iter().zip(&mut shown).filter(|(tool, _)| within(**tool)) {
        *shown = tool.shown_by(files);
    }
    let named = |file: &&Entry| native::is_migration(&file.name);
    let mut fits: Vec<(&'static dyn Tool, String)> = (TOOLS.iter().copied().zip(shown))
        .filter_map(|(tool, why)| Some((tool, why?)))
        .collect();
    if fits.iter().any(|(tool, _)| !tool.yields()) {
        fits.retain(|(tool, _)| !tool.yields());
    }
    // Files that are migrations by name, and that this one would refuse or pass over.
    if let [(tool, _)] = fits.as_slice()
        && let Some((loose, _)) = files
            .iter()
            .zip(&paths)
            .filter(|(file, _)| named(file))
            .find(|(file, path)| !tool.reads(if within(*tool) { &file.name } else { path }))
    {
        fits.push((&native::Native, format!("`{}` is named like a migration", loose.name)));
    }
    for (file, path) in files.iter_mut().zip(paths) {
        file.name = path;
    }
    let mut fits = fits.into_iter();
    match (fits.next(), fits.len()) {
        (None, _) => Ok(Detected::asked(Layout::native())),
        (Some((tool, reason)), 0) => Ok(Detected {
            layout: Layout(Inner::Named(tool)),
            reason,
        }),
        (Some(first), _) => Err(Ambiguous {
            fits: std::iter::once(first)
                .chain(fits)
                .map(|(tool, why)| (tool.name(), why))
                .collect(),
        }),
    }
}

/// To move what goes back to the file whose name has the other ending, where this one has the first.
fn moved(path: &str, up: &str, down: &str) -> String {
    match file_of(path).strip_suffix(up) {
        Some(stem) => format!("move what goes back to `{stem}{down}`"),
        None => "take out what goes back".to_owned(),
    }
}

/// To begin what goes back with a line of the tool's.
fn begun_by(line: &str) -> String {
    format!("begin the down script there with a line `{line}`")
}

/// The first file that has a line of this kind, in words.
fn line_that(files: &[Entry], is_mark: impl Fn(&str) -> bool) -> Option<String> {
    files.iter().filter(|file| is_flat_sql(&file.name)).find_map(|file| {
        let line = file.peek()?.lines().find(|line| is_mark(line))?;
        Some(format!("`{}` has a line `{}`", file.name, line.trim()))
    })
}

/// Whether a file ends in `.sql`, however that is written, or is named like a migration.
fn is_sql(name: &str) -> bool {
    native::read(file_of(name)) != native::Name::Other
}

/// As [`is_sql`], and it lies in the directory itself.
fn is_flat_sql(name: &str) -> bool {
    !name.contains('/') && is_sql(name)
}

/// A file and the directory that it lies in, which may lie in others.
fn in_directory(name: &str) -> Option<(&str, &str)> {
    let (path, file) = name.rsplit_once('/')?;
    Some((file_of(path), file))
}

/// What is said of the files that a tool passes over.
pub(super) fn passed_over(tool: &str, passed: &[String]) -> Option<String> {
    let first = passed.first()?;
    Some(match passed.len() {
        1 => format!("`{first}` is no file of {tool}, and is passed over"),
        more => format!("{more} files are none of {tool}, and are passed over, `{first}` first"),
    })
}

/// A word about files that a tool does not read.
fn passed(tool: &str, paths: &[String], draft: &mut Draft) {
    draft.notes.extend(passed_over(tool, paths));
}

/// Where a tool compares versions as text, its order has to be that of the numbers: `(what it compares, identity, path)`.
fn compared_as_text(tool: &str, draft: &mut Draft, files: Vec<(String, crate::migration::Id, String)>) {
    compared(
        tool,
        ("text", "give the versions the same number of digits"),
        draft,
        files,
    );
}

/// As [`compared_as_text`], for a tool that compares versions as something else; with what helps.
fn compared<K: Ord>(
    tool: &str,
    (as_what, help): (&str, &str),
    draft: &mut Draft,
    mut files: Vec<(K, crate::migration::Id, String)>,
) {
    files.sort();
    for pair in files.windows(2) {
        let [(_, earlier, first), (_, later, second)] = pair else {
            continue;
        };
        if earlier > later {
            let message = format!(
                "{tool} runs `{first}` before it, because it compares versions as {as_what}, and by their numbers it comes first"
            );
            draft.problem("order", second, message, help);
        }
    }
}
