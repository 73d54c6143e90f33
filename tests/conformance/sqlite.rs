//! What only SQLite does: foreign keys and rebuilt tables, conflicts that roll back, files that are no databases.

use std::time::{Duration, Instant};

use sqlx::Connection;

use super::fixture::*;
use syncline::database::Access;
use syncline::executor::{Event, StateAfter};
use syncline::plan::{Goal, Until};
use syncline::{Code, Migrator, Target};

const FAMILY: File<'_> = (
    "1_a.sql",
    "CREATE TABLE parent (id INTEGER PRIMARY KEY, old TEXT);
     CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent (id) ON DELETE CASCADE);
     INSERT INTO parent VALUES (1, 'x'), (2, 'y'); INSERT INTO child VALUES (1, 1), (2, 2);",
);
const REBUILD: &str = "CREATE TABLE new (id INTEGER PRIMARY KEY); INSERT INTO new SELECT id FROM parent; DROP TABLE parent; ALTER TABLE new RENAME TO parent;";

#[tokio::test]
async fn dropping_a_referenced_table_with_foreign_keys_on_is_refused_because_it_would_delete_rows() {
    let bench = Bench::sqlite();
    bench.run(&up(), &[FAMILY]).await;
    let failure = bench.failure(&up(), &[FAMILY, ("2_b.sql", REBUILD)]).await;
    assert_eq!(
        (failure.code(), failure.state),
        (Code::ForeignKeys, StateAfter::Unchanged)
    );
    assert!(failure.error.hint.unwrap().contains("-- syncline: foreign-keys=off"));
    assert_eq!(bench.query("SELECT count(*) FROM child").await, ["2"]);
}

#[tokio::test]
async fn with_foreign_keys_off_a_table_is_rebuilt_and_no_row_is_lost() {
    let bench = Bench::sqlite();
    bench.run(&up(), &[FAMILY]).await;
    let text = format!("-- syncline: foreign-keys=off\n{REBUILD}");
    assert_eq!(bench.run(&up(), &[FAMILY, ("2_b.sql", &text)]).await, ["up 2"]);
    assert_eq!(bench.query("SELECT count(*) FROM child").await, ["2"]);
}

#[tokio::test]
async fn new_violations_of_foreign_keys_are_refused_before_the_commit_and_old_ones_are_not() {
    let bench = Bench::sqlite();
    bench.run(&up(), &[FAMILY]).await;
    bench
        .execute("PRAGMA foreign_keys = OFF; INSERT INTO child VALUES (3, 99)")
        .await;
    let text = "-- syncline: foreign-keys=off\nDELETE FROM parent WHERE id = 2";
    let failure = bench.failure(&up(), &[FAMILY, ("2_b.sql", text)]).await;
    assert_eq!(failure.code(), Code::ForeignKeys);
    assert_eq!(
        failure.error.message,
        "row 2 of `child` would refer to a row of `parent` that is not there"
    );
    let harmless = "-- syncline: foreign-keys=off\nCREATE TABLE more (id INTEGER)";
    assert_eq!(bench.run(&up(), &[FAMILY, ("2_b.sql", harmless)]).await, ["up 2"]);
}

#[tokio::test]
async fn foreign_keys_are_on_again_for_the_next_migration() {
    let bench = Bench::sqlite();
    let off = (
        "2_b.sql",
        "-- syncline: foreign-keys=off\nCREATE TABLE more (id INTEGER)",
    );
    let orphan = ("3_c.sql", "INSERT INTO child VALUES (9, 99)");
    let failure = bench.failure(&up(), &[FAMILY, off, orphan]).await;
    assert_eq!((failure.label(), failure.code()), ("3".to_owned(), Code::SqlFailed));
    assert_eq!(failure.error.message, "FOREIGN KEY constraint failed");
}

#[tokio::test]
async fn conflicts_that_roll_back_end_the_migration_and_nothing_of_it_stays() {
    let bench = Bench::sqlite();
    let table = (
        "1_a.sql",
        "CREATE TABLE a (id INTEGER PRIMARY KEY); INSERT INTO a VALUES (1)",
    );
    bench.run(&up(), &[table]).await;
    for text in [
        "CREATE TABLE b (id INTEGER); INSERT OR ROLLBACK INTO a VALUES (1); CREATE TABLE c (id INTEGER)",
        "CREATE TABLE b (id INTEGER); CREATE TRIGGER t BEFORE INSERT ON a BEGIN SELECT RAISE(ROLLBACK, 'no'); END; INSERT INTO a VALUES (2)",
    ] {
        let failure = bench.failure(&up(), &[table, ("2_b.sql", text)]).await;
        assert_eq!(
            (failure.code(), failure.state),
            (Code::LeftTransaction, StateAfter::Unchanged),
            "{:?}",
            failure.error
        );
        assert_eq!(bench.tables().await, ["a"]);
        assert_eq!(bench.history().await.records().len(), 2);
    }
}

