//! sqlx and refinery, whose own code makes the histories, and looks at them again when syncline has kept them up.

use std::path::Path;

use refinery::{Migration, Runner};
use sqlx::migrate::Migrator;
use sqlx::{Connection, MySqlConnection, PgConnection, SqliteConnection};
use syncline::compat::refinery::Sqlx;

use super::{ALL, file};
use crate::place::Engine;
use crate::project::{Files, Project};
use crate::steps::Step;
use crate::walk::{At, Tool, Verdict, prove};

/// Runs a future to its end.
pub fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(future)
}

/// Runs something with a connection to the database of a project.
macro_rules! connected {
    ($project:expr, $connection:ident => $body:expr) => {{
        let url = &$project.place.url;
        match $project.place.engine {
            Engine::Sqlite => {
                let mut $connection = SqliteConnection::connect(&format!("{url}?mode=rwc")).await.unwrap();
                $body
            }
            Engine::Postgres => {
                let mut $connection = PgConnection::connect(url).await.unwrap();
                $body
            }
            Engine::MariaDb => {
                let mut $connection = MySqlConnection::connect(url).await.unwrap();
                $body
            }
        }
    }};
}

fn sqlx_files(steps: &[Step]) -> Files {
    let files = |step: &Step| {
        let stem = format!("{}_{}", step.moment(), step.name);
        [
            file(format!("{stem}.up.sql"), step.up),
            file(format!("{stem}.down.sql"), step.down),
        ]
    };
    steps.iter().flat_map(files).collect()
}

/// Runs sqlx's migrator on the files of a directory.
pub fn run_sqlx(project: &Project, directory: &Path) {
    wait(async {
        let migrator = Migrator::new(directory).await.unwrap();
        connected!(project, connection => migrator.run(&mut connection).await.unwrap());
    });
}

const SQLX: Tool = Tool {
    name: "sqlx",
    engines: ALL,
    configuration: "layout = 'sqlx'",
    table: "_sqlx_migrations",
    told: "version, description, success, hex(checksum)",
    files: sqlx_files,
    apply: |project, steps, _| {
        let directory = tempfile::tempdir().unwrap();
        for (path, text) in sqlx_files(steps) {
            std::fs::write(directory.path().join(path), text).unwrap();
        }
        run_sqlx(project, directory.path());
    },
    verdict: Verdict::Verified,
    at: At::There,
    by: None,
    broken: &[[
        "UPDATE _sqlx_migrations SET success = false WHERE version = 20260102090000",
        "UPDATE _sqlx_migrations SET success = true WHERE version = 20260102090000",
        "20260102090000 (add pets) was begun and not finished",
    ]],
    mirrors: true,
    reverts: true,
    taken: 2,
};

/// Runs refinery's runner on migrations of these names and texts.
pub fn run_refinery(project: &Project, migrations: &Files) {
    let migration = |(name, text): &(String, String)| Migration::unapplied(name, text).unwrap();
    let runner = Runner::new(&migrations.iter().map(migration).collect::<Vec<_>>());
    wait(async {
        connected!(project, connection => runner.run_async(&mut Sqlx::new(&mut connection)).await.map(drop).unwrap());
    });
}

const REFINERY: Tool = Tool {
    name: "refinery",
    engines: ALL,
    configuration: "",
    table: "refinery_schema_history",
    told: "version, name, checksum",
    files: |steps| {
        let files = |step: &Step| {
            let stem = format!("V{}__{}", step.number, step.name);
            [
                file(format!("{stem}.sql"), step.up),
                file(format!("{stem}.down.sql"), step.down),
            ]
        };
        steps.iter().flat_map(files).collect()
    },
    apply: |project, steps, _| {
        let migration = |step: &Step| (format!("V{}__{}", step.number, step.name), step.up.to_owned());
        run_refinery(project, &steps.iter().map(migration).collect());
    },
    verdict: Verdict::Verified,
    at: At::There,
    by: None,
    broken: &[],
    mirrors: true,
    reverts: true,
    taken: 2,
};

#[test]
fn sqlx_is_taken_over() {
    prove(&SQLX);
}

#[test]
fn refinery_is_taken_over() {
    prove(&REFINERY);
}
