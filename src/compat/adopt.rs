//! Taking over the history of another tool: whose table it is, which migrations it calls done, and whether the files are what was run.
//!
//! Nothing is replayed and the other tool's table is only read. [`Migrator::adoptable`](crate::Migrator::adoptable) reads it, and
//! [`Goal::Adopt`](crate::plan::Goal::Adopt) writes what it says into the ledger.

mod alembic;
mod atlas;
mod by_file;
mod choose;
mod clock;
mod code;
mod dbmate;
mod diesel;
mod drizzle;
mod flyway;
mod golang_migrate;
mod goose;
mod graphile_migrate;
mod knex;
mod lack;
mod liquibase;
mod node_pg_migrate;
mod pop;
mod prisma;
mod refinery;
#[cfg(test)]
mod rows;
mod shape;
mod sqitch;
mod sql_migrate;
mod sqlx_cli;
mod sums;
mod supabase;
mod table;
mod tern;
mod wrangler_d1;

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Catalog;
use crate::history::History;
use crate::migration::{Id, Migration};
use crate::plan::{Taken, Tells, Verdict};
use crate::version::Version;

pub use choose::Wanted;
pub(crate) use choose::{Candidate, Question, found, second};
pub(crate) use lack::lack;
use shape::{Kind, Shape};
use table::KEY;
pub use table::{Change, Column, Columns, Form, Row, Table, Value};

/// One tool's way to keep its history.
pub(crate) trait Tool: Sync {
    /// The value of `--from`.
    fn name(&self) -> &'static str;

    /// The columns that are read.
    fn columns(&self) -> &'static [(&'static str, Form)];

    /// The column that rows are ordered by.
    fn order(&self) -> &'static str;

    /// How its table looks. Several tools give theirs the same name, or the same columns.
    fn shape(&self) -> Shape;

    /// Whether it can have written a row.
    fn could_write(&self, _: &Row<'_>) -> bool {
        true
    }

    /// The row that the tool would have written for a migration, for a time in which both are used; its first columns tell it from
    /// others, see [`Tool::key`]. `None` where the tool's table cannot be kept up.
    fn row(&self, _: &Applied<'_>) -> Option<Vec<(&'static str, Value)>> {
        None
    }

    /// Whether its table gets no row for a migration that is recorded here, because nobody has run it and the tool itself is to do so.
    fn leaves_out(&self, _: &Applied<'_>) -> bool {
        false
    }

    /// How many columns of [`Tool::row`] tell it from others.
    fn key(&self) -> usize {
        1
    }

    /// Whether what it runs is SQL in files, at least where somebody wants it to be.
    fn keeps_sql(&self) -> bool {
        true
    }

    /// Whether it goes no further where one of its rows has no file.
    fn needs_every_file(&self) -> bool {
        false
    }

    /// Whether it keeps its history in a schema of its own, apart from what the migrations make.
    fn keeps_apart(&self) -> bool {
        false
    }

    /// What a row tells.
    fn tells(&self) -> Tells;

    /// The row of such a table when nothing is applied; `None` where it is empty then.
    fn row_of_none(&self) -> Option<Vec<(&'static str, Value)>> {
        None
    }

    /// What the rows say, in the order in which the migrations were applied.
    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone>;
}

/// A migration that syncline has applied, for the table of another tool.
pub(crate) struct Applied<'a> {
    /// The table, with its columns.
    pub table: &'a Table,
    /// What it holds so far.
    pub rows: &'a [Row<'a>],
    /// All files.
    pub files: &'a Files<'a>,
    /// As its files tell it.
    pub migration: &'a Migration,
    /// The bytes of its file.
    pub bytes: &'a [u8],
    /// Server time, RFC 3339 in UTC.
    pub at: &'a str,
    /// The user.
    pub by: &'a str,
    /// Milliseconds.
    pub took_ms: i64,
    /// Which of the new rows it is, from 1.
    pub place: i64,
    /// Whether it was recorded without being run, because what it asks first was answered otherwise.
    pub is_declined: bool,
}

