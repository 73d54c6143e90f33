//! `convert`: writes the migrations of another layout in syncline's own, and proves that they are the same.

use std::fs;
use std::path::{Path, PathBuf};

use syncline::catalog::Layout;
use syncline::migration::{Checksum, Id, Migration};
use syncline::script;
use syncline::{Catalog, Code};

use crate::cli::args::Convert;
use crate::cli::context::{Context, Presence};
use crate::cli::document::Body;
use crate::cli::fresh::make;
use crate::cli::nothing::Nothing;
use crate::cli::settings::Scope;
use crate::cli::trouble::{Result, Trouble};

pub fn run(args: &Convert, mut context: Context<'_>) -> Result<()> {
    // What a script says about transactions depends on the database.
    let mut settings = context.settings(Scope::Database)?;
    let catalog = context.catalog(&settings, Presence::Needed)?;
    if catalog.is_empty() {
        return Err(Nothing::of(&settings, catalog.syntax()).trouble(&context.document.flags.typed));
    }
    if let Some(stand_in) = catalog.stand_in() {
        let message = format!(
            "`{}` stands for everything up to {} on a new database, and syncline's own layout has no such scripts",
            stand_in.up.path, stand_in.id
        );
        return Err(Trouble::new(Code::Files, message).hint("move it elsewhere first, or what it stands for"));
    }
    let directory = &args.directory;
    let files: Vec<(PathBuf, String)> = catalog
        .migrations()
        .flat_map(|migration| files(directory, migration))
        .collect();
    make(|fresh| {
        fresh.directory(directory)?;
        let is_empty = fs::read_dir(directory).map(|mut listing| listing.next().is_none());
        if !is_empty.map_err(|error| Trouble::io("read", directory, &error))? {
            let message = format!("`{}` is not empty, and nothing is overwritten", directory.display());
            return Err(Trouble::new(Code::FileExists, message).hint("name a new directory"));
        }
        for (path, text) in &files {
            fresh.file(path, text)?;
        }
        settings.reading.layout = Some(Layout::native());
        // It stands in the files now.
        settings.reading.given.clear();
        let written = Catalog::from_dir(directory, catalog.syntax(), &settings.reading)?;
        match difference(&catalog, &written) {
            None => Ok(()),
            Some((id, what)) => {
                let message = format!("{id} would be another migration in syncline's own names: {what}");
                Err(Trouble::new(Code::Internal, message).hint("keep the layout as it is, and report this"))
            }
        }
    })?;
    context.document.body = Body::Created {
        created: files.iter().map(|(path, _)| path.display().to_string()).collect(),
    };
    Ok(())
}

/// The files of a migration, with what its scripts say of themselves in them.
fn files(directory: &Path, migration: &Migration) -> Vec<(PathBuf, String)> {
    let name: String = migration
        .name
        .chars()
        .map(|c| {
            if c.is_control() || matches!(c, '/' | '\\') {
                '_'
            } else {
                c
            }
        })
        .collect();
    let stem = match &migration.id {
        Id::Version(version) => format!("{version}_{name}"),
        Id::Repeatable(_) => migration.id.to_string(),
    };
    let up = match &migration.id {
        Id::Version(_) => format!("{stem}.up.sql"),
        Id::Repeatable(_) => format!("{stem}.sql"),
    };
    let up = (up, migration.up.source());
    let down = migration
        .down
        .iter()
        .map(|down| (format!("{stem}.down.sql"), down.source()));
    std::iter::once(up)
        .chain(down)
        .map(|(file, text)| (directory.join(file), script::canonical(text).into_owned()))
        .collect()
}

/// The first migration that is not the same in both.
fn difference(catalog: &Catalog, written: &Catalog) -> Option<(Id, &'static str)> {
    let down = |migration: &Migration| -> Option<Checksum> { migration.down.as_ref().map(|down| down.checksum) };
    for migration in catalog.migrations() {
        let id = migration.id.clone();
        let Some(other) = written.get(&id) else {
            return Some((id, "it is not found"));
        };
        if other.up.checksum != migration.up.checksum || down(other) != down(migration) {
            return Some((id, "its text is another one"));
        }
        if other.up.mode() != migration.up.mode() {
            return Some((id, "it would run in another way"));
        }
    }
    let extra = written
        .migrations()
        .find(|migration| catalog.get(&migration.id).is_none());
    extra.map(|migration| (migration.id.clone(), "nobody asked for it"))
}
