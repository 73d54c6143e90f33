//! `plan`: what `up` or `down` would do. Also what their `--dry-run` does.

use syncline::database::Access;
use syncline::plan::{Goal, Source, Until};
use syncline::version::Point;

use crate::cli::args::{Allow, Plan, Reach, Use, Way};
use crate::cli::context::{Context, Presence, refuse};
use crate::cli::document::Detail;
use crate::cli::nothing::Nothing;
use crate::cli::settings::{Scope, Settings};
use crate::cli::trouble::{Result, Trouble};

pub async fn run(args: &Plan, context: Context<'_>) -> Result<()> {
    match args.way {
        Way::Up if args.using.is_some() => Err(Trouble::usage("`--use` goes with `plan down`")),
        Way::Up => {
            let detail = if args.sql { Detail::Statements } else { Detail::Steps };
            show(
                &Goal::Up(forth(&args.reach)?),
                Some(&args.allow),
                detail,
                Presence::Needed,
                context,
            )
            .await
        }
        Way::Down if args.allow.allow_missing || args.allow.allow_out_of_order || args.allow.allow_empty => Err(
            Trouble::usage("`--allow-missing`, `--allow-out-of-order` and `--allow-empty` go with `plan up`"),
        ),
        Way::Down => {
            let goal = Goal::Down(back(&args.reach), args.using.map(source));
            show(&goal, None, Detail::Statements, Presence::Optional, context).await
        }
    }
}

/// Reads, plans, and shows the plan.
pub async fn show(
    goal: &Goal,
    allow: Option<&Allow>,
    detail: Detail,
    presence: Presence,
    mut context: Context<'_>,
) -> Result<()> {
    let mut settings = context.settings(Scope::Database)?;
    allowed(&mut settings, allow);
    let catalog = context.catalog(&settings, presence)?;
    let is_up = matches!(goal, Goal::Up(_));
    let problems = if is_up { catalog.problems() } else { Vec::new() };
    let nothing = (is_up && catalog.is_empty()).then(|| Nothing::of(&settings, catalog.syntax()));
    if let Some(nothing) = &nothing {
        context.stop_at_what_lies_there(&settings, nothing)?;
    }
    let mut migrator = match context.connect(&settings, Access::Read).await {
        Err(_) if !problems.is_empty() => return Err(Trouble::files(problems)),
        migrator => migrator?,
    };
    let plan = context.plan(&settings, &mut migrator, goal, &catalog, detail).await?;
    let direction = if is_up { "up" } else { "down" };
    refuse(context.document, &plan).map_err(|mut trouble| {
        if !trouble.findings.is_empty() {
            trouble.message = format!("`{direction}` would be refused");
        }
        trouble
    })?;
    match nothing {
        Some(nothing) => context.stop_at_nothing(&settings, &nothing, &mut migrator).await,
        None => Ok(()),
    }
}

/// How far `up` goes.
pub fn forth(reach: &Reach) -> Result<Until> {
    match (&reach.to, reach.steps) {
        (Some(Point::BeforeAll), _) => Err(Trouble::usage("`--to none` goes with `down`")),
        (Some(Point::At(version)), _) => Ok(Until::Version(version.clone())),
        (None, Some(steps)) => Ok(Until::Steps(steps)),
        (None, None) => Ok(Until::End),
    }
}

/// How far `down` goes.
pub fn back(reach: &Reach) -> Until {
    match (&reach.to, reach.steps) {
        (Some(Point::BeforeAll), _) => Until::End,
        (Some(Point::At(version)), _) => Until::Version(version.clone()),
        (None, steps) => Until::Steps(steps.unwrap_or(1)),
    }
}

/// Lets through what the command line lets through.
pub fn allowed(settings: &mut Settings, allow: Option<&Allow>) {
    use syncline::plan::Rule;
    if allow.is_some_and(|allow| allow.allow_missing) {
        settings.policy.missing = Rule::Allow;
    }
    if allow.is_some_and(|allow| allow.allow_out_of_order) {
        settings.policy.out_of_order = Rule::Allow;
    }
    if allow.is_some_and(|allow| allow.allow_empty) {
        settings.empty = Rule::Allow;
    }
}

pub fn source(using: Use) -> Source {
    match using {
        Use::File => Source::File,
        Use::Stored => Source::Stored,
    }
}
