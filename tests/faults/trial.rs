//! One kill and what has to hold after it, on a database of its own.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{Running, Said};
use crate::proxy::{Proxy, Stop};
use crate::scenario::{Scenario, see};
use crate::server::{Engine, Server};

/// The files of a scenario: all of them in one directory, and the first one alone in another.
pub(crate) struct Files(TempDir);

impl Files {
    pub(crate) fn of(scenario: &Scenario) -> Self {
        let directory = tempfile::tempdir().unwrap();
        for (kind, count) in [("all", 2), ("first", 1)] {
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
            assert!(scenario.done(&trial.see(server).await).contains(&done));
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

    fn up_through(&self, server: &Server, proxy: &Proxy, kind: &str) -> Running {
        let (url, place) = (server.url_at(proxy.port, &self.database), self.files.place(kind));
        Running::syncline("", &["up", "--url", &url, "--dir", &place, "--format", "json"])
    }

    async fn syncline(&self, server: &Server, arguments: &[&str]) -> Result<Said, String> {
        let place = self.files.place("all");
        let arguments = [arguments, &["--dir", &place, "--format", "json"]].concat();
        let said = Running::syncline(&server.url(&self.database), &arguments).end().await;
        said.map_err(|error| format!("{arguments:?}: {error}"))
    }

    async fn see(&self, server: &Server) -> String {
        let mut session = server.session(&self.database).await;
        let seen = see(self.scenario.engine, &mut session).await;
        session.close().await;
        seen
    }

    /// Kills the program where the proxy stops.
    pub(crate) async fn kill_program(&self, server: &Server, stop: Stop) -> Result<(), String> {
        let mut proxy = Proxy::new(server.engine, server.port, Some(stop)).await;
        let mut running = self.up_through(server, &proxy, "all");
        reach(&mut proxy, &mut running).await?;
        running.kill();
        Ok(())
    }

    /// Kills the server so long after the proxy has stopped, and starts it again. What the program says meanwhile has to be true.
    /// Returns that in short.
    pub(crate) async fn kill_server(&self, server: &mut Server, stop: Stop, after: Duration) -> Result<String, String> {
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
        let seen = self.see(server).await;
        self.is_true(&document, &seen)
            .map_err(|error| format!("{error}; there is: {seen}; {document}"))?;
        let (code, state) = (&document["error"]["code"], &document["failure"]["state"]);
        Ok(format!("exit {} {code} {state}", said.exit.unwrap_or_default()))
    }

    /// Whether the program has said what is so.
    fn is_true(&self, document: &Value, seen: &str) -> Result<(), String> {
        let done = self.scenario.done(seen);
        let (least, most) = match (done.first(), done.last()) {
            (Some(least), Some(most)) => (*least, *most),
            // An index that was being made or dropped is between two statements.
            _ if seen.contains('?') => (1, self.scenario.all() - 1),
            _ => return Err("a statement was done in part, or twice".to_owned()),
        };
        let all = self.scenario.all();
        if document["ok"] == true && most < all {
            return Err("the program said that all was done".to_owned());
        }
        for done in document["applied"].as_array().into_iter().flatten() {
            let needed = if done["version"] == "1" { 1 } else { all };
            if most < needed {
                return Err("the program said that a migration was done".to_owned());
            }
        }
        // The server is killed within the second one.
        if document["ok"] == false && document["failure"]["version"] != "2" {
            return Err("the program did not say which migration was not done".to_owned());
        }
        if document["failure"]["state"] == "unchanged" && least > 1 {
            return Err("the program said that nothing was kept".to_owned());
        }
        Ok(())
    }

    /// Runs `up` until all is done, answers what it asks, and checks what is left. Returns how often it has asked.
    pub(crate) async fn finish(&self, server: &Server) -> Result<usize, String> {
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
        let seen = self.see(server).await;
        if !self.scenario.done(&seen).contains(&self.scenario.all()) {
            return Err(format!("the effects are not there once: {seen}"));
        }
        let verified = self.syncline(server, &["verify"]).await?;
        if verified.exit != Some(0) {
            return Err(format!("the history is not right: {verified:?}"));
        }
        let again = self.syncline(server, &["up", "--lock-wait", "0s"]).await?;
        if again.exit != Some(0) || again.json()?["applied"] != Value::Array(Vec::new()) {
            return Err(format!("a run with nothing to do: {again:?}"));
        }
        self.is_left_alone(server).await?;
        Ok(questions)
    }

    /// Says what became of a statement, with the command that was proposed, after a look into the database.
    async fn answer(&self, server: &Server, document: &Value) -> Result<(), String> {
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
        let done = self.scenario.done(&self.see(server).await);
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

    /// Nobody is connected any more, so there is no lock and no transaction, either.
    async fn is_left_alone(&self, server: &Server) -> Result<(), String> {
        let ask = match server.engine {
            Engine::MariaDb => {
                "SELECT CONCAT_WS(' ', ID, COMMAND, STATE, INFO) FROM information_schema.PROCESSLIST WHERE DB"
            }
            Engine::Postgres => {
                "SELECT concat_ws(' ', pid, state, query) FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname"
            }
        };
        let ask = format!("{ask} = '{}'", self.database);
        let mut session = server.session("").await;
        let since = Instant::now();
        let left = loop {
            let left = session.query(&ask).await;
            if left.is_empty() || since.elapsed() > Duration::from_secs(10) {
                break left;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        session.close().await;
        if left.is_empty() {
            return Ok(());
        }
        Err(format!("somebody is still connected: {left:?}"))
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
