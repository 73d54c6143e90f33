//! Every pragma and statement of the SQLite that is linked: what the plain client does with it, and what becomes of it in a transaction
//! and in a file that is kept. The tables of `src/script` say the same.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row, SqliteConnection, raw_sql};
use syncline::Code;
use syncline::executor::StateAfter;
use syncline::script::{Kind, Syntax, parse};

use super::fixture::*;

/// Those hold for the whole process, which has other tests in it.
const OF_THE_PROCESS: [&str; 2] = ["hard_heap_limit", "soft_heap_limit"];

/// Each pragma takes some of them, and does not mind the others.
const VALUES: [&str; 9] = ["", "0", "1", "3", "wal", "normal", "memory", "truncate", "exclusive"];

async fn open(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .foreign_keys(true)
        .busy_timeout(Duration::ZERO)
        .disable_statement_logging();
    SqliteConnection::connect_with(&options).await.unwrap()
}

async fn ask(connection: &mut SqliteConnection, text: &str) -> Result<Vec<String>, String> {
    let rows = raw_sql(AssertSqlSafe(text.to_owned())).fetch_all(connection).await;
    let cell = |row: &sqlx::sqlite::SqliteRow, column| {
        row.try_get_unchecked::<Option<String>, _>(column)
            .ok()
            .flatten()
            .unwrap_or_default()
    };
    let line = |row: &sqlx::sqlite::SqliteRow| {
        (0..row.len())
            .map(|column| cell(row, column))
            .collect::<Vec<_>>()
            .join("|")
    };
    Ok(rows.map_err(|error| error.to_string())?.iter().map(line).collect())
}

fn kind(text: &str) -> Kind {
    parse(text, Syntax::Sqlite).unwrap().statements.remove(0).kind
}

/// A place where nobody waits for a disk, where there is one.
fn place() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

/// Databases with a little in them, one of each way to keep a journal.
async fn templates(directory: &Path) -> Vec<PathBuf> {
    let mut templates = Vec::new();
    for journal in ["delete", "wal"] {
        let path = directory.join(journal);
        let mut connection = open(&path).await;
        let made = format!(
            "PRAGMA journal_mode = {journal}; CREATE TABLE b (x); INSERT INTO b VALUES (1); CREATE TABLE c (x REFERENCES c)"
        );
        ask(&mut connection, &made).await.unwrap();
        connection.close().await.unwrap();
        templates.push(path);
    }
    templates
}

/// How it is sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// As a plain client does.
    Plain,
    /// In a transaction that has taken the lock for writing.
    Begun,
    /// In one that has written.
    Inside,
    /// In a file that is kept, as scripts without a transaction do.
    Kept,
}

/// What came of it.
struct Came {
    /// What was said of it, where it was refused.
    refused: Option<String>,
    /// What the connection says of the setting, at the end of the transaction.
    reads: Result<Vec<String>, String>,
    /// Whether something could be written afterwards.
    writes: bool,
    /// Whether somebody else could write between two statements.
    is_open: bool,
}

async fn tried(template: &Path, statement: &str, reads: &str, way: Way) -> Came {
    let path = template.with_extension("copy");
    std::fs::copy(template, &path).unwrap();
    let mut connection = open(&path).await;
    let before = match way {
        Way::Plain => "INSERT INTO b VALUES (2)",
        Way::Begun => "BEGIN IMMEDIATE; SELECT max(x) FROM b",
        Way::Inside => "BEGIN IMMEDIATE; INSERT INTO b VALUES (2)",
        Way::Kept => "PRAGMA main.locking_mode = EXCLUSIVE; INSERT INTO b VALUES (2)",
    };
    ask(&mut connection, before).await.unwrap();
    let refused = ask(&mut connection, statement).await.err();
    let writes = ask(&mut connection, "INSERT INTO b VALUES (3)").await.is_ok();
    if matches!(way, Way::Begun | Way::Inside) {
        let _ = ask(&mut connection, "COMMIT").await;
    }
    let reads = if reads.is_empty() {
        Ok(Vec::new())
    } else {
        ask(&mut connection, reads).await
    };
    let is_open = way == Way::Kept && {
        let mut other = open(&path).await;
        let written = ask(&mut other, "INSERT INTO b VALUES (4)").await.is_ok();
        let _ = other.close().await;
        written
    };
    let _ = connection.close().await;
    for extension in ["copy", "copy-wal", "copy-shm", "copy-journal"] {
        let _ = std::fs::remove_file(template.with_extension(extension));
    }
    Came {
        refused,
        reads,
        writes,
        is_open,
    }
}