#[tokio::test]
async fn settings_and_temporary_tables_do_not_reach_the_next_migration() {
    let bench = Bench::sqlite();
    let leaks = (
        "1_a.sql",
        "PRAGMA recursive_triggers = ON; PRAGMA case_sensitive_like = ON; CREATE TEMP TABLE later (id INTEGER); CREATE TABLE a (x)",
    );
    let next = (
        "2_b.sql",
        "INSERT INTO a SELECT recursive_triggers FROM pragma_recursive_triggers; INSERT INTO a SELECT 'A' LIKE 'a'; \
         INSERT INTO a SELECT count(*) FROM temp.sqlite_schema; CREATE TABLE later (id INTEGER)",
    );
    assert_eq!(bench.run(&up(), &[leaks, next]).await, ["up 1", "up 2"]);
    assert_eq!(bench.query("SELECT x FROM a").await, ["0", "1", "0"]);
}

#[tokio::test]
async fn triggers_that_write_to_the_ledger_are_caught() {
    let bench = Bench::sqlite();
    let trigger = (
        "1_a.sql",
        "CREATE TABLE a (id INTEGER); CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE syncline_history SET name = 'x' WHERE seq = 0; END;",
    );
    bench.run(&up(), &[trigger]).await;
    let failure = bench
        .failure(&up(), &[trigger, ("2_b.sql", "INSERT INTO a VALUES (1)")])
        .await;
    assert_eq!(failure.code(), Code::LedgerTouched);
}

#[tokio::test]
async fn files_that_are_no_databases_are_told_apart() {
    let directory = tempfile::tempdir().unwrap();
    let open = async |name: &str| {
        let target = Target::from_url(&format!("sqlite:{}", directory.path().join(name).display())).unwrap();
        let mut migrator = Migrator::connect(&target, Access::Write).await?;
        migrator.history().await.map(drop)
    };
    std::fs::write(
        directory.path().join("text.db"),
        "this is a text of more than sixteen bytes",
    )
    .unwrap();
    std::fs::write(directory.path().join("empty.db"), "").unwrap();
    assert!(
        open("text.db")
            .await
            .unwrap_err()
            .to_string()
            .ends_with("is not a SQLite database")
    );
    assert!(open(".").await.unwrap_err().to_string().ends_with("is a directory"));
    assert!(
        open("nodir/x.db")
            .await
            .unwrap_err()
            .to_string()
            .contains("there is no directory")
    );
    assert!(
        open("x.db?mode=rw")
            .await
            .unwrap_err()
            .to_string()
            .contains("there is no sqlite:")
    );
    assert!(open("empty.db").await.is_ok());
    assert!(
        Target::from_url("sqlite::memory:").is_ok_and(|target| target.address.database.as_deref() == Some(":memory:"))
    );
}

#[tokio::test]
async fn a_database_with_a_write_ahead_log_is_migrated_as_well() {
    let bench = Bench::sqlite();
    bench.execute("PRAGMA journal_mode = WAL").await;
    assert_eq!(
        bench
            .run(&up(), &[FAMILY, ("2_b.sql", "-- syncline: no-transaction\nVACUUM")])
            .await,
        ["up 1", "up 2"]
    );
    assert_eq!(bench.query("PRAGMA journal_mode").await, ["wal"]);
}

#[tokio::test]
async fn a_confirmed_rollback_ends_where_another_run_comes_in_between() {
    let bench = Bench::sqlite();
    // What has this line is in no transaction with others, so that somebody can come in between.
    let down = |n: u32| {
        (
            format!("{n}_m.down.sql"),
            format!("-- syncline: foreign-keys=off\nDROP TABLE t{n}"),
        )
    };
    let up_file = |n: u32| (format!("{n}_m.up.sql"), format!("CREATE TABLE t{n} (id integer)"));
    let owned: Vec<(String, String)> = (1..=3).flat_map(|n| [up_file(n), down(n)]).collect();
    let files: Vec<File<'_>> = owned
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    bench.run(&up(), &files[..4]).await;
    let goal = Goal::Down(Until::Steps(2), None);
    let catalog = bench.catalog(&files);
    let mut migrator = bench.migrator().await;
    let plan = migrator.plan(&goal, &catalog, &STRICT).await.unwrap();
    let mut reverted = Vec::new();
    let outcome = migrator
        .confirm(&plan)
        .run(&goal, &catalog, &STRICT, &mut |event| {
            if let Event::Finished { outcome } = event {
                reverted.push(outcome.label());
                std::thread::scope(|scope| {
                    let other = || {
                        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                        runtime.unwrap().block_on(bench.run(&up(), &files));
                    };
                    scope.spawn(other).join().unwrap();
                });
            }
        })
        .await;
    assert_eq!(outcome.unwrap_err().code(), Code::Moved);
    assert_eq!(reverted, ["2"]);
    assert_eq!(bench.tables().await, ["t1", "t2", "t3"]);
}

