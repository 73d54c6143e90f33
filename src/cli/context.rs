//! What every command is given, and the steps that all of them take: settings, files, connection, run.

use std::io::ErrorKind;
use std::path::Path;

use syncline::database::Access;
use syncline::files::FilesError;
use syncline::plan::{Finding, Goal, Plan};
use syncline::script::Syntax;
use syncline::{Catalog, Code, Interrupt, Migrator, Target};

use super::document::{Body, Detail, Document, LayoutView, StepView};
use super::environment::Environment;
use super::global::Global;
use super::render::{Output, Progress};
use super::settings::{Origin, Scope, Settings};
use super::trouble::{Result, Trouble};

/// What a command is given.
pub struct Context<'a> {
    pub typed: &'a Global,
    pub environment: &'a Environment,
    pub output: &'a Output,
    pub progress: &'a Progress<'a>,
    pub document: &'a mut Document,
    pub interrupt: Interrupt,
}

/// Whether a command can do without the directory of the migrations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    Needed,
    Optional,
}

impl Context<'_> {
    /// What the command line means.
    pub fn settings(&mut self, scope: Scope) -> Result<Settings> {
        let settings = Settings::resolve(self.typed, self.environment, scope)?;
        for warning in &settings.warnings {
            self.output.warn(warning);
        }
        self.document.warnings.clone_from(&settings.warnings);
        self.document.config = settings.config.as_ref().map(|path| path.display().to_string());
        self.document.flags.directory(&settings.directory.path);
        if let Some(target) = &settings.target {
            self.document.target(target);
        }
        Ok(settings)
    }

    /// The migrations in the files.
    pub fn catalog(&mut self, settings: &Settings, presence: Presence) -> Result<Catalog> {
        let syntax = settings
            .target
            .as_ref()
            .map_or(Syntax::Sqlite, |target| target.engine.syntax);
        let directory = &settings.directory;
        let absent = || {
            let is_absent = |path: &Path| path.metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound);
            directory.all().all(is_absent)
        };
        if presence == Presence::Optional && directory.origin != Origin::Named && absent() {
            return Ok(Catalog::empty(syntax));
        }
        let catalog = match Catalog::from_dirs(directory.all(), syntax, &settings.reading) {
            Err(FilesError::Catalog(error)) => return Err(self.elsewhere(settings, syntax, error)),
            catalog => catalog?,
        };
        let detected = catalog.detected();
        if !detected.layout.is_native() {
            let name = detected.layout.name();
            if !detected.reason.is_empty() {
                self.output
                    .note(&format!("the files are read as those of {name}: {}", detected.reason));
            }
            self.document.layout = Some(LayoutView {
                name,
                reason: detected.reason.clone(),
            });
        }
        for note in catalog.notes() {
            self.output.warn(note);
            self.document.warnings.push(note.clone());
        }
        Ok(catalog)
    }

    /// A connection.
    pub async fn connect(&mut self, settings: &Settings, access: Access) -> Result<Migrator> {
        let progress = self.progress;
        let mut observer = |event: syncline::Event<'_>| progress.event(event);
        let mut migrator = Migrator::connect_patiently(target(settings)?, access, &mut observer).await?;
        migrator
            .user(&settings.user)
            .keep(settings.keep)
            .interrupt(&self.interrupt);
        self.document.server(migrator.server());
        Ok(migrator)
    }

    /// Says where the history is that a migrator has read, where that is worth knowing.
    pub fn say_where(&mut self, migrator: &Migrator) {
        let found: Vec<Finding> = migrator.elsewhere().into_iter().cloned().collect();
        self.document.findings(&found);
    }

    /// Shows what a goal would do, and fails as the run would.
    pub async fn plan(
        &mut self,
        settings: &Settings,
        migrator: &mut Migrator,
        goal: &Goal,
        catalog: &Catalog,
        detail: Detail,
    ) -> Result<Plan> {
        let plan = migrator.plan(goal, catalog, &settings.policy).await?;
        self.document.head.clone_from(&plan.newest);
        if let Body::Plan { steps } = &mut self.document.body {
            steps.extend(plan.steps.iter().map(|step| StepView::new(step, detail)));
        }
        Ok(plan)
    }

    /// What a goal would do, for somebody to confirm: waits for a script that another run is at.
    pub async fn plan_settled(&mut self, settings: &Settings, goal: &Goal, catalog: &Catalog) -> Result<Plan> {
        match self.plan_as_it_is(settings, goal, catalog).await {
            Ok(plan) if plan.is_settled => return Ok(plan),
            // A file of SQLite's that the other run keeps for itself.
            Err(trouble) if trouble.code != Code::Locked => return Err(trouble),
            _ => {}
        }
        let mut writer = self.connect(settings, Access::Write).await?;
        let progress = self.progress;
        let plan = writer
            .plan_settled(goal, catalog, &settings.policy, &mut |event| progress.event(event))
            .await?;
        let _ = writer.close().await;
        self.document.head.clone_from(&plan.newest);
        Ok(plan)
    }

    async fn plan_as_it_is(&mut self, settings: &Settings, goal: &Goal, catalog: &Catalog) -> Result<Plan> {
        let mut reader = self.connect(settings, Access::Read).await?;
        let plan = self.plan(settings, &mut reader, goal, catalog, Detail::Steps).await?;
        let _ = reader.close().await;
        Ok(plan)
    }

    /// Does what a goal asks for, and says what came of it.
    pub async fn run(
        &mut self,
        settings: &Settings,
        migrator: &mut Migrator,
        goal: &Goal,
        catalog: &Catalog,
    ) -> Result<()> {
        let progress = self.progress;
        let mut observer = |event: syncline::Event<'_>| progress.event(event);
        let report = match migrator.run(goal, catalog, &settings.policy, &mut observer).await {
            Ok(report) => report,
            Err(error) => {
                if let Ok(history) = migrator.history().await {
                    self.document.head = history.newest().cloned();
                }
                return Err(error.into());
            }
        };
        self.document.head = report.newest();
        // Where a script went on is said by what was done.
        let told: Vec<Finding> = report
            .findings
            .iter()
            .filter(|finding| finding.code != Code::PartialUp)
            .cloned()
            .collect();
        self.document.findings(&told);
        if let Some(failure) = &report.failure {
            self.document.fail_at(failure, report.done.len());
        }
        Ok(())
    }
}

/// The database, which the settings hold for every command that asked for one.
pub fn target(settings: &Settings) -> Result<&Target> {
    settings
        .target
        .as_ref()
        .ok_or_else(|| Trouble::new(syncline::Code::Internal, "no target was resolved"))
}

/// Fails as a run of this plan would. The findings that are only worth knowing stay in the document.
pub fn refuse(document: &mut Document, plan: &Plan) -> Result<()> {
    let (refused, notes): (Vec<Finding>, Vec<Finding>) = plan
        .findings
        .iter()
        .cloned()
        .partition(|finding| finding.severity == syncline::plan::Severity::Refused);
    document.findings(&notes);
    if !refused.is_empty() {
        let mut trouble = Trouble::refused(refused);
        trouble.problems.clone_from(&plan.problems);
        return Err(trouble);
    }
    if !plan.problems.is_empty() {
        return Err(Trouble::files(plan.problems.clone()));
    }
    Ok(())
}