impl Applied<'_> {
    fn file(&self) -> File<'_> {
        File {
            migration: self.migration,
            bytes: self.bytes,
        }
    }

    /// The time without zone, as tables of tools hold it.
    fn local(&self) -> Value {
        local(self.at)
    }

    /// The same, with no more digits of a second than the column has so far: SQLite keeps what it is given, and drivers read more digits
    /// than three as so many milliseconds.
    fn local_as_in(&self, column: &str) -> Value {
        let digits = |text: &str| {
            let (_, rest) = text.rsplit_once('.').unwrap_or_default();
            rest.bytes().take_while(u8::is_ascii_digit).count()
        };
        let known = self.rows.iter().filter_map(|row| row.get(column)).map(digits).max();
        match (known, self.local()) {
            (Some(most), Value::Text(text)) => {
                let more = digits(&text).saturating_sub(most);
                let kept = text.get(..text.len() - more).unwrap_or(&text);
                Value::Text(kept.trim_end_matches('.').to_owned())
            }
            (_, whole) => whole,
        }
    }

    /// The version where it is one whole number.
    fn number(&self) -> Option<i64> {
        self.migration.id.to_string().parse().ok()
    }
}

/// A time in UTC without its zone.
fn local(at: &str) -> Value {
    Value::Text(at.trim_end_matches('Z').replacen('T', " ", 1))
}

/// All tools whose history can be taken over.
static TOOLS: &[&dyn Tool] = &[
    &alembic::Alembic,
    &atlas::Atlas,
    &code::DJANGO,
    &code::ECTO,
    &code::LARAVEL,
    &code::MIKRO_ORM,
    &code::RAILS,
    &code::SEQUELIZE,
    &code::TYPEORM,
    &code::YOYO,
    &dbmate::Dbmate,
    &diesel::Diesel,
    &drizzle::Drizzle,
    &flyway::Flyway,
    &golang_migrate::GolangMigrate,
    &goose::Goose,
    &graphile_migrate::GraphileMigrate,
    &knex::Knex,
    &liquibase::Liquibase,
    &node_pg_migrate::NodePgMigrate,
    &pop::Pop,
    &prisma::Prisma,
    &refinery::Refinery,
    &sqitch::Sqitch,
    &sql_migrate::SqlMigrate,
    &sqlx_cli::Sqlx,
    &supabase::Supabase,
    &tern::Tern,
    &wrangler_d1::WranglerD1,
    &code::SEAORM,
    &code::DOCTRINE,
];

/// The names that `--from` takes.
pub fn names() -> impl Iterator<Item = &'static str> {
    TOOLS.iter().map(|tool| tool.name())
}

/// Why nothing can be taken over as it stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct HalfDone {
    /// What the other tool's history says.
    pub what: String,
    /// How to go on.
    pub help: String,
}

/// The tool of that name.
pub(crate) fn named(name: &str) -> Option<&'static dyn Tool> {
    TOOLS.iter().copied().find(|tool| tool.name() == name)
}

/// The local files, with the bytes that checksums of other tools are made of.
pub struct Files<'a> {
    catalog: &'a Catalog,
    bytes: &'a BTreeMap<String, Vec<u8>>,
}

/// The file of an up script.
#[derive(Clone, Copy)]
struct File<'a> {
    migration: &'a Migration,
    bytes: &'a [u8],
}

impl<'a> Files<'a> {
    /// The migrations, and the bytes of their files and of [`Catalog::listed_by`], by path.
    pub fn new(catalog: &'a Catalog, bytes: &'a BTreeMap<String, Vec<u8>>) -> Self {
        Self { catalog, bytes }
    }

