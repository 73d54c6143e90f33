//! `log`: the records of the history, the newest first.

use syncline::database::Access;

use crate::cli::args::Log;
use crate::cli::context::Context;
use crate::cli::document::{Body, RecordView};
use crate::cli::settings::Scope;
use crate::cli::trouble::Result;

pub async fn run(args: &Log, mut context: Context<'_>) -> Result<()> {
    let settings = context.settings(Scope::Database)?;
    let mut migrator = context.connect(&settings, Access::Read).await?;
    let history = migrator.history().await?;
    context.say_where(&migrator);
    context.document.head = history.newest().cloned();
    let limit = args.limit.unwrap_or(usize::MAX);
    let records = history
        .records()
        .iter()
        .rev()
        .take(limit)
        .map(RecordView::from)
        .collect();
    context.document.body = Body::Log { records };
    Ok(())
}
