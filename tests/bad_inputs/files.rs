//! Files of SQLite that are none, are damaged, or may not be written.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::bench::run;
use crate::case::{Case, Engine, GOOD, case};
use crate::live::Live;

/// A file that `sqlite:test.db` leads to; nothing of it is changed.
fn refused(name: &'static str, prepare: impl Fn(&Path) + 'static, words: &[&str]) -> Case {
    case(name)
        .file("1_a.sql", GOOD)
        .own()
        .env("SYNCLINE_URL", "sqlite:test.db")
        .prepare(prepare)
        .exits(6)
        .says(words)
}

fn with_bytes(bytes: &'static [u8]) -> impl Fn(&Path) {
    move |project| fs::write(project.join("test.db"), bytes).unwrap()
}

/// A real database of some pages.
fn make(project: &Path) {
    let live = Live::new(Engine::Sqlite, project);
    live.execute("CREATE TABLE t (x); INSERT INTO t WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 2000) SELECT n || hex(randomblob(50)) FROM c");
}

fn edit(project: &Path, change: impl Fn(&mut Vec<u8>)) {
    make(project);
    let path = project.join("test.db");
    let mut bytes = fs::read(&path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn files_that_are_no_databases() {
    run([
        refused(
            "a text",
            with_bytes(b"hello, this is not a database at all\n"),
            &["not a SQLite database", "encrypted"],
        ),
        refused("a few bytes", with_bytes(b"SQLite"), &["not a SQLite database"]),
        refused(
            "random bytes, as of an encrypted file",
            with_bytes(&[0xa7; 4096]),
            &["not a SQLite database"],
        ),
        refused(
            "the first bytes and no more",
            with_bytes(b"SQLite format 3\0"),
            &["test.db"],
        ),
        refused(
            "the first bytes and nonsense",
            |project| {
                edit(project, |bytes| bytes[16..].fill(0xff));
            },
            &["test.db"],
        ),
        refused(
            "a database that is cut short",
            |project| edit(project, |bytes| bytes.truncate(9000)),
            &["malformed"],
        ),
        refused(
            "a database with a page of nonsense",
            |project| edit(project, |bytes| bytes[100..4096].fill(0x5a)),
            &["malformed"],
        ),
        refused(
            "a directory",
            |project| fs::create_dir(project.join("test.db")).unwrap(),
            &["is a directory"],
        ),
        refused(
            "a directory that is not there",
            |_| {},
            &["there is no directory `nowhere`", "make the directory"],
        )
        .env("SYNCLINE_URL", "sqlite:nowhere/test.db"),
        refused(
            "a file that is not there, and is not to be made",
            |_| {},
            &["there is no sqlite:test.db", "`mode`"],
        )
        .env("SYNCLINE_URL", "sqlite:test.db?mode=rw"),
        case("an empty file is an empty database")
            .sqlite()
            .live()
            .file("1_a.sql", GOOD)
            .prepare(|project| fs::write(project.join("test.db"), "").unwrap())
            .done()
            .tables(&["a"]),
    ]);
}

#[test]
fn files_that_may_not_be_written() {
    run([
        refused(
            "a file that may not be read",
            |project| {
                make(project);
                allow(&project.join("test.db"), 0o000);
            },
            &["test.db", "Permission denied"],
        )
        .unprivileged(),
        refused(
            "a file that may not be written",
            |project| {
                fs::write(project.join("test.db"), "").unwrap();
                allow(&project.join("test.db"), 0o444);
            },
            &["takes no writes"],
        )
        .unprivileged()
        .exits(3),
        refused(
            "a directory that may not be written",
            |project| allow(project, 0o555),
            &["test.db"],
        )
        .unprivileged(),
        refused(
            "a file that is asked for only to be read",
            |project| {
                fs::write(project.join("test.db"), "").unwrap();
            },
            &["takes no writes"],
        )
        .env("SYNCLINE_URL", "sqlite:test.db?mode=ro")
        .exits(3),
        refused(
            "a database whose log may not be shared",
            |project| {
                let live = Live::new(Engine::Sqlite, project);
                live.execute("PRAGMA journal_mode = WAL");
                live.execute("CREATE TABLE t (x)");
                allow(&project.join("test.db"), 0o644);
                allow(project, 0o555);
            },
            &["takes no writes"],
        )
        .unprivileged()
        .exits(3),
    ]);
}
