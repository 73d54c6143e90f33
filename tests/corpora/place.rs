//! A database of its own for each run, as the dumps were made from: made, talked to by its own client, and dropped.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use url::Url;

use crate::settings::setting;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    MariaDb,
    Postgres,
    Sqlite,
}

impl Engine {
    /// As in the names of the dumps.
    pub fn dialect(self) -> &'static str {
        match self {
            Self::MariaDb => "mysql",
            Self::Postgres => "postgres",
            Self::Sqlite => "sqlite",
        }
    }
}

/// A fresh database, which is dropped at the end.
pub struct Place {
    pub engine: Engine,
    pub url: String,
    server: Option<Url>,
    name: String,
    _directory: tempfile::TempDir,
}

impl Place {
    pub fn new(engine: Engine, run: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        // Some scripts say how it is called.
        let name = format!("c_{}", run.replace(['-', '.'], "_"));
        let server = match engine {
            Engine::MariaDb => Some(setting("SYNCLINE_TEST_MARIADB")),
            Engine::Postgres => Some(as_postgres(&setting("SYNCLINE_TEST_POSTGRES"))),
            Engine::Sqlite => None,
        };
        let server = server.map(|url| Url::parse(&url).unwrap());
        let url = match &server {
            Some(server) => {
                let mut url = server.clone();
                url.set_path(&name);
                url.to_string()
            }
            None => format!("sqlite:{}", directory.path().join("database.db").display()),
        };
        let place = Self {
            engine,
            url,
            server,
            name,
            _directory: directory,
        };
        place.drop();
        match engine {
            Engine::MariaDb => place.at_server(&format!(
                "CREATE DATABASE {} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci",
                place.name
            )),
            Engine::Postgres => {
                place.at_server(&format!(
                    "CREATE DATABASE {} TEMPLATE template0 ENCODING UTF8 LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'",
                    place.name
                ));
                place.at_server(&format!("ALTER DATABASE {} SET timezone = 'UTC'", place.name));
            }
            Engine::Sqlite => {}
        }
        place
    }

    fn drop(&self) {
        match self.engine {
            Engine::MariaDb => self.at_server(&format!("DROP DATABASE IF EXISTS {}", self.name)),
            Engine::Postgres => self.at_server(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)),
            Engine::Sqlite => {}
        }
    }

    /// Runs SQL with the client, in no database of ours.
    fn at_server(&self, sql: &str) {
        said(self.client(None).args(self.flag()).arg(sql));
    }

    /// Runs SQL with the client.
    pub fn run(&self, sql: &str) {
        self.ask(sql);
    }

    /// What the client prints, run with SQL.
    pub fn ask(&self, sql: &str) -> String {
        said(self.client(Some(&self.name)).args(self.flag()).arg(sql))
    }

    /// Runs a script of MariaDB's.
    pub fn source(&self, script: &str) {
        let script = script
            .replace("@ZM_DB_NAME@", &self.name)
            .replace("@ZM_MYSQL_ENGINE@", "InnoDB");
        self.load(&script);
    }

    /// Runs a whole script, such as a dump, as the client reads it from a file.
    pub fn load(&self, script: &str) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), script).unwrap();
        let script = std::fs::File::open(file.path()).unwrap();
        output(self.client(Some(&self.name)).stdin(script));
    }

    /// The client, which takes SQL as a last argument or from its input.
    fn client(&self, database: Option<&str>) -> Command {
        match &self.server {
            None => {
                let mut command = Command::new("sqlite3");
                command.args(["-batch", "-bail", "-init", "/dev/null"]).arg(self.file());
                command
            }
            Some(server) if self.engine == Engine::MariaDb => {
                let mut command = mariadb("mariadb", server);
                command.args(database);
                command
            }
            Some(server) => {
                let mut url = server.clone();
                url.set_path(database.unwrap_or("postgres"));
                let mut command = postgres("psql");
                command
                    .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d"])
                    .arg(url.as_str());
                command
            }
        }
    }

    /// What stands before SQL on the client's command line.
    fn flag(&self) -> Option<&'static str> {
        match self.engine {
            Engine::MariaDb => Some("-e"),
            Engine::Postgres => Some("-c"),
            Engine::Sqlite => None,
        }
    }

    fn file(&self) -> PathBuf {
        PathBuf::from(self.url.trim_start_matches("sqlite:"))
    }

    /// The schema as the engine's own tool writes it, syncline's tables left out.
    pub fn dump(&self) -> String {
        match &self.server {
            None => said(
                Command::new("sqlite3")
                    .args(["-batch", "-init", "/dev/null"])
                    .arg(self.file())
                    .arg(".schema --nosys"),
            ),
            Some(server) if self.engine == Engine::MariaDb => said(
                mariadb("mariadb-dump", server)
                    .args(["--no-data", "--routines", "--triggers", "--events", "--skip-comments"])
                    .args(["history", "script"].map(|table| format!("--ignore-table={}.syncline_{table}", self.name)))
                    .arg(&self.name),
            ),
            Some(_) => said(
                postgres("pg_dump")
                    .args(["--schema-only", "--no-owner", "-T", "syncline_*", "-d"])
                    .arg(&self.url),
            ),
        }
    }
}

/// The server with the superuser of that name, who the dumps were made by and some scripts grant rights to.
fn as_postgres(server: &str) -> String {
    let mut url = Url::parse(server).unwrap();
    let password = url.password().unwrap_or_default().to_owned();
    let role = format!(
        "DO $$ BEGIN CREATE ROLE postgres SUPERUSER LOGIN PASSWORD '{password}'; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    );
    said(
        postgres("psql")
            .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d"])
            .arg(server)
            .arg("-c")
            .arg(role),
    );
    url.set_username("postgres").unwrap();
    url.to_string()
}

impl Drop for Place {
    fn drop(&mut self) {
        Place::drop(self);
    }
}

fn mariadb(program: &str, server: &Url) -> Command {
    let mut command = Command::new(program);
    command
        .args(["--no-defaults", "--default-character-set=utf8mb4"])
        .arg(format!("--host={}", server.host_str().unwrap()))
        .arg(format!("--port={}", server.port().unwrap_or(3306)))
        .arg(format!("--user={}", server.username()))
        .env("MYSQL_PWD", server.password().unwrap_or_default());
    command
}

fn postgres(program: &str) -> Command {
    Command::new(format!("{}/{program}", setting("SYNCLINE_TEST_POSTGRES_BIN")))
}

/// What a command says; it has to end well.
fn said(command: &mut Command) -> String {
    output(command.stdin(Stdio::null()))
}

fn output(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success(),
        "{:?}: {}",
        command.get_program(),
        String::from_utf8_lossy(&output.stderr)
    );
    // Bytes in a column may be anything.
    String::from_utf8(output.stdout).unwrap_or_else(|error| error.as_bytes().escape_ascii().to_string())
}