#[tokio::test]
async fn every_pragma_does_in_a_migration_what_the_table_says() {
    let place = place();
    let templates = templates(place.path()).await;
    let mut memory = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    let pragmas: BTreeSet<String> = ask(&mut memory, "PRAGMA pragma_list")
        .await
        .unwrap()
        .into_iter()
        .collect();
    assert!(pragmas.len() > 50, "{pragmas:?}");
    let (mut wrong, mut special) = (Vec::new(), BTreeSet::new());
    for name in pragmas.iter().filter(|name| !OF_THE_PROCESS.contains(&name.as_str())) {
        // Asking is an act of these, and shows files that are others each time.
        let reads = match name.as_str() {
            "wal_checkpoint" | "incremental_vacuum" | "optimize" | "database_list" => String::new(),
            name => format!("PRAGMA {name}"),
        };
        let mut told = BTreeSet::new();
        // What it was seen to do, of what the table may say.
        let mut seen = [false; 3];
        for value in VALUES {
            let statement = match value {
                "" => format!("PRAGMA {name}"),
                value => format!("PRAGMA {name} = {value}"),
            };
            let said = kind(&statement);
            for template in &templates {
                let plain = tried(template, &statement, &reads, Way::Plain).await;
                let inside = [
                    tried(template, &statement, &reads, Way::Begun).await,
                    tried(template, &statement, &reads, Way::Inside).await,
                ];
                let kept = tried(template, &statement, &reads, Way::Kept).await;
                let is_refused = plain.refused.is_none() && inside.iter().any(|inside| inside.refused.is_some());
                let is_ignored = !is_refused && inside.iter().any(|inside| inside.reads != plain.reads);
                let hinders = !kept.writes || kept.is_open;
                let right = match &said {
                    Kind::Outside => kept.refused == plain.refused && kept.reads == plain.reads && !hinders,
                    Kind::IgnoredInside { .. } => !is_refused && !hinders,
                    Kind::Hindering { .. } => true,
                    _ => !is_refused && !is_ignored && !hinders,
                };
                let does = [is_refused, is_ignored, hinders];
                seen = std::array::from_fn(|index| seen[index] || does[index]);
                if !right {
                    let template = template.file_name().unwrap().display();
                    wrong.push(format!(
                        "{statement} ({template}): {said:?}; refused, ignored, hinders: {does:?}"
                    ));
                }
            }
            if said != Kind::Plain {
                told.insert(format!("{said:?}"));
            }
        }
        let [is_refused, is_ignored, hinders] = seen;
        let is_true = told.iter().all(|told| match told.split(' ').next() {
            Some("Outside") => is_refused,
            Some("IgnoredInside") => is_ignored && !is_refused,
            _ => hinders,
        });
        if !is_true {
            wrong.push(format!("{name} is no {told:?}"));
        }
        special.extend(told.iter().map(|told| format!("{name}: {told}")));
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(
        special.into_iter().collect::<Vec<_>>(),
        [
            "foreign_keys: IgnoredInside { pragma: \"foreign_keys\" }",
            "journal_mode: Outside",
            "locking_mode: Hindering { pragma: \"locking_mode\" }",
            "query_only: Hindering { pragma: \"query_only\" }",
            "synchronous: Outside",
            "wal_checkpoint: Outside",
        ]
    );
}

/// Statements that are no pragma, and whether a transaction takes them.
const STATEMENTS: [(&str, bool); 17] = [
    ("VACUUM", false),
    ("VACUUM main", false),
    ("VACUUM INTO 'file:into?mode=memory'", false),
    ("ATTACH ':memory:' AS other", true),
    ("ATTACH DATABASE ':memory:' AS other; DETACH other", true),
    ("ANALYZE", true),
    ("REINDEX", true),
    ("CREATE VIRTUAL TABLE words USING fts5(text)", true),
    ("CREATE VIRTUAL TABLE boxes USING rtree(id, low, high)", true),
    ("CREATE TEMP TABLE later (x)", true),
    ("CREATE TABLE strict (x integer) STRICT", true),
    ("ALTER TABLE b ADD COLUMN y", true),
    ("ALTER TABLE b RENAME COLUMN x TO z", true),
    ("ALTER TABLE b RENAME TO d", true),
    ("DROP TABLE c", true),
    ("SAVEPOINT a; RELEASE a", true),
    ("EXPLAIN SELECT 1", true),
];

#[tokio::test]
async fn every_statement_is_refused_in_a_transaction_where_the_table_says_so_and_nowhere_else() {
    let place = place();
    let templates = templates(place.path()).await;
    for (statement, takes) in STATEMENTS {
        let said = parse(statement, Syntax::Sqlite)
            .unwrap()
            .statements
            .iter()
            .all(|one| one.kind != Kind::Outside);
        assert_eq!(said, takes, "{statement}");
        for template in &templates {
            let plain = tried(template, statement, "", Way::Plain).await;
            assert_eq!(plain.refused, None, "{statement}");
            let inside = tried(template, statement, "", Way::Inside).await;
            assert_eq!(inside.refused.is_none(), takes, "{statement}: {:?}", inside.refused);
            assert_eq!(
                tried(template, statement, "", Way::Kept).await.refused,
                None,
                "{statement}"
            );
        }
    }
}

#[tokio::test]
async fn a_checkpoint_is_a_migration_like_others_and_waits_for_nobody() {
    for journal in ["delete", "wal"] {
        for text in [
            "PRAGMA wal_checkpoint",
            "PRAGMA wal_checkpoint(PASSIVE)",
            "PRAGMA wal_checkpoint(FULL)",
            "PRAGMA main.wal_checkpoint(RESTART)",
            "PRAGMA wal_checkpoint = TRUNCATE",
            "-- syncline: no-transaction\nCREATE TABLE b (x); INSERT INTO b VALUES (1); PRAGMA wal_checkpoint(TRUNCATE); INSERT INTO b VALUES (2)",
        ] {
            let bench = Bench::sqlite();
            bench.execute(&format!("PRAGMA journal_mode = {journal}")).await;
            let files = [
                ("1_a.sql", "CREATE TABLE a (x)"),
                ("2_b.sql", text),
                ("3_c.sql", "CREATE TABLE c (x)"),
            ];
            assert_eq!(
                bench.run(&up(), &files).await,
                ["up 1", "up 2", "up 3"],
                "{journal} {text}"
            );
            assert_eq!(bench.query("PRAGMA journal_mode").await, [journal]);
        }
    }
}

#[tokio::test]
async fn a_journal_mode_is_a_migration_of_its_own() {
    let bench = Bench::sqlite();
    let files = [
        ("1_a.sql", "CREATE TABLE a (x)"),
        ("2_wal.sql", "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL"),
        ("3_b.sql", "CREATE TABLE b (x)"),
    ];
    assert_eq!(bench.run(&up(), &files).await, ["up 1", "up 2", "up 3"]);
    assert_eq!(bench.query("PRAGMA journal_mode").await, ["wal"]);
}

/// A lock of one's own is nobody's to give up, whatever statement comes upon it.
#[tokio::test]
async fn what_the_migration_itself_has_locked_is_an_error_at_once() {
    let bench = Bench::sqlite();
    // The text does not tell that the file is attached a second time.
    let text = "ATTACH ':memory:' AS other; CREATE TABLE other.o (x); INSERT INTO other.o VALUES (1); DETACH other";
    let started = std::time::Instant::now();
    let failure = bench.failure(&up(), &[("1_a.sql", text)]).await;
    assert_eq!(
        (failure.code(), failure.state),
        (Code::SqlFailed, StateAfter::Unchanged),
        "{:?}",
        failure.error
    );
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}
