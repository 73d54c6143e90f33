//! `new`: makes the files of a migration, with a version that comes after all others.

use std::fs::File;
use std::path::{Path, PathBuf};

use syncline::catalog::Fresh;
use syncline::migration::{Id, Migration};
use syncline::version::Version;
use syncline::{Catalog, Code};

use crate::cli::args::New;
use crate::cli::context::{Context, Presence};
use crate::cli::document::{Body, Document};
use crate::cli::fresh::{exists, make};
use crate::cli::settings::Scope;
use crate::cli::trouble::{Result, Trouble};

/// How often a version that somebody else takes at the same moment is passed over.
const TRIES: u32 = 100;

pub fn run(args: &New, mut context: Context<'_>) -> Result<()> {
    let slug = slug(&args.name);
    if slug.is_empty() {
        return Err(Trouble::usage(format!(
            "`{}` holds no letter and no digit to make a file name of",
            args.name
        )));
    }
    let settings = context.settings(Scope::Files)?;
    // One `new` at a time in a directory, from before the versions are read until the files are there. Where a directory
    // cannot be locked, `up` still finds two files of one version.
    let _turn = File::open(&settings.directory.path).and_then(|directory| directory.lock().map(|()| directory));
    let catalog = context.catalog(&settings, Presence::Needed)?;
    context.warn_of_what_lies_there(&settings, &catalog);
    let directory = &settings.directory.path;
    if args.repeatable && !matches!(catalog.detected().layout.name(), "native" | "flyway") {
        let message = format!("{} knows no repeatable migrations", catalog.detected().layout.name());
        return Err(Trouble::usage(message).hint("leave `--repeatable` out"));
    }
    if args.repeatable {
        let file = (
            directory.join(format!("R__{slug}.sql")),
            format!("-- {slug}: runs again whenever this file changes\n"),
        );
        return create(&[file], context.document).map_err(|trouble| match trouble.code {
            Code::FileExists => trouble.hint("choose another name"),
            _ => trouble,
        });
    }
    let mut version = next_version(&catalog, &now());
    for _ in 0..TRIES {
        match create(&files(&catalog, directory, &version, &slug, args)?, context.document) {
            Err(trouble) if trouble.code == Code::FileExists => version = after(&version),
            made => return made,
        }
    }
    Err(exists(directory).hint("choose another name"))
}

/// Makes all of the files, or none.
fn create(files: &[(PathBuf, String)], document: &mut Document) -> Result<()> {
    make(|fresh| {
        for (path, text) in files {
            path.parent().map_or(Ok(()), |parent| fresh.directory(parent))?;
            fresh.file(path, text)?;
        }
        Ok(())
    })?;
    let created = files.iter().map(|(path, _)| path.display().to_string()).collect();
    document.body = Body::Created { created };
    Ok(())
}

/// The files and what they begin with; an empty file would be taken for a failed write.
fn files(catalog: &Catalog, directory: &Path, version: &str, slug: &str, args: &New) -> Result<Vec<(PathBuf, String)>> {
    let layout = &catalog.detected().layout;
    if args.single && layout.is_native() {
        let text = format!("-- {slug}\n\n-- syncline: down\n-- revert {slug}\n");
        return Ok(vec![(directory.join(format!("{version}_{slug}.sql")), text)]);
    }
    let fresh = layout.fresh(&Fresh { version, name: slug });
    let Some(files) = fresh.filter(|_| !args.single) else {
        let message = match args.single {
            true => format!("{} says itself which scripts are in a file", layout.name()),
            false => format!("a new migration of {} is in more than its own files", layout.name()),
        };
        return Err(Trouble::usage(message).hint("make it with that tool, or by hand"));
    };
    Ok(files
        .into_iter()
        .map(|(file, text)| (directory.join(file), text))
        .collect())
}

/// Lower-case letters and digits of any script; everything between them is one underscore.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('_') {
            slug.push('_');
        }
    }
    slug.truncate(slug.floor_char_boundary(150));
    slug.trim_end_matches('_').to_owned()
}

fn now() -> String {
    jiff::Timestamp::now().strftime("%Y%m%d%H%M%S").to_string()
}

/// The version of a new migration: the time, unless the project counts 1, 2, 3 or is ahead of the clock.
fn next_version(catalog: &Catalog, now: &str) -> String {
    let newest = catalog
        .migrations()
        .rev()
        .find(|migration| migration.id.version().is_some());
    let Some(newest) = newest else { return now.to_owned() };
    let typed = as_typed(newest);
    // Nobody who writes times has fewer than eight digits (a date), and nobody who counts has as many.
    let counts = typed.split('.').next().is_some_and(|number| number.len() < 8);
    let ahead = match (&newest.id, now.parse::<Version>()) {
        (Id::Version(version), Ok(now)) => *version >= now,
        _ => false,
    };
    if counts || ahead { after(&typed) } else { now.to_owned() }
}

/// The version as the file's name has it, with its zeros.
fn as_typed(migration: &Migration) -> String {
    let path = &migration.up.path;
    let file = Path::new(path)
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let digits: String = file
        .trim_start_matches('V')
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    if digits.is_empty() {
        migration.id.to_string()
    } else {
        digits
    }
}

/// The version with its first number one higher, as wide as it was; what follows the first dot is left out.
fn after(version: &str) -> String {
    let first = version.split('.').next().unwrap_or_default();
    let next = first.parse::<u128>().unwrap_or_default().saturating_add(1).to_string();
    format!("{}{next}", "0".repeat(first.len().saturating_sub(next.len())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use syncline::script::Syntax;

    fn next(files: &[&str], now: &str) -> String {
        let catalog = Catalog::parse(files.iter().map(|file| (*file, "SELECT 1")), Syntax::Sqlite).unwrap();
        next_version(&catalog, now)
    }

    #[test]
    fn a_new_version_comes_after_all_others() {
        let now = "20261122093000";
        assert_eq!(next(&[], now), now);
        assert_eq!(next(&["20261122092959_a.sql"], now), now);
        assert_eq!(next(&["20261122093000_a.sql"], now), "20261122093001");
        assert_eq!(next(&["20301231235959_a.sql", "R__v.sql"], now), "20301231235960");
    }

    #[test]
    fn a_project_that_counts_goes_on_counting() {
        let now = "20261122093000";
        assert_eq!(next(&["1_a.sql", "9_b.sql"], now), "10");
        assert_eq!(next(&["0009_a.sql"], now), "0010");
        assert_eq!(next(&["V1.2__a.sql"], now), "2");
    }

    #[test]
    fn a_slug_keeps_letters_and_digits() {
        for (name, wanted) in [
            ("Add users", "add_users"),
            ("  add--users!! ", "add_users"),
            ("Größe ändern", "größe_ändern"),
            ("../../etc/passwd", "etc_passwd"),
            ("!?", ""),
        ] {
            assert_eq!(slug(name), wanted);
        }
    }
}
