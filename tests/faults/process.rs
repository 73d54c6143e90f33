//! A server process of a test's own, which can be killed and started again on what it has written.

use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::server::Engine;
use crate::settings::setting;

/// Ends when it is dropped.
pub(crate) struct Process {
    engine: Engine,
    pub(crate) port: u16,
    pub(crate) password: String,
    directory: TempDir,
    child: Child,
}

/// A command of the server's user, since servers refuse to run as root. The kernel ends it with the test.
fn as_server(program: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL"]);
    if is_root() {
        let user = setting("SYNCLINE_TEST_SERVER_USER");
        let output = Command::new("id").args(["-g", &user]).output().unwrap();
        let group = String::from_utf8(output.stdout).unwrap();
        command.args(["--reuid", &user, "--regid", group.trim(), "--clear-groups"]);
    }
    command.args(["env", "LC_ALL=C.UTF-8", program]).stdin(Stdio::null());
    command
}

fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

fn give_to_server(path: &Path) {
    if is_root() {
        let owner = format!("{}:", setting("SYNCLINE_TEST_SERVER_USER"));
        succeed(Command::new("chown").arg(owner).arg(path));
    }
}

fn succeed(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
}

/// One that nobody has, below the range from which the kernel serves clients: it has to be free again after a kill.
fn free_port() -> u16 {
    let random = || 20000 + u16::try_from(uuid::Uuid::new_v4().as_u128() % 12000).unwrap();
    let is_free = |port: &u16| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok();
    std::iter::repeat_with(random).find(is_free).unwrap()
}

impl Process {
    /// In this directory.
    pub(crate) fn start(engine: Engine, directory: TempDir) -> Self {
        give_to_server(directory.path());
        let data = directory.path().join("data");
        let password = match engine {
            Engine::Sqlite => unreachable!("SQLite has no server"),
            Engine::MariaDb => {
                let template = setting("SYNCLINE_TEST_MARIADB_TEMPLATE");
                succeed(as_server("cp").arg("-a").arg(template).arg(&data));
                "crash".to_owned()
            }
            Engine::Postgres => {
                let password = uuid::Uuid::new_v4().simple().to_string();
                let file = directory.path().join("password");
                fs::write(&file, &password).unwrap();
                give_to_server(&file);
                // Hashed as the server of `tests/run` has it.
                let mut initdb = as_server(&format!("{}/initdb", setting("SYNCLINE_TEST_POSTGRES_BIN")));
                initdb.args([
                    "--username=tester",
                    "--auth=md5",
                    "--encoding=UTF8",
                    "--no-sync",
                    "--wal-segsize=1",
                ]);
                succeed(initdb.arg("--pwfile").arg(file).arg("--pgdata").arg(&data));
                password
            }
        };
        let port = free_port();
        let child = launch(engine, port, directory.path());
        Self {
            engine,
            port,
            password,
            directory,
            child,
        }
    }

    /// Kills it with all its processes, at once.
    pub(crate) fn kill(&mut self) {
        let children = self.pause();
        for child in &children {
            signal(*child, libc::SIGKILL);
        }
        signal(self.child.id(), libc::SIGKILL);
        self.child.wait().unwrap();
        // Memory that one of them still shares would keep the next server from starting.
        for child in &children {
            while state(*child).is_some_and(|state| !matches!(state, 'Z' | 'X')) {
                std::thread::sleep(Duration::from_millis(1));
            }
        }
    }

    /// Stops all its processes, its own first: it must not notice that its children die and begin to clean up. Returns those.
    pub(crate) fn pause(&mut self) -> Vec<u32> {
        self.signal(libc::SIGSTOP)
    }

    /// Lets them go on.
    pub(crate) fn go_on(&mut self) {
        self.signal(libc::SIGCONT);
    }

    /// No file of its may be larger than that, where there is a limit.
    pub(crate) fn limit_files(&self, bytes: Option<u64>) {
        let limit = bytes.map_or_else(|| "unlimited".to_owned(), |bytes| bytes.to_string());
        for process in std::iter::once(self.child.id()).chain(self.children()) {
            let mut prlimit = as_server("prlimit");
            let output = prlimit
                .args([format!("--pid={process}"), format!("--fsize={limit}:")])
                .output()
                .unwrap();
            // One that has ended meanwhile has no need of it.
            assert!(output.status.success() || state(process).is_none(), "{output:?}");
        }
    }

