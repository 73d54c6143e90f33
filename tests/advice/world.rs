//! A directory of files, a database in a file, and what has really run there.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use clap::{CommandFactory, FromArgMatches};
use serde_json::Value;
use sqlx::{Connection, Row, SqliteConnection};
use tempfile::TempDir;

use super::super::{Args, Context, Environment, Format, Output, Progress, blank, commands};
use crate::cli::signals::Signals;

thread_local! {
    /// What `Args::read` makes anew each time, which would be a good part of the time that all this takes.
    static PARSER: RefCell<clap::Command> = RefCell::new(Args::command());
}

/// Whose files they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tool {
    Native,
    Flyway,
    Goose,
    GolangMigrate,
    Alembic,
    Liquibase,
}

/// What a file holds: whole scripts, each once, and what was done to the text since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct File {
    pub name: String,
    /// Scripts by number.
    pub holds: Vec<u32>,
    /// Statements that were added.
    pub edits: u32,
    /// The number in a comment.
    pub comment: u32,
    /// Whether there is a way back.
    pub down: bool,
    /// No statement at all.
    pub empty: bool,
    /// The files that it was put together from, each with its version.
    pub made_of: Vec<(u32, File)>,
}

impl File {
    /// Whether both are one migration, edited or not.
    pub fn is(&self, other: &Self) -> bool {
        self.holds == other.holds && self.empty == other.empty
    }

    pub fn up(&self) -> String {
        let mut text = format!("-- comment {}\n", self.comment);
        for script in self.holds.iter().filter(|_| !self.empty) {
            let _ = writeln!(text, "CREATE TABLE IF NOT EXISTS s{script} (n int);");
            let _ = writeln!(text, "INSERT INTO s{script} VALUES (1);");
        }
        for edit in 0..self.edits {
            let _ = writeln!(text, "CREATE TABLE IF NOT EXISTS x{}_{edit} (n int);", self.holds[0]);
        }
        text
    }

    fn back(&self) -> String {
        let tables = self.holds.iter().filter(|_| !self.empty);
        tables.fold("-- back\n".to_owned(), |mut text, script| {
            let _ = writeln!(
                text,
                "DELETE FROM s{script} WHERE rowid = (SELECT max(rowid) FROM s{script});"
            );
            text
        })
    }
}

/// Of versions; one may be taken twice for a moment.
pub(super) type Files = BTreeMap<String, (u32, File)>;

pub(super) struct World {
    place: TempDir,
    pub random: Random,
    pub tool: Tool,
    pub files: Files,
    /// The script that each version was, when it ran.
    pub ran: BTreeMap<u32, File>,
    pub next_script: u32,
    /// How often each script had run before anything was followed.
    before: BTreeMap<u32, i64>,
    runtime: tokio::runtime::Runtime,
}

/// SplitMix64, <https://prng.di.unimi.it/splitmix64.c>.
pub(super) struct Random(u64);

impl Random {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % limit.max(1) as u64).unwrap()
    }

    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn of<T: Clone>(&mut self, values: &[T]) -> Option<T> {
        let at = self.below(values.len());
        values.get(at).cloned()
    }
}

/// Files and database at one moment.
#[derive(Clone)]
pub(super) struct Moment {
    files: Files,
    ran: BTreeMap<u32, File>,
    database: Option<Vec<u8>>,
    next_script: u32,
}

impl World {
    pub fn new(seed: u64) -> Self {
        let memory = PathBuf::from("/dev/shm");
        let place = match memory.is_dir() {
            true => tempfile::tempdir_in(memory).unwrap(),
            false => tempfile::tempdir().unwrap(),
        };
        fs::create_dir(place.path().join("m")).unwrap();
        Self {
            place,
            random: Random(seed),
            tool: Tool::Native,
            files: Files::new(),
            ran: BTreeMap::new(),
            next_script: 1,
            before: BTreeMap::new(),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap(),
        }
    }

    pub fn directory(&self) -> PathBuf {
        self.place.path().join("m")
    }

    fn database(&self) -> PathBuf {
        self.place.path().join("d.db")
    }

