//! The program, run as somebody runs it.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::process;

/// Whatever happens to the other side, the program ends within this time.
const LIMIT: Duration = Duration::from_secs(60);

const PROGRAM: &str = env!("CARGO_BIN_EXE_syncline");

/// What it said, and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) exit: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Said {
    /// The document on stdout, which says what the exit code says.
    pub(crate) fn json(&self) -> Result<Value, String> {
        let document: Value =
            serde_json::from_str(&self.stdout).map_err(|error| format!("no document: {error}: {self:?}"))?;
        let agrees = document["exit_code"].as_i64() == self.exit.map(i64::from)
            && document["ok"] == (self.exit == Some(0))
            && document["error"].is_null() == (self.exit == Some(0));
        agrees
            .then_some(document)
            .ok_or_else(|| format!("exit code and document disagree: {self:?}"))
    }
}

/// The program while it runs. It is killed when it is dropped.
pub(crate) struct Running(Child);

impl Running {
    /// `syncline` with these arguments, and the URL where it is not to be seen.
    pub(crate) fn syncline(url: &str, arguments: &[&str]) -> Self {
        Self::with(url, arguments, &[])
    }

    /// The same in an environment.
    pub(crate) fn with(url: &str, arguments: &[&str], environment: &[(&str, String)]) -> Self {
        let mut command = Command::new(PROGRAM);
        command.args(arguments);
        Self::start(command, url, environment)
    }

    /// A command of the program's as it was proposed, typed into a shell.
    pub(crate) fn typed(url: &str, line: &str) -> Self {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", line]);
        Self::start(command, url, &[])
    }

    fn start(mut command: Command, url: &str, environment: &[(&str, String)]) -> Self {
        let programs = Path::new(PROGRAM).parent().unwrap();
        command
            .env_clear()
            .env("PATH", programs)
            .env("USER", "ann")
            .env("SYNCLINE_URL", url)
            .envs(environment.iter().map(|(name, value)| (*name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Self(command.spawn().unwrap())
    }

    /// Waits for its end.
    pub(crate) async fn end(&mut self) -> Result<Said, String> {
        let since = Instant::now();
        let status = loop {
            if let Some(status) = self.0.try_wait().unwrap() {
                break status;
            }
            if since.elapsed() > LIMIT {
                return Err(format!("did not end within {} s", LIMIT.as_secs()));
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        };
        let mut said = Said {
            exit: status.code(),
            stdout: String::new(),
            stderr: String::new(),
        };
        // It never says so much that a pipe is full.
        self.0.stdout.take().unwrap().read_to_string(&mut said.stdout).unwrap();
        self.0.stderr.take().unwrap().read_to_string(&mut said.stderr).unwrap();
        Ok(said)
    }

    /// Waits until it has stopped itself. False when it has ended instead.
    pub(crate) async fn stops(&mut self) -> bool {
        while self.0.try_wait().unwrap().is_none() {
            if process::state(self.0.id()) == Some('T') {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        false
    }

    /// Stops it, or lets it go on.
    pub(crate) fn signal(&self, signal: i32) {
        process::signal(self.0.id(), signal);
    }

    /// Whether it has not ended.
    pub(crate) fn is_alive(&mut self) -> bool {
        self.0.try_wait().unwrap().is_none()
    }

    /// Kills it at once.
    pub(crate) fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
