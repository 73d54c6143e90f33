//! Where databases are made: on a server of the test's own, on one that `tests/run` has started, or in files.

use std::fs;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::disk::Disk;
use crate::process::Process;
use crate::session::Session;
use crate::settings::setting;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    MariaDb,
    Postgres,
    Sqlite,
}

impl Engine {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::MariaDb => "MariaDB",
            Self::Postgres => "PostgreSQL",
            Self::Sqlite => "SQLite",
        }
    }
}

/// Where databases of an engine are.
pub(crate) struct Server {
    pub(crate) engine: Engine,
    pub(crate) port: u16,
    /// What comes before the name of a database in its URL: up to the port, and behind it.
    before: String,
    place: Place,
    /// Where all that is.
    disk: Option<Disk>,
    /// What is said in a new file.
    pub(crate) first: Option<String>,
    /// Databases that are empty again.
    free: Vec<String>,
    /// The newest one that looks at a database, and at which. To open another one costs as much as a run of the program.
    session: Option<(String, Session)>,
}

enum Place {
    Own(Process),
    Shared,
    Files(TempDir),
}

/// What is done to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ServerDeed {
    Kill,
    /// It ends all sessions, and starts again.
    Restart,
    /// It stands still.
    Pause(Duration),
    /// Its disk has only so many bytes left, or its files may only be so large, for as long as the run lasts.
    Full(u64),
}

impl Server {
    fn at(engine: Engine, port: u16, before: String, place: Place) -> Self {
        Self {
            engine,
            port,
            before,
            place,
            disk: None,
            first: None,
            free: Vec::new(),
            session: None,
        }
    }

    /// A server of the test's own.
    pub(crate) async fn start(engine: Engine) -> Self {
        Self::start_on(engine, None).await
    }

    /// The same with everything that it writes on a disk.
    pub(crate) async fn start_on(engine: Engine, disk: Option<Disk>) -> Self {
        let process = Process::start(engine, directory(disk.as_ref()));
        let scheme = if engine == Engine::MariaDb { "mysql" } else { "postgres" };
        let before = format!("{scheme}://tester:{}@127.0.0.1", process.password);
        let mut server = Self::at(engine, process.port, before, Place::Own(process));
        server.disk = disk;
        server.answers().await;
        server
    }

    /// Files of SQLite.
    pub(crate) fn files(disk: Option<Disk>) -> Self {
        let directory = directory(disk.as_ref());
        let before = format!("sqlite:{}", directory.path().display());
        let mut server = Self::at(Engine::Sqlite, 0, before, Place::Files(directory));
        server.disk = disk;
        server
    }

    /// The one that `tests/run` has started, which cannot be killed; or files.
    pub(crate) fn shared(engine: Engine) -> Self {
        let variable = match engine {
            Engine::MariaDb => "SYNCLINE_TEST_MARIADB",
            Engine::Postgres => "SYNCLINE_TEST_POSTGRES",
            Engine::Sqlite => return Self::files(None),
        };
        let url = setting(variable);
        let (address, _) = url.rsplit_once('/').unwrap();
        let (before, port) = address.rsplit_once(':').unwrap();
        Self::at(engine, port.parse().unwrap(), before.to_owned(), Place::Shared)
    }

    /// The process, which the test may do with as it likes.
    pub(crate) fn process(&mut self) -> &mut Process {
        match &mut self.place {
            Place::Own(process) => process,
            Place::Shared | Place::Files(_) => unreachable!("the server is not the test's own"),
        }
    }

    /// What its user logs in with.
    pub(crate) fn password(&mut self) -> String {
        self.process().password.clone()
    }

    /// Kills it, at once.
    pub(crate) fn kill(&mut self) {
        self.session = None;
        self.process().kill();
    }

    /// Ends it as its administrator does: its sessions are ended first.
    pub(crate) fn shut_down(&mut self) {
        self.session = None;
        self.process().shut_down();
    }

    /// Only so many bytes are left on its disk; without one, no file may be larger.
    pub(crate) fn fill(&mut self, left: u64) {
        match &self.disk {
            Some(disk) => disk.leave(left),
            None => self.process().limit_files(Some(left)),
        }
    }

