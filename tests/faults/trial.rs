//! One kill and what has to hold after it, on a database of its own.

use std::fs;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::checker::{Checker, Found};
use crate::program::{Running, Said};
use crate::proxy::{Proxy, Stop};
use crate::scenario::Scenario;
use crate::server::Server;

/// The files of a scenario: all of them in one directory, and the first one alone in another.
pub(crate) struct Files(TempDir);

impl Files {
    pub(crate) fn of(scenario: &Scenario) -> Self {
        let directory = tempfile::tempdir().unwrap();
        for (kind, count) in [("all", 3), ("first", 1)] {
            let place = directory.path().join(kind);
            fs::create_dir(&place).unwrap();
            for (name, text) in &scenario.files()[..count] {
                fs::write(place.join(name), text).unwrap();
            }
        }
        Self(directory)
    }

    fn place(&self, kind: &str) -> String {
        self.0.path().join(kind).to_str().unwrap().to_owned()
    }
}

/// What the program says to the server when nobody is killed.
pub(crate) struct Talk {
    pub(crate) messages: Vec<String>,
    /// The first one that belongs to the second migration, from 1.
    pub(crate) second: usize,
}

impl Talk {
    pub(crate) async fn listen(server: &mut Server, scenario: &'static Scenario, files: &Files) -> Self {
        let mut heard = Vec::new();
        for (kind, done) in [("all", scenario.all()), ("first", 1)] {
            let trial = Trial::new(server, scenario, files).await;
            let proxy = Proxy::new(server.engine, server.port, None).await;
            let said = trial.up_through(server, &proxy, kind).end().await.unwrap();
            assert_eq!(said.exit, Some(0), "{said:?}");
            let seen = trial.checker(server).see().await;
            assert!(scenario.done(&seen).contains(&done), "{seen}");
            trial.end(server).await;
            heard.push(proxy.seen());
        }
        let [messages, first] = <[Vec<String>; 2]>::try_from(heard).unwrap();
        // Where the second migration begins, the first one alone ends, and gives the lock back.
        assert_eq!(first.last(), messages.last());
        let second = first.len();
        Self { messages, second }
    }
}

/// A database, empty at first.
pub(crate) struct Trial<'a> {
    scenario: &'static Scenario,
    files: &'a Files,
    database: String,
}

impl<'a> Trial<'a> {
    pub(crate) async fn new(server: &mut Server, scenario: &'static Scenario, files: &'a Files) -> Self {
        Self {
            scenario,
            files,
            database: server.empty_database().await,
        }
    }

    /// Everything was right: the database can be used again.
    pub(crate) async fn end(self, server: &mut Server) {
        server.give_back(self.database).await;
    }

    fn up_through(&self, server: &mut Server, proxy: &Proxy, kind: &str) -> Running {
        let (url, place) = (server.url_at(proxy.port, &self.database), self.files.place(kind));
        Running::syncline("", &["up", "--url", &url, "--dir", &place, "--format", "json"])
    }

    async fn syncline(&self, server: &mut Server, arguments: &[&str]) -> Result<Said, String> {
        let place = self.files.place("all");
        let arguments = [arguments, &["--dir", &place, "--format", "json"]].concat();
        let said = Running::syncline(&server.url(&self.database), &arguments).end().await;
        said.map_err(|error| format!("{arguments:?}: {error}"))
    }

    pub(crate) fn checker<'t>(&'t self, server: &'t mut Server) -> Checker<'t> {
        Checker {
            scenario: self.scenario,
            server,
            database: &self.database,
        }
    }

    /// Kills the program where the proxy stops.
    pub(crate) async fn kill_program(&self, server: &mut Server, stop: Stop) -> Result<Found, String> {
        let mut proxy = Proxy::new(server.engine, server.port, Some(stop)).await;
        let mut running = self.up_through(server, &proxy, "all");
        reach(&mut proxy, &mut running).await?;
        running.kill();
        drop(proxy);
        self.checker(server).after_fault(None).await
    }

