//! `adopt`: takes over the history that another tool keeps in the database.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;

use syncline::catalog::Layout;
use syncline::compat::adopt::Wanted;
use syncline::database::Access;
use syncline::files::Reading;
use syncline::migration::Id;
use syncline::plan::{Goal, Rule};
use syncline::{Catalog, Code, Migrator};

use crate::cli::args::Adopt;
use crate::cli::context::{Context, Presence, refuse};
use crate::cli::document::{Body, Detail};
use crate::cli::nothing::proposed;
use crate::cli::settings::{Scope, Settings};
use crate::cli::trouble::{Result, Trouble};

pub async fn run(args: &Adopt, mut context: Context<'_>) -> Result<()> {
    let settings = context.settings(Scope::Database)?;
    let catalog = context.catalog(&settings, Presence::Optional)?;
    context.warn_of_what_lies_there(&settings, &catalog);
    let bytes = bytes(&catalog)?;
    let wanted = settings.wanted(args);
    if args.mirror {
        let mut migrator = context.connect(&settings, Access::Write).await?;
        let progress = context.progress;
        let observer = &mut |event: syncline::Event<'_>| progress.event(event);
        let (adoption, told) = migrator.mirror(&catalog, &bytes, &wanted, observer).await?;
        context.say_where(&migrator);
        if let Body::Adopt(view) = &mut context.document.body {
            view.show(&adoption);
            view.mirrored = Some(told);
        }
        let _ = migrator.close().await;
        return Ok(());
    }
    let mut reader = context.connect(&settings, Access::Read).await?;
    let adoption = reader.adoptable(&catalog, &bytes, &wanted).await?;
    if let Body::Adopt(view) = &mut context.document.body {
        view.show(&adoption);
    }
    let lack = adoption.lack.clone();
    let taken: BTreeSet<&Id> = adoption.taken.iter().map(|taken| &taken.id).collect();
    let has_others = catalog.migrations().any(|migration| !taken.contains(&migration.id));
    let goal = Goal::Adopt(adoption);
    let plan = context
        .plan(&settings, &mut reader, &goal, &catalog, Detail::Steps)
        .await?;
    refuse(context.document, &plan)?;
    let is_allowed = args.allow_missing || settings.policy.missing == Rule::Allow;
    if let Some(lack) = lack.filter(|_| !plan.steps.is_empty() && !is_allowed) {
        return Err(other_directories(&settings, &wanted, (lack, has_others), &mut reader, &context).await);
    }
    let _ = reader.close().await;
    if args.dry_run || plan.steps.is_empty() {
        return Ok(());
    }
    let mut migrator = context.connect(&settings, Access::Write).await?;
    context.run(&settings, &mut migrator, &goal, &catalog).await
}

/// Says that the files are hardly those of the history, with the directories whose files are. Where there are files that it does not
/// have, one of them may be what it has under another name.
async fn other_directories(
    settings: &Settings,
    wanted: &Wanted,
    (lack, has_others): (String, bool),
    reader: &mut Migrator,
    context: &Context<'_>,
) -> Box<Trouble> {
    let typed = &context.document.flags.typed;
    let mut trouble = Trouble::new(Code::Missing, lack);
    for (instead, words) in proposed(settings, reader.syntax()) {
        let layout = instead
            .layout
            .and_then(Layout::named)
            .or_else(|| settings.reading.layout.clone());
        let reading = Reading {
            layout,
            ..settings.reading.clone()
        };
        let Ok(catalog) = Catalog::from_dir(&instead.directory, reader.syntax(), &reading) else {
            continue;
        };
        let Ok(bytes) = bytes(&catalog) else { continue };
        match reader.adoptable(&catalog, &bytes, wanted).await {
            Ok(adoption) if adoption.lack.is_none() => {
                trouble = trouble.next(format!(
                    "{} {words}   # its files are those of this history",
                    typed.again()
                ));
            }
            _ => {}
        }
    }
    if has_others {
        trouble = trouble.next("where a file was only renamed, give it the name that the table has".to_owned());
    }
    let by_name = match has_others {
        true => "if no file holds what they ran: they are recorded by name",
        false => "they are recorded by name, since their files are gone or are programs",
    };
    trouble.next(format!("{} --allow-missing   # {by_name}", typed.again()))
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
