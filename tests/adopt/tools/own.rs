//! sqlx and refinery, whose own code makes the histories, and looks at them again when syncline has kept them up.

use super::{ALL, file};
use crate::project::Files;
use crate::runners;
use crate::steps::Step;
use crate::walk::{At, Tool, Verdict, prove};

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

pub const SQLX: Tool = Tool {
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
        runners::sqlx(&project.place, directory.path());
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

pub const REFINERY: Tool = Tool {
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
        runners::refinery(&project.place, &steps.iter().map(migration).collect::<Files>());
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
