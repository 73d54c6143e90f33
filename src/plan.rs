//! The plan: the only place that decides what is to be done. A pure function of files, ledger, goal and policy.

mod beside;
mod compare;
mod down;
mod notes;
mod record;
mod renumber;
mod up;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use crate::catalog::{Catalog, CatalogProblem, script_problems};
use crate::code::Code;
use crate::history::{Current, Kind, Protocol, State};
use crate::migration::{Checksum, Direction, Id, Script, label};
use crate::script::Mode;
use crate::status::{self, Known, Row};
use crate::version::{Point, Version};

use beside::reverted;
pub use beside::{Adoption, Beside, Origin, Says, Tells, findings as beside};
pub(crate) use beside::{UNNAMED, done_since, is_told, origins, placed, since, was_without_a_file};
pub use compare::look_and_answer;
use record::note_step;

/// What is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// Apply what is pending.
    Up(Until),
    /// Revert what was applied, the newest first.
    Down(Until, Option<Source>),
    /// Revert the newest migration and apply it again.
    Redo(Option<Source>),
    /// Record everything up to there as applied, without running it; or that none is.
    Baseline(Point),
    /// Record what another tool's history calls done, without running it.
    Adopt(Adoption),
    /// Take an edited file as the new truth; with [`Rule::Allow`] also one that shares nothing with what ran.
    Accept(Id, Rule, String),
    /// Record that what ran is in the files under another version or name: of these two, or of all that were found.
    Renumber(Option<(Id, Id)>, String),
    /// Say how a statement of unknown outcome ended.
    Resolve(Id, Resolution, String),
    /// Drop a migration from the current state.
    Forget(Id, String),
}

/// A migration that another tool's history calls done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The migration.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// Whether the file is what was run.
    pub verdict: Verdict,
    /// Whether its file is [`Catalog::stand_in`], and not the one that has its version besides.
    pub stands_in: bool,
    /// When it was applied, RFC 3339; in UTC with a `Z`, and without one where nobody knows in which zone.
    pub at: Option<String>,
    /// Who applied it.
    pub by: Option<String>,
    /// How long it took.
    pub took_ms: Option<u64>,
}

/// Whether the file of a migration is what another tool has run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The tool's own checksum says so.
    Verified,
    /// It was edited since.
    Edited,
    /// There is no file.
    MissingFile,
    /// The tool keeps no checksum.
    Unverifiable,
    /// It is a program, and only its name is kept.
    Code,
    /// No row tells of it, but one that speaks for it too: of a baseline that it is in, or of what was made of several.
    Baseline,
}

impl Verdict {
    /// Whether what is in the database is taken to be what the file says, so that the file is recorded with it.
    pub(crate) fn is_of_the_file(self) -> bool {
        matches!(self, Verdict::Verified | Verdict::Unverifiable | Verdict::Baseline)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verdict::Verified => "verified",
            Verdict::Edited => "edited since",
            Verdict::MissingFile => "no file",
            Verdict::Unverifiable => "not verifiable",
            Verdict::Code => "a program",
            Verdict::Baseline => "in the baseline",
        })
    }
}

/// How far to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Until {
    /// As far as there is anything to do: up to the newest version, or down to where none is applied.
    End,
    /// So many migrations.
    Steps(usize),
    /// Up: including this version. Down: back to this version, which stays applied.
    Version(Version),
}

/// Which text of a down script is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The one in the file.
    File,
    /// The one that the database remembers.
    Stored,
}

/// How a statement of unknown outcome ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// It took effect.
    Applied,
    /// It did not.
    NotApplied,
}

/// What to do about a disagreement of files and ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rule {
    /// Do nothing, and say what to do.
    #[default]
    Refuse,
    /// Note it and go on.
    Allow,
}

/// Which disagreements are let through. Everything is refused by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Policy {
    /// Pending migrations that are older than the newest applied one.
    pub out_of_order: Rule,
    /// Applied migrations without a file.
    pub missing: Rule,
    /// Versions of fourteen digits above this one are noted as time stamps of the future; none where it is `None`.
    pub latest_stamp: Option<u64>,
}

/// One thing to do. Nothing about it is decided later.
#[derive(Debug, Clone)]
pub struct Step {
    /// The migration; `None` where the record says that none is applied.
    pub id: Option<Id>,
    /// Its name.
    pub name: String,
    /// What it was before, where it is given another identity.
    pub was: Option<Id>,
    /// The kind of record that it leaves.
    pub kind: Kind,
    /// What is run; `None` for what only writes a record.
    pub run: Option<Run>,
    /// Of the up script that is true afterwards.
    pub up_checksum: Option<Checksum>,
    /// Of the down script that is true afterwards.
    pub down_checksum: Option<Checksum>,
    /// Texts to be stored with it.
    pub store: Vec<Arc<Script>>,
    /// Statements that the record says are done, for what only writes a record.
    pub statements_done: u32,
    /// Why, where an operator was asked.
    pub reason: Option<String>,
    /// When and by whom it was done, where another tool did it.
    pub original: Option<Original>,
}

