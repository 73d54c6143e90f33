//! `up`: applies what is pending.

use syncline::database::Access;
use syncline::plan::Goal;

use super::plan::{self, allowed, forth};
use crate::cli::args::Up;
use crate::cli::context::{Context, Presence, refuse};
use crate::cli::document::Detail;
use crate::cli::nothing::Nothing;
use crate::cli::settings::Scope;
use crate::cli::trouble::{Result, Trouble};

pub async fn run(args: &Up, mut context: Context<'_>) -> Result<()> {
    let goal = Goal::Up(forth(&args.reach)?);
    if args.dry_run {
        let detail = if args.sql { Detail::Statements } else { Detail::Steps };
        return plan::show(&goal, Some(&args.allow), detail, Presence::Needed, context).await;
    }
    let mut settings = context.settings(Scope::Database)?;
    allowed(&mut settings, Some(&args.allow));
    let catalog = context.catalog(&settings, Presence::Needed)?;
    let problems = catalog.problems();
    if !problems.is_empty() {
        // They matter only where they would be run, which the history tells; looking at it creates nothing.
        let Ok(mut reader) = context.connect(&settings, Access::Read).await else {
            return Err(Trouble::files(problems));
        };
        let plan = context
            .plan(&settings, &mut reader, &goal, &catalog, Detail::Steps)
            .await?;
        refuse(context.document, &plan)?;
        context.document.findings.clear();
    }
    if catalog.is_empty() {
        let nothing = Nothing::of(&settings, catalog.syntax());
        context.stop_at_what_lies_there(&settings, &nothing)?;
        // Where there is nothing to apply, no database is made.
        let mut reader = context.connect(&settings, Access::Read).await?;
        let plan = context
            .plan(&settings, &mut reader, &goal, &catalog, Detail::Steps)
            .await?;
        refuse(context.document, &plan)?;
        context.stop_at_nothing(&settings, &nothing, &mut reader).await?;
        context.document.findings.clear();
        return context.run(&settings, &mut reader, &goal, &catalog).await;
    }
    let mut migrator = context.connect(&settings, Access::Write).await?;
    context.run(&settings, &mut migrator, &goal, &catalog).await
}
