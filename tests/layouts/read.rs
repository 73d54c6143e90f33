//! A directory with files in it, and what was read of them in one line for each migration or problem.

use std::fs;
use std::path::Path;

use syncline::Catalog;
use syncline::catalog::{CatalogProblem, Layout};
use syncline::files::{Depth, FilesError, Reading};
use syncline::migration::Script;
use syncline::script::{Mode, Syntax};
use tempfile::TempDir;

/// A directory that holds these files.
pub fn directory<T: AsRef<[u8]>>(files: &[(&str, T)]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        write(directory.path(), name, text);
    }
    directory
}

pub fn write(directory: &Path, name: &str, text: impl AsRef<[u8]>) {
    let path = directory.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// How files are read by a layout; by what is found out where it has no name.
pub fn reading(layout: &str) -> Reading {
    Reading {
        layout: (!layout.is_empty()).then(|| Layout::named(layout).unwrap()),
        ..Reading::default()
    }
}

/// The migrations of a directory.
pub fn catalog(directory: &Path, syntax: Syntax, reading: &Reading) -> Result<Catalog, Vec<String>> {
    Catalog::from_dir(directory, syntax, reading).map_err(|error| match error {
        FilesError::Catalog(error) => error
            .problems
            .iter()
            .map(|problem| problem_of(directory, problem))
            .collect(),
        other => vec![other.to_string()],
    })
}

/// The migrations that these files are by a layout, on SQLite.
pub fn read<T: AsRef<[u8]>>(layout: &str, files: &[(&str, T)]) -> Result<Catalog, Vec<String>> {
    read_for(Syntax::Sqlite, layout, files)
}

pub fn read_for<T: AsRef<[u8]>>(syntax: Syntax, layout: &str, files: &[(&str, T)]) -> Result<Catalog, Vec<String>> {
    catalog(directory(files).path(), syntax, &reading(layout))
}

/// With all directories below.
pub fn read_deep<T: AsRef<[u8]>>(layout: &str, files: &[(&str, T)]) -> Result<Catalog, Vec<String>> {
    let reading = Reading {
        depth: Depth::Recursive,
        ..reading(layout)
    };
    catalog(directory(files).path(), Syntax::Sqlite, &reading)
}

/// The migrations that these files are, with `layout` named and by what is found out.
pub fn found<T: AsRef<[u8]>>(layout: &str, why: &str, files: &[(&str, T)]) -> Catalog {
    let catalog = read("", files).unwrap();
    let detected = catalog.detected();
    assert_eq!((detected.layout.name(), detected.reason.as_str()), (layout, why));
    assert_eq!(told(&catalog), told(&read(layout, files).unwrap()));
    catalog
}

/// What has to be mended: `file:line: code: what (help)`.
pub fn refused<T: AsRef<[u8]>>(layout: &str, files: &[(&str, T)]) -> Vec<String> {
    read(layout, files).map(|catalog| told(&catalog)).unwrap_err()
}

/// `version name: "up" | "down"`, with `outside` before a script that runs without a transaction.
pub fn told(catalog: &Catalog) -> Vec<String> {
    let migrations = catalog.migrations().map(|migration| {
        let down = migration.down.as_ref().map(|down| format!(" | {}", script(down)));
        format!(
            "{} {}: {}{}",
            migration.id,
            migration.name,
            script(&migration.up),
            down.unwrap_or_default()
        )
    });
    migrations.collect()
}

fn script(script: &Script) -> String {
    let outside = if script.mode() == Mode::Outside { "outside " } else { "" };
    format!("{outside}{:?}", script.text)
}

/// Versions and names alone.
pub fn names(catalog: &Catalog) -> Vec<String> {
    catalog
        .migrations()
        .map(|migration| format!("{} {}", migration.id, migration.name))
        .collect()
}

/// The checksums of all scripts.
pub fn checksums(catalog: &Catalog) -> Vec<String> {
    let scripts = catalog
        .migrations()
        .flat_map(|migration| std::iter::once(&migration.up).chain(&migration.down));
    scripts.map(|script| script.checksum.to_string()).collect()
}

/// The line of the file in which something stands.
pub fn line(script: &Script, what: &str) -> u32 {
    script.position(script.text.find(what).unwrap()).line
}

/// What keeps scripts from being run.
pub fn unfit(catalog: &Catalog) -> Vec<String> {
    let problems = catalog.problems();
    problems
        .iter()
        .map(|problem| {
            let directory = Path::new(&problem.path).parent().unwrap_or(Path::new(""));
            problem_of(directory, problem)
        })
        .collect()
}

fn problem_of(directory: &Path, problem: &CatalogProblem) -> String {
    let root = format!("{}/", directory.display());
    let path = problem.path.strip_prefix(&root).unwrap_or(&problem.path);
    let line = problem.position.map(|at| format!(":{}", at.line)).unwrap_or_default();
    assert_ne!(problem.help, "", "{} {}", problem.path, problem.message);
    let message = problem.message.replace(&root, "");
    format!("{path}{line}: {}: {message} ({})", problem.code, problem.help)
}

/// The same files with CRLF and a byte-order mark.
pub fn windows<'a>(files: &[(&'a str, &str)]) -> Vec<(&'a str, String)> {
    files
        .iter()
        .map(|(name, text)| (*name, format!("\u{feff}{}", text.replace('\n', "\r\n"))))
        .collect()
}

/// Checks that line ends and a byte-order mark change no checksum, and nothing else.
pub fn the_same_on_windows(layout: &str, files: &[(&str, &str)]) {
    let here = read(layout, files).unwrap();
    let there = read(layout, &windows(files)).unwrap();
    assert_eq!(checksums(&here), checksums(&there));
    assert_eq!(names(&here), names(&there));
    let plain: Vec<String> = told(&there).iter().map(|line| line.replace("\\r", "")).collect();
    assert_eq!(told(&here), plain);
}
