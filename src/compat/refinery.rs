//! refinery: its migrations, started by its own runner, in one of two ways.
//!
//! | | [`Session`] | [`Sqlx`] |
//! |---|---|---|
//! | runs over | a [`Migrator`] | a connection of sqlx, yours |
//! | history | syncline's ledger, with the text of every script | refinery's table, as every driver of refinery keeps it |
//! | at the same time | one waits for the other | refinery has no lock |
//! | MySQL, half-way | goes on at the statement that did not run | somebody has to look |
//! | for | going over to syncline | staying with refinery, on sqlx |
//!
//! [`Sqlx`] has examples of its own. This is a [`Session`]:
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use syncline::compat::refinery::Session;
//! use syncline::{Migrator, Target, database::Access};
//!
//! mod embedded {
//!     refinery::embed_migrations!("migrations-examples/refinery/migrations");
//! }
//!
//! let target = Target::from_url("sqlite:app.db")?;
//! let mut migrator = Migrator::connect(&target, Access::Write).await?;
//! let report = embedded::migrations::runner().run_async(&mut Session::new(&mut migrator)).await?;
//! println!("{} applied", report.applied_migrations().len());
//! # Ok(())
//! # }
//! ```

mod driver;

use refinery_core::error::WrapMigrationError;
use refinery_core::traits::r#async::{AsyncMigrate, AsyncQuery, AsyncTransaction};
use refinery_core::{Error as RefineryError, Migration, Report, SchemaVersion, Target};

use crate::catalog::Catalog;
use crate::code::Code;
use crate::error::Error;
use crate::executor::{Event, Failure};
use crate::migration::Id;
use crate::migrator::Migrator;
use crate::plan::{Goal, Policy, Rule, Until};
use crate::script::Syntax;
use crate::version::{Point, Version};

pub use driver::{DriverError, Engine, Sqlx};

/// What refinery's `Runner::run_async` takes as its connection.
///
/// The history is syncline's, not the table that refinery would make, and the name of that table is not used. Each migration is
/// committed together with its record, so `set_grouped` has no effect. An unversioned migration (`U`) may be applied out of
/// order, as refinery has it. A script may end with a `-- syncline: down` part.
pub struct Session<'a>(&'a mut Migrator);

/// Why a run through refinery's runner ended.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// Nothing was begun.
    #[error(transparent)]
    Refused(#[from] Error),
    /// Files and ledger disagree.
    #[error("{0}")]
    Disagree(String),
    /// A migration failed.
    #[error(transparent)]
    Failed(Box<Failure>),
    /// The runner asked for something that only refinery's own table could answer.
    #[error("{0}")]
    Unsupported(&'static str),
}

impl Session<'_> {
    /// Lends a migrator to a runner.
    pub fn new(migrator: &mut Migrator) -> Session<'_> {
        Session(migrator)
    }

    async fn run(
        &mut self,
        migrations: &[Migration],
        goal: &Goal,
        missing: Rule,
        applied: &mut Vec<Id>,
    ) -> Result<(), SessionError> {
        let catalog = catalog(migrations, self.0.target().engine.syntax)?;
        let out_of_order = self.late(migrations, goal, &catalog).await?;
        let policy = Policy {
            out_of_order,
            missing,
            ..Policy::default()
        };
        let observer = &mut |event: Event<'_>| {
            if let Event::Finished { outcome } = event {
                applied.extend(outcome.id.clone());
            }
        };
        let report = match self.0.run(goal, &catalog, &policy, observer).await {
            Err(Error::Refused(findings)) => {
                let said: Vec<String> = findings.iter().map(|finding| finding.message.clone()).collect();
                return Err(SessionError::Disagree(said.join("; ")));
            }
            other => other?,
        };
        report
            .failure
            .map_or(Ok(()), |failure| Err(SessionError::Failed(Box::new(failure))))
    }

    /// Whether everything that comes late is unversioned, and so allowed to.
    async fn late(&mut self, migrations: &[Migration], goal: &Goal, catalog: &Catalog) -> Result<Rule, Error> {
        let unversioned = |id: &Id| {
            migrations
                .iter()
                .any(|m| version(m) == *id && m.to_string().starts_with('U'))
        };
        let plan = self.0.plan(goal, catalog, &Policy::default()).await?;
        let mut late = plan
            .refusals()
            .filter(|finding| finding.code == Code::OutOfOrder)
            .peekable();
        let some = late.peek().is_some();
        let all = late.all(|finding| finding.id.as_ref().is_some_and(unversioned));
        Ok(if some && all { Rule::Allow } else { Rule::Refuse })
    }
}

