//! The library that SQLite is: compiled in, or with the feature `sqlite-system` that of the system. `tests/run` runs this with either.

use std::path::Path;
use std::process::{Command, Output};

fn syncline(directory: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_syncline"))
        .args(words)
        .current_dir(directory)
        .env_clear()
        .env("SYNCLINE_URL", "sqlite:shop.db")
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The version of the library that this test itself is linked with, which is the program's as well.
async fn linked() -> String {
    use sqlx::Connection as _;
    let mut connection = sqlx::SqliteConnection::connect("sqlite::memory:").await.unwrap();
    sqlx::query_scalar("SELECT sqlite_version()")
        .fetch_one(&mut connection)
        .await
        .unwrap()
}

#[tokio::test]
async fn the_program_says_which_library_it_has() {
    let directory = tempfile::tempdir().unwrap();
    let origin = if cfg!(feature = "sqlite") {
        "compiled in"
    } else {
        "the library of the system"
    };
    let wanted = format!(
        "syncline {}\nSQLite {}, {origin}\n",
        env!("CARGO_PKG_VERSION"),
        linked().await
    );
    assert_eq!(said(&syncline(directory.path(), &["--version"])), wanted);
    let short = format!("syncline {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(said(&syncline(directory.path(), &["-V"])), short);
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn the_pages_name_the_library_that_is_compiled_in() {
    for (page, text) in [
        ("README.md", include_str!("../README.md")),
        ("docs/limits.md", include_str!("../docs/limits.md")),
    ] {
        assert!(text.contains(&format!("SQLite {}", linked().await)), "{page}");
    }
}

#[tokio::test]
async fn the_program_migrates_with_the_library_that_it_has() {
    let directory = tempfile::tempdir().unwrap();
    let migrations = directory.path().join("migrations");
    std::fs::create_dir(&migrations).unwrap();
    for (name, text) in [
        (
            "1_a.up.sql",
            "CREATE TABLE a (id integer PRIMARY KEY, x text) STRICT; INSERT INTO a (x) VALUES ('1') RETURNING id;",
        ),
        ("1_a.down.sql", "DROP TABLE a;"),
        (
            "2_b.up.sql",
            "-- syncline: no-transaction\nALTER TABLE a ADD COLUMN y text;\nALTER TABLE a DROP COLUMN x;\nVACUUM;",
        ),
        ("2_b.down.sql", "SELECT 1;"),
        ("3_c.up.sql", "PRAGMA journal_mode = WAL;"),
        ("3_c.down.sql", "PRAGMA wal_checkpoint(TRUNCATE);"),
    ] {
        std::fs::write(migrations.join(name), text).unwrap();
    }
    for words in [&["up"][..], &["verify"], &["status", "--exit-code"], &["redo", "--yes"]] {
        let output = syncline(directory.path(), words);
        assert!(output.status.success(), "{words:?}: {output:?}");
    }
    // The guard is made of hooks of the library.
    for (text, code) in [
        ("INSERT OR ROLLBACK INTO a VALUES (1, 'x')", "left-transaction"),
        ("DELETE FROM syncline_history WHERE seq > 0", "ledger-touched"),
        ("CREATE TABLE b (x);\nSELECT nope", "sql-failed"),
    ] {
        std::fs::write(migrations.join("4_bad.sql"), text).unwrap();
        let output = syncline(directory.path(), &["up"]);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains(&format!("error[{code}]")), "{text}: {stderr}");
        if code == "sql-failed" {
            assert!(stderr.contains("4_bad.sql:2:8"), "{stderr}");
        }
    }
    std::fs::remove_file(migrations.join("4_bad.sql")).unwrap();
    let output = syncline(directory.path(), &["down", "--to", "none", "--yes"]);
    assert!(output.status.success(), "{output:?}");
    let document: serde_json::Value =
        serde_json::from_str(&said(&syncline(directory.path(), &["status", "--format", "json"]))).unwrap();
    assert_eq!(document["server"], format!("SQLite {}", linked().await));
}