    /// Kills the server so long after the proxy has stopped, and starts it again. What the program says meanwhile has to be true.
    /// Returns that in short.
    pub(crate) async fn kill_server(
        &self,
        server: &mut Server,
        stop: Stop,
        after: Duration,
    ) -> Result<(Found, String), String> {
        let mut proxy = Proxy::new(server.engine, server.port, Some(stop)).await;
        let mut running = self.up_through(server, &proxy, "all");
        reach(&mut proxy, &mut running).await?;
        // The proxy has nothing to do meanwhile.
        std::thread::sleep(after);
        server.kill();
        drop(proxy);
        let said = running.end().await;
        server.restart().await;
        let said = said?;
        let document = said.json()?;
        let found = self.checker(server).after_fault(Some(&document)).await?;
        let (code, state) = (&document["error"]["code"], &document["failure"]["state"]);
        Ok((found, format!("exit {} {code} {state}", said.exit.unwrap_or_default())))
    }

    /// Runs `up` until all is done, answers what it asks, and checks what is left. Returns how often it has asked.
    pub(crate) async fn finish(&self, server: &mut Server, before: &Found) -> Result<usize, String> {
        let mut questions = 0;
        loop {
            let said = self.syncline(server, &["up", "--lock-wait", "30s"]).await?;
            let document = said.json()?;
            if said.exit == Some(0) {
                break;
            }
            if !self.scenario.asks || questions == self.scenario.all() {
                return Err(format!("the next run did not finish it: {document}"));
            }
            self.answer(server, &document).await?;
            questions += 1;
        }
        let verified = self.syncline(server, &["verify"]).await?;
        if verified.exit != Some(0) {
            return Err(format!("the history is not right: {verified:?}"));
        }
        self.checker(server).at_the_end(before).await?;
        Ok(questions)
    }

    /// Says what became of a statement, with the command that was proposed, after a look into the database.
    async fn answer(&self, server: &mut Server, document: &Value) -> Result<(), String> {
        let wrong = |what: &str| format!("{what}: {document}");
        let error = &document["error"];
        if !["unknown-outcome", "partial"].contains(&error["code"].as_str().unwrap_or_default()) {
            return Err(wrong("not a question"));
        }
        let findings = document["findings"].as_array().into_iter().flatten();
        let proposed = findings.map(|finding| &finding["help"]).chain([&error["next"]]);
        let resolve: Vec<&str> = proposed
            .flat_map(|list| list.as_array().into_iter().flatten())
            .filter_map(Value::as_str)
            .filter(|line| line.starts_with("syncline repair resolve "))
            .collect();
        let [applied, not_applied] = resolve[..] else {
            return Err(wrong("there are not two answers"));
        };
        if !applied.contains(" --applied ") || !not_applied.contains(" --not-applied ") {
            return Err(wrong("the answers are others"));
        }
        let message = error["message"].as_str().unwrap_or_default();
        let statement: usize = message
            .split_once("statement ")
            .and_then(|(_, rest)| rest.split(' ').next())
            .and_then(|number| number.parse().ok())
            .ok_or_else(|| wrong("no statement is named"))?;
        let done = self.scenario.done(&self.checker(server).see().await);
        let line = match done[..] {
            [done] if done == 1 + statement => applied,
            [done] if done == statement => not_applied,
            _ => return Err(wrong(&format!("the statement is not the one, after {done:?}"))),
        };
        let line = line.replace('…', "somebody looked");
        let said = Running::typed(&server.url(&self.database), &line).end().await?;
        match said.exit {
            Some(0) => Ok(()),
            _ => Err(format!("{line}: {said:?}")),
        }
    }
}

/// Waits until the proxy has stopped.
async fn reach(proxy: &mut Proxy, running: &mut Running) -> Result<(), String> {
    tokio::select! {
        biased;
        () = proxy.reached() => Ok(()),
        said = running.end() => Err(format!("the message was never sent: {:?}", said?)),
    }
}