    /// There is room again. A server that has ended meanwhile is started again.
    pub(crate) async fn clear(&mut self) {
        match &self.disk {
            Some(disk) => disk.free(),
            None => self.process().limit_files(None),
        }
        self.session = None;
        if self.engine == Engine::Sqlite {
            return;
        }
        let since = Instant::now();
        while Session::open(&self.url("")).await.is_err() && since.elapsed() < Duration::from_secs(30) {
            if self.process().has_ended() {
                self.process().restart();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.answers().await;
    }

    /// Starts it again after a kill, and waits until it has recovered.
    pub(crate) async fn restart(&mut self) {
        self.try_restart().await.unwrap_or_else(|log| panic!("{log}"));
    }

    /// The same; an error where it cannot recover from what it did itself.
    pub(crate) async fn try_restart(&mut self) -> Result<(), String> {
        self.process().restart();
        self.comes_up().await
    }

    /// Waits until it takes connections.
    pub(crate) async fn answers(&mut self) {
        self.comes_up().await.unwrap_or_else(|log| panic!("{log}"));
    }

    async fn comes_up(&mut self) -> Result<(), String> {
        let since = Instant::now();
        while let Err(error) = Session::open(&self.url("")).await {
            self.process().is_coming_up(&error)?;
            assert!(since.elapsed() < Duration::from_secs(60), "{:?}: {error}", self.engine);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }

    /// The URL of a database, or of the server's own.
    pub(crate) fn url(&self, database: &str) -> String {
        self.url_at(self.port, database)
    }

    /// The same behind another port.
    pub(crate) fn url_at(&self, port: u16, database: &str) -> String {
        let own = match self.engine {
            Engine::MariaDb => "syncline",
            Engine::Postgres => "postgres",
            Engine::Sqlite => return format!("{}/{database}.db", self.before),
        };
        let database = if database.is_empty() { own } else { database };
        format!("{}:{port}/{database}", self.before)
    }

    /// The name of a database with nothing in it. A file is made by whoever opens it.
    pub(crate) async fn empty_database(&mut self) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        if let Some(name) = self.free.pop() {
            return name;
        }
        let name = format!("f{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        if self.engine != Engine::Sqlite {
            let mut session = Session::open(&self.url("")).await.unwrap();
            session.query(&format!("CREATE DATABASE {name}")).await;
            session.close().await;
        }
        if let Some(first) = &self.first {
            let mut session = Session::open(&self.url(&name)).await.unwrap();
            session.query(first).await;
            session.close().await;
        }
        name
    }

    /// Takes a database back that nobody uses any more.
    pub(crate) async fn give_back(&mut self, name: String) {
        match (self.engine, &self.place) {
            (Engine::MariaDb, _) => drop(self.session(&name).await.query(&format!("DROP DATABASE {name}")).await),
            // To make another one takes ten times as long.
            (Engine::Postgres, _) => {
                let empty = "DROP SCHEMA public CASCADE; CREATE SCHEMA public; \
                     DO $$ BEGIN EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', current_user); END $$";
                self.session(&name).await.query(empty).await;
                self.free.push(name);
            }
            (Engine::Sqlite, Place::Files(directory)) => {
                self.session = None;
                for end in ["", "-journal", "-wal", "-shm"] {
                    let _ = fs::remove_file(directory.path().join(format!("{name}.db{end}")));
                }
            }
            (Engine::Sqlite, _) => {}
        }
    }

    /// Looks no more: with a write-ahead log nobody can have a file for himself that another one has open.
    pub(crate) async fn look_away(&mut self) {
        if let Some((_, session)) = self.session.take_if(|_| self.engine == Engine::Sqlite) {
            session.close().await;
        }
    }

    /// Looks at a database, past all proxies. It is the one that stays open: others are those of somebody else.
    pub(crate) async fn session(&mut self, database: &str) -> &mut Session {
        if self.session.as_ref().is_none_or(|(name, _)| name != database) {
            if let Some((_, session)) = self.session.take() {
                session.close().await;
            }
            let session = Session::open(&self.url(database)).await.unwrap();
            self.session = Some((database.to_owned(), session));
        }
        &mut self.session.as_mut().unwrap().1
    }
}

fn directory(disk: Option<&Disk>) -> TempDir {
    match disk {
        Some(disk) => tempfile::tempdir_in(disk.path()).unwrap(),
        None => tempfile::tempdir().unwrap(),
    }
}
