//! A project in a directory of its own, and the transcript of what was typed there.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A working directory with migrations in it.
pub struct Project {
    directory: TempDir,
    environment: Vec<(String, String)>,
    story: String,
}

/// What one command said.
pub struct Said {
    pub stdout: String,
    pub stderr: String,
    pub exit: i32,
}

impl Said {
    /// The only document on stdout.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }
}

impl Project {
    /// An empty directory; the environment holds a user and a locale, and nothing else.
    pub fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        Self {
            directory,
            environment: Vec::new(),
            story: String::new(),
        }
        .variable("USER", "ann")
        .variable("LANG", "C.UTF-8")
    }

    /// A project with a table, its database chosen by the environment.
    pub fn shop() -> Self {
        Self::new()
            .variable("SYNCLINE_URL", "sqlite:shop.db")
            .file(
                "migrations/1_customers.up.sql",
                "CREATE TABLE customers (\n  id integer PRIMARY KEY,\n  name text\n);\n",
            )
            .file("migrations/1_customers.down.sql", "DROP TABLE customers;\n")
            .file(
                "migrations/2_orders.up.sql",
                "CREATE TABLE orders (id integer);\nCREATE INDEX by_id ON orders (id);\n",
            )
            .file("migrations/2_orders.down.sql", "DROP TABLE orders;\n")
    }

    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn file(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        self.write(path, text);
        self
    }

    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub fn remove(&self, path: &str) {
        let path = self.path(path);
        if path.is_dir() {
            fs::remove_dir_all(path)
        } else {
            fs::remove_file(path)
        }
        .unwrap();
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.directory.path().join(path)
    }

    /// The command, ready to be started.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_syncline"));
        command
            .args(arguments)
            .current_dir(self.directory.path())
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Runs it without writing it down.
    pub fn silently(&self, arguments: &[&str]) -> Said {
        said(&self.command(arguments).output().unwrap())
    }

    /// Runs it, and writes down what was typed and what was said.
    pub fn run(&mut self, arguments: &[&str]) -> Said {
        let said = self.silently(arguments);
        let quoted: Vec<String> = arguments
            .iter()
            .map(|word| {
                if word.contains(' ') || word.is_empty() {
                    format!("\"{word}\"")
                } else {
                    (*word).to_owned()
                }
            })
            .collect();
        let _ = writeln!(self.story, "$ syncline {}", quoted.join(" "));
        self.story.push_str(&said.stdout);
        for line in said.stderr.lines() {
            let _ = writeln!(self.story, "{}", format!("2| {line}").trim_end());
        }
        let _ = writeln!(self.story, "[exit {}]\n", said.exit);
        said
    }

    /// Runs it and expects it to go well.
    pub fn ok(&mut self, arguments: &[&str]) -> Said {
        let said = self.run(arguments);
        assert_eq!(said.exit, 0, "{}{}", said.stdout, said.stderr);
        said
    }

    /// Writes something down that happened between two commands.
    pub fn note(&mut self, note: &str) {
        let _ = writeln!(self.story, "# {note}\n");
    }

    /// Runs an SQL statement behind syncline's back.
    pub fn sql(&self, statement: &str) {
        let mut child = Command::new("sqlite3")
            .arg(self.path("shop.db"))
            .stdin(Stdio::piped())
            .spawn()
            .expect("the sqlite3 program is installed (tests/run installs it)");
        child.stdin.take().unwrap().write_all(statement.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success());
    }

    /// What an SQL query answers behind syncline's back.
    pub fn asked(&self, query: &str) -> String {
        let output = Command::new("sqlite3").arg(self.path("shop.db")).arg(query).output();
        let output = output.expect("the sqlite3 program is installed (tests/run installs it)");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    /// The story so far, with what differs between two runs taken out.
    pub fn story(&self) -> String {
        normal(&self.story, self.directory.path())
    }
}

fn said(output: &Output) -> Said {
    Said {
        stdout: String::from_utf8(output.stdout.clone()).unwrap(),
        stderr: String::from_utf8(output.stderr.clone()).unwrap(),
        exit: output.status.code().unwrap_or(-1),
    }
}

/// Times, durations, identifiers, paths and names of this machine replaced; the columns of tables drawn together.
pub fn normal(text: &str, directory: &Path) -> String {
    let host = gethostname::gethostname().to_string_lossy().into_owned();
    let directory = directory.to_string_lossy().into_owned();
    let text = text
        .replace(&directory, "<dir>")
        .replace(&format!("ann@{host}"), "ann@<host>");
    let text = text.replace(&format!("\"host\": \"{host}\""), "\"host\": \"<host>\"");
    let lines = text.lines().map(|line| {
        let shape: String = line.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        let line = spans(line, &shape, "0000-00-00T00:00:00", "<time>", |c| {
            c.is_ascii_digit() || c == '.' || c == 'Z'
        });
        let shape: String = line.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        let line = spans(&line, &shape, "0000-00-00 00:00:00Z", "<------ time ------>", |_| false);
        let line = words(&line);
        tables(&line)
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

/// Replaces every place that has this shape, with all that follows and belongs to it.
fn spans(line: &str, shape: &str, wanted: &str, by: &str, more: fn(char) -> bool) -> String {
    let mut out = String::new();
    let mut at = 0;
    while let Some(found) = shape.get(at..).and_then(|rest| rest.find(wanted)) {
        let start = at + found;
        out.push_str(&line[at..start]);
        out.push_str(by);
        at = start + wanted.len();
        at += line[at..].find(|c| !more(c)).unwrap_or(line.len() - at);
    }
    out.push_str(&line[at..]);
    out
}

/// Replaces durations, uuids, chain values, run ids and version numbers word by word.
fn words(line: &str) -> String {
    let mut out = String::new();
    let chained = line.contains("chain");
    let logged = line.contains("ann@");
    let mut rest = line;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let hex = !word.is_empty() && word.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
        let shown = match word {
            word if hex && word.len() == 36 && word.matches('-').count() == 4 => "<uuid>",
            word if hex && word.len() == 64 && chained => "<chain>",
            word if hex && word.len() == 8 && logged => "<run>",
            word if word.chars().all(|c| c.is_ascii_digit()) && after.starts_with(" ms") => "_",
            word if is_number(word) && after.starts_with(" s") && !after.starts_with(" st") => "_",
            "s" if out.ends_with("_ ") => "ms",
            word if out.ends_with("\"duration_ms\": ") && word != "null" => "_",
            word if out.ends_with("SQLite ") && word.starts_with('3') => "3._",
            env!("CARGO_PKG_VERSION") => "<version>",
            word => word,
        };
        out.push_str(shown);
        let gap = after.find(is_word).unwrap_or(after.len());
        out.push_str(&after[..gap]);
        rest = &after[gap..];
    }
    out
}

fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) && word.chars().all(|c| c.is_ascii_digit() || c == '.')
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '-' || c == '.' || c == '_'
}

/// The columns of `log` depend on the name of this machine and on how long something took: runs of blanks become two.
fn tables(line: &str) -> String {
    if !line.contains("ann@<host>") && !line.starts_with("  record  what") {
        return line.to_owned();
    }
    let mut out = String::new();
    let mut blanks = 0;
    for c in line.chars() {
        blanks = if c == ' ' { blanks + 1 } else { 0 };
        if blanks <= 2 {
            out.push(c);
        }
    }
    out
}
