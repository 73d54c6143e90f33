//! A database that runners meet in, and what has to hold there when they are done.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio::task::JoinSet;

use super::work::{ALL, LONG, OLD, edited, scripts};
use crate::program::{Running, Said};
use crate::proxy::Proxy;
use crate::server::{Engine, Server};
use crate::session::Session;

/// The directories of several machines.
pub(crate) struct Releases(TempDir);

impl Releases {
    pub(crate) fn of(engine: Engine) -> Self {
        let directory = tempfile::tempdir().unwrap();
        for (release, newest) in [("old", OLD), ("new", ALL), ("edited", ALL), ("long", LONG)] {
            let place = directory.path().join(release);
            fs::create_dir(&place).unwrap();
            for version in 1..=newest {
                let (mut up, down) = scripts(engine, version);
                if release == "edited" && version == 3 {
                    up = edited(&up);
                }
                fs::write(place.join(format!("{version}_m.up.sql")), up).unwrap();
                if let Some(down) = down {
                    fs::write(place.join(format!("{version}_m.down.sql")), down).unwrap();
                }
            }
        }
        Self(directory)
    }
}

/// Somebody who types a command some time after the others have begun, and may be killed.
pub(crate) struct Runner {
    pub(crate) release: &'static str,
    pub(crate) command: &'static str,
    pub(crate) starts: Duration,
    /// So long after its start.
    pub(crate) killed: Option<Duration>,
}

impl Runner {
    pub(crate) fn up(starts: Duration) -> Self {
        Self {
            release: "new",
            command: "up",
            starts,
            killed: None,
        }
    }
}

/// What a run said it did: kind and version, with how often.
pub(crate) type Deeds = BTreeMap<String, usize>;

pub(crate) fn deeds(document: &Value) -> Vec<String> {
    let lists = ["applied", "reverted"].map(|key| document[key].as_array().cloned().unwrap_or_default());
    let deeds = lists.concat();
    let deed = |deed: &Value| format!("{} {}", word(&deed["kind"]), word(&deed["version"]));
    deeds.iter().map(deed).collect()
}

pub(crate) fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

pub(crate) struct Field<'a> {
    pub(crate) server: &'a mut Server,
    pub(crate) database: String,
    releases: &'a Releases,
    /// What all runs together have said.
    said: Deeds,
    /// Whether some were killed, or cut off, before they could say everything.
    is_killed: bool,
    /// How many were killed or stopped.
    pub(crate) faults: usize,
    holder: Option<Session>,
}

impl<'a> Field<'a> {
    pub(crate) async fn new(server: &'a mut Server, releases: &'a Releases) -> Self {
        Self {
            database: server.empty_database().await,
            server,
            releases,
            said: Deeds::new(),
            is_killed: false,
            faults: 0,
            holder: None,
        }
    }

    /// Something has happened to the server: a run may not know what it has done.
    pub(crate) fn harmed(&mut self) {
        self.is_killed = true;
        self.faults += 1;
    }

    /// Everything was right: the database can be used again.
    pub(crate) async fn end(self) {
        self.server.give_back(self.database).await;
    }

    pub(crate) fn start(&self, release: &str, command: &str) -> Running {
        self.starter(release, command)()
    }

    /// The same for later.
    fn starter(&self, release: &str, command: &str) -> impl FnOnce() -> Running + Send + use<> {
        self.starter_at(self.server.port, release, command)
    }

    /// Starts a command whose messages go through a proxy.
    pub(crate) fn start_through(&self, proxy: &Proxy, release: &str, command: &str) -> Running {
        self.starter_at(proxy.port, release, command)()
    }

    fn starter_at(&self, port: u16, release: &str, command: &str) -> impl FnOnce() -> Running + Send + use<> {
        let place = self.releases.0.path().join(release);
        let url = self.server.url_at(port, &self.database);
        let command = command.to_owned();
        move || {
            let arguments: Vec<&str> = command.split(' ').collect();
            let common = ["--dir", place.to_str().unwrap(), "--format", "json"];
            Running::syncline(&url, &[&arguments, &common[..]].concat())
        }
    }

    /// Notes what a run has said it did.
    pub(crate) fn hear(&mut self, said: &Said) -> Result<Value, String> {
        let document = said.json()?;
        if !deeds(&document).is_empty() && document["error"]["state"] == "nothing was changed" {
            return Err(format!(
                "it did something, and says that nothing was changed: {document}"
            ));
        }
        for deed in deeds(&document) {
            *self.said.entry(deed).or_default() += 1;
        }
        Ok(document)
    }

    /// Runs a command to its end, which has to be this one.
    pub(crate) async fn run(&mut self, release: &str, command: &str, exit: i32) -> Result<Value, String> {
        let said = self.start(release, command).end().await?;
        let document = self.hear(&said)?;
        match said.exit == Some(exit) {
            true => Ok(document),
            false => Err(format!(
                "{command} on the {release} release, and not {exit}: {document}"
            )),
        }
    }

