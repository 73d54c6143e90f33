//! The directory of the migrations: nothing that looks like one is passed over.

use std::fs;
use std::path::Path;

use syncline::Catalog;
use syncline::files::{Depth, FilesError, Reading};
use syncline::script::Syntax;

fn read(path: &Path, reading: &Reading) -> Result<Catalog, Vec<(String, &'static str)>> {
    match Catalog::from_dir(path, Syntax::Sqlite, reading) {
        Ok(catalog) => Ok(catalog),
        Err(FilesError::Catalog(error)) => Err(error
            .problems
            .into_iter()
            .map(|problem| (problem.path.rsplit('/').next().unwrap().to_owned(), problem.code))
            .collect()),
        Err(error) => panic!("{error}"),
    }
}

fn problems(path: &Path) -> Vec<(String, &'static str)> {
    read(path, &Reading::default()).unwrap_err()
}

#[test]
fn a_directory_that_is_missing_or_none_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    for path in [directory.path().join("nothing"), file] {
        let error = Catalog::from_dir(&path, Syntax::Sqlite, &Reading::default()).unwrap_err();
        assert!(matches!(error, FilesError::Directory { .. }), "{error}");
    }
}

#[test]
fn what_cannot_be_a_migration_file_is_a_problem_and_all_are_told_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    fs::create_dir(path.join("3_x.sql")).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", path.join("4_outside.sql")).unwrap();
    std::os::unix::fs::symlink("nowhere", path.join("5_dangling.sql")).unwrap();
    std::os::unix::fs::symlink("6_loop.sql", path.join("6_loop.sql")).unwrap();
    let fifo = std::process::Command::new("mkfifo")
        .arg(path.join("7_fifo.sql"))
        .status()
        .unwrap();
    assert!(fifo.success());
    fs::write(path.join("8-near.sql"), "SELECT 1").unwrap();
    fs::write(path.join("9_nul.sql"), "SELECT 1;\0").unwrap();
    fs::write(path.join("README.md"), "words").unwrap();
    fs::write(path.join("10_good.sql~"), "old").unwrap();
    let found = problems(path);
    let expected = [
        ("3_x.sql", "unreadable"),
        ("4_outside.sql", "unreadable"),
        ("5_dangling.sql", "unreadable"),
        ("6_loop.sql", "unreadable"),
        ("7_fifo.sql", "unreadable"),
        ("8-near.sql", "near-miss"),
        ("9_nul.sql", "nul-byte"),
    ];
    assert_eq!(found, expected.map(|(path, code)| (path.to_owned(), code)));
}

#[test]
fn a_symbolic_link_inside_the_directory_is_followed() {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("..data")).unwrap();
    fs::write(directory.path().join("..data/1_a.sql"), "SELECT 1").unwrap();
    std::os::unix::fs::symlink("..data/1_a.sql", directory.path().join("1_a.sql")).unwrap();
    assert_eq!(read(directory.path(), &Reading::default()).unwrap().len(), 1);
}

#[test]
fn a_directory_of_migrations_below_is_read_only_when_that_is_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("v2")).unwrap();
    fs::write(directory.path().join("v2/2_b.sql"), "SELECT 1").unwrap();
    fs::write(directory.path().join("1_a.sql"), "SELECT 1").unwrap();
    assert_eq!(problems(directory.path()), [("v2".to_owned(), "unreadable")]);
    let deep = Reading {
        depth: Depth::Recursive,
        ..Reading::default()
    };
    assert_eq!(read(directory.path(), &deep).unwrap().len(), 2);
}

#[test]
fn a_file_above_the_limit_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("1_a.sql"), "SELECT 1".repeat(10)).unwrap();
    let small = Reading {
        max_file: 20,
        ..Reading::default()
    };
    assert_eq!(
        read(directory.path(), &small).unwrap_err(),
        [("1_a.sql".to_owned(), "unreadable")]
    );
}

#[test]
fn a_name_that_is_not_utf8_is_a_problem() {
    use std::os::unix::ffi::OsStrExt;
    let directory = tempfile::tempdir().unwrap();
    let name = std::ffi::OsStr::from_bytes(b"1_\xff.sql");
    if fs::write(directory.path().join(name), "SELECT 1").is_ok() {
        assert_eq!(problems(directory.path()).len(), 1);
    }
}
