//! Tools that keep checksums. These are made here in another way than the product makes them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::{ALL, apply, file, word};
use crate::place::Engine;
use crate::steps::{STEPS, Step};
use crate::sums::{flyway, hex, sqitch_ids};
use crate::walk::{At, Tool, Verdict, prove};

/// <https://github.com/flyway/flyway/tree/main/flyway-core/src/main/java/org/flywaydb/core/internal/database>
pub const FLYWAY: Tool = Tool {
    name: "flyway",
    engines: ALL,
    configuration: "",
    table: "flyway_schema_history",
    told: "installed_rank, version, description, type, script, checksum, success",
    files: |steps| {
        let files = |step: &Step| {
            [
                file(format!("V2.0{}__{}.sql", step.number, step.name), step.up),
                file(format!("U2.0{}__{}.sql", step.number, step.name), step.down),
            ]
        };
        steps.iter().flat_map(files).collect()
    },
    apply: |project, steps, from| {
        let engine = project.place.engine;
        let create = format!(
            "CREATE TABLE flyway_schema_history (installed_rank INT NOT NULL PRIMARY KEY, version VARCHAR(50), description VARCHAR(200) NOT NULL, \
             type VARCHAR(20) NOT NULL, script VARCHAR(1000) NOT NULL, checksum INTEGER, installed_by VARCHAR(100) NOT NULL, installed_on {}, \
             execution_time INTEGER NOT NULL, success BOOLEAN NOT NULL)",
            word(
                engine,
                [
                    "TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now'))",
                    "TIMESTAMP NOT NULL DEFAULT now()",
                    "TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP"
                ]
            )
        );
        apply(project, steps, from, &create, &|step| {
            format!(
                "INSERT INTO flyway_schema_history VALUES ({}, '2.0{0}', '{}', 'SQL', 'V2.0{0}__{}.sql', {}, 'fly', '{}', 12, true)",
                step.number,
                step.name.replace('_', " "),
                step.name,
                flyway(step.up),
                step.at()
            )
        });
    },
    verdict: Verdict::Verified,
    at: At::Known,
    by: Some("fly"),
    broken: &[[
        "UPDATE flyway_schema_history SET success = false WHERE installed_rank = 2",
        "UPDATE flyway_schema_history SET success = true WHERE installed_rank = 2",
        "flyway repair",
    ]],
    mirrors: true,
    reverts: true,
    taken: 2,
};

/// <https://github.com/prisma/prisma-engines/tree/main/schema-engine/connectors>
pub const PRISMA: Tool = Tool {
    name: "prisma",
    engines: ALL,
    configuration: "",
    table: "_prisma_migrations",
    told: "migration_name, checksum, logs, rolled_back_at, applied_steps_count",
    files: |steps| {
        let files = |step: &Step| {
            [
                file(format!("{}_{}/migration.sql", step.moment(), step.name), step.up),
                file(format!("{}_{}/down.sql", step.moment(), step.name), step.down),
            ]
        };
        steps.iter().flat_map(files).collect()
    },
    apply: |project, steps, from| {
        let time = word(project.place.engine, ["DATETIME", "TIMESTAMPTZ", "DATETIME(3)"]);
        let now = word(
            project.place.engine,
            ["CURRENT_TIMESTAMP", "now()", "CURRENT_TIMESTAMP(3)"],
        );
        let create = format!(
            "CREATE TABLE _prisma_migrations (id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at {time} NULL, \
             migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at {time} NULL, started_at {time} NOT NULL DEFAULT {now}, \
             applied_steps_count INTEGER NOT NULL DEFAULT 0)"
        );
        // SQLite holds milliseconds since 1970.
        let at = |step: &Step| match project.place.engine {
            Engine::Sqlite => milliseconds(step).to_string(),
            _ => format!("'{}'", step.at()),
        };
        apply(project, steps, from, &create, &|step| {
            format!(
                "INSERT INTO _prisma_migrations VALUES ('{}', '{}', {}, '{}_{}', NULL, NULL, {2}, 1)",
                uuid::Uuid::new_v4(),
                hex(&Sha256::digest(step.up)),
                at(step),
                step.moment(),
                step.name,
            )
        });
    },
    verdict: Verdict::Verified,
    at: At::Known,
    by: None,
    broken: &[[
        "UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '20260102090000_add_pets'",
        "UPDATE _prisma_migrations SET finished_at = started_at WHERE migration_name = '20260102090000_add_pets'",
        "prisma migrate resolve --applied 20260102090000_add_pets",
    ]],
    mirrors: true,
    reverts: true,
    taken: 2,
};

