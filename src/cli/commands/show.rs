//! `show`: the stored script of a migration, printed or written back as a file.

use std::path::Path;

use syncline::catalog::{Fresh, Layout};
use syncline::database::Access;
use syncline::history::{Current, History};
use syncline::migration::{Checksum, Direction, Id};
use syncline::{Code, Migrator};

use crate::cli::args::Show;
use crate::cli::context::{Context, Presence};
use crate::cli::document::{Body, ScriptView};
use crate::cli::fresh::make;
use crate::cli::render::{Ink, Page};
use crate::cli::settings::Scope;
use crate::cli::trouble::{Result, Trouble};

pub async fn run(args: &Show, mut context: Context<'_>) -> Result<()> {
    let settings = context.settings(Scope::Database)?;
    let mut migrator = context.connect(&settings, Access::Read).await?;
    let history = migrator.history().await?;
    context.say_where(&migrator);
    context.document.head = history.newest().cloned();
    let (current, name) = find(&history, &args.id)?;
    let scripts = [
        (Direction::Up, current.up_checksum),
        (Direction::Down, current.down_checksum),
    ];
    if let Some(directory) = &args.file {
        let mut texts = [None, None];
        for (text, (direction, checksum)) in texts.iter_mut().zip(scripts) {
            if let Some(checksum) = checksum {
                *text = Some(stored(&mut migrator, &args.id, direction, Some(checksum)).await?.text);
            }
        }
        // The mark of a baseline, and what was taken over without its file, have no script that could be written.
        if texts.iter().all(Option::is_none) {
            return Ok(());
        }
        // Files that have problems may be what is to be mended.
        let catalog = context.catalog(&settings, Presence::Optional).ok();
        let layout = catalog.map(|catalog| catalog.detected().layout.clone());
        let layout = layout
            .or(settings.reading.layout.clone())
            .unwrap_or_else(Layout::native);
        let files = files(&layout, &args.id, name, &texts)?;
        let files: Vec<_> = files
            .into_iter()
            .map(|(path, text)| (directory.join(path), text))
            .collect();
        return write(directory, &files, &mut context);
    }
    let direction = if args.down { Direction::Down } else { Direction::Up };
    let checksum = if args.down {
        current.down_checksum
    } else {
        current.up_checksum
    };
    let mut script = stored(&mut migrator, &args.id, direction, checksum).await?;
    name.clone_into(&mut script.name);
    if context.typed.format == crate::cli::global::Format::Human && !context.typed.quiet {
        let mut page = Page::default();
        let about = format!("{direction} script of {} {}, {}", args.id, name, script.checksum);
        page.word(Ink::Dim, &about).end();
        context.output.talk(&page);
    }
    context.document.body = Body::Show {
        script: Some(script),
        written: Vec::new(),
    };
    Ok(())
}

fn find<'a>(history: &'a History, id: &Id) -> Result<(&'a Current, &'a str)> {
    let found = history
        .get(id)
        .and_then(|current| Some((current, history.name_of(current)?)));
    found.ok_or_else(|| {
        Trouble::new(Code::NoSuchVersion, format!("the database knows no version {id}")).next("syncline log")
    })
}

async fn stored(
    migrator: &mut Migrator,
    id: &Id,
    direction: Direction,
    checksum: Option<Checksum>,
) -> Result<ScriptView> {
    let Some(checksum) = checksum else {
        return Err(Trouble::new(
            Code::NotStored,
            format!("no {direction} script is recorded for {id}"),
        ));
    };
    let text = migrator.texts(&[checksum]).await?.remove(&checksum);
    let text = text.ok_or_else(|| {
        let message = format!("the {direction} script of {id} is not stored: only its checksum is, {checksum}");
        Trouble::new(Code::NotStored, message).hint("texts above `keep-scripts` are not stored")
    })?;
    Ok(ScriptView {
        version: id.clone(),
        name: String::new(),
        direction,
        checksum,
        text,
    })
}

/// The files of a migration, by the layout of the others: by another one they would be no migration there.
fn files(layout: &Layout, id: &Id, name: &str, texts: &[Option<String>; 2]) -> Result<Vec<(String, String)>> {
    let [up, down] = texts.each_ref().map(|text| text.as_deref());
    let version = match id {
        Id::Version(version) => version.to_string(),
        Id::Repeatable(name) => {
            let file = (format!("R__{}.sql", single(name)), up.unwrap_or_default().to_owned());
            return Ok(vec![file]);
        }
    };
    let named = Fresh {
        version: &version,
        name: &single(name),
    };
    layout.written(&named, up.unwrap_or_default(), down).ok_or_else(|| {
        let message = format!("a migration of {} is in more than its own files", layout.name());
        Trouble::usage(message).next(format!(
            "syncline show {}   # prints it, to be put there by hand",
            id.word()
        ))
    })
}

/// A name out of the database is not trusted to stay inside the directory.
fn single(name: &str) -> String {
    name.chars()
        .map(|c| {
            if c == '/' || c == '\\' || c.is_control() {
                '_'
            } else {
                c
            }
        })
        .collect()
}

fn write(directory: &Path, texts: &[(std::path::PathBuf, String)], context: &mut Context<'_>) -> Result<()> {
    let written = make(|fresh| {
        texts.iter().try_for_each(|(path, text)| {
            // A migration may be a directory.
            path.parent()
                .filter(|parent| *parent != directory && directory.is_dir())
                .map_or(Ok(()), |parent| fresh.directory(parent))?;
            fresh.file(path, text)
        })
    });
    written.map_err(|trouble| match trouble.code {
        Code::FileExists => trouble.hint("move it away, or name another directory with `--file DIR`"),
        _ => trouble,
    })?;
    if let Body::Show { written, .. } = &mut context.document.body {
        written.extend(texts.iter().map(|(path, _)| path.display().to_string()));
    }
    Ok(())
}