    pub fn moment(&self) -> Moment {
        Moment {
            files: self.files.clone(),
            ran: self.ran.clone(),
            database: fs::read(self.database()).ok(),
            next_script: self.next_script,
        }
    }

    pub fn back_to(&mut self, moment: &Moment) {
        self.files = moment.files.clone();
        self.ran = moment.ran.clone();
        self.next_script = moment.next_script;
        match &moment.database {
            Some(bytes) => fs::write(self.database(), bytes).unwrap(),
            None => drop(fs::remove_file(self.database())),
        }
        self.write();
    }

    /// The name that a file has in the directory.
    pub fn path_of(&self, version: u32, name: &str) -> String {
        match self.tool {
            Tool::Flyway => format!("V{version}__{name}.sql"),
            Tool::GolangMigrate => format!("{version}_{name}.up.sql"),
            Tool::Native | Tool::Goose | Tool::Alembic | Tool::Liquibase => format!("{version}_{name}.sql"),
        }
    }

    pub fn text_of(&self, version: u32, file: &File) -> String {
        let up = file.up();
        match self.tool {
            Tool::Goose => format!("-- +goose Up\n{up}-- +goose Down\n{}", file.back()),
            Tool::Native | Tool::Alembic if file.down => format!("{up}-- syncline: down\n{}", file.back()),
            Tool::Liquibase => format!("--liquibase formatted sql\n--changeset ann:{version}\n{up}"),
            _ => up,
        }
    }

    /// Puts a file where it belongs.
    pub fn put(&mut self, version: u32, file: File) {
        let path = self.path_of(version, &file.name);
        self.files.insert(path, (version, file));
    }

    /// Gives a file a version that comes after all others.
    pub fn move_behind(&mut self, path: &str) {
        let version = self.newest() + 1;
        if let Some((_, file)) = self.files.remove(path) {
            self.put(version, file);
        }
    }

    /// Notes what was taken over: what the other tool has run.
    pub fn adopted(&mut self, document: &Value) {
        assert!(
            document["ok"] == true || document["error"]["code"] != "internal",
            "{document}"
        );
    }

    pub fn path_at(&self, version: u32) -> Option<String> {
        self.files
            .iter()
            .find(|(_, (at, _))| *at == version)
            .map(|(path, _)| path.clone())
    }

    pub fn newest(&self) -> u32 {
        let files = self.files.values().map(|(version, _)| *version);
        files.chain(self.ran.keys().copied()).max().unwrap_or_default()
    }

    /// The directory as the files are.
    pub fn write(&self) {
        let _ = fs::remove_dir_all(self.directory());
        fs::create_dir(self.directory()).unwrap();
        if self.tool == Tool::Liquibase {
            let mut sets: Vec<_> = self.files.values().collect();
            sets.sort_by_key(|(version, _)| *version);
            let sets = sets
                .iter()
                .map(|(version, file)| format!("--changeset ann:{version}\n{}", file.up()));
            let text = format!("--liquibase formatted sql\n{}", sets.collect::<String>());
            fs::write(self.directory().join("changelog.sql"), text).unwrap();
            return;
        }
        for (path, (version, file)) in &self.files {
            fs::write(self.directory().join(path), self.text_of(*version, file)).unwrap();
        }
    }

    /// Runs a command line as a shell would, the rest of it is added. The document that it prints with `--format json`.
    pub fn syncline(&mut self, words: &[String]) -> Value {
        let words = ["syncline".to_owned()].into_iter().chain(words.iter().cloned());
        let argv: Vec<std::ffi::OsString> = words.chain(["--quiet".to_owned()]).map(Into::into).collect();
        let read = PARSER.with_borrow_mut(|parser| {
            let matches = parser.try_get_matches_from_mut(&argv)?;
            Args::from_arg_matches(&matches).map(|args| (args, matches))
        });
        let (args, matches) = match read {
            Ok(read) => read,
            Err(error) => {
                return serde_json::json!({ "ok": false, "error": { "code": "usage", "message": error.to_string(), "next": [] } });
            }
        };
        let environment = Environment::of(&[("USER", "ann")]);
        // A program at the other end, to whom nothing is said beside the document.
        let output = Output::plain(Format::Json, &environment);
        let progress = Progress::new(&output);
        let signals = Signals::default();
        let mut document = blank(&args, &matches);
        let context = Context {
            typed: &args.global,
            environment: &environment,
            output: &output,
            progress: &progress,
            document: &mut document,
            interrupt: signals.interrupt(),
        };
        let outcome = self.runtime.block_on(commands::run(&args.command, context));
        let done = progress.take();
        if let Err(trouble) = &outcome {
            document.flags.typed.done(done.len());
            document.fail(trouble, None);
        }
        document.done(done);
        serde_json::to_value(&document).unwrap()
    }