    fn children(&self) -> Vec<u32> {
        let process = self.child.id();
        let children = fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
        children
            .split_whitespace()
            .map(|child| child.parse().unwrap())
            .collect()
    }

    fn signal(&self, what: i32) -> Vec<u32> {
        signal(self.child.id(), what);
        let children = self.children();
        for child in &children {
            signal(*child, what);
        }
        children
    }

    /// Asks it to end all sessions and then itself, and waits for that.
    pub(crate) fn shut_down(&mut self) {
        signal(
            self.child.id(),
            if self.engine == Engine::Postgres {
                libc::SIGINT
            } else {
                libc::SIGTERM
            },
        );
        self.child.wait().unwrap();
    }

    /// Starts it again.
    pub(crate) fn restart(&mut self) {
        self.child = launch(self.engine, self.port, self.directory.path());
    }

    /// Whether it has ended by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// An error with its log where it has ended.
    pub(crate) fn is_coming_up(&mut self, error: &sqlx::Error) -> Result<(), String> {
        if self.child.try_wait().unwrap().is_none() {
            return Ok(());
        }
        let log = fs::read_to_string(self.directory.path().join("log")).unwrap();
        Err(format!("{} does not come up: {error}\n{log}", self.engine.name()))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            // PostgreSQL would leave shared memory behind if it were killed.
            signal(self.child.id(), libc::SIGQUIT);
            let since = Instant::now();
            while matches!(self.child.try_wait(), Ok(None)) && since.elapsed() < Duration::from_secs(5) {
                std::thread::sleep(Duration::from_millis(5));
            }
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

fn launch(engine: Engine, port: u16, directory: &Path) -> Child {
    let log = File::options()
        .create(true)
        .append(true)
        .open(directory.join("log"))
        .unwrap();
    let place = directory.display();
    let mut command = match engine {
        Engine::Sqlite => unreachable!("SQLite has no server"),
        Engine::MariaDb => {
            let mut command = as_server(&setting("SYNCLINE_TEST_MARIADB_BIN"));
            command
                .arg("--no-defaults")
                .arg(format!("--datadir={place}/data"))
                .arg(format!("--tmpdir={place}"))
                .arg(format!("--socket={place}/socket"))
                .arg(format!("--pid-file={place}/pid"))
                .arg(format!("--port={port}"))
                .args(["--bind-address=127.0.0.1", "--skip-name-resolve"])
                .args(["--innodb-log-file-size=16M", "--innodb-buffer-pool-size=16M"])
                .args(["--innodb-flush-log-at-trx-commit=1", "--innodb-flush-method=nosync"]);
            command
        }
        Engine::Postgres => {
            let mut command = as_server(&format!("{}/postgres", setting("SYNCLINE_TEST_POSTGRES_BIN")));
            // What the kernel was given survives the kill of a process.
            command
                .args(["-D", &format!("{place}/data"), "-k", &place.to_string()])
                .args(["-p", &port.to_string()])
                .args([
                    "-c",
                    "listen_addresses=127.0.0.1",
                    "-c",
                    "fsync=off",
                    "-c",
                    "autovacuum=off",
                    // A small disk holds many databases one after the other.
                    "-c",
                    "max_wal_size=32MB",
                    "-c",
                    "min_wal_size=32MB",
                ]);
            command
        }
    };
    command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap()
}

/// Sends a signal.
pub(crate) fn signal(process: u32, signal: i32) {
    let process = process.try_into().unwrap();
    // SAFETY: touches no memory. The process cannot be another one: its parent, which is ours or stopped, has not waited for it.
    unsafe { libc::kill(process, signal) };
}

/// What the kernel says that a process does: `T` where it is stopped, `Z` where nobody has asked yet how it ended. `None` where
/// there is none.
pub(crate) fn state(process: u32) -> Option<char> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    stat.rsplit_once(") ")?.1.chars().next()
}
