//! Files get other versions and names, migrations are taken back and made again, while the other tool goes on: what it has done is told
//! from what was done here.

use serde_json::Value;

use crate::place::Engine;
use crate::project::Project;
use crate::special::project;
use crate::walk::count;

const GOOSE: &str = "CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY AUTOINCREMENT, version_id INTEGER NOT NULL, is_applied INTEGER NOT NULL, \
     tstamp TIMESTAMP DEFAULT (datetime('now'))); INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, 1);";

const KNEX: &str = "CREATE TABLE knex_migrations_lock (idx integer PRIMARY KEY, is_locked integer); \
     CREATE TABLE knex_migrations (id integer NOT NULL PRIMARY KEY, name varchar(255), batch integer, migration_time datetime); \
     INSERT INTO knex_migrations VALUES (1, '20260101000000_a.js', 1, 1);";

fn goose(version: u32) -> String {
    format!("INSERT INTO goose_db_version (version_id, is_applied) VALUES ({version}, 1);")
}

fn text(table: &str) -> String {
    format!("-- +goose Up\nCREATE TABLE {table} (id integer);\n-- +goose Down\nDROP TABLE {table};\n")
}

/// What goose ran, and taken over.
fn of_goose(name: &str, ran: &[(u32, &str)]) -> Project {
    let files: Vec<(String, String)> = ran
        .iter()
        .map(|(version, table)| (format!("{version:05}_{table}.sql"), text(table)))
        .collect();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let sql: String = ran
        .iter()
        .map(|(version, table)| format!("{} CREATE TABLE {table} (id integer);", goose(*version)))
        .collect();
    let project = project(Engine::Sqlite, name, "", &files, &format!("{GOOSE}{sql}"));
    project.does(&["adopt"]);
    project
}

fn remove(project: &Project, file: &str) {
    std::fs::remove_file(project.directory().join("migrations").join(file)).unwrap();
}

fn renumber(project: &Project) {
    project.does(&["repair", "renumber", "--reason", "merged"]);
}

/// `code version` of what is found.
fn found(project: &Project) -> Vec<String> {
    let status: Value = project.does(&["status"]);
    let findings = status["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| {
            let version = finding["version"].as_str().unwrap_or("-");
            format!("{} {version}", finding["code"].as_str().unwrap())
        })
        .collect()
}

#[test]
fn a_row_is_known_by_its_old_version_and_by_its_new_one() {
    for row in [12, 13] {
        let project = of_goose(&format!("row-{row}"), &[(12, "a")]);
        remove(&project, "00012_a.sql");
        project.write("migrations/00013_a.sql", &text("a"));
        renumber(&project);
        project.place.run(&format!(
            "UPDATE goose_db_version SET version_id = {row} WHERE version_id = 12"
        ));
        assert_eq!(found(&project), Vec::<String>::new(), "{row}");
        assert_eq!(count(&project.does(&["up"])["applied"]), 0, "{row}");
        project.place.run("DELETE FROM goose_db_version WHERE version_id > 0");
        assert_eq!(found(&project), ["foreign-reverted 13"], "{row}");
    }
}

#[test]
fn a_row_is_known_by_its_old_name_where_names_are_known() {
    let files = [("20260101000000_a/migration.sql", "CREATE TABLE a (id integer);\n")];
    let sql = "CREATE TABLE _prisma_migrations (id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMP NULL, \
        migration_name VARCHAR(255) NOT NULL, logs TEXT NULL, rolled_back_at TIMESTAMP NULL, started_at TIMESTAMP NOT NULL, \
        applied_steps_count INTEGER NOT NULL DEFAULT 0); \
        INSERT INTO _prisma_migrations VALUES ('1', '38af8e3b50e4e85d6220a4465f50b47a62c5d825b924558cd914e6c5856cfff7', '2026-01-01 00:00:02', '20260101000000_a', NULL, NULL, '2026-01-01 00:00:01', 1); \
        CREATE TABLE a (id integer);";
    let project = project(Engine::Sqlite, "old-name", "layout = 'prisma'", &files, sql);
    project.does(&["adopt"]);
    remove(&project, "20260101000000_a/migration.sql");
    std::fs::remove_dir(project.directory().join("migrations/20260101000000_a")).unwrap();
    project.write("migrations/20260202000000_aa/migration.sql", files[0].1);
    renumber(&project);
    assert_eq!(found(&project), Vec::<String>::new());
    assert_eq!(count(&project.does(&["up"])["applied"]), 0);
    project.place.run("DELETE FROM _prisma_migrations");
    assert_eq!(found(&project).len(), 1);
}

#[test]
fn the_old_version_of_what_the_other_tool_never_had_is_news() {
    let project = of_goose("never-had", &[(11, "a")]);
    project.write("migrations/00012_b.sql", &text("b"));
    project.does(&["up"]);
    remove(&project, "00012_b.sql");
    project.write("migrations/00013_b.sql", &text("b"));
    project.write("migrations/00012_c.sql", &text("c"));
    renumber(&project);
    project
        .place
        .run(&format!("CREATE TABLE c (id integer); {}", goose(12)));
    assert_eq!(found(&project), ["foreign-applied 12"]);
    project.does(&["adopt"]);
    assert_eq!(count(&project.does(&["up"])["applied"]), 0);
}