    /// A command with the flags that choose files and database.
    pub fn say(&mut self, line: &str) -> Value {
        let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        words.extend(["--url".to_owned(), format!("sqlite:{}", self.database().display())]);
        words.extend(["--dir".to_owned(), self.directory().display().to_string()]);
        let layout = match self.tool {
            Tool::Native | Tool::Alembic => None,
            Tool::Flyway => Some("flyway"),
            Tool::Goose => Some("goose"),
            Tool::GolangMigrate => Some("golang-migrate"),
            Tool::Liquibase => Some("liquibase"),
        };
        words.extend(
            layout
                .into_iter()
                .flat_map(|name| ["--layout".to_owned(), name.to_owned()]),
        );
        self.syncline(&words)
    }

    /// Behind syncline's back.
    pub fn sql(&self, text: &str) {
        self.runtime.block_on(async {
            let url = format!("sqlite:{}?mode=rwc", self.database().display());
            let mut session = SqliteConnection::connect(&url).await.unwrap();
            sqlx::raw_sql(sqlx::AssertSqlSafe(text.to_owned()))
                .execute(&mut session)
                .await
                .unwrap();
            session.close().await.unwrap();
        });
    }

    /// How often each script has run.
    pub fn runs(&self) -> BTreeMap<u32, i64> {
        if !self.database().exists() {
            return BTreeMap::new();
        }
        self.runtime.block_on(async {
            let url = format!("sqlite:{}", self.database().display());
            let mut session = SqliteConnection::connect(&url).await.unwrap();
            let query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 's[0-9]*'";
            let tables = sqlx::query(query).fetch_all(&mut session).await.unwrap();
            let mut runs = BTreeMap::new();
            for table in tables {
                let name: String = table.get(0);
                let query = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {name}"));
                let count: i64 = sqlx::query(query).fetch_one(&mut session).await.unwrap().get(0);
                runs.insert(name[1..].parse().unwrap(), count);
            }
            session.close().await.unwrap();
            runs
        })
    }

    /// Notes what a run has applied, by the files of this moment.
    pub fn note(&mut self, document: &Value) {
        for done in document["applied"].as_array().into_iter().flatten() {
            let version = done["version"].as_str().and_then(|version| version.parse().ok());
            let Some(version) = version else { continue };
            if let Some((_, file)) = self.path_at(version).and_then(|path| self.files.get(&path)) {
                self.ran.insert(version, file.clone());
            }
        }
    }

    /// From here on nothing may run more often than it is in files, or than it had run before.
    pub fn mark(&mut self) {
        self.before = self.runs();
    }

    /// What the database has not of what the files say.
    pub fn disagreement(&self) -> Option<String> {
        let runs = self.runs();
        let mut held: BTreeMap<u32, i64> = BTreeMap::new();
        for (_, file) in self.files.values().filter(|(_, file)| !file.empty) {
            let each: BTreeSet<u32> = file.holds.iter().copied().collect();
            each.into_iter()
                .for_each(|script| *held.entry(script).or_default() += 1);
        }
        held.into_iter().find_map(|(script, most)| {
            let found = runs.get(&script).copied().unwrap_or_default();
            let before = self.before.get(&script).copied().unwrap_or_default();
            let is_right = (1..=most.max(before)).contains(&found);
            (!is_right).then(|| {
                format!("script {script} is in {most} files and has run {found} times, {before} of them before")
            })
        })
    }
}
