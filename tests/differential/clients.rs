//! A file run by the client of its server, which goes on behind errors where it can.

use std::fs::{self, File};
use std::process::{Command, Stdio};

use url::Url;

use crate::engine::{Database, Engine};
use crate::settings::setting;

/// The errors, in the order of the file.
pub(crate) fn run(database: &Database, bytes: &[u8]) -> Vec<String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), bytes).unwrap();
    let mut command = match database.engine {
        Engine::MariaDb => mariadb(&database.url),
        Engine::Postgres => {
            let mut command = Command::new(format!("{}/psql", setting("SYNCLINE_TEST_POSTGRES_BIN")));
            command
                .args(["-X", "-q", "-v", "VERBOSITY=sqlstate", "-f"])
                .arg(file.path())
                .arg(&database.url);
            command.env("PGCLIENTENCODING", "UTF8");
            command
        }
        Engine::Sqlite => {
            let mut command = Command::new("sqlite3");
            command
                .args(["-batch", "-bail", "-init", "/dev/null"])
                .arg(&database.url);
            command
        }
    };
    command.stdin(Stdio::from(File::open(file.path()).unwrap()));
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let errors = match database.engine {
        Engine::MariaDb => of_mariadb(&told),
        Engine::Postgres => told.lines().filter_map(of_psql).collect(),
        Engine::Sqlite if told.is_empty() => Vec::new(),
        Engine::Sqlite => vec![FAILED.to_owned()],
    };
    assert!(
        output.status.success() || !errors.is_empty(),
        "{:?} ended with {}: {told}",
        command.get_program(),
        output.status
    );
    errors
}

fn mariadb(url: &str) -> Command {
    let url = Url::parse(url).unwrap();
    let mut command = Command::new("mariadb");
    command
        // The comments in the bodies of programs are part of them.
        .args([
            "--no-defaults",
            "--comments",
            "--force",
            "--default-character-set=utf8mb4",
        ])
        .arg(format!("--host={}", url.host_str().unwrap()))
        .arg(format!("--port={}", url.port().unwrap_or(3306)))
        .arg(format!("--user={}", url.username()))
        .arg(url.path().trim_start_matches('/'))
        .env("MYSQL_PWD", url.password().unwrap_or_default());
    command
}

/// `psql:FILE:LINE: ERROR:  42P01`
fn of_psql(line: &str) -> Option<String> {
    let (_, state) = line.split_once(": ERROR:  ")?;
    Some(state.to_owned())
}

/// `ERROR 1146 (42S02) at line 3: MESSAGE`, where the message may hold a line end.
fn of_mariadb(told: &str) -> Vec<String> {
    let mut errors: Vec<String> = Vec::new();
    // The statement stands between lines of dashes before each error.
    let (mut told_again, dashes) = (false, "-".repeat(14));
    for line in told.lines() {
        told_again ^= line == dashes;
        if told_again || line == dashes || line.is_empty() {
            continue;
        }
        let words: Vec<&str> = line.splitn(6, ' ').collect();
        match (words.as_slice(), errors.last_mut()) {
            (["ERROR", number, _, "at", "line", rest], _) => {
                let message = rest.split_once(": ").map_or(*rest, |(_, message)| message);
                errors.push(format!("{number} {message}"));
            }
            (_, Some(last)) => *last = format!("{last}\n{line}"),
            (_, None) => panic!("{told}"),
        }
    }
    errors.iter().map(|error| without_rest(error)).collect()
}

/// The client sends comments behind a statement as well, so what a server quotes of it begins alike, but may not end alike.
pub(crate) fn without_rest(message: &str) -> String {
    match message.split_once(" near '") {
        Some((start, quoted)) => {
            let word = quoted.split(|letter: char| !letter.is_alphanumeric()).next();
            format!("{start} near {}", word.unwrap_or_default())
        }
        None => message.to_owned(),
    }
}

/// The words depend on the version of SQLite, and on whether a `;` is sent.
pub(crate) const FAILED: &str = "an error";