impl Step {
    /// The migration's identity as text; `none` where the record says that none is applied.
    pub fn label(&self) -> String {
        label(self.id.as_ref())
    }
}

/// What another tool's history says of a migration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Original {
    /// RFC 3339 in UTC.
    pub at: Option<String>,
    /// The user.
    pub by: Option<String>,
    /// How long it took.
    pub took_ms: Option<u64>,
    /// How many are taken over together; `statements_done` is its place among them.
    pub count: u32,
}

/// A script to be run.
#[derive(Debug, Clone)]
pub struct Run {
    /// Which of the migration's scripts it is.
    pub direction: Direction,
    /// Where its text comes from.
    pub source: Source,
    /// The text.
    pub script: Arc<Script>,
    /// Statements that were executed by an earlier run and are left out.
    pub from: u32,
    /// Whether an earlier run has tried the first of the others.
    pub retried: bool,
}

impl Run {
    /// How effects and record are kept together.
    pub fn protocol(&self) -> Protocol {
        match self.script.mode() {
            Mode::Inside => Protocol::Atomic,
            Mode::Outside => Protocol::Journalled,
        }
    }

    /// How many of its statements are left out.
    pub(crate) fn skipped(&self) -> usize {
        usize::try_from(self.from).unwrap_or(usize::MAX)
    }
}

/// Something worth knowing about files and ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind of finding.
    pub code: Code,
    /// Whether it stops the run.
    pub severity: Severity,
    /// The migration, where it is about one.
    pub id: Option<Id>,
    /// What was found.
    pub message: String,
    /// What to do: commands, ready to be typed.
    pub help: Vec<String>,
    /// Unified diff from the stored text to the file's.
    pub diff: Option<String>,
}

impl Finding {
    pub(crate) fn new(code: Code, severity: Severity, id: Option<&Id>, message: String, help: Vec<String>) -> Self {
        Self {
            code,
            severity,
            id: id.cloned(),
            message,
            help,
            diff: None,
        }
    }
}

/// What a finding means for the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It is only said.
    Note,
    /// Nothing is run because of it.
    Refused,
}

/// What would be done, and everything worth knowing before.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// In the order in which they are taken.
    pub steps: Vec<Step>,
    /// In the order of migrations.
    pub findings: Vec<Finding>,
    /// What keeps the scripts of the steps from being run.
    pub problems: Vec<CatalogProblem>,
    /// The newest version that counts as done before the first step.
    pub newest: Option<Id>,
    /// How many records the ledger had.
    pub records: usize,
    /// Whether the ledger called no script running. Where it did, only whoever holds the lock can tell whether somebody is at it or was
    /// cut off: see [`Migrator::plan_settled`](crate::Migrator::plan_settled).
    pub is_settled: bool,
}

impl Plan {
    /// The findings that stop the run.
    pub fn refusals(&self) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(|finding| finding.severity == Severity::Refused)
    }
}

/// What was asked for makes no sense for these files and this ledger.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PlanError {
    /// What kind of error.
    pub code: Code,
    /// What was asked for, and what there is.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// Checksums of the stored texts that a plan for this goal needs.
pub fn wanted(goal: &Goal, catalog: &Catalog, history: &crate::history::History) -> BTreeSet<Checksum> {
    let mut wanted = status::wanted(catalog, history);
    if matches!(goal, Goal::Down(..) | Goal::Redo(_)) {
        let catalog = &*catalog.for_history(history);
        for (id, current) in history
            .current()
            .filter(|(_, current)| current.state != State::Reverted)
        {
            wanted.extend(current.down_checksum);
            // `redo` applies the stored text where there is no file.
            if catalog.get(id).is_none() {
                wanted.extend(current.up_checksum);
            }
        }
    }
    wanted
}