    fn all(&self) -> impl Iterator<Item = File<'a>> {
        self.catalog.migrations().filter_map(|migration| self.of(migration))
    }

    fn of(&self, migration: &'a Migration) -> Option<File<'a>> {
        let bytes = self.bytes.get(&migration.up.path)?;
        Some(File { migration, bytes })
    }

    fn get(&self, id: &Id) -> Option<File<'a>> {
        self.of(self.catalog.get(id)?)
    }

    /// The file that stands for everything up to its version, beside the one that has its version.
    fn stand_in(&self) -> Option<File<'a>> {
        self.of(self.catalog.stand_in()?)
    }

    /// Puts the migrations that a row speaks for, and no row tells of, before those that rows tell of: there they come first, too.
    fn cover(&self, taken: &mut Vec<Taken>, is_spoken_for: impl Fn(&Id) -> bool) {
        let told = |id: &Id| taken.iter().any(|taken| taken.id == *id);
        let covered = self.catalog.migrations().filter(|migration| {
            let id = &migration.id;
            id.version().is_some() && is_spoken_for(id) && !told(id)
        });
        let covered: Vec<Taken> = covered
            .map(|migration| Taken {
                id: migration.id.clone(),
                name: migration.name.clone(),
                verdict: Verdict::Baseline,
                stands_in: false,
                at: None,
                by: None,
                took_ms: None,
            })
            .collect();
        taken.splice(0..0, covered);
    }

    /// Those before the first that a row tells of, where the tool never goes back to them: a baseline, or a stand-in for what was there.
    fn cover_before_the_first(&self, taken: &mut Vec<Taken>) {
        if let Some(first) = taken.iter().map(|taken| &taken.id).min().cloned() {
            self.cover(taken, |id| *id < first);
        }
    }

    /// The layout of the files, where it is that of a tool.
    pub(crate) fn layout(&self) -> Option<&'a str> {
        let layout = &self.catalog.detected().layout;
        (!layout.is_native()).then(|| layout.name())
    }

    /// What was read of another tool's history, with the versions that these migrations have in the ledger. What has no file gets one that
    /// no migration has, neither here nor there.
    pub(crate) fn as_recorded(&self, mut taken: Vec<Taken>, history: &History) -> Vec<Taken> {
        if !self.catalog.is_known_by_name() {
            return taken;
        }
        let numbering = self.catalog.numbering(history);
        let recorded = history.current().map(|(id, _)| id);
        let numbered = self
            .catalog
            .migrations()
            .map(|migration| numbering.recorded(&migration.id));
        let mut newest = recorded.chain(numbered).filter_map(Id::version).max().cloned();
        // By the name that it has, or else by one that it had before it was renumbered.
        let lines = history.lines(|_| true);
        let named = |name: &str, used: &BTreeSet<Id>| {
            let mut known = lines
                .iter()
                .filter(|(id, _)| id.version().is_some() && !used.contains(*id));
            let has_it = known.clone().find(|(_, line)| line.names.last() == Some(&name));
            let found = has_it.or_else(|| known.find(|(_, line)| line.names.contains(&name)));
            found.map(|(id, _)| id.clone())
        };
        let mut used = BTreeSet::new();
        for taken in &mut taken {
            let known = match self.catalog.get(&taken.id) {
                Some(migration) => Some(numbering.recorded(&migration.id).clone()),
                None => named(&taken.name, &used),
            };
            taken.id = known.unwrap_or_else(|| {
                let next = newest.as_ref().map_or_else(|| Version::from_number(1), Version::next);
                newest = Some(next.clone());
                Id::Version(next)
            });
            used.insert(taken.id.clone());
        }
        taken
    }

    /// What the file that lists the migrations holds.
    fn list(&self) -> Option<&'a str> {
        let text = std::str::from_utf8(self.bytes.get(self.catalog.listed_by()?)?).ok()?;
        Some(text.strip_prefix('\u{feff}').unwrap_or(text))
    }

    /// The file of that name, whatever directory it is in.
    fn named(&self, name: &str) -> Option<File<'a>> {
        self.all().find(|file| file.file() == name)
    }
}

