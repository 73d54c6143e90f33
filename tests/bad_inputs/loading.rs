//! The directory: what is there, what cannot be read, and what does not go together with the history.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::process::Command;

use crate::bench::{Project, finish, run};
use crate::case::{GOOD, case};

const TABLE_B: &str = "CREATE TABLE b (id integer);\n";

#[test]
fn the_directory_is_not_one() {
    run([
        case("the directory is not there")
            .prepare(|project| fs::remove_dir(project.join("migrations")).unwrap())
            .says(&["migrations", "No such file or directory", "syncline init"]),
        case("the directory that was named is not there")
            .types(&["up", "--dir", "elsewhere"])
            .says(&["elsewhere", "No such file or directory"]),
        case("the directory is a file")
            .prepare(|project| {
                fs::remove_dir(project.join("migrations")).unwrap();
                fs::write(project.join("migrations"), "").unwrap();
            })
            .says(&["migrations", "not a directory"]),
        case("the directory is a symbolic link that leads nowhere")
            .prepare(|project| {
                fs::remove_dir(project.join("migrations")).unwrap();
                symlink("nowhere", project.join("migrations")).unwrap();
            })
            .says(&["migrations", "No such file or directory"]),
        case("the directory is a symbolic link to itself")
            .prepare(|project| {
                fs::remove_dir(project.join("migrations")).unwrap();
                symlink("migrations", project.join("migrations")).unwrap();
            })
            .says(&["migrations", "symbolic link"]),
        case("the directory may not be read")
            .file("1_a.sql", GOOD)
            .prepare(|project| {
                let none = fs::Permissions::from_mode(0o000);
                fs::set_permissions(project.join("migrations"), none).unwrap();
            })
            .unprivileged()
            .says(&["migrations", "Permission denied"]),
        case("the directory is written with a tilde")
            .types(&["up", "--dir", "~/migrations"])
            .says(&["`~` is not expanded", "whole path"]),
        case("the directory lies above the working directory")
            .prepare(|project| {
                let path = project.join("../shared");
                fs::create_dir_all(&path).unwrap();
                fs::write(path.join("1_a.sql"), GOOD).unwrap();
            })
            .types(&["up", "--dir", "../shared"])
            .done()
            .tables(&["a"]),
    ]);
}

#[test]
fn an_empty_directory_never_looks_like_being_up_to_date() {
    run([
        case("the directory is empty, and so is the database")
            .live()
            .exits(2)
            .says(&["no migrations in `migrations`", "--allow-empty"]),
        case("the directory is empty, and there is no database")
            .sqlite()
            .exits(2)
            .says(&["no migrations in `migrations`", "--allow-empty"]),
        case("the directory is empty, and that is meant")
            .live()
            .types(&["up", "--allow-empty"])
            .exits(0)
            .says(&["no migrations in `migrations`"]),
        case("the directory is empty, and the status is asked for")
            .live()
            .types(&["status"])
            .exits(0)
            .says(&["there are no migrations yet"]),
        case("the directory is empty, and the database knows migrations")
            .applied("1_a.sql", GOOD)
            .exits(3)
            .says(&["1 a", "down script stored: no", "--allow-missing"]),
    ]);
}

