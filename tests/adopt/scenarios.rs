//! What every tool's history may be found as: under another name, in another schema, rolled back to nothing, beside a wrong directory.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::place::Engine;
use crate::project::{Files, Project};
use crate::steps::STEPS;
use crate::tools::{changelog, checked, own, plain, programs};
use crate::walk::{Tool, count};

fn every() -> Vec<Tool> {
    let tools = vec![
        checked::FLYWAY,
        checked::PRISMA,
        checked::DRIZZLE,
        checked::ATLAS,
        checked::SQITCH,
        checked::SUPABASE,
        checked::GRAPHILE_MIGRATE,
        changelog::LIQUIBASE,
        own::SQLX,
        own::REFINERY,
        plain::GOLANG_MIGRATE,
        plain::GOOSE,
        plain::DBMATE,
        plain::DIESEL,
        plain::NODE_PG_MIGRATE,
        plain::TERN,
        plain::SQL_MIGRATE,
        plain::POP,
        plain::WRANGLER_D1,
        programs::ALEMBIC,
        programs::DJANGO,
        programs::RAILS,
        programs::ECTO,
        programs::KNEX,
        programs::YOYO,
        programs::TYPEORM,
        programs::LARAVEL,
        programs::SEAORM,
        programs::SEQUELIZE,
        programs::MIKRO_ORM,
        programs::DOCTRINE,
    ];
    let here: BTreeSet<&str> = tools.iter().map(|tool| tool.name).collect();
    assert_eq!(
        here,
        syncline::compat::adopt::names().collect(),
        "every tool has its scenarios"
    );
    tools
}

fn project(tool: &Tool, engine: Engine, scenario: &str) -> Project {
    let name = format!("{scenario}-{}-{}", tool.name, engine.dialect());
    Project::new(engine, &name, tool.configuration, &(tool.files)(&STEPS))
}

/// The first engine of a tool that is the quickest to be had.
fn quick(tool: &Tool) -> Engine {
    let mut fast = [Engine::Sqlite, Engine::Postgres, Engine::MariaDb].into_iter();
    fast.find(|engine| tool.engines.contains(engine)).unwrap()
}

