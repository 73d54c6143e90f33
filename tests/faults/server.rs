//! A server of a test's own, which can be killed and started again on what it has written.

use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::session::Session;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    MariaDb,
    Postgres,
}

/// Ends when it is dropped.
pub(crate) struct Server {
    pub(crate) engine: Engine,
    pub(crate) port: u16,
    password: String,
    directory: TempDir,
    process: Child,
    /// Databases that are empty again.
    free: Vec<String>,
    made: usize,
}

/// What `tests/run` says of the servers.
fn setting(variable: &str) -> String {
    let found = std::env::vars().find(|(name, _)| name == variable);
    found
        .unwrap_or_else(|| panic!("{variable} is not set: run tests/run, or tests/run --serve in another terminal"))
        .1
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

impl Server {
    pub(crate) async fn start(engine: Engine) -> Self {
        let directory = tempfile::tempdir().unwrap();
        give_to_server(directory.path());
        let data = directory.path().join("data");
        let password = match engine {
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
                // A password in clear costs the client least.
                let mut initdb = as_server(&format!("{}/initdb", setting("SYNCLINE_TEST_POSTGRES_BIN")));
                initdb.args(["--username=tester", "--auth=password", "--encoding=UTF8", "--no-sync"]);
                succeed(initdb.arg("--pwfile").arg(file).arg("--pgdata").arg(&data));
                password
            }
        };
        let port = free_port();
        let process = launch(engine, port, directory.path());
        let mut server = Self {
            engine,
            port,
            password,
            directory,
            process,
            free: Vec::new(),
            made: 0,
        };
        server.answers().await;
        server
    }

    /// Kills it with all its processes, at once.
    pub(crate) fn kill(&mut self) {
        let process = self.process.id();
        // Stopped first: it must not notice that its children die and begin to clean up.
        signal(process, libc::SIGSTOP);
        let children = fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap();
        for child in children.split_whitespace() {
            signal(child.parse().unwrap(), libc::SIGKILL);
        }
        signal(process, libc::SIGKILL);
        self.process.wait().unwrap();
        // Memory that one of them still shares would keep the next server from starting.
        for child in children.split_whitespace() {
            while is_alive(child) {
                std::thread::sleep(Duration::from_millis(1));
            }
        }
    }

    /// Starts it again, and waits until it has recovered.
    pub(crate) async fn restart(&mut self) {
        self.process = launch(self.engine, self.port, self.directory.path());
        self.answers().await;
    }

    async fn answers(&mut self) {
        let since = Instant::now();
        while let Err(error) = Session::open(&self.url("")).await {
            let ended = self.process.try_wait().unwrap();
            assert!(
                ended.is_none() && since.elapsed() < Duration::from_secs(60),
                "{:?} does not come up: {error}\n{}",
                self.engine,
                fs::read_to_string(self.directory.path().join("log")).unwrap()
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// The URL of a database, or of the server's own.
    pub(crate) fn url(&self, database: &str) -> String {
        self.url_at(self.port, database)
    }

    /// The same behind another port.
    pub(crate) fn url_at(&self, port: u16, database: &str) -> String {
        let (scheme, own) = match self.engine {
            Engine::MariaDb => ("mysql", "syncline"),
            Engine::Postgres => ("postgres", "postgres"),
        };
        let database = if database.is_empty() { own } else { database };
        format!("{scheme}://tester:{}@127.0.0.1:{port}/{database}", self.password)
    }

    /// The name of a database with nothing in it.
    pub(crate) async fn empty_database(&mut self) -> String {
        if let Some(name) = self.free.pop() {
            return name;
        }
        self.made += 1;
        let name = format!("trial_{}", self.made);
        let mut session = self.session("").await;
        session.query(&format!("CREATE DATABASE {name}")).await;
        session.close().await;
        name
    }

    /// Takes a database back that nobody uses any more.
    pub(crate) async fn give_back(&mut self, name: String) {
        let mut session = self.session(&name).await;
        match self.engine {
            Engine::MariaDb => drop(session.query(&format!("DROP DATABASE {name}")).await),
            // To make another one takes ten times as long.
            Engine::Postgres => {
                session.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
                self.free.push(name);
            }
        }
        session.close().await;
    }

    pub(crate) async fn session(&self, database: &str) -> Session {
        Session::open(&self.url(database)).await.unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.process.try_wait(), Ok(None)) {
            // PostgreSQL would leave shared memory behind if it were killed.
            signal(self.process.id(), libc::SIGQUIT);
            let since = Instant::now();
            while matches!(self.process.try_wait(), Ok(None)) && since.elapsed() < Duration::from_secs(5) {
                std::thread::sleep(Duration::from_millis(5));
            }
            let _ = self.process.kill();
            let _ = self.process.wait();
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
                ]);
            command
        }
    };
    command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap()
}

fn signal(process: u32, signal: i32) {
    let process = process.try_into().unwrap();
    // SAFETY: touches no memory. The process cannot be another one: its parent, which is ours or stopped, has not waited for it.
    unsafe { libc::kill(process, signal) };
}

/// Whether a process has not ended; nobody may have asked yet how it did.
fn is_alive(process: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    stat.rsplit_once(") ")
        .is_some_and(|(_, state)| !state.starts_with(['Z', 'X']))
}
