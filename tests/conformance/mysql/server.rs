//! A MariaDB of a test's own, for what a server that others use must not be told. It ends with the value.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::super::fixture::Bench;
use crate::settings::setting;
use sqlx::mysql::MySqlConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, MySqlConnection, raw_sql};

pub(crate) struct Server {
    process: Child,
    directory: tempfile::TempDir,
}

impl Server {
    /// Starts one with the users of the template, and with these options.
    pub(crate) async fn start(options: &[&str]) -> Self {
        // Its socket's path must be short, and its user may have no right to look into the directories of this one.
        let directory = tempfile::Builder::new().prefix("own-mariadb.").tempdir().unwrap();
        let user = setting("SYNCLINE_TEST_SERVER_USER");
        let data = directory.path().join("data");
        run(Command::new("cp")
            .arg("-r")
            .arg(setting("SYNCLINE_TEST_MARIADB_TEMPLATE"))
            .arg(&data));
        run(Command::new("chown")
            .arg("-R")
            .arg(format!("{user}:"))
            .arg(directory.path()));
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL"]);
        if run(Command::new("id").arg("-un")).trim() != user {
            let group = run(Command::new("id").args(["-g", &user]));
            command.args(["--reuid", &user, "--regid", group.trim(), "--clear-groups"]);
        }
        let log = std::fs::File::create(directory.path().join("log")).unwrap();
        let process = command
            .arg(setting("SYNCLINE_TEST_MARIADB_BIN"))
            .arg("--no-defaults")
            .args([option("datadir", &data), option("tmpdir", directory.path())])
            .args([
                option("socket", &directory.path().join("socket")),
                option("pid-file", &directory.path().join("pid")),
            ])
            .args([
                "--skip-networking",
                "--innodb-buffer-pool-size=16M",
                "--innodb-log-file-size=16M",
                "--debug-no-sync",
            ])
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut server = Self { process, directory };
        server.answers().await;
        server
    }

    async fn answers(&mut self) {
        let until = Instant::now() + Duration::from_secs(60);
        while let Err(error) = self.options().connect().await {
            let log = std::fs::read_to_string(self.directory.path().join("log")).unwrap_or_default();
            let ended = self.process.try_wait().unwrap().is_some();
            assert!(
                !ended && Instant::now() < until,
                "MariaDB does not answer: {error}\n{log}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn options(&self) -> MySqlConnectOptions {
        let socket = self.directory.path().join("socket");
        MySqlConnectOptions::new()
            .socket(socket)
            .username("tester")
            .password("crash")
            .database("syncline")
    }

    /// A new database in it.
    pub(crate) async fn bench(&self, name: &str) -> Bench {
        let mut connection: MySqlConnection = self.options().connect().await.unwrap();
        raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
        let socket = self.directory.path().join("socket");
        Bench::of(&format!(
            "mysql://tester:crash@localhost/{name}?socket={}",
            socket.display()
        ))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn option(name: &str, path: &Path) -> String {
    format!("--{name}={}", path.display())
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}
