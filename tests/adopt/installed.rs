//! Histories that the tools themselves have made: diesel's library, and where their registries can be reached, Python's, Node's and Debian's.
//!
//! What was installed stays in the build directory for the next time.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use diesel::{Connection, SqliteConnection};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};

use crate::counted::tell;
use crate::place::Engine::{self, MariaDb, Postgres, Sqlite};
use crate::project::{Files, Project};
use crate::steps::{STEPS, Step};
use crate::tools::{checked, plain, programs};
use crate::walk::{At, Tool, count, rows};

const PYTHON: &str = "python3 -m venv . && bin/pip -q install alembic==1.20.1 django==5.2.19 yoyo-migrations==9.0.0 setuptools==65.5.0 psycopg2-binary==2.9.13";
const NODE: &str = "npm i --silent --no-audit --no-fund --ignore-scripts knex@3.3.0 node-pg-migrate@9.0.0 drizzle-orm@0.45.4 pg@8.23.1 dbmate@2.36.0";

const GO: &str = "GOBIN=$PWD GOFLAGS=-mod=mod go install github.com/jackc/tern/v2@v2.3.4 && GOBIN=$PWD GOFLAGS=-mod=mod go install github.com/rubenv/sql-migrate/sql-migrate@v1.8.1";

/// Where a registry's tools are; `None`, and told, where they cannot be installed.
fn installed(name: &str, install: &str, what: &str) -> Option<PathBuf> {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("adopt-{name}"));
    let done = directory.join("done");
    if fs::read_to_string(&done).is_ok_and(|text| text == install) {
        return Some(directory);
    }
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    let mut command = Command::new("timeout");
    command.args(["240", "sh", "-c", install]).current_dir(&directory);
    let ended = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if ended.is_ok_and(|status| status.success()) {
        fs::write(done, install).unwrap();
        return Some(directory);
    }
    tell(&format!("adopt: NOT TRIED with {what}, which could not be installed"));
    None
}

fn python() -> Option<&'static Path> {
    static PLACE: OnceLock<Option<PathBuf>> = OnceLock::new();
    let place = PLACE.get_or_init(|| installed("python", PYTHON, "Alembic, Django and yoyo themselves"));
    place.as_deref()
}

fn node() -> Option<&'static Path> {
    static PLACE: OnceLock<Option<PathBuf>> = OnceLock::new();
    let place = PLACE.get_or_init(|| installed("node", NODE, "knex, node-pg-migrate, Drizzle and dbmate themselves"));
    place.as_deref()
}

fn go() -> Option<&'static Path> {
    static PLACE: OnceLock<Option<PathBuf>> = OnceLock::new();
    let place = PLACE.get_or_init(|| installed("go", GO, "tern and sql-migrate themselves"));
    place.as_deref()
}

/// Runs a script with the URL of the database and a directory.
fn run(program: &Path, tools: &Path, script: &str, project: &Project, directory: &Path) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/adopt/installed")
        .join(script);
    // Node looks for what it imports beside the script.
    let script = tools.join(script);
    fs::copy(source, &script).unwrap();
    let url = match project.place.engine {
        Sqlite => project.place.url.replacen("sqlite:", "sqlite:///", 1),
        _ => project.place.url.replacen("postgres:", "postgresql:", 1),
    };
    let mut command = Command::new(program);
    command.arg(script).args([Path::new(&url), directory]);
    ends_well(command.current_dir(directory));
}

fn ends_well(command: &mut Command) {
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&said)
    );
}