/// Of [`Step::at`].
pub fn milliseconds(step: &Step) -> i64 {
    // 2026-01-31 10:30:15
    let first = 1_769_855_415_000;
    first + i64::try_from(step.number).unwrap() * 86_400_000
}

/// <https://github.com/drizzle-team/drizzle-orm/blob/main/drizzle-orm/src/migrator.ts>
pub const DRIZZLE: Tool = Tool {
    name: "drizzle",
    engines: ALL,
    configuration: "",
    table: "__drizzle_migrations",
    told: "created_at, hash",
    files: |steps| {
        let stem = |step: &Step| format!("{:04}_{}", step.number - 1, step.name);
        let entry = |step: &Step| {
            let (number, when, tag) = (step.number - 1, milliseconds(step), stem(step));
            format!(r#"{{"idx": {number}, "version": "7", "when": {when}, "tag": "{tag}", "breakpoints": true}}"#)
        };
        let entries: Vec<String> = steps.iter().map(entry).collect();
        let journal = format!(r#"{{"version": "7", "entries": [{}]}}"#, entries.join(", "));
        steps
            .iter()
            .map(|step| file(format!("{}.sql", stem(step)), step.up))
            .chain([file("meta/_journal.json".to_owned(), journal)])
            .collect()
    },
    apply: |project, steps, from| {
        let create = word(
            project.place.engine,
            [
                "CREATE TABLE __drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)",
                "CREATE SCHEMA drizzle; \
                 DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, drizzle', current_database()); END $$; \
                 CREATE TABLE drizzle.__drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)",
                "CREATE TABLE __drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)",
            ],
        );
        let table = word(
            project.place.engine,
            [
                "__drizzle_migrations",
                "drizzle.__drizzle_migrations",
                "__drizzle_migrations",
            ],
        );
        apply(project, steps, from, create, &|step| {
            let (sum, when) = (hex(&Sha256::digest(step.up)), milliseconds(step));
            format!("INSERT INTO {table} (hash, created_at) VALUES ('{sum}', {when})")
        });
    },
    verdict: Verdict::Verified,
    at: At::Known,
    by: None,
    broken: &[],
    mirrors: true,
    reverts: false,
    taken: 2,
};

/// <https://github.com/ariga/atlas/blob/master/cmd/atlas/internal/migrate/ent/schema/revision.go>
pub const ATLAS: Tool = Tool {
    name: "atlas",
    engines: ALL,
    configuration: "layout = 'native'",
    table: "atlas_schema_revisions",
    told: "version, description, type, applied, total, hash",
    files: |steps| {
        let files = |step: &Step| file(format!("{}_{}.sql", step.moment(), step.name), step.up);
        steps.iter().map(files).collect()
    },
    apply: |project, steps, from| {
        let time = word(project.place.engine, ["datetime", "timestamptz", "timestamp"]);
        let create = format!(
            "CREATE TABLE atlas_schema_revisions (version varchar(255) NOT NULL PRIMARY KEY, description varchar(255) NOT NULL, \
             type bigint NOT NULL DEFAULT 2, applied bigint NOT NULL DEFAULT 0, total bigint NOT NULL DEFAULT 0, \
             executed_at {time} NOT NULL, execution_time bigint NOT NULL, error text NULL, error_stmt text NULL, \
             hash varchar(255) NOT NULL, partial_hashes text NULL, operator_version varchar(255) NOT NULL); \
             INSERT INTO atlas_schema_revisions VALUES ('.atlas_cloud_identifier', 'id', 2, 0, 0, '2026-01-01 00:00:00', 0, NULL, NULL, '', NULL, 'Atlas')"
        );
        apply(project, steps, from, &create, &|step| {
            let mut sum = Sha256::new();
            for before in &STEPS[..step.number] {
                sum.update(format!("{}_{}.sql{}", before.moment(), before.name, before.up));
            }
            format!(
                "INSERT INTO atlas_schema_revisions VALUES ('{}', '{}', 2, 2, 2, '{}', 12345678, NULL, NULL, '{}', 'null', 'Atlas CLI v0.30.0')",
                step.moment(),
                step.name,
                step.at(),
                STANDARD.encode(sum.finalize())
            )
        });
    },
    verdict: Verdict::Verified,
    at: At::Known,
    by: None,
    broken: &[
        [
            "UPDATE atlas_schema_revisions SET total = 3 WHERE version = '20260102090000'",
            "UPDATE atlas_schema_revisions SET total = 2 WHERE version = '20260102090000'",
            "20260102090000 stopped after 2 of 3 statements",
        ],
        [
            "UPDATE atlas_schema_revisions SET error = 'no such table' WHERE version = '20260102090000'",
            "UPDATE atlas_schema_revisions SET error = '' WHERE version = '20260102090000'",
            "`applied = total, error = NULL` in its row",
        ],
        [
            "UPDATE atlas_schema_revisions SET error = 'x' WHERE version = '20260102090000'",
            "UPDATE atlas_schema_revisions SET error = NULL WHERE version = '20260102090000'",
            "atlas migrate apply",
        ],
    ],
    mirrors: true,
    reverts: false,
    taken: 2,
};

fn plan(steps: &[Step]) -> String {
    let line = |step: &Step| {
        let (name, number) = (step.name, step.number);
        format!("{name} 2026-01-0{number}T09:00:00Z Ann <ann@example.com> # {name}\n")
    };
    let lines: String = steps.iter().map(line).collect();
    format!("%syntax-version=1.0.0\n%project=shop\n\n{lines}")
}

/// <https://github.com/sqitchers/sqitch/tree/develop/lib/App/Sqitch/Engine>
pub const SQITCH: Tool = Tool {
    name: "sqitch",
    engines: ALL,
    configuration: "",
    table: "changes",
    told: "change_id, script_hash, project, note, planned_at, planner_name, planner_email",
    files: |steps| {
        steps
            .iter()
            .flat_map(|step| {
                [
                    file(format!("deploy/{}.sql", step.name), step.up),
                    file(format!("revert/{}.sql", step.name), step.down),
                ]
            })
            .chain([file("sqitch.plan".to_owned(), plan(steps))])
            .collect()
    },
    apply: |project, steps, from| {
        let engine = project.place.engine;
        let quoted = word(engine, ["\"change\"", "\"change\"", "`change`"]);
        let time = word(engine, ["DATETIME", "TIMESTAMPTZ", "DATETIME(6)"]);
        let create = format!(
            "CREATE TABLE changes (change_id VARCHAR(40) PRIMARY KEY, script_hash VARCHAR(40) NULL UNIQUE, {quoted} VARCHAR(255) NOT NULL, \
             project VARCHAR(255) NOT NULL, note TEXT NOT NULL, committed_at {time} NOT NULL, committer_name VARCHAR(255) NOT NULL, \
             committer_email VARCHAR(255) NOT NULL, planned_at {time} NOT NULL, planner_name VARCHAR(255) NOT NULL, planner_email VARCHAR(255) NOT NULL)"
        );
        apply(project, steps, from, &create, &|step| {
            format!(
                "INSERT INTO changes VALUES ('{}', '{}', '{}', 'shop', '{}', '{}', 'Ann', 'ann@example.com', '2026-01-0{} 09:00:00', 'Ann', 'ann@example.com')",
                sqitch_ids(&plan(&STEPS))[step.number - 1],
                hex(&Sha1::digest(step.up)),
                step.name,
                step.name,
                step.at(),
                step.number,
            )
        });
    },
    verdict: Verdict::Verified,
    at: At::Known,
    by: Some("Ann"),
    broken: &[],
    mirrors: true,
    reverts: true,
    taken: 2,
};

/// <https://github.com/supabase/cli/blob/develop/apps/cli-go/pkg/migration/history.go>
pub const SUPABASE: Tool = Tool {
    name: "supabase",
    engines: &[Engine::Postgres],
    configuration: "layout = 'supabase'",
    table: "supabase_migrations.schema_migrations",
    told: "version, name, statements",
    files: |steps| {
        let files = |step: &Step| file(format!("{}_{}.sql", step.moment(), step.name), step.up);
        steps.iter().map(files).collect()
    },
    apply: |project, steps, from| {
        let create = "CREATE SCHEMA IF NOT EXISTS supabase_migrations; \
             CREATE TABLE IF NOT EXISTS supabase_migrations.schema_migrations (version text NOT NULL PRIMARY KEY); \
             ALTER TABLE supabase_migrations.schema_migrations ADD COLUMN IF NOT EXISTS statements text[]; \
             ALTER TABLE supabase_migrations.schema_migrations ADD COLUMN IF NOT EXISTS name text";
        apply(project, steps, from, create, &|step| {
            // No text of these steps has a `;` at the end of a line within a string.
            let statements: Vec<String> = (step.up.split(";\n").map(str::trim).filter(|text| !text.is_empty()))
                .map(|text| format!("'{}'", text.replace('\'', "''")))
                .collect();
            format!(
                "INSERT INTO supabase_migrations.schema_migrations (version, name, statements) VALUES ('{}', '{}', ARRAY[{}])",
                step.moment(),
                step.name,
                statements.join(",")
            )
        });
    },
    verdict: Verdict::Verified,
    at: At::Never,
    by: None,
    broken: &[],
    mirrors: true,
    reverts: false,
    taken: 2,
};

/// <https://github.com/graphile/migrate/blob/main/src/migration.ts>
pub const GRAPHILE_MIGRATE: Tool = Tool {
    name: "graphile-migrate",
    engines: &[Engine::Postgres],
    configuration: "",
    table: "graphile_migrate.migrations",
    told: "filename, hash, previous_hash",
    files: |steps| {
        let files = |step: &Step| {
            let (previous, hash) = committed(step.number);
            let text = format!(
                "--! Previous: {}\n--! Hash: {hash}\n--! Message: {}\n\n{}",
                previous.as_deref().unwrap_or("-"),
                step.name,
                step.up
            );
            file(format!("committed/00000{}-{}.sql", step.number, step.name), text)
        };
        steps.iter().map(files).collect()
    },
    apply: |project, steps, from| {
        let create = "CREATE SCHEMA IF NOT EXISTS graphile_migrate; \
             CREATE TABLE IF NOT EXISTS graphile_migrate.migrations (hash text primary key, previous_hash text references graphile_migrate.migrations, \
             filename text not null, date timestamptz not null default now()); \
             CREATE TABLE IF NOT EXISTS graphile_migrate.current (filename text primary key default 'current.sql', content text not null, date timestamptz not null default now())";
        apply(project, steps, from, create, &|step| {
            let (previous, hash) = committed(step.number);
            let previous = previous.map_or("NULL".to_owned(), |hash| format!("'{hash}'"));
            format!(
                "INSERT INTO graphile_migrate.migrations VALUES ('{hash}', {previous}, '00000{}.sql', '{}Z')",
                step.number,
                step.at()
            )
        });
    },
    verdict: Verdict::Verified,
    at: At::Known,
    by: None,
    broken: &[],
    mirrors: true,
    reverts: false,
    taken: 2,
};

/// The hash of the step before and of this one, as graphile-migrate makes them.
fn committed(number: usize) -> (Option<String>, String) {
    let mut before: Option<String> = None;
    let mut hashes = (None, String::new());
    for step in &STEPS[..number] {
        let text = format!(
            "{}{}\n",
            before.as_ref().map_or(String::new(), |hash| format!("{hash}\n")),
            step.up.trim()
        );
        let hash = format!("sha1:{}", hex(&Sha1::digest(text)));
        hashes = (before.replace(hash.clone()), hash);
    }
    hashes
}

#[test]
fn supabase_is_taken_over() {
    prove(&SUPABASE);
}

#[test]
fn graphile_migrate_is_taken_over() {
    prove(&GRAPHILE_MIGRATE);
}

#[test]
fn flyway_is_taken_over() {
    prove(&FLYWAY);
}

#[test]
fn prisma_is_taken_over() {
    prove(&PRISMA);
}

#[test]
fn drizzle_is_taken_over() {
    prove(&DRIZZLE);
}

#[test]
fn atlas_is_taken_over() {
    prove(&ATLAS);
}

#[test]
fn sqitch_is_taken_over() {
    prove(&SQITCH);
}
