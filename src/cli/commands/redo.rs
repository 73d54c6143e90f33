//! `redo`: takes the newest migration back and applies it again.

use syncline::plan::Goal;

use super::down::{Consent, revert};
use super::plan::source;
use crate::cli::args::Redo;
use crate::cli::context::Context;
use crate::cli::trouble::Result;

pub async fn run(args: &Redo, context: Context<'_>) -> Result<()> {
    revert(&Goal::Redo(args.using.map(source)), Consent::of(args.yes), context).await
}
