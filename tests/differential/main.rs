//! The splitter against the clients of the servers: the statements that it finds, run one by one, fail where the client's fail and
//! leave what `psql`, `mariadb` or `sqlite3` leave of the same file.
//!
//! The files are the golden ones of the splitter, the hand-written ones of `files/`, and as many as there is time for that
//! `grammar.rs` makes up. `SYNCLINE_TEST_SEED=N` makes the same ones again, `SYNCLINE_TEST_LONG=1` twenty times as many.

#[path = "../shared/counted.rs"]
mod counted;
#[path = "../shared/settings.rs"]
mod settings;

mod clients;
mod engine;
mod grammar;
mod picture;
mod pieces;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use counted::{given_seed, is_long, tell};
use engine::{Database, Engine};

/// Golden files that are not run, with the reason.
const NOT_RUN: [(&str, &str); 16] = [
    (
        "postgres_copy_data",
        "its tables are missing, and psql takes the data of a COPY that failed for statements",
    ),
    (
        "postgres_backslashes",
        "psql reads line by line and forgets the E of a string that goes on in the next one; the server does not",
    ),
    ("postgres_dump", "like the data of `postgres_copy_data`"),
    ("postgres_copy_to_the_end", "likewise"),
    ("postgres_no_directives", "likewise"),
    (
        "postgres_outside_only",
        "it makes databases and changes the settings of the server",
    ),
    (
        "mysql_conditional_comments",
        "its client ends a statement at a semicolon in a conditional comment; the server does not",
    ),
    (
        "mysql_delimiter",
        "its client sends `a; b //` at once, so that `b` is not run when `a` fails, and goes on",
    ),
    ("mysql_transaction", "it reads a file of the client"),
    ("mysql_read_lock", "it locks the whole server"),
    (
        "mysql_oracle",
        "its client ends a statement at each semicolon; the tests of the servers send what is like it",
    ),
    ("mysql_packages", "likewise"),
    ("mysql_other_languages", "likewise, and MariaDB has none"),
    ("mysql_handlers", "likewise"),
    (
        "mysql_no_rows_of_a_dump",
        "its client keeps rows back that are refused here before anything runs",
    ),
    ("mysql_sql_mode", "it changes a setting of the whole server"),
];

#[test]
fn postgres_is_left_as_psql_leaves_it() {
    compare(Engine::Postgres, 60);
}

#[test]
fn mariadb_is_left_as_its_client_leaves_it() {
    compare(Engine::MariaDb, 150);
}

#[test]
fn sqlite_is_left_as_its_shell_leaves_it() {
    compare(Engine::Sqlite, 200);
}

fn compare(engine: Engine, made_up: u32) {
    let database = Database::new(engine);
    let mut wrong = Vec::new();
    let files = files(engine);
    for (name, bytes) in &files {
        if let Err(difference) = database.compare(bytes) {
            wrong.push(format!("=== {name}\n{difference}"));
        }
    }
    let (seed, count) = (seed(), AtomicUsize::new(0));
    if let Err(difference) = made_up_scripts(&database, seed, made_up, &count) {
        wrong.push(difference);
    }
    assert!(wrong.is_empty(), "SYNCLINE_TEST_SEED={seed}\n{}", wrong.join("\n"));
    let scripts = files.len() + count.into_inner();
    tell(&format!(
        "differential, {engine}: {scripts} scripts, 0 differences (seed {seed})"
    ));
}

/// The golden files that can be run, and those of `files/`, by name.
fn files(engine: Engine) -> BTreeMap<String, Vec<u8>> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let folders = ["split", "differential/files"].map(|folder| fs::read_dir(tests.join(folder)).unwrap());
    let mut files = BTreeMap::new();
    for path in folders.into_iter().flatten().map(|entry| entry.unwrap().path()) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let wanted = path.extension().is_some_and(|extension| extension == "sql") && name.starts_with(engine.prefix());
        if wanted && NOT_RUN.iter().all(|(excluded, _)| *excluded != name) {
            let bytes = fs::read(&path).unwrap();
            if engine.splits(&bytes) {
                files.insert(name, bytes);
            } else {
                // What is refused before anything runs; what belongs here has to run.
                assert!(path.parent().unwrap().ends_with("split"), "{name} is refused");
            }
        }
    }
    assert!(files.len() >= 8, "{:?}", files.keys());
    files
}

fn made_up_scripts(database: &Database, seed: u64, cases: u32, count: &AtomicUsize) -> Result<(), String> {
    let config = Config {
        cases: cases * if is_long() { 20 } else { 1 },
        failure_persistence: None,
        max_shrink_iters: 100,
        // Soup is often refused.
        max_global_rejects: 1_000_000,
        ..Config::default()
    };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let outcome = runner.run(&grammar::script(database.engine), |(text, sound)| {
        if !database.engine.splits(text.as_bytes()) {
            proptest::prop_assert!(!sound, "refused:\n{text}");
            return Err(proptest::test_runner::TestCaseError::reject("refused"));
        }
        count.fetch_add(1, Ordering::Relaxed);
        database
            .compare(text.as_bytes())
            .map_err(proptest::test_runner::TestCaseError::fail)
    });
    outcome.map_err(|error| format!("=== made up\n{error}"))
}

fn seed() -> u64 {
    given_seed().unwrap_or_else(|| u64::from(uuid::Uuid::new_v4().as_fields().0))
}
