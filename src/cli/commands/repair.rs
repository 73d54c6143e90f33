//! `repair`: mends the history of one migration, and leaves a record of it.

use syncline::Catalog;
use syncline::database::Access;
use syncline::plan::{Goal, Resolution, Rule};

use crate::cli::args::{Repair, RepairWhat};
use crate::cli::context::{Context, Presence, refuse, target};
use crate::cli::document::Detail;
use crate::cli::settings::Scope;
use crate::cli::trouble::Result;

pub async fn run(args: &Repair, context: Context<'_>) -> Result<()> {
    let (goal, files) = match &args.what {
        RepairWhat::Accept(accept) => {
            let what = &accept.repaired;
            let unrelated = if accept.unrelated { Rule::Allow } else { Rule::Refuse };
            (
                Goal::Accept(what.id.clone(), unrelated, what.reason.clone()),
                Files::Read,
            )
        }
        RepairWhat::Renumber(renumber) => {
            let ids = match renumber.ids.as_deref() {
                Some([old, new]) => Some((old.clone(), new.clone())),
                _ => None,
            };
            (Goal::Renumber(ids, renumber.reason.clone()), Files::Read)
        }
        RepairWhat::Resolve(resolve) => {
            let what = &resolve.repaired;
            let resolution = if resolve.applied {
                Resolution::Applied
            } else {
                Resolution::NotApplied
            };
            (
                Goal::Resolve(what.id.clone(), resolution, what.reason.clone()),
                Files::Ignored,
            )
        }
        RepairWhat::Forget(what) => (Goal::Forget(what.id.clone(), what.reason.clone()), Files::Ignored),
    };
    record(&goal, files, context).await
}

/// Whether what is recorded is about files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Files {
    Read,
    Ignored,
}

/// Plans first, so that a goal that makes no sense leaves no trace, not even an empty database.
pub async fn record(goal: &Goal, files: Files, mut context: Context<'_>) -> Result<()> {
    let settings = context.settings(Scope::Database)?;
    let catalog = match files {
        Files::Read => context.catalog(&settings, Presence::Needed)?,
        Files::Ignored => Catalog::empty(target(&settings)?.engine.syntax),
    };
    if files == Files::Read {
        context.warn_of_what_lies_there(&settings, &catalog);
    }
    let mut reader = context.connect(&settings, Access::Read).await?;
    let plan = context
        .plan(&settings, &mut reader, goal, &catalog, Detail::Steps)
        .await?;
    refuse(context.document, &plan)?;
    let _ = reader.close().await;
    if plan.steps.is_empty() {
        return Ok(());
    }
    context.document.findings.clear();
    let mut migrator = context.connect(&settings, Access::Write).await?;
    context.run(&settings, &mut migrator, goal, &catalog).await
}