#[test]
fn files_that_are_no_files() {
    run([
        case("one of many files may not be read")
            .file("1_a.sql", GOOD)
            .file("2_b.sql", TABLE_B)
            .prepare(|project| {
                let none = fs::Permissions::from_mode(0o000);
                fs::set_permissions(project.join("migrations/2_b.sql"), none).unwrap();
            })
            .unprivileged()
            .says(&["migrations/2_b.sql", "Permission denied"]),
        case("a directory below that may not be read")
            .file("1_a.sql", GOOD)
            .file("more/2_b.sql", TABLE_B)
            .prepare(|project| {
                let none = fs::Permissions::from_mode(0o000);
                fs::set_permissions(project.join("migrations/more"), none).unwrap();
            })
            .unprivileged()
            .says(&["migrations/more", "Permission denied"]),
        case("a directory has the name of a migration")
            .file("1_a.sql", GOOD)
            .prepare(|project| fs::create_dir(project.join("migrations/3_x.sql")).unwrap())
            .says(&["migrations/3_x.sql", "a directory with the name of a migration"]),
        case("a symbolic link leads outside")
            .prepare(|project| {
                fs::write(project.join("secret.txt"), "root:x:0:0").unwrap();
                symlink("../secret.txt", project.join("migrations/1_a.sql")).unwrap();
            })
            .says(&["migrations/1_a.sql", "outside the directory"])
            .hides(&["root:x"]),
        case("a symbolic link leads nowhere")
            .prepare(|project| symlink("gone.sql", project.join("migrations/1_a.sql")).unwrap())
            .says(&["migrations/1_a.sql", "leads nowhere", "No such file"]),
        case("two symbolic links lead to each other")
            .prepare(|project| {
                symlink("2_b.sql", project.join("migrations/1_a.sql")).unwrap();
                symlink("1_a.sql", project.join("migrations/2_b.sql")).unwrap();
            })
            .says(&["migrations/1_a.sql", "migrations/2_b.sql", "symbolic link"]),
        case("a symbolic link leads to a directory that is named like a migration")
            .prepare(|project| symlink(".", project.join("migrations/1_a.sql")).unwrap())
            .says(&["migrations/1_a.sql", "not a regular file"]),
        case("a symbolic link to a directory of migrations")
            .file("1_a.sql", GOOD)
            .prepare(|project| {
                fs::create_dir(project.join("more")).unwrap();
                fs::write(project.join("more/2_b.sql"), TABLE_B).unwrap();
                symlink("../more", project.join("migrations/more")).unwrap();
            })
            .says(&["migrations/more", "2_b.sql"]),
        case("a named pipe")
            .prepare(|project| {
                let made = Command::new("mkfifo").arg(project.join("migrations/4_p.sql")).status();
                assert!(made.unwrap().success());
            })
            .says(&["migrations/4_p.sql", "not a regular file"]),
        case("a socket")
            .prepare(|project| drop(UnixListener::bind(project.join("migrations/4_s.sql")).unwrap()))
            .says(&["migrations/4_s.sql"]),
        case("a device")
            .prepare(|project| symlink("/dev/zero", project.join("migrations/4_d.sql")).unwrap())
            .says(&["migrations/4_d.sql", "outside the directory"]),
        case("migrations in a directory below, which is not read")
            .file("1_a.sql", GOOD)
            .file("more/2_b.sql", TABLE_B)
            .says(&["migrations/more", "2_b.sql", "recursive = true"]),
        case("all problems of a directory are told at once")
            .file("1-a.sql", GOOD)
            .file("2_b.down.sql", TABLE_B)
            .file("3_c.sql", "SELECT 1;\0")
            .file("4_d.sql", GOOD)
            .file("04_e.sql", GOOD)
            .says(&[
                "4 problems",
                "1-a.sql",
                "2_b.down.sql",
                "3_c.sql",
                "4_d.sql",
                "04_e.sql",
            ]),
    ]);
}

#[test]
fn a_symbolic_link_inside_the_directory_is_followed() {
    run([case("as configuration is mounted into containers")
        .prepare(|project| {
            let directory = project.join("migrations");
            fs::create_dir(directory.join("..2026_data")).unwrap();
            fs::write(directory.join("..2026_data/1_a.sql"), GOOD).unwrap();
            symlink("..2026_data", directory.join("..data")).unwrap();
            symlink("..data/1_a.sql", directory.join("1_a.sql")).unwrap();
        })
        .done()
        .tables(&["a"])]);
}

#[test]
fn many_files_and_deep_trees() {
    run([
        case("a tree of 200 directories, to be read")
            .file(format!("{}1_a.sql", "d/".repeat(200)), GOOD)
            .prepare(|project| fs::write(project.join("syncline.toml"), "recursive = true").unwrap())
            .done()
            .tables(&["a"]),
        case("a symbolic link to the directory above, to be read")
            .file("d/1_a.sql", GOOD)
            .prepare(|project| {
                fs::write(project.join("syncline.toml"), "recursive = true").unwrap();
                symlink("..", project.join("migrations/d/up")).unwrap();
            })
            .says(&["migrations/d/up", "symbolic link to a directory"]),
    ]);
}

#[test]
fn a_directory_of_20_000_files() {
    let project = Project::new();
    fs::create_dir(project.migrations()).unwrap();
    for number in 1..=20_000 {
        fs::write(project.migrations().join(format!("{number}_m.sql")), "SELECT 1;").unwrap();
    }
    let said = finish(project.command("sqlite:test.db", false).arg("plan"));
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    assert!(said.stdout.contains("20000"));
    assert!(!project.path.join("test.db").exists());
}