/// Decides what is to be done.
///
/// # Errors
/// When the goal names something that does not exist or cannot be. Disagreements of files and ledger are findings of the
/// plan, not errors: the caller runs nothing while [`Plan::refusals`] has any.
pub fn plan(goal: &Goal, catalog: &Catalog, known: &Known, policy: &Policy) -> Result<Plan, PlanError> {
    check_gap(known)?;
    let catalog = &*match goal {
        // What the other tool has run says which of the files is meant.
        Goal::Adopt(adoption) if catalog.stand_in().is_some() => {
            catalog.with_stand_in(adoption.taken.iter().any(|taken| taken.stands_in))
        }
        _ => catalog.for_history(&known.history),
    };
    let rows = status::join(catalog, known);
    let mut planner = Planner {
        catalog,
        known,
        policy,
        rows: &rows,
        plan: Plan {
            findings: known.elsewhere.iter().cloned().collect(),
            newest: known.history.newest().cloned(),
            records: known.history.records().len(),
            is_settled: known.history.is_settled(),
            ..Plan::default()
        },
    };
    match goal {
        Goal::Up(until) => planner.up(until)?,
        Goal::Down(until, using) => planner.down(until, *using)?,
        Goal::Redo(using) => planner.redo(*using)?,
        Goal::Baseline(point) => planner.baseline(point)?,
        Goal::Adopt(adoption) => planner.adopt(adoption)?,
        Goal::Accept(id, unrelated, reason) => planner.accept(id, *unrelated, reason)?,
        Goal::Renumber(Some((old, new)), reason) => planner.renumber_one(old, new, reason)?,
        Goal::Renumber(None, reason) => planner.renumber_all(reason)?,
        Goal::Resolve(id, resolution, reason) => planner.resolve(id, *resolution, reason)?,
        Goal::Forget(id, reason) => planner.forget(id, reason)?,
    }
    let mut plan = planner.plan;
    for run in plan.steps.iter().filter_map(|step| step.run.as_ref()) {
        plan.problems.extend(runnable(catalog, run));
    }
    Ok(plan)
}

/// What is true now cannot be told from a ledger that lacks a record. Changed records are for `verify` to find.
fn check_gap(known: &Known) -> Result<(), PlanError> {
    let Some(lacking) = (0..)
        .zip(known.history.records())
        .find(|(seq, record)| record.seq != *seq)
    else {
        return Ok(());
    };
    Err(PlanError {
        code: Code::LedgerBroken,
        message: format!(
            "record {} of the history is gone: somebody has written to it",
            lacking.0
        ),
        help: "syncline verify   # says all that is wrong; restore the table from a backup".to_owned(),
    })
}

/// An empty down script reverts nothing, and that may be meant; an empty up script is usually a failed merge. What is stored has run
/// before, whatever it does.
fn runnable(catalog: &Catalog, run: &Run) -> Vec<CatalogProblem> {
    match (run.direction, run.source) {
        (Direction::Up, Source::File) => catalog.problems_of_up(&run.script),
        (Direction::Up, Source::Stored) => script_problems(&run.script),
        (Direction::Down, _) => {
            let mut problems = script_problems(&run.script);
            problems.retain(|problem| problem.code != "empty");
            problems
        }
    }
}

struct Planner<'a> {
    catalog: &'a Catalog,
    known: &'a Known,
    policy: &'a Policy,
    rows: &'a [Row<'a>],
    plan: Plan,
}

impl<'a> Planner<'a> {
    /// How far a migration is. Without the lock nobody can tell whether a script is being run or was cut off: what is planned
    /// then is what is left of it.
    fn state(&self, current: &Current) -> State {
        match current.state {
            State::Running { done, .. } if self.is_at_work(current) => State::Partial { done },
            state => state.settled(),
        }
    }

    /// Whether somebody may be at it.
    fn is_at_work(&self, current: &Current) -> bool {
        matches!(current.state, State::Running { .. }) && !self.known.is_alone
    }

    fn find(&mut self, code: Code, severity: Severity, id: Option<&Id>, message: String, help: Vec<String>) {
        self.plan.findings.push(Finding::new(code, severity, id, message, help));
    }

    fn no_such(&self, id: &Id, what: &str) -> PlanError {
        let wanted = id.to_string();
        let near = self
            .rows
            .iter()
            .map(|row| row.id.to_string())
            .max_by_key(|known| likeness(known, &wanted));
        let help = match near {
            Some(near) => format!("the nearest is {near}; `syncline status` lists all"),
            None => "there is none yet; `syncline new NAME` makes one".to_owned(),
        };
        PlanError {
            code: Code::NoSuchVersion,
            message: format!("{what} version {id}"),
            help,
        }
    }
}

/// How alike two versions look: the length of what they have in common at the start and at the end.
fn likeness(a: &str, b: &str) -> usize {
    let start = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let end = a.chars().rev().zip(b.chars().rev()).take_while(|(a, b)| a == b).count();
    start + end
}