/// Two migrations are taken over, and the third is applied.
fn prove(tool: &Tool, engine: Engine, own: impl Fn(&Project, &Path)) -> Project {
    let files = (tool.files)(&STEPS);
    let name = format!("{}-own-{}", tool.name, engine.dialect());
    let project = Project::new(engine, &name, tool.configuration, &files);
    let two = tempfile::tempdir().unwrap();
    if !tool.is_code() {
        for (path, text) in (tool.files)(&STEPS[..2]) {
            let path = two.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
    own(&project, two.path());
    let before = rows(&project, tool);
    let said = project.does(&["adopt"]);
    assert_eq!(said["tool"], tool.name);
    let taken = said["migrations"].as_array().unwrap();
    assert_eq!(taken.len(), tool.taken, "{said:#}");
    for row in taken {
        assert_eq!(row["verdict"], tool.word(), "{said:#}");
        assert!(tool.at == At::Never || row["applied_at"].is_string(), "{said:#}");
    }
    assert_eq!(count(&project.does(&["up"])["applied"]), 1);
    assert_eq!(rows(&project, tool), before);
    project
}

/// The tool's table is kept up, and the tool runs on all files.
fn finds_nothing_to_do(project: &Project, tool: &Tool, own: impl Fn(&Project, &Path)) {
    assert_eq!(project.does(&["adopt", "--mirror"])["mirrored"], 1);
    let after = rows(project, tool);
    own(project, &project.directory().join("migrations"));
    assert_eq!(rows(project, tool), after);
}

/// A script of Python's for each engine.
fn with_python(tool: &Tool, script: &str) {
    let Some(tools) = python() else { return };
    for engine in [Sqlite, Postgres] {
        prove(tool, engine, |project, directory| {
            run(&tools.join("bin/python"), tools, script, project, directory);
        });
    }
}

#[test]
fn alembic_s_own_history_is_taken_over() {
    with_python(&programs::ALEMBIC, "run_alembic.py");
}

#[test]
fn django_s_own_history_is_taken_over() {
    with_python(&programs::DJANGO, "run_django.py");
}

#[test]
fn yoyo_s_own_history_is_taken_over() {
    with_python(&programs::YOYO, "run_yoyo.py");
}

/// Its scripts are read by their own layout, and it runs none of those again that the other has run.
#[test]
fn yoyo_s_scripts_are_not_run_again_by_whoever_comes_second() {
    let Some(tools) = python() else { return };
    let yoyo = |project: &Project, directory: &Path| {
        let program = tools.join("bin/python");
        run(&program, tools, "run_yoyo_sql.py", project, directory);
    };
    let files = |steps: &[Step]| -> Files {
        let one = |step: &Step| {
            let stem = format!("2026010{}_01_aBcDe-{}", step.number, step.name);
            let text = format!("-- {}\n-- depends:\n{}", step.name, step.up);
            [
                (format!("{stem}.sql"), text),
                (format!("{stem}.rollback.sql"), step.down.to_owned()),
            ]
        };
        steps.iter().flat_map(one).collect()
    };
    for engine in [Sqlite, Postgres] {
        let name = format!("yoyo-scripts-{}", engine.dialect());
        let project = Project::new(engine, &name, "", &files(&STEPS[..2]));
        let directory = project.directory().join("migrations");
        yoyo(&project, &directory);
        assert_eq!(count(&project.does(&["adopt"])["migrations"]), 2);
        assert_eq!(count(&project.does(&["up"])["applied"]), 0);
        let rows = project.place.ask("SELECT 'rows ' || count(*) FROM pets");
        assert!(rows.contains("rows 1"), "{rows}");
        for (path, text) in files(&STEPS) {
            project.write(&format!("migrations/{path}"), &text);
        }
        yoyo(&project, &directory);
        let (code, said) = project.refuses(&["up"]);
        assert_eq!(code, "foreign-applied", "{said}");
        project.does(&["adopt"]);
        assert_eq!(count(&project.does(&["up"])["applied"]), 0);
        project.does(&["down", "--yes"]);
        assert!(!project.has_table("toys") && project.has_table("pets"));
    }
}

#[test]
fn knex_s_own_history_is_taken_over() {
    let Some(tools) = node() else { return };
    prove(&programs::KNEX, Postgres, |project, directory| {
        run(Path::new("node"), tools, "knex.cjs", project, directory);
    });
}

#[test]
fn drizzle_s_own_history_is_taken_over_and_it_finds_nothing_to_do_in_what_was_kept_up_for_it() {
    let Some(tools) = node() else { return };
    let table = "drizzle.__drizzle_migrations";
    let drizzle = Tool {
        table,
        ..checked::DRIZZLE
    };
    let script = |project: &Project, directory: &Path| {
        run(Path::new("node"), tools, "drizzle.mjs", project, directory);
    };
    let project = prove(&drizzle, Postgres, script);
    finds_nothing_to_do(&project, &drizzle, script);
}

#[test]
fn node_pg_migrate_finds_nothing_to_do_in_what_was_kept_up_for_it() {
    let Some(tools) = node() else { return };
    let script = |project: &Project, directory: &Path| {
        run(Path::new("node"), tools, "node_pg_migrate.mjs", project, directory);
    };
    let tool = &plain::NODE_PG_MIGRATE;
    let project = prove(tool, Postgres, script);
    finds_nothing_to_do(&project, tool, script);
}

#[test]
fn dbmate_s_own_history_is_taken_over_and_it_finds_nothing_to_do_in_what_was_kept_up_for_it() {
    let Some(tools) = node() else { return };
    let program = tools.join("node_modules/.bin/dbmate");
    let dbmate = |project: &Project, directory: &Path| {
        let url = match project.place.engine {
            Postgres => format!("{}?sslmode=disable", project.place.url),
            Sqlite | MariaDb => project.place.url.clone(),
        };
        let mut command = Command::new(&program);
        command.args(["--url", &url, "--no-dump-schema", "--migrations-dir"]);
        ends_well(command.arg(directory).arg("up").current_dir(directory));
    };
    for engine in [Sqlite, Postgres, MariaDb] {
        let tool = &plain::DBMATE;
        let project = prove(tool, engine, dbmate);
        finds_nothing_to_do(&project, tool, dbmate);
    }
}

#[test]
fn diesel_s_own_history_is_taken_over_and_it_finds_nothing_to_do_in_what_was_kept_up_for_it() {
    let diesel = |project: &Project, directory: &Path| {
        let migrations = FileBasedMigrations::from_path(directory).unwrap();
        let file = project.place.url.trim_start_matches("sqlite:");
        let mut connection = SqliteConnection::establish(file).unwrap();
        connection.run_pending_migrations(migrations).unwrap();
    };
    let tool = &plain::DIESEL;
    let project = prove(tool, Sqlite, diesel);
    finds_nothing_to_do(&project, tool, diesel);
}

#[test]
fn sqitch_s_own_history_is_taken_over_and_it_finds_nothing_to_do_in_what_was_kept_up_for_it() {
    let is_there = Command::new("sqitch").arg("--version").output();
    if !is_there.is_ok_and(|output| output.status.success()) {
        return tell("adopt: NOT TRIED with Sqitch itself, which is not installed");
    }
    let sqitch = Tool {
        table: "sqitch.changes",
        ..checked::SQITCH
    };
    let deploy = |project: &Project, directory: &Path| {
        let target = project.place.url.replacen("postgres:", "db:postgres:", 1);
        fs::write(directory.join("sqitch.conf"), "[core]\n\tengine = pg\n").unwrap();
        let mut command = Command::new("sqitch");
        command.args(["deploy", "--target", &target]).current_dir(directory);
        for (name, value) in [
            ("USER_CONFIG", "none"),
            ("SYSTEM_CONFIG", "none"),
            ("FULLNAME", "Ann"),
            ("EMAIL", "ann@example.com"),
        ] {
            command.env(format!("SQITCH_{name}"), value);
        }
        ends_well(&mut command);
    };
    let project = prove(&sqitch, Postgres, deploy);
    finds_nothing_to_do(&project, &sqitch, deploy);
}

#[test]
fn tern_s_own_history_is_taken_over_and_it_goes_on_from_what_was_kept_up_for_it() {
    let Some(tools) = go() else { return };
    let tern = |words: &[&str], project: &Project, directory: &Path| {
        let url = format!("{}?sslmode=disable", project.place.url);
        let mut command = Command::new(tools.join("tern"));
        command
            .args(["migrate", "--conn-string", &url, "--migrations"])
            .arg(directory);
        ends_well(command.args(words));
    };
    let tool = &plain::TERN;
    let up = |project: &Project, directory: &Path| tern(&[], project, directory);
    let project = prove(tool, Postgres, up);
    finds_nothing_to_do(&project, tool, up);
    // Its table has a row when nothing is applied, too, and it begins from that.
    project.does(&["down", "--steps", "3", "--yes"]);
    assert_eq!(project.does(&["adopt", "--mirror"])["mirrored"], 3);
    up(&project, &project.directory().join("migrations"));
    assert!(project.has_table("toys"));
    tern(
        &["--destination", "0"],
        &project,
        &project.directory().join("migrations"),
    );
    assert!(!project.has_table("people"));
}

#[test]
fn sql_migrate_s_own_history_is_taken_over_and_it_finds_nothing_to_do_in_what_was_kept_up_for_it() {
    let Some(tools) = go() else { return };
    let up = |project: &Project, directory: &Path| {
        let url = url::Url::parse(&project.place.url).unwrap();
        let (host, port) = (url.host_str().unwrap_or_default(), url.port().unwrap_or_default());
        let (user, password) = (url.username(), url.password().unwrap_or_default());
        let (dialect, source) = match project.place.engine {
            Sqlite => ("sqlite3", project.place.url.trim_start_matches("sqlite:").to_owned()),
            Postgres => ("postgres", format!("{url}?sslmode=disable")),
            MariaDb => (
                "mysql",
                format!("{user}:{password}@tcp({host}:{port}){}?parseTime=true", url.path()),
            ),
        };
        let configuration = project.directory().join("dbconfig.yml");
        let text = format!(
            "development:\n  dialect: {dialect}\n  datasource: '{source}'\n  dir: '{}'\n",
            directory.display()
        );
        fs::write(&configuration, text).unwrap();
        let mut command = Command::new(tools.join("sql-migrate"));
        ends_well(command.arg("up").arg(format!("-config={}", configuration.display())));
    };
    for engine in [Sqlite, Postgres, MariaDb] {
        let tool = &plain::SQL_MIGRATE;
        let project = prove(tool, engine, up);
        finds_nothing_to_do(&project, tool, up);
    }
}
