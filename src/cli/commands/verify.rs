//! `verify`: checks history, stored scripts and files against each other, and names every difference.

use syncline::Code;
use syncline::database::Access;
use syncline::plan::{Finding, Severity};

use crate::cli::context::{Context, Presence};
use crate::cli::document::Body;
use crate::cli::settings::Scope;
use crate::cli::trouble::{Result, Trouble};

pub async fn run(mut context: Context<'_>) -> Result<()> {
    let settings = context.settings(Scope::Database)?;
    let catalog = context.catalog(&settings, Presence::Needed)?;
    context.warn_of_what_lies_there(&settings, &catalog);
    let mut migrator = context.connect(&settings, Access::Read).await?;
    context.document.head = migrator.history().await?.newest().cloned();
    context.say_where(&migrator);
    let found = migrator.verify_by(Some(&catalog), &settings.policy).await?;
    context.document.body = Body::Verify {
        records: found.records,
        texts: found.texts,
        files: found.files,
        chain_head: found.head.clone(),
    };
    let (wrong, notes): (Vec<Finding>, Vec<Finding>) = found
        .findings
        .into_iter()
        .partition(|finding| finding.severity == Severity::Refused);
    context.document.findings(&notes);
    let code = wrong.first().map_or(Code::Internal, |finding| finding.code);
    let message = match wrong.len() {
        0 => return Ok(()),
        1 => "1 difference was found".to_owned(),
        many => format!("{many} differences were found"),
    };
    let mut trouble = Trouble::new(code, message);
    trouble.findings = wrong;
    Err(trouble)
}
