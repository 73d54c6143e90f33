//! Files that hold both directions where only one is read: nothing of them runs, and every way out that is told leads out.

use crate::project::Project;
use crate::read::{read, unfit};

const MARK: &str = "---- here it is turned round: down ----";
const UP: &str = "CREATE TABLE notes (id integer);\nINSERT INTO notes VALUES (1);\n";
const DOWN: &str = "DROP TABLE notes;\n";

fn both(line: &str) -> String {
    format!("{UP}\n{line}\n\n{DOWN}")
}

fn tables(project: &Project) -> String {
    let output = std::process::Command::new("sqlite3")
        .arg(project.path("shop.db"))
        .arg("SELECT group_concat(name) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'syncline%'")
        .output()
        .expect("the sqlite3 program is installed (tests/run installs it)");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn project(file: &str, text: &str) -> Project {
    Project::new()
        .variable("SYNCLINE_URL", "sqlite:shop.db")
        .file(&format!("migrations/{file}"), text)
}

#[test]
fn a_file_of_tern_is_read_as_terns() {
    let mut project = project("001_notes.sql", &both("---- create above / drop below ----"));
    project.ok(&["up"]);
    assert_eq!(tables(&project), "notes");
    project.ok(&["down", "--yes"]);
    assert_eq!(tables(&project), "");
}

#[test]
fn what_runs_in_both_directions_is_refused_before_anything_runs_whoever_reads_it() {
    for line in ["-- down", "-- ____", "/* ===== ROLLBACK ===== */"] {
        for (layout, file) in [
            ("native", "1_notes.sql"),
            ("native", "1_notes.up.sql"),
            ("native", "V1__notes.sql"),
            ("native", "R__notes.sql"),
            ("golang-migrate", "1_notes.up.sql"),
            ("sqlx", "1_notes.sql"),
            ("sqlx", "1_notes.up.sql"),
            ("refinery", "V1__notes.sql"),
            ("flyway", "V1__notes.sql"),
            ("flyway", "R__notes.sql"),
            ("maragudk", "1_notes.up.sql"),
            ("postgres-migrations", "1-notes.sql"),
            ("diesel", "1_notes/up.sql"),
            ("prisma", "1_notes/migration.sql"),
        ] {
            let mut project = project(file, &both(line));
            let said = project.run(&["up", "--layout", layout]);
            assert_eq!(said.exit, 2, "{layout} {file} {line}: {}", said.stderr);
            assert!(!project.path("shop.db").exists(), "{layout} {file} {line}");
            assert!(said.stderr.contains("allow both-directions"), "{}", said.stderr);
            assert_eq!(project.run(&["plan", "--layout", layout]).exit, 2, "{layout} {file}");
            // A line of the script's own lifts it.
            let allowed = format!("-- syncline: allow both-directions reason=\"tried\"\n{}", both(line));
            project.write(&format!("migrations/{file}"), allowed);
            project.ok(&["up", "--layout", layout]);
            assert_eq!(tables(&project), "", "{layout} {file}");
        }
    }
}

#[test]
fn a_line_that_says_it_is_enough_where_nothing_is_made() {
    for line in [
        "-- DOWN",
        "-- undo",
        "-- ===== ROLLBACK =====",
        "/* revert */",
        "--//@UNDO",
        "-- +tool Down",
        "-- drop",
    ] {
        let text = format!("UPDATE t SET a = 1;\n{line}\nUPDATE t SET a = 0;\n");
        let project = project("2_more.sql", &text).file("migrations/1_t.sql", "CREATE TABLE t (a integer);\n");
        let said = project.silently(&["up"]);
        assert_eq!(said.exit, 2, "{line}");
        assert!(said.stderr.contains("2_more.sql:2:1"), "{}", said.stderr);
        assert!(!project.path("shop.db").exists(), "{line}");
    }
}

#[test]
fn each_way_out_that_is_told_leads_out() {
    let told = |layout: &str, file: &str| {
        let catalog = read(layout, &[(file, both(MARK))]).unwrap();
        unfit(&catalog).remove(0)
    };
    let said = told("native", "1_notes.sql");
    assert!(
        said.contains("begin the down script there with a line `-- syncline: down`"),
        "{said}"
    );
    let mut one = project("1_notes.sql", &both("-- syncline: down"));
    one.ok(&["up"]);
    assert_eq!(tables(&one), "notes");
    one.ok(&["down", "--yes"]);
    assert_eq!(tables(&one), "");
    for (layout, file, down, words) in [
        (
            "native",
            "1_notes.up.sql",
            "1_notes.down.sql",
            "move what goes back to `1_notes.down.sql`",
        ),
        (
            "golang-migrate",
            "1_notes.up.sql",
            "1_notes.down.sql",
            "move what goes back to `1_notes.down.sql`",
        ),
        (
            "sqlx",
            "1_notes.up.sql",
            "1_notes.down.sql",
            "move what goes back to `1_notes.down.sql`",
        ),
        (
            "maragudk",
            "1_notes.up.sql",
            "1_notes.down.sql",
            "move what goes back to `1_notes.down.sql`",
        ),
        (
            "flyway",
            "V1__notes.sql",
            "U1__notes.sql",
            "move what goes back to `U1__notes.sql`",
        ),
        (
            "diesel",
            "1_notes/up.sql",
            "1_notes/down.sql",
            "move what goes back to `down.sql` beside it",
        ),
        (
            "prisma",
            "1_notes/migration.sql",
            "1_notes/down.sql",
            "move what goes back to `down.sql` beside it",
        ),
    ] {
        let said = told(layout, file);
        assert!(said.contains(words), "{layout}: {said}");
        let mut project = project(file, UP).file(&format!("migrations/{down}"), DOWN);
        project.ok(&["up", "--layout", layout]);
        project.ok(&["down", "--yes", "--layout", layout]);
        assert_eq!(tables(&project), "", "{layout}");
    }
    for (layout, file, up, mark) in [
        ("goose", "1_notes.sql", "-- +goose Up", "-- +goose Down"),
        ("dbmate", "1_notes.sql", "-- migrate:up", "-- migrate:down"),
        ("node-pg-migrate", "1_notes.sql", "-- Up Migration", "-- Down Migration"),
        ("sql-migrate", "1_notes.sql", "-- +migrate Up", "-- +migrate Down"),
        ("tern", "001_notes.sql", "-- up", "---- create above / drop below ----"),
    ] {
        let catalog = read(layout, &[(file, format!("{up}\n{}", both("-- ___")))]).unwrap();
        let said = unfit(&catalog).remove(0);
        assert!(said.contains(&format!("with a line `{mark}`")), "{layout}: {said}");
        let mut project = project(file, &format!("{up}\n{}", both(mark)));
        project.ok(&["up"]);
        assert_eq!(tables(&project), "notes", "{layout}");
    }
    let said = told("native", "R__notes.sql");
    assert!(said.contains("a repeatable migration has no down script"), "{said}");
    assert!(said.contains("choose its `layout`"), "{said}");
}

#[test]
fn what_has_run_already_and_what_goes_back_stop_nothing() {
    let mut project = project("1_notes.sql", UP)
        .file("migrations/2_more.up.sql", "CREATE TABLE more (x);\n")
        .file(
            "migrations/2_more.down.sql",
            "DROP TABLE more;\n-- undo\nCREATE TABLE helper (x);\nDROP TABLE helper;\n",
        );
    project.ok(&["up"]);
    project.ok(&["down", "--yes"]);
    assert_eq!(tables(&project), "notes");
    // As a file that an older release has applied.
    let text = both("-- down").replace("notes", "old");
    let allow = "-- syncline: allow both-directions reason=\"it was so\"\n";
    project.write("migrations/3_old.sql", format!("{allow}{text}"));
    project.ok(&["up"]);
    project.write("migrations/3_old.sql", &text);
    project.ok(&["up"]);
    project.ok(&["verify"]);
    // On a new database it is refused, and the line that lifts it there is no edit here.
    assert_eq!(project.run(&["up", "--url", "sqlite:new.db"]).exit, 2);
    project.write("migrations/3_old.sql", format!("{allow}{text}"));
    project.ok(&["up", "--url", "sqlite:new.db"]);
    project.ok(&["up"]);
}
