//! `show`: the stored script of a migration, printed or written back as a file.

use syncline::database::Access;
use syncline::history::{Current, History};
use syncline::migration::{Checksum, Direction, Id};
use syncline::{Code, Migrator};

use crate::cli::args::Show;
use crate::cli::context::Context;
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
        let mut texts = Vec::new();
        for (direction, checksum) in scripts {
            if let Some(checksum) = checksum {
                let text = stored(&mut migrator, &args.id, direction, Some(checksum)).await?.text;
                texts.push((directory.join(file_name(&args.id, name, direction)), text));
            }
        }
        return write(&texts, &mut context);
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

/// The native form of the name: one file for each direction.
fn file_name(id: &Id, name: &str, direction: Direction) -> String {
    match id {
        Id::Version(version) => format!("{version}_{}.{direction}.sql", single(name)),
        Id::Repeatable(name) => format!("R__{}.sql", single(name)),
    }
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

fn write(texts: &[(std::path::PathBuf, String)], context: &mut Context<'_>) -> Result<()> {
    let written = make(|fresh| texts.iter().try_for_each(|(path, text)| fresh.file(path, text)));
    written.map_err(|trouble| match trouble.code {
        Code::FileExists => trouble.hint("move it away, or name another directory with `--file DIR`"),
        _ => trouble,
    })?;
    if let Body::Show { written, .. } = &mut context.document.body {
        written.extend(texts.iter().map(|(path, _)| path.display().to_string()));
    }
    Ok(())
}
