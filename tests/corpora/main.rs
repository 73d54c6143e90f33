//! Real projects' migrations: read in place, applied, compared with what the project's own client leaves, taken back and applied again.
//!
//! The projects are not part of this repository. `SYNCLINE_TEST_CORPORA` names the directory that holds them; without it nothing is tested,
//! and `tests/run` says so.

#[path = "../shared/runners.rs"]
mod runners;
#[path = "../shared/settings.rs"]
mod settings;
#[path = "../shared/sums.rs"]
mod sums;

mod adopt;
mod dump;
mod halves;
mod place;
mod projects;
mod walk;

use std::path::PathBuf;
use std::sync::Mutex;
use std::thread;

use place::Engine;
use projects::RUNS;

/// The directory of the projects; `None` where there is none.
fn corpora() -> Option<PathBuf> {
    settings::variable("SYNCLINE_TEST_CORPORA")
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
}

/// All projects of an engine, two at a time: they wait for their servers much.
fn all_of(engine: Engine) {
    let Some(corpora) = corpora() else { return };
    let runs = Mutex::new(RUNS.iter().filter(|run| run.engine == engine));
    let wrong = Mutex::new(Vec::new());
    let work = || {
        // The guard of the list is given back before the work begins.
        let next = || runs.lock().unwrap().next();
        while let Some(run) = next() {
            if let Err(error) = walk::walk(run, &corpora) {
                wrong.lock().unwrap().push(format!("=== {}\n{error}", run.name));
            }
        }
    };
    thread::scope(|scope| {
        scope.spawn(work);
        work();
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_project_for_postgres_is_read_applied_taken_back_and_applied_again() {
    all_of(Engine::Postgres);
}

#[test]
fn every_project_for_mariadb_is_read_applied_taken_back_and_applied_again() {
    all_of(Engine::MariaDb);
}

#[test]
fn every_project_for_sqlite_is_read_applied_taken_back_and_applied_again() {
    all_of(Engine::Sqlite);
}