    /// All at once. Returns exit code and document of those that were not killed.
    pub(crate) async fn race(&mut self, runners: Vec<Runner>) -> Result<Vec<(Runner, Value)>, String> {
        let mut running = JoinSet::new();
        for runner in runners {
            let start = self.starter(runner.release, runner.command);
            running.spawn(async move {
                tokio::time::sleep(runner.starts).await;
                let mut running = start();
                let Some(after) = runner.killed else {
                    return running.end().await.map(|said| (runner, Some(said)));
                };
                tokio::time::sleep(after).await;
                if !running.is_alive() {
                    return running.end().await.map(|said| (runner, Some(said)));
                }
                running.kill();
                Ok((runner, None))
            });
        }
        let mut heard = Vec::new();
        while let Some(ended) = running.join_next().await {
            match ended.unwrap()? {
                (runner, Some(said)) => heard.push((runner, self.hear(&said)?)),
                (_, None) => {
                    self.is_killed = true;
                    self.faults += 1;
                }
            }
        }
        Ok(heard)
    }

    /// Starts a run, and returns when it is in the midst of the third migration. Somebody else holds a row that it needs.
    pub(crate) async fn held_at_the_third(&mut self, command: &str) -> Running {
        let mut holder = Session::open(&self.server.url(&self.database)).await.unwrap();
        holder.query("BEGIN").await;
        holder.query("UPDATE account SET balance = balance").await;
        self.holder = Some(holder);
        let running = self.start("new", command);
        let under_way = "SELECT version FROM syncline_history WHERE state = 'running'";
        while self.query(under_way).await != ["3"] {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        running
    }

    /// The row is free again.
    pub(crate) async fn let_go(&mut self) {
        if let Some(holder) = self.holder.take() {
            holder.close().await;
        }
    }

    pub(crate) async fn query(&mut self, sql: &str) -> Vec<String> {
        self.server.session(&self.database).await.query(sql).await
    }

    /// The records, oldest first.
    pub(crate) async fn records(&self) -> Result<Vec<Value>, String> {
        let document = self.start("new", "log").end().await?.json()?;
        let mut records = document["records"].as_array().cloned().unwrap_or_default();
        records.reverse();
        Ok(records)
    }

    /// Trace, ledger and what was said agree; nothing is left behind. All of the release counts as applied when it is given.
    pub(crate) async fn check(&mut self, release: Option<&str>) -> Result<(), String> {
        if let Some(release) = release {
            self.run(release, "verify", 0).await?;
            let again = self.run(release, "up --lock-wait 0s", 0).await?;
            if !deeds(&again).is_empty() {
                return Err(format!("there was something left to do: {again}"));
            }
        }
        let records = self.records().await?;
        let ended = records.iter().filter(|record| record["outcome"] == "applied");
        let ended: Vec<String> = ended
            .filter(|record| record["kind"] == "up" || record["kind"] == "down")
            .map(|record| format!("{} {}", word(&record["kind"]), word(&record["version"])))
            .collect();
        self.is_traced(&ended).await?;
        let mut recorded = Deeds::new();
        for deed in &ended {
            *recorded.entry(deed.clone()).or_default() += 1;
        }
        // The dead say nothing.
        let heard = |(deed, times): (&String, &usize)| recorded.get(deed).is_some_and(|recorded| times <= recorded);
        if !self.said.iter().all(heard) || (!self.is_killed && self.said != recorded) {
            return Err(format!("they said {:?}, and the history has {recorded:?}", self.said));
        }
        if self.server.engine == Engine::Sqlite {
            // Whoever has the file for himself sees no lock and no transaction of others.
            self.query("BEGIN EXCLUSIVE; COMMIT").await;
            return Ok(());
        }
        self.server.nobody_is_connected(&self.database).await
    }

    /// Every script that is recorded has left its trace once, as a whole, in this order, and while no other was at work.
    async fn is_traced(&mut self, ended: &[String]) -> Result<(), String> {
        let events = self.query("SELECT what FROM events ORDER BY id").await;
        let mut balance = 0;
        let mut tables = Vec::new();
        let mut expected = Vec::new();
        for deed in ended {
            let (kind, version) = deed.split_once(' ').unwrap();
            let (first, last) = if kind == "up" {
                ("begin", "end")
            } else {
                ("undo", "undone")
            };
            expected.extend([format!("{first} {version}"), format!("{last} {version}")]);
            let table = format!("t{version}");
            match (kind, version) {
                (_, "1") => {}
                ("up", _) => {
                    balance += 10;
                    tables.push(table);
                }
                _ => {
                    balance -= 10;
                    tables.retain(|known| *known != table);
                }
            }
        }
        if events != expected {
            return Err(format!("the trace is {events:?}, and the history {ended:?}"));
        }
        let times = self.query("SELECT at FROM events ORDER BY id").await;
        if !times.is_sorted() {
            return Err(format!("two were at work at once: {events:?} {times:?}"));
        }
        let found = self.query("SELECT balance FROM account").await;
        if found != [balance.to_string()] {
            return Err(format!("the balance is {found:?}, and not {balance}"));
        }
        for table in &tables {
            let rows = self.query(&format!("SELECT id FROM {table}")).await;
            if [format!("t{}", rows.concat())] != [table.clone()] {
                return Err(format!("{table} has {rows:?}"));
            }
        }
        Ok(())
    }

    /// The lock is held for a whole run: once another has begun, the first does nothing more.
    pub(crate) async fn runs_do_not_mix(&self) -> Result<(), String> {
        let records = self.records().await?;
        let mut runs: Vec<String> = records.iter().map(|record| word(&record["run_id"])).collect();
        runs.dedup();
        let mut once = runs.clone();
        once.sort();
        once.dedup();
        match runs.len() == once.len() {
            true => Ok(()),
            false => Err(format!("one run came back after another: {runs:?}")),
        }
    }
}
