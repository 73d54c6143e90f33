//! `down`: takes applied migrations back, after it has shown which and asked.

use std::io::BufRead;

use syncline::Code;
use syncline::database::Access;
use syncline::plan::Goal;

use super::plan::{self, back, source};
use crate::cli::args::Down;
use crate::cli::context::{Context, Presence, refuse};
use crate::cli::document::{Detail, StepView};
use crate::cli::render::{Ink, Page, Reader, plan_lines};
use crate::cli::settings::Scope;
use crate::cli::trouble::{Result, Trouble};

/// Whether somebody has to say yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    Given,
    Asked,
}

impl Consent {
    pub fn of(yes: bool) -> Self {
        if yes { Consent::Given } else { Consent::Asked }
    }
}

pub async fn run(args: &Down, context: Context<'_>) -> Result<()> {
    let goal = Goal::Down(back(&args.reach), args.using.map(source));
    if args.dry_run {
        return plan::show(&goal, None, Detail::Statements, Presence::Optional, context).await;
    }
    revert(&goal, Consent::of(args.yes), context).await
}

/// Plans, refuses, asks, and only then connects for writing.
pub async fn revert(goal: &Goal, consent: Consent, mut context: Context<'_>) -> Result<()> {
    let settings = context.settings(Scope::Database)?;
    let catalog = context.catalog(&settings, Presence::Optional)?;
    let plan = context.plan_settled(&settings, goal, &catalog).await?;
    refuse(context.document, &plan)?;
    if plan.steps.is_empty() {
        return Ok(());
    }
    if consent == Consent::Asked {
        let steps: Vec<StepView> = plan
            .steps
            .iter()
            .map(|step| StepView::new(step, Detail::Steps))
            .collect();
        ask(goal, &steps, &context).await?;
    }
    // The run says them again, as it sees them then.
    context.document.findings.clear();
    let mut migrator = context.connect(&settings, Access::Write).await?;
    migrator.confirm(&plan);
    context.run(&settings, &mut migrator, goal, &catalog).await
}

async fn ask(goal: &Goal, steps: &[StepView], context: &Context<'_>) -> Result<()> {
    let refused = |message: &str| Trouble::new(Code::NotConfirmed, message.to_owned());
    if context.output.asker() == Reader::Program {
        let command = context.document.flags.typed.again();
        let mut trouble = refused("a rollback has to be confirmed, and nobody can be asked here");
        if matches!(goal, Goal::Down(..)) {
            trouble = trouble.next(format!("{command} --dry-run   # shows what would be run"));
        }
        return Err(trouble.next(format!("{command} --yes")));
    }
    let mut page = Page::default();
    plan_lines(&mut page, steps);
    page.put(Ink::Bold, "Go ahead?").say(" [y/N] ");
    context.output.talk(&page);
    let answer = tokio::task::spawn_blocking(|| {
        let mut answer = String::new();
        std::io::stdin().lock().read_line(&mut answer).map(|_| answer)
    });
    match answer.await {
        Ok(Ok(answer)) if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") => Ok(()),
        _ => Err(refused("the rollback was not confirmed")),
    }
}