#[test]
fn up_and_down_do_not_go_together() {
    run([
        case("a down script without its up script")
            .file("1_a.down.sql", "DROP TABLE a;")
            .says(&["migrations/1_a.down.sql", "no up script of version 1"]),
        case("two down scripts of one version")
            .file("1_a.sql", format!("{GOOD}-- syncline: down\nDROP TABLE a;"))
            .file("1_a.down.sql", "DROP TABLE a;")
            .says(&["1_a.down.sql", "the down script of version 1 already"]),
        case("a down script with another name than its up script")
            .types(&["up", "--layout", "native"])
            .file("1_a.up.sql", GOOD)
            .file("1_b.down.sql", "DROP TABLE a;")
            .says(&["1_b.down.sql", "same name"]),
        case("an up script twice, in both forms")
            .file("1_a.up.sql", GOOD)
            .file("1_a.sql", GOOD)
            .says(&["1_a.up.sql", "version 1 is taken"]),
        case("a repeatable migration with a down script")
            .file("R__v.down.sql", "SELECT 1;")
            .says(&["R__v.down.sql", "has no down script"]),
        case("a rollback of what has no down script")
            .applied("1_a.sql", GOOD)
            .file("1_a.sql", GOOD)
            .types(&["down", "--yes"])
            .exits(3)
            .says(&["no down script", "1 a"]),
        case("a rollback of two, of which the second has no down script")
            .applied("1_a.sql", GOOD)
            .applied("2_b.sql", format!("{TABLE_B}-- syncline: down\nDROP TABLE b;"))
            .types(&["down", "--yes", "--steps", "2"])
            .exits(3)
            .says(&["no down script", "1 a"]),
        case("a down script that is cut short")
            .file("1_a.up.sql", GOOD)
            .file("1_a.down.sql", "DROP TABLE 'a")
            .done(),
        case("a rollback with a stored down script that is cut short")
            .applied("1_a.up.sql", GOOD)
            .applied("1_a.down.sql", "DROP TABLE \"a")
            .types(&["down", "--yes"])
            .says(&["never closed"]),
    ]);
}

#[test]
fn files_and_history_disagree() {
    run([
        case("an applied migration was edited")
            .applied("1_a.sql", GOOD)
            .file("1_a.sql", "CREATE TABLE a (id bigint);\n")
            .exits(3)
            .says(&[
                "1 a",
                "-CREATE TABLE a (id integer);",
                "+CREATE TABLE a (id bigint);",
                "repair accept 1",
            ]),
        case("an applied migration has another name now")
            .applied("1_a.sql", GOOD)
            .file("1_b.sql", GOOD)
            .exits(0)
            .says(&["renamed"]),
        case("the file of an applied migration is gone")
            .applied("1_a.sql", GOOD)
            .applied("2_b.sql", TABLE_B)
            .file("2_b.sql", TABLE_B)
            .exits(3)
            .says(&["1 a", "down script stored: no", "--allow-missing"]),
        case("the database is ahead of the files")
            .applied("1_a.sql", GOOD)
            .applied("2_b.sql", TABLE_B)
            .file("1_a.sql", GOOD)
            .exits(3)
            .says(&["2 b", "down script stored: no", "--allow-missing"]),
        case("the database is ahead of the files, and that is known")
            .applied("1_a.sql", GOOD)
            .applied("2_b.sql", TABLE_B)
            .file("1_a.sql", GOOD)
            .types(&["up", "--allow-missing"])
            .exits(0),
        case("a pending migration is older than the newest applied one")
            .applied("7_b.sql", TABLE_B)
            .file("5_a.sql", GOOD)
            .file("7_b.sql", TABLE_B)
            .exits(3)
            .says(&["5 a", "--allow-out-of-order"]),
        case("line endings were turned to those of Windows")
            .applied("1_a.sql", GOOD)
            .file("1_a.sql", GOOD.replace('\n', "\r\n"))
            .exits(0),
        case("a comment was edited")
            .applied("1_a.sql", GOOD)
            .file("1_a.sql", format!("-- a table\n{GOOD}"))
            .exits(0)
            .says(&["cosmetic"]),
    ]);
}

#[test]
fn names_that_are_no_text() {
    run([
        case("a name that is not UTF-8")
            .file("1_a.sql", GOOD)
            .prepare(|project| {
                let name = std::ffi::OsStr::from_bytes(b"2_caf\xe9.sql");
                fs::write(project.join("migrations").join(name), GOOD).unwrap();
            })
            .says(&["2_caf", "not UTF-8", "0xE9"]),
        case("a name that is not UTF-8 and no migration's")
            .prepare(|project| {
                let name = std::ffi::OsStr::from_bytes(b"caf\xe9.txt");
                fs::write(project.join("migrations").join(name), GOOD).unwrap();
            })
            .file("1_a.sql", GOOD)
            .done()
            .tables(&["a"]),
    ]);
}