/// How often the file was committed to (https://www.sqlite.org/fileformat.html#file_change_counter).
fn commits(bench: &Bench) -> u32 {
    let header = std::fs::read(bench.target.address.database.as_ref().unwrap()).unwrap();
    u32::from_be_bytes(header[24..28].try_into().unwrap())
}

#[tokio::test]
async fn small_migrations_share_a_commit_and_one_that_leaves_traces_shares_with_nobody() {
    let bench = Bench::sqlite();
    bench.run(&up(), &[("1_a.sql", "CREATE TABLE a (x)")]).await;
    let before = commits(&bench);
    let owned: Vec<(String, String)> = (2..=6)
        .map(|n| {
            let pragma = if n == 4 { "PRAGMA cache_size = 100;" } else { "" };
            (format!("{n}_m.sql"), format!("{pragma} CREATE TABLE t{n} (x)"))
        })
        .collect();
    let mut files = vec![("1_a.sql", "CREATE TABLE a (x)")];
    files.extend(owned.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    assert_eq!(bench.run(&up(), &files).await.len(), 5);
    // A machine that is busy may take longer than the limit for a few.
    assert!(
        (2..5).contains(&(commits(&bench) - before)),
        "{}",
        commits(&bench) - before
    );
    assert!(bench.history().await.broken_links().is_empty());
}

#[tokio::test]
async fn what_shares_a_transaction_with_a_failure_is_done_once_and_stays() {
    let bench = Bench::sqlite();
    let files = [
        ("1_a.sql", "CREATE TABLE a (x); INSERT INTO a VALUES (0)"),
        ("2_b.sql", "UPDATE a SET x = x + 10"),
        ("3_c.sql", "UPDATE a SET x = x + 10"),
        ("4_d.sql", "UPDATE a SET x = x + 10; INSERT INTO nowhere VALUES (1)"),
        ("5_e.sql", "UPDATE a SET x = x + 10"),
    ];
    let report = bench.try_run(&up(), &files, &STRICT).await.unwrap();
    let failure = report.failure.unwrap();
    assert_eq!((failure.label().as_str(), failure.state), ("4", StateAfter::Unchanged));
    assert_eq!(report.done.len(), 3);
    assert_eq!(bench.query("SELECT x FROM a").await, ["20"]);
    let history = bench.history().await;
    assert_eq!(history.records().len(), 1 + 3);
    assert!(history.broken_links().is_empty());
}

#[tokio::test]
async fn a_slow_migration_does_not_keep_those_before_it_from_their_commit() {
    let bench = Bench::sqlite();
    // Some hundred milliseconds, in one statement.
    let slow = "INSERT INTO a WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 3000000) SELECT count(*) FROM c";
    let files = [
        ("1_a.sql", "CREATE TABLE a (x)"),
        ("2_b.sql", "INSERT INTO a VALUES (1)"),
        ("3_slow.sql", slow),
    ];
    let catalog = bench.catalog(&files);
    let mut migrator = bench.migrator().await;
    let mut events = Vec::new();
    let mut listen = |event: Event<'_>| match event {
        Event::Started { step } => events.push(format!("begin {}", step.label())),
        Event::Finished { outcome } => events.push(format!("end {}", outcome.label())),
        _ => {}
    };
    let report = migrator.run(&up(), &catalog, &STRICT, &mut listen).await.unwrap();
    assert_eq!(report.done.len(), 3);
    let durable = events.iter().position(|event| event == "end 2").unwrap();
    let began = events.iter().rposition(|event| event == "begin 3").unwrap();
    assert!(durable < began, "{events:?}");
    assert_eq!(bench.query("SELECT x FROM a ORDER BY x").await, ["1", "3000000"]);
}