/// Reads embedded migrations as if they were files.
///
/// # Errors
/// When two have the same version, or a text is none.
pub fn catalog(migrations: &[Migration], syntax: Syntax) -> Result<Catalog, Error> {
    let file = |migration: &Migration| {
        let path = format!("V{}__{}.sql", migration.version(), migration.name());
        (path, migration.sql().unwrap_or_default().as_bytes().to_vec())
    };
    Ok(Catalog::parse(migrations.iter().map(file), syntax)?)
}

fn version(migration: &Migration) -> Id {
    Id::Version(number(migration.version()))
}

/// How far this version reaches among the migrations; it need not be one of theirs, and 0 mostly is not.
fn up_to(migrations: &[Migration], version: SchemaVersion) -> Point {
    let newest = migrations
        .iter()
        .map(Migration::version)
        .filter(|known| *known <= version)
        .max();
    newest.map_or(Point::BeforeAll, |version| Point::At(number(version)))
}

fn number(version: SchemaVersion) -> Version {
    // File names hold digits alone, so there are no negative ones.
    Version::from_number(u128::try_from(version).unwrap_or_default())
}

impl AsyncTransaction for Session<'_> {
    type Error = SessionError;

    async fn execute<'a, T: Iterator<Item = &'a str> + Send + 'a>(&'a mut self, _: T) -> Result<usize, SessionError> {
        Err(SessionError::Unsupported("statements are run from migrations alone"))
    }
}

impl AsyncQuery<Vec<Migration>> for Session<'_> {
    async fn query<'a>(&'a mut self, _: &'a str) -> Result<Vec<Migration>, SessionError> {
        Err(SessionError::Unsupported(
            "the history is syncline's: ask `Migrator::history`",
        ))
    }
}

impl AsyncMigrate for Session<'_> {
    async fn migrate<'a>(
        &'a mut self,
        migrations: &'a [Migration],
        abort_divergent: bool,
        abort_missing: bool,
        _grouped: bool,
        target: Target,
        _table: &'a str,
    ) -> Result<Report, RefineryError> {
        let goal = match target {
            Target::Latest => Goal::Up(Until::End),
            Target::Version(version) if migrations.iter().all(|m| m.version() <= version) => Goal::Up(Until::End),
            Target::Version(version) => Goal::Up(match up_to(migrations, version) {
                Point::BeforeAll => Until::Steps(0),
                Point::At(version) => Until::Version(version),
            }),
            Target::Fake => Goal::Baseline(up_to(migrations, SchemaVersion::MAX)),
            Target::FakeVersion(version) => Goal::Baseline(up_to(migrations, version)),
        };
        let missing = if abort_missing { Rule::Refuse } else { Rule::Allow };
        let mut applied = Vec::new();
        let outcome = if abort_divergent {
            self.run(migrations, &goal, missing, &mut applied).await
        } else {
            let what = "edited migrations are not passed over: accept each with Goal::Accept";
            Err(SessionError::Unsupported(what))
        };
        let done = applied
            .iter()
            .filter_map(|id| migrations.iter().find(|migration| version(migration) == *id))
            .cloned();
        let done: Vec<Migration> = done
            .map(|mut migration| {
                migration.set_applied();
                migration
            })
            .collect();
        outcome.migration_err("error applying migrations", Some(&done))?;
        Ok(Report::new(done))
    }
}
