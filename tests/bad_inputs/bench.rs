//! Runs the lines of a table, each in a project of its own, in both formats, on each engine that it is about.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::case::{After, Case, Engine, Reach};
use crate::check::{self, Format};
use crate::live::Live;

/// Whatever is handed in, an answer comes within this time.
const LIMIT: Duration = Duration::from_secs(60);

/// What the program said, and how it ended.
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs all lines, and fails with all that went wrong.
pub(crate) fn run(cases: impl IntoIterator<Item = Case>) {
    let mut wrong = Vec::new();
    for case in cases {
        for engine in case.engines {
            for format in [Format::Human, Format::Json] {
                let outcome = catch_unwind(AssertUnwindSafe(|| run_once(&case, *engine, format)));
                if let Err(panic) = outcome {
                    let text = panic
                        .downcast_ref::<String>()
                        .cloned()
                        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
                        .unwrap_or_default();
                    wrong.push(format!("── {} ({engine:?}, {format:?})\n{text}", case.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} lines:\n{}", wrong.len(), wrong.join("\n"));
}

fn run_once(case: &Case, engine: Engine, format: Format) {
    let project = Project::new();
    let live = match case.reach {
        Reach::Live => Live::new(engine, &project.path),
        Reach::Never | Reach::Own => Live::nowhere(engine),
    };
    if !case.applied.is_empty() {
        project.write(&case.applied);
        let said = finish(project.command(&live.url, false).arg("up"));
        assert_eq!(said.code, Some(0), "{}{}", said.stdout, said.stderr);
        fs::remove_dir_all(project.migrations()).unwrap();
    }
    for sql in &case.sql {
        live.execute(sql);
    }
    project.write(&case.files);
    if let Some(prepare) = &case.prepare {
        prepare(&project.path);
    }
    let files = project.files();
    let before = match case.reach {
        Reach::Live => live.everything(),
        _ => Vec::new(),
    };

    let mut command = project.command(&live.url, case.unprivileged);
    if case.reach == Reach::Own {
        command.env_remove("SYNCLINE_URL");
    }
    command.envs(case.environment.iter().map(|(name, value)| (name, value)));
    command.args(&case.arguments);
    if format == Format::Json {
        command.args(["--format", "json"]);
    }
    let said = finish(&mut command);

    check::answer(case, &said, format);
    check::files(case, &files, &project.files());
    if let (Reach::Live, After::Unchanged) = (case.reach, &case.after) {
        assert_eq!(live.everything(), before, "schema or ledger changed");
    }
    if let Some(then) = &case.then {
        then(&live, &project.path);
    }
}

/// A directory with migrations.
pub(crate) struct Project {
    pub(crate) path: PathBuf,
    directory: tempfile::TempDir,
}

impl Project {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let path = directory.path().join("project");
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).unwrap();
        Self { path, directory }
    }

    pub(crate) fn migrations(&self) -> PathBuf {
        self.path.join("migrations")
    }

    pub(crate) fn write(&self, files: &[(String, Vec<u8>)]) {
        fs::create_dir_all(self.migrations()).unwrap();
        for (name, text) in files {
            let path = self.migrations().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }

    /// The program, in this project and in an environment that holds nothing else.
    pub(crate) fn command(&self, url: &str, unprivileged: bool) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_syncline"));
        if unprivileged && self.directory.path().metadata().unwrap().uid() == 0 {
            // Nothing is refused to the superuser, so somebody else has to run it, from a place that he may look into.
            command = Command::new(shared_program());
            command.uid(65534).gid(65534);
        }
        command
            .current_dir(&self.path)
            .env_clear()
            .env("LANG", "C.UTF-8")
            .env("SYNCLINE_URL", url)
            .stdin(Stdio::null());
        command
    }

    /// Every path below the project with what is there, except the database that the line is about.
    pub(crate) fn files(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        let mut pending = vec![self.path.clone()];
        while let Some(directory) = pending.pop() {
            let Ok(listing) = fs::read_dir(&directory) else {
                continue;
            };
            for entry in listing.flatten() {
                let path = entry.path();
                let name = path.strip_prefix(&self.path).unwrap().to_string_lossy().into_owned();
                let kind = entry.file_type().unwrap();
                let what = if kind.is_dir() {
                    pending.push(path);
                    "directory".to_owned()
                } else if kind.is_file() {
                    let about = entry.metadata().unwrap();
                    format!("{} bytes of {:?}", about.len(), about.modified().unwrap())
                } else {
                    format!("{kind:?}")
                };
                found.insert(name, what);
            }
        }
        found
    }
}

/// The binary in a directory that everybody may look into.
fn shared_program() -> &'static Path {
    static PROGRAM: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = PROGRAM.get_or_init(|| {
        let directory = tempfile::tempdir().unwrap();
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let path = directory.path().join("syncline");
        // Not by ourselves: a child that another test starts meanwhile would hold the file open, and nobody could run it.
        let copied = Command::new("cp")
            .arg(env!("CARGO_BIN_EXE_syncline"))
            .arg(&path)
            .status();
        assert!(copied.unwrap().success());
        (directory, path)
    });
    path
}

/// Runs a command to its end.
pub(crate) fn finish(command: &mut Command) -> Said {
    wait(start(command))
}

pub(crate) fn start(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Waits for the end, and ends what does not end.
pub(crate) fn wait(mut child: Child) -> Said {
    fn read(mut stream: impl Read + Send + 'static) -> std::thread::JoinHandle<String> {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = stream.read_to_end(&mut bytes);
            String::from_utf8(bytes).unwrap_or_else(|error| panic!("the output is not UTF-8: {error}"))
        })
    }
    let stdout = child.stdout.take().map(read);
    let stderr = child.stderr.take().map(read);
    let began = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break Some(status);
        }
        if began.elapsed() > LIMIT {
            child.kill().unwrap();
            child.wait().unwrap();
            break None;
        }
        std::thread::sleep(Duration::from_millis(3));
    };
    let text = |thread: Option<std::thread::JoinHandle<String>>| thread.map_or_else(String::new, |t| t.join().unwrap());
    let (stdout, stderr) = (text(stdout), text(stderr));
    let status = status.unwrap_or_else(|| panic!("no end after {LIMIT:?}: {stdout}{stderr}"));
    Said {
        code: status.code(),
        stdout,
        stderr,
    }
}
