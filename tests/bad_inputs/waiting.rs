//! Runs that wait, are stopped, or see their files change meanwhile.

use std::fs;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::bench::{Project, finish, run, start, wait};
use crate::case::{Engine, GOOD, case};
use crate::live::Live;

const SLEEP: &str = "CREATE TABLE a (id integer);\nSELECT pg_sleep(2);\n";

/// Waits until the server runs such a statement.
fn until_running(live: &Live, statement: &str) {
    let began = Instant::now();
    let ask = format!(
        "SELECT pid::text FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE '%{statement}%' AND pid <> pg_backend_pid()"
    );
    while live.query(&ask).is_empty() {
        assert!(began.elapsed() < Duration::from_secs(20), "`{statement}` never ran");
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_file_that_changes_while_the_run_is_under_way_runs_as_it_was_read() {
    let project = Project::new();
    let live = Live::new(Engine::Postgres, &project.path);
    project.write(&[
        ("1_a.sql".to_owned(), SLEEP.into()),
        ("2_b.sql".to_owned(), "CREATE TABLE b (id integer);\n".into()),
        ("3_c.sql".to_owned(), "CREATE TABLE c (id integer);\n".into()),
    ]);
    let child = start(project.command(&live.url, false).arg("up"));
    until_running(&live, "pg_sleep");
    fs::write(
        project.migrations().join("2_b.sql"),
        "CREATE TABLE other (id integer);\n",
    )
    .unwrap();
    fs::remove_file(project.migrations().join("3_c.sql")).unwrap();
    // Meanwhile another run is told who is there, and gives up when it was told to.
    let said = finish(project.command(&live.url, false).args(["up", "--lock-wait", "100ms"]));
    assert_eq!(said.code, Some(4), "{}{}", said.stdout, said.stderr);
    assert!(
        said.stderr.contains("process ") && said.stderr.contains("--lock-wait"),
        "{}",
        said.stderr
    );
    let said = wait(child);
    assert_eq!(said.code, Some(0), "{}{}", said.stdout, said.stderr);
    assert_eq!(live.tables(), ["a", "b", "c"]);
    let said = finish(project.command(&live.url, false).args(["show", "2"]));
    assert!(said.stdout.contains("CREATE TABLE b"), "{}", said.stdout);
}

#[test]
fn a_statement_that_never_ends_is_stopped_and_leaves_nothing() {
    const FOREVER: &str = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c;";
    for (engine, statement) in [(Engine::Sqlite, FOREVER), (Engine::Postgres, "SELECT pg_sleep(600);")] {
        for (signal, code, format) in [("-INT", 130, "human"), ("-TERM", 143, "json")] {
            let project = Project::new();
            let live = Live::new(engine, &project.path);
            project.write(&[("1_a.sql".to_owned(), format!("{GOOD}{statement}").into())]);
            let child = start(project.command(&live.url, false).args(["up", "--format", format]));
            match engine {
                Engine::Sqlite => sleep(Duration::from_millis(300)),
                _ => until_running(&live, "pg_sleep"),
            }
            let killed = Command::new("kill").args([signal, &child.id().to_string()]).status();
            assert!(killed.unwrap().success());
            let began = Instant::now();
            let said = wait(child);
            assert_eq!(said.code, Some(code), "{}{}", said.stdout, said.stderr);
            assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
            let all = format!("{}{}", said.stdout, said.stderr);
            assert!(all.contains("interrupted") && all.contains("syncline status"), "{all}");
            assert!(live.tables().is_empty(), "{:?}", live.tables());
            if engine == Engine::Postgres {
                // The server looks every two seconds whether somebody still waits for the answer.
                let others = "SELECT pid::text FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
                while !live.query(others).is_empty() {
                    assert!(
                        began.elapsed() < Duration::from_secs(6),
                        "the statement goes on at the server"
                    );
                    sleep(Duration::from_millis(50));
                }
            }
        }
    }
}

#[test]
fn a_table_that_somebody_else_holds() {
    let project = Project::new();
    let live = Live::new(Engine::Postgres, &project.path);
    live.execute("CREATE SCHEMA other; CREATE TABLE other.a (id integer)");
    live.execute("BEGIN; LOCK TABLE other.a");
    project.write(&[(
        "1_b.sql".to_owned(),
        "-- syncline: lock-timeout=50ms\n-- syncline: retries=1\nALTER TABLE other.a ADD COLUMN x integer;".into(),
    )]);
    let said = finish(project.command(&live.url, false).arg("up"));
    assert_eq!(said.code, Some(1), "{}{}", said.stdout, said.stderr);
    assert!(
        said.stderr.contains("lock timeout") && said.stderr.contains("1_b.sql:3:1"),
        "{}",
        said.stderr
    );
    live.execute("ROLLBACK");

    run([case("a file that somebody else writes to")
        .sqlite()
        .live()
        .file("1_a.sql", GOOD)
        .prepare(|project| {
            let live = Live::new(Engine::Sqlite, project);
            live.execute("SELECT 1");
        })
        .done()]);
}
