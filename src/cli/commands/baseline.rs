//! `baseline`: records everything up to a version as applied, without running it.

use syncline::plan::Goal;

use super::repair::{Files, record};
use crate::cli::args::Baseline;
use crate::cli::context::Context;
use crate::cli::trouble::Result;

pub async fn run(args: &Baseline, context: Context<'_>) -> Result<()> {
    record(&Goal::Baseline(args.point.clone()), Files::Read, context).await
}