impl<'a> File<'a> {
    /// The last component of its path.
    fn file(&self) -> &'a str {
        let path = &self.migration.up.path;
        path.rsplit(['/', std::path::MAIN_SEPARATOR]).next().unwrap_or(path)
    }

    /// The last directory of its path.
    fn directory(&self) -> &'a str {
        let mut parts = self.migration.up.path.rsplit(['/', std::path::MAIN_SEPARATOR]);
        parts.next();
        parts.next().unwrap_or_default()
    }

    /// The migration, applied at some time.
    fn taken(&self, verdict: Verdict) -> Taken {
        Taken {
            id: self.migration.id.clone(),
            name: self.migration.name.clone(),
            verdict,
            stands_in: false,
            at: None,
            by: None,
            took_ms: None,
        }
    }
}

/// A migration of another tool's history whose file is there, or is not.
fn compared(id: Id, name: &str, file: Option<File<'_>>, is_same: impl FnOnce(File<'_>) -> Option<bool>) -> Taken {
    match file {
        Some(file) => file.taken(match is_same(file) {
            Some(true) => Verdict::Verified,
            Some(false) => Verdict::Edited,
            None => Verdict::Unverifiable,
        }),
        None => Taken {
            id,
            name: name.to_owned(),
            verdict: Verdict::MissingFile,
            stands_in: false,
            at: None,
            by: None,
            took_ms: None,
        },
    }
}

/// What the rows of a tool's table say, in the order in which the migrations were applied.
pub(crate) fn read(tool: &dyn Tool, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
    let mut taken = tool.read(rows, files)?;
    clock::settle(tool.name(), files.catalog.syntax(), &mut taken);
    Ok(taken)
}

/// A tool's time as RFC 3339: a text with an offset, or seconds or milliseconds since 1970, in UTC. A text without an offset stays without:
/// whose time it is, is the tool's affair.
fn time(text: &str) -> Option<String> {
    let said = text.trim();
    if let Ok(number) = said.parse::<i64>() {
        let at = match number.abs() {
            0..=100_000_000_000 => jiff::Timestamp::from_second(number),
            _ => jiff::Timestamp::from_millisecond(number),
        };
        return at.ok().map(|at| format!("{at:.6}"));
    }
    // Sequelize writes a blank before the offset as well.
    let said = said.replacen(' ', "T", 1).replacen(' ', "", 1);
    // PostgreSQL writes `+00`.
    let padded = match said.len().checked_sub(3).and_then(|at| said.get(at..)) {
        Some(offset) if offset.starts_with(['+', '-']) && said.contains('T') => format!("{said}:00"),
        _ => said.clone(),
    };
    if let Ok(at) = padded.parse::<jiff::Timestamp>() {
        return Some(format!("{at:.6}"));
    }
    let local = said.parse::<jiff::civil::DateTime>().ok()?;
    Some(format!("{local:.6}"))
}

/// The identity that the digits at the beginning of a text give.
fn leading(text: &str) -> Option<Id> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    Some(Id::Version(text.get(..digits)?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_tools_and_engines_write_them() {
        let wanted = Some("2026-01-02T03:04:05.000000Z".to_owned());
        for text in [
            "2026-01-02 03:04:05+00",
            "2026-01-02 04:04:05.000+01:00",
            "2026-01-02 03:04:05.000 +00:00",
            "2026-01-02T03:04:05Z",
            "2026-01-02T03:04:05.000000+00:00",
            "1767323045",
            "1767323045000",
        ] {
            assert_eq!(time(text), wanted, "{text}");
        }
        for text in ["2026-01-02 03:04:05", "2026-01-02T03:04:05.000"] {
            assert_eq!(time(text).as_deref(), Some("2026-01-02T03:04:05.000000"), "{text}");
        }
        assert_eq!(time("yesterday"), None);
    }

    #[test]
    fn tools_have_different_names() {
        let mut all: Vec<&str> = names().collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), TOOLS.len());
    }
}
