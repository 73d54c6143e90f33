//! `adopt`: takes over the history that another tool keeps in the database.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;

use syncline::Catalog;
use syncline::database::Access;
use syncline::plan::Goal;

use crate::cli::args::Adopt;
use crate::cli::context::{Context, Presence, refuse};
use crate::cli::document::{Body, Detail};
use crate::cli::settings::Scope;
use crate::cli::trouble::{Result, Trouble};

pub async fn run(args: &Adopt, mut context: Context<'_>) -> Result<()> {
    let settings = context.settings(Scope::Database)?;
    let catalog = context.catalog(&settings, Presence::Optional)?;
    context.warn_of_what_lies_there(&settings, &catalog);
    let bytes = bytes(&catalog)?;
    if args.mirror {
        let mut migrator = context.connect(&settings, Access::Write).await?;
        let progress = context.progress;
        let observer = &mut |event: syncline::Event<'_>| progress.event(event);
        let (adoption, told) = migrator
            .mirror(&catalog, &bytes, args.from.as_deref(), observer)
            .await?;
        context.say_where(&migrator);
        if let Body::Adopt(view) = &mut context.document.body {
            view.show(&adoption);
            view.mirrored = Some(told);
        }
        let _ = migrator.close().await;
        return Ok(());
    }
    let mut reader = context.connect(&settings, Access::Read).await?;
    let adoption = reader.adoptable(&catalog, &bytes, args.from.as_deref()).await?;
    if let Body::Adopt(view) = &mut context.document.body {
        view.show(&adoption);
    }
    let goal = Goal::Adopt(adoption);
    let plan = context
        .plan(&settings, &mut reader, &goal, &catalog, Detail::Steps)
        .await?;
    refuse(context.document, &plan)?;
    let _ = reader.close().await;
    if args.dry_run {
        return Ok(());
    }
    let mut migrator = context.connect(&settings, Access::Write).await?;
    context.run(&settings, &mut migrator, &goal, &catalog).await
}

/// The bytes of the up scripts and of the list of them, which checksums of other tools are made of.
fn bytes(catalog: &Catalog) -> Result<BTreeMap<String, Vec<u8>>> {
    let read = |path: &str| match fs::read(path) {
        Ok(bytes) => Some(Ok((path.to_owned(), bytes))),
        // A script that a layout has put together of several files.
        Err(error) if error.kind() == ErrorKind::NotFound && path.ends_with(')') => None,
        Err(error) => Some(Err(Trouble::io("read", path.as_ref(), &error))),
    };
    catalog
        .migrations()
        .chain(catalog.stand_in())
        .map(|migration| migration.up.path.as_str())
        .chain(catalog.listed_by())
        .filter_map(read)
        .collect()
}