#[test]
fn what_has_the_old_version_is_another_one_once_the_new_one_has_a_row() {
    let project = of_goose("another", &[(11, "a")]);
    remove(&project, "00011_a.sql");
    project.write("migrations/00012_a.sql", &text("a"));
    renumber(&project);
    project.write("migrations/00011_c.sql", &text("c"));
    assert!(!found(&project).iter().any(|code| code.starts_with("foreign")));
    project
        .place
        .run(&format!("CREATE TABLE c (id integer); {}", goose(12)));
    assert!(found(&project).contains(&"foreign-applied 11".to_owned()));
}

#[test]
fn what_is_taken_back_by_the_other_tool_after_it_was_made_anew_here_is_missed() {
    let project = of_goose("redone", &[(1, "a")]);
    project.does(&["redo", "--yes"]);
    assert_eq!(found(&project), Vec::<String>::new());
    project
        .place
        .run("DROP TABLE a; DELETE FROM goose_db_version WHERE version_id = 1");
    assert_eq!(found(&project), ["foreign-reverted 1"]);
    // Gone because it was told, it is not missed when it is made again.
    project.does(&["repair", "forget", "1", "--reason", "taken back"]);
    project.does(&["up"]);
    project.does(&["adopt", "--mirror"]);
    project.does(&["down", "--yes"]);
    project.does(&["adopt", "--mirror"]);
    project.does(&["up"]);
    assert_eq!(found(&project), Vec::<String>::new());
}

#[test]
fn what_was_only_confirmed_is_missed_as_well() {
    let files = [("00001_a.sql", text("a")), ("00002_b.sql", text("b"))];
    let files = files.each_ref().map(|(path, text)| (*path, text.as_str()));
    let sql = format!(
        "{GOOSE}{}{}CREATE TABLE a (id integer); CREATE TABLE b (id integer);",
        goose(1),
        goose(2)
    );
    let project = project(Engine::Sqlite, "confirmed", "", &files, &sql);
    project.does(&["baseline", "2"]);
    project.does(&["adopt", "--mirror"]);
    assert_eq!(found(&project), Vec::<String>::new());
    project
        .place
        .run("DROP TABLE b; DELETE FROM goose_db_version WHERE version_id = 2");
    assert_eq!(found(&project), ["foreign-reverted 2"]);
}

#[test]
fn what_only_syncline_ran_and_took_back_is_no_row_of_a_program() {
    let project = project(Engine::Sqlite, "own", "", &[], KNEX);
    project.does(&["adopt"]);
    project.write("migrations/1_c.sql", "CREATE TABLE c (id integer);\n");
    project.write("migrations/1_c.down.sql", "DROP TABLE c;\n");
    project.does(&["up", "--allow-out-of-order"]);
    project.does(&["down", "--yes"]);
    remove(&project, "1_c.sql");
    remove(&project, "1_c.down.sql");
    project
        .place
        .run("INSERT INTO knex_migrations VALUES (2, '20260102000000_b.js', 1, 1)");
    assert_eq!(found(&project).len(), 1, "{:?}", found(&project));
    assert!(found(&project)[0].starts_with("foreign-applied"));
}

#[test]
fn a_row_that_has_the_new_version_of_one_may_be_that_of_another_which_had_it_before() {
    // A merge puts `new` before all that ran, and each gets the version of the one behind it.
    let chained = |name: &str| {
        let project = of_goose(name, &[(1, "a"), (2, "b"), (3, "c")]);
        for (old, new, table) in [(3, 4, "c"), (2, 3, "b"), (1, 2, "a")] {
            remove(&project, &format!("{old:05}_{table}.sql"));
            project.write(&format!("migrations/{new:05}_{table}.sql"), &text(table));
        }
        project.write("migrations/00001_new.sql", &text("new"));
        renumber(&project);
        project
    };
    let foreign = |project: &Project| -> Vec<String> {
        let found = found(project).into_iter();
        found.filter(|code| code.starts_with("foreign")).collect()
    };
    // The rows are those from before.
    let project = chained("chained");
    assert_eq!(foreign(&project), Vec::<String>::new());
    assert_eq!(count(&project.does(&["up", "--allow-out-of-order"])["applied"]), 1);
    // One of them is gone: it is the one that had this version when it ran.
    for (row, missed) in [(1, 2), (2, 3), (3, 4)] {
        let project = chained(&format!("chained-{row}"));
        project
            .place
            .run(&format!("DELETE FROM goose_db_version WHERE version_id = {row}"));
        assert_eq!(foreign(&project), [format!("foreign-reverted {missed}")]);
    }
    // The other tool was told of the new versions, and then it ran the first.
    let project = chained("chained-too");
    project
        .place
        .run(&format!("{} CREATE TABLE new (id integer);", goose(4)));
    assert_eq!(foreign(&project), ["foreign-applied 1"]);
}

#[test]
fn the_row_of_what_was_taken_back_here_and_gave_way_is_nobody_else_s() {
    let project = of_goose("gave-way", &[(1, "a"), (2, "b"), (3, "c")]);
    project.does(&["down", "--yes"]);
    for (old, new, table) in [(3, 4, "c"), (2, 3, "b"), (1, 2, "a")] {
        remove(&project, &format!("{old:05}_{table}.sql"));
        project.write(&format!("migrations/{new:05}_{table}.sql"), &text(table));
    }
    project.write("migrations/00001_new.sql", &text("new"));
    renumber(&project);
    let foreign: Vec<_> = found(&project)
        .into_iter()
        .filter(|code| code.starts_with("foreign"))
        .collect();
    assert_eq!(foreign, Vec::<String>::new());
    assert_eq!(count(&project.does(&["up", "--allow-out-of-order"])["applied"]), 2);
}