/// The words of a proposed command, without the program.
fn words(command: &str) -> Vec<String> {
    let command = command.split("   #").next().unwrap();
    let rest = command.strip_prefix("syncline ").unwrap_or_else(|| panic!("{command}"));
    let (mut words, mut is_quoted) = (vec![String::new()], false);
    for c in rest.chars() {
        match c {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words
}

fn say(project: &Project, words: &[String]) -> Value {
    project.say(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The commands that an answer proposes.
fn next(said: &Value) -> Vec<String> {
    let findings = said["findings"].as_array().into_iter().flatten();
    let help = findings.filter_map(|finding| finding["help"].as_array());
    let all = said["error"]["next"].as_array().into_iter().chain(help).flatten();
    all.filter_map(|command| command.as_str().map(str::to_owned))
        .filter(|command| command.starts_with("syncline "))
        .collect()
}

#[test]
fn a_table_of_another_name_and_schema_is_taken_over_and_kept_up() {
    for tool in every() {
        for engine in [Engine::Sqlite, Engine::Postgres] {
            if !tool.engines.contains(&engine) {
                continue;
            }
            println!("=== {} on {engine:?}", tool.name);
            let project = project(&tool, engine, "renamed");
            (tool.apply)(&project, &STEPS[..2], 0);
            let place = tool
                .table
                .rsplit_once('.')
                .map_or(String::new(), |(place, _)| format!("{place}."));
            project
                .place
                .run(&format!("ALTER TABLE {} RENAME TO \"My.History\"", tool.table));
            let name = match engine {
                Engine::Postgres => {
                    project.place.run(&format!(
                        "CREATE SCHEMA \"Other\"; ALTER TABLE {place}\"My.History\" SET SCHEMA \"Other\""
                    ));
                    "Other.\"My.History\""
                }
                _ => "\"My.History\"",
            };
            let mut told = vec!["--table", name];
            if tool.name == "rails" {
                // Its other table has stayed where it was, and a table of versions alone is dbmate's as well.
                told.extend(["--from", "rails"]);
            }
            let with = |words: &[&'static str]| [words, &told].concat();
            let said = project.does(&with(&["adopt", "--dry-run"]));
            assert_eq!(said["tool"], tool.name, "{said:#}");
            let adopted = project.does(&with(&["adopt"]));
            assert_eq!(count(&adopted["migrations"]), tool.taken, "{adopted:#}");
            assert_eq!(count(&project.does(&["up"])["applied"]), 1);
            if tool.mirrors {
                for mirrored in [1, 0] {
                    let said = project.does(&with(&["adopt", "--mirror"]));
                    assert_eq!(said["mirrored"], mirrored, "{said:#}");
                }
            }
        }
    }
}

/// Rows that call nothing done, beside what the tool writes at first.
const UNDONE: &[(&str, &str)] = &[
    (
        "flyway",
        "INSERT INTO flyway_schema_history VALUES (1, '2.01', 'people', 'SQL', 'V2.01__people.sql', 1, 'fly', '2026-01-01 00:00:00', 1, true), \
         (2, '2.01', 'people', 'UNDO_SQL', 'U2.01__people.sql', 1, 'fly', '2026-01-01 00:00:00', 1, true)",
    ),
    (
        "prisma",
        "INSERT INTO _prisma_migrations VALUES ('a', 'b', NULL, '20260101090000_people', 'no', 1767225600000, 1767225600000, 0)",
    ),
    (
        "goose",
        "INSERT INTO goose_db_version (version_id, is_applied) VALUES (1, true), (1, false)",
    ),
    ("golang-migrate", "INSERT INTO schema_migrations VALUES (-1, false)"),
    (
        "liquibase",
        "INSERT INTO databasechangelog VALUES ('people', 'ann', 'db/changelog.sql', '2026-01-01 00:00:00', 1, 'SKIPPED', NULL, 'sql', '', NULL, '4.29.2', NULL, NULL, '1')",
    ),
];

#[test]
fn who_follows_the_advice_on_a_history_of_nothing_gets_to_a_first_run() {
    for tool in every() {
        let undone = UNDONE
            .iter()
            .filter(|(name, _)| *name == tool.name)
            .map(|(_, sql)| *sql);
        for rows in std::iter::once("").chain(undone) {
            println!("=== {} {rows}", tool.name);
            let project = project(&tool, quick(&tool), "nothing");
            (tool.apply)(&project, &STEPS[..0], 0);
            if !rows.is_empty() {
                project.place.run(rows);
            }
            let mut tried: Vec<Vec<String>> = Vec::new();
            let mut command = vec!["up".to_owned()];
            let last = loop {
                let said = say(&project, &command);
                if command[0] == "up" && said["ok"] == true {
                    break said;
                }
                assert!(!tried.contains(&command), "in a circle: {tried:?}: {said:#}");
                tried.push(command.clone());
                command = match said["ok"] == true {
                    true => {
                        tried.retain(|command| command[0] != "up");
                        vec!["up".to_owned()]
                    }
                    false => words(next(&said).first().unwrap_or_else(|| panic!("no way on: {said:#}"))),
                };
            };
            let files = if tool.is_code() { 1 } else { 3 };
            assert_eq!(count(&last["applied"]), files, "{last:#}");
            // A table in a schema of its own leaves that of the migrations empty, and calls nothing done.
            let is_seen = !tool.table.contains('.');
            assert_eq!(is_seen, tried.iter().any(|command| command[0] == "adopt"), "{tried:?}");
            // A pipeline goes on saying both.
            project.does(&["adopt"]);
            project.does(&["up"]);
        }
    }
}

/// `up` speaks of a history only where `adopt` finds one.
#[test]
fn a_table_of_a_tool_that_is_not_known_is_no_history() {
    for engine in [Engine::Sqlite, Engine::Postgres, Engine::MariaDb] {
        let files: Files = vec![("1_a.sql".to_owned(), "CREATE TABLE a (b integer);\n".to_owned())];
        let project = Project::new(engine, &format!("unknown-{}", engine.dialect()), "", &files);
        for sql in [
            "CREATE TABLE phinxlog (version bigint PRIMARY KEY, migration_name varchar(100), start_time timestamp NULL, end_time timestamp NULL, breakpoint boolean)",
            "CREATE TABLE releases (id integer, timestamp_ bigint, name varchar(9))",
        ] {
            project.place.run(sql);
            let (code, said) = project.refuses(&["up"]);
            assert_eq!(code, "not-empty", "{said}");
            assert!(!said.contains("syncline adopt"), "{said}");
        }
        let (_, said) = project.refuses(&["adopt"]);
        assert!(
            said.contains("there is no history of another tool in the database"),
            "{said}"
        );
        project
            .place
            .run("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)");
        let (_, said) = project.refuses(&["up"]);
        assert!(
            said.contains("another tool keeps a history in it: alembic (`alembic_version`)"),
            "{said}"
        );
    }
}

#[test]
fn a_directory_that_is_not_that_of_a_history_is_refused_with_the_one_that_is() {
    for tool in every() {
        println!("=== {}", tool.name);
        let project = project(&tool, quick(&tool), "elsewhere");
        (tool.apply)(&project, &STEPS[..2], 0);
        std::fs::create_dir_all(project.directory().join("none")).unwrap();
        if tool.is_code() {
            // There are no files that could be elsewhere.
            project.does(&["adopt", "--dir", "none"]);
            continue;
        }
        let tables = project.tables();
        for words_ in [
            &["adopt", "--dir", "none", "--dry-run"][..],
            &["adopt", "--dir", "none"],
        ] {
            let (code, said) = project.refuses(words_);
            assert_eq!(code, "missing", "{said}");
        }
        assert_eq!(project.tables(), tables, "nothing is written");
        let said = project.say(&["adopt", "--dir", "none", "--dry-run"]);
        let proposed = next(&said);
        assert_eq!(proposed.len(), 2, "{said:#}");
        let right = say(&project, &words(&proposed[0]));
        assert_eq!(
            (&right["ok"], count(&right["migrations"])),
            (&true.into(), tool.taken),
            "{right:#}"
        );
        let by_name = say(&project, &words(&proposed[1]));
        assert_eq!(by_name["ok"], true, "{by_name:#}");
        project.does(&["adopt", "--dir", "none", "--allow-missing"]);
        // What is done stays done, whatever is said of files.
        project.does(&["adopt", "--dir", "none"]);
    }
}

#[test]
fn a_few_files_of_many_are_not_those_of_a_history() {
    let row = |n: u32| format!("('2026010{n}090000')");
    let versions: Vec<String> = (1..=5).map(row).collect();
    let sql = format!(
        "CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY); INSERT INTO schema_migrations VALUES {}",
        versions.join(", ")
    );
    let text = "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n".to_owned();
    let files = |numbers: &[u32]| -> Files {
        let named = |n: &u32| (format!("2026010{n}090000_a.sql"), text.clone());
        numbers.iter().map(named).collect()
    };
    for (numbers, is_refused) in [
        (&[1, 2][..], true),
        (&[1, 2, 3], false),
        (&[3, 4, 5, 6], false),
        (&[7, 8], true),
    ] {
        let project = Project::new(Engine::Sqlite, "few-sqlite", "", &files(numbers));
        project.place.run(&sql);
        let said = project.say(&["adopt"]);
        assert_eq!(said["error"]["code"] == "missing", is_refused, "{numbers:?}: {said:#}");
    }
    // One row speaks for all that came before it, and so its own file has to be there.
    for (reached, is_refused) in [(2, false), (3, true)] {
        let files = [("1_a.up.sql", "SELECT 1;\n"), ("2_b.up.sql", "SELECT 1;\n")];
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned())).to_vec();
        let project = Project::new(Engine::Sqlite, "few-sqlite", "layout = 'golang-migrate'", &files);
        project.place.run(&format!(
            "CREATE TABLE schema_migrations (version uint64, dirty bool); INSERT INTO schema_migrations VALUES ({reached}, false)"
        ));
        let said = project.say(&["adopt"]);
        assert_eq!(said["error"]["code"] == "missing", is_refused, "{said:#}");
    }
    // It may be meant for good.
    let project = Project::new(
        Engine::Sqlite,
        "few-sqlite",
        "policy = { missing = 'allow' }",
        &files(&[7]),
    );
    project.place.run(&sql);
    project.does(&["adopt"]);
}
