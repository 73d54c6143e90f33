//! What runs whenever it changes, in a time in which two tools run it. Liquibase 5.0.4 was asked after each of these steps.

use crate::place::Engine::{MariaDb, Postgres, Sqlite};
use crate::project::Project;
use crate::special::{LIQUIBASE, liquibase, project};
use crate::walk::count;

const FIRST: &str = "--liquibase formatted sql\n\n--changeset ann:1\nCREATE TABLE a (id int);\n";

/// The changelog with one that runs on change, and what it does.
fn changelog(does: &str) -> String {
    format!("{FIRST}\n--changeset ann:2 runOnChange:true\n{does}\n")
}

/// Liquibase has run it, and its row tells so.
fn reran(project: &Project) {
    let sql = "UPDATE DATABASECHANGELOG SET DATEEXECUTED = '2031-01-02 03:04:05', EXECTYPE = 'RERAN', MD5SUM = NULL WHERE ID = '2'";
    project.place.run(sql);
}

#[test]
fn what_the_other_tool_has_run_again_after_it_was_told_does_not_run_once_more() {
    let row = liquibase("1", "db.sql", 1, "'9:c89e591e0fb4b4e3115b62802f20a3e5'");
    let sql = format!("{LIQUIBASE}{row} CREATE TABLE a (id int);");
    for engine in [Sqlite, Postgres, MariaDb] {
        let first = changelog("INSERT INTO a VALUES (1);");
        let project = project(engine, "reruns", "", &[("db.sql", &first)], &sql);
        project.does(&["adopt"]);
        project.does(&["up"]);
        assert_eq!(project.does(&["adopt", "--mirror"])["mirrored"], 1);
        if engine == Sqlite {
            // Drivers read six digits of a second as so many milliseconds.
            let lengths = project
                .place
                .ask("SELECT DISTINCT length(DATEEXECUTED) FROM DATABASECHANGELOG");
            assert_eq!(lengths.trim(), "19");
        }
        // The row that was just written is that of our own run.
        project.write("migrations/db.sql", &changelog("INSERT INTO a VALUES (2);"));
        assert_eq!(count(&project.does(&["plan"])["steps"]), 1);
        reran(&project);
        let (code, said) = project.refuses(&["up"]);
        assert_eq!(code, "foreign-applied", "{said}");
        assert_eq!(project.does(&["adopt"])["recorded"], 1);
        assert_eq!(count(&project.does(&["up"])["applied"]), 0, "{engine:?}");
        project.does(&["verify"]);
    }
}

/// The row of what stopped half-way in running again stays: with a text that changes, Liquibase runs it in any case. When it has, it is done.
#[test]
fn what_stopped_half_way_in_running_again_keeps_its_row() {
    let row = liquibase("1", "db.sql", 1, "'9:c89e591e0fb4b4e3115b62802f20a3e5'");
    let sql = format!("{LIQUIBASE}{row} CREATE TABLE a (id int);");
    let first = changelog("INSERT INTO a VALUES (1);");
    let project = project(MariaDb, "reruns-half-way", "", &[("db.sql", &first)], &sql);
    project.does(&["adopt"]);
    project.does(&["up"]);
    project.does(&["adopt", "--mirror"]);
    let rows = || project.place.ask("SELECT * FROM DATABASECHANGELOG ORDER BY ID");
    let before = rows();
    project.write(
        "migrations/db.sql",
        &changelog("INSERT INTO a VALUES (2);\nINSERT INTO nowhere VALUES (2);"),
    );
    project.refuses(&["up"]);
    assert_eq!(project.does(&["adopt", "--mirror"])["mirrored"], 0);
    assert_eq!(rows(), before);
    project.write("migrations/db.sql", &changelog("INSERT INTO a VALUES (3);"));
    reran(&project);
    assert_eq!(project.does(&["adopt"])["recorded"], 1);
    assert_eq!(count(&project.does(&["up"])["applied"]), 0);
    project.does(&["verify"]);
}