/// Keeps the file for itself, as a run outside a transaction does.
async fn keep(bench: &Bench) -> sqlx::SqliteConnection {
    let mut holder = sqlx::SqliteConnection::connect(bench.url()).await.unwrap();
    let keep = "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT";
    sqlx::raw_sql(keep).execute(&mut holder).await.unwrap();
    holder
}

fn let_go_later(holder: sqlx::SqliteConnection) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(1500)).await;
        holder.close().await.unwrap();
    })
}

#[tokio::test]
async fn a_file_that_nobody_else_may_read_is_waited_for_as_long_as_for_the_lock() {
    let bench = Bench::sqlite();
    bench.run(&up(), &[FAMILY]).await;
    let holder = keep(&bench).await;
    let target = |lock_wait, connect_timeout| Target {
        lock_wait: Duration::from_millis(lock_wait),
        connect_timeout: Duration::from_millis(connect_timeout),
        ..bench.target.clone()
    };
    let catalog = bench.catalog(&[FAMILY, ("2_b.sql", "CREATE TABLE b (id integer)")]);
    let begun = Instant::now();
    let (refused, waited) = told(&target(300, 10_000), &catalog, |event| {
        matches!(event, Event::Waiting { .. }).then_some(())
    })
    .await;
    assert_eq!((refused.unwrap_err().code(), waited.len()), (Code::Locked, 1));
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    let letting_go = let_go_later(holder);
    let (report, _) = told(&target(30_000, 500), &catalog, |_| None::<()>).await;
    assert_eq!(report.unwrap().done.len(), 1);
    letting_go.await.unwrap();
}

#[tokio::test]
async fn a_reader_waits_for_a_file_that_somebody_keeps_since_it_was_opened() {
    let bench = Bench::sqlite();
    bench.run(&up(), &[FAMILY]).await;
    let mut reader = Migrator::connect(&bench.target, Access::Read).await.unwrap();
    let letting_go = let_go_later(keep(&bench).await);
    assert_eq!(reader.history().await.unwrap().records().len(), 2);
    letting_go.await.unwrap();
}

#[tokio::test]
async fn a_run_that_was_busy_for_longer_than_lock_wait_still_waits() {
    let bench = Bench::sqlite();
    bench.run(&up(), &[FAMILY]).await;
    let slow = "CREATE TABLE b AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT count(*) FROM n";
    let catalog = bench.catalog(&[FAMILY, ("2_b.sql", slow), ("3_c.sql", "CREATE TABLE c (id integer)")]);
    let target = Target {
        lock_wait: Duration::from_millis(500),
        ..bench.target.clone()
    };
    let begun = Instant::now();
    let (report, worked) = told(&target, &catalog, |event| match event {
        Event::Finished { outcome } if outcome.name == "b" => {
            let (url, (locked, is_locked)) = (bench.url().to_owned(), std::sync::mpsc::channel());
            // Somebody writes, for longer than a statement waits.
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                runtime.block_on(async {
                    let mut writer = sqlx::SqliteConnection::connect(&url).await.unwrap();
                    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut writer).await.unwrap();
                    locked.send(()).unwrap();
                    std::thread::sleep(Duration::from_millis(350));
                    writer.close().await.unwrap();
                });
            });
            is_locked.recv().unwrap();
            Some(begun.elapsed())
        }
        _ => None,
    })
    .await;
    assert!(worked[0] > target.lock_wait, "{worked:?} are too short for a test");
    assert_eq!(report.unwrap().done.len(), 2);
}

/// What a field is long is counted by the library in the encoding of the file.
#[tokio::test]
async fn a_database_of_any_encoding_is_migrated_and_reads_its_history() {
    for encoding in ["UTF-8", "UTF-16le", "UTF-16be"] {
        let bench = Bench::sqlite();
        bench
            .execute(&format!(
                "PRAGMA encoding = '{encoding}'; CREATE TABLE z (x); DROP TABLE z"
            ))
            .await;
        let files = [
            (
                "1_größe_😀.up.sql",
                "CREATE TABLE größe (x); INSERT INTO größe VALUES ('ä😀')",
            ),
            ("1_größe_😀.down.sql", "DROP TABLE größe; -- 😀"),
        ];
        assert_eq!(bench.run(&up(), &files).await, ["up 1"], "{encoding}");
        assert_eq!(bench.run(&up(), &files).await, [""; 0], "{encoding}");
        assert_eq!(bench.query("PRAGMA encoding").await, [encoding]);
        assert_eq!(bench.history().await.records()[1].name, "größe_😀");
        assert_eq!(bench.run(&down(), &[]).await, ["down 1"], "{encoding}");
    }
}
