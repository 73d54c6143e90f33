//! The files, the program and the database, beside the model of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use super::expected::{Answer, Entry, Model, State};
use super::files::File;
use super::step::{Allow, Reach, Step, Use, Version, Way};
use crate::program::Running;
use crate::proxy::{Deed, MOMENTS, Proxy, Stop};
use crate::server::{Engine, Server};

/// `up` of some migrations takes about so long on SQLite, and sends about so many messages to a server.
const TAKES: Duration = Duration::from_millis(16);
const MESSAGES: usize = 60;

pub(crate) struct World<'a> {
    server: &'a mut Server,
    database: String,
    directory: TempDir,
    model: Model,
    said: &'a mut Said,
}

/// Commands with the code of their error, or with what they did; and how often.
pub(crate) type Said = BTreeMap<String, usize>;

/// What one sees of a database.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    status: Vec<String>,
    tables: BTreeMap<Version, Vec<i32>>,
}

impl<'a> World<'a> {
    /// Takes the steps one after the other. After each the world has to be what the model says. Counts what the program says.
    pub(crate) async fn play(server: &'a mut Server, steps: &[Step], said: &'a mut Said) -> Result<(), String> {
        let mut world = Self {
            database: server.empty_database().await,
            directory: tempfile::tempdir().unwrap(),
            model: Model::new(server.engine == Engine::MariaDb),
            server,
            said,
        };
        for (number, step) in steps.iter().enumerate() {
            let taken = world.take(step).await;
            taken.map_err(|wrong| format!("step {}, {step:?}: {wrong}\n{:#?}", number + 1, world.model))?;
        }
        let World { server, database, .. } = world;
        server.give_back(database).await;
        Ok(())
    }

    async fn take(&mut self, step: &Step) -> Result<(), String> {
        match *step {
            Step::New(kind) => {
                let model = &self.model;
                let newest = model.files.keys().chain(model.entries.keys()).max();
                let version = newest.map_or(0, |newest| newest + 1);
                self.model.files.insert(version, File::new(kind));
                self.write(version);
            }
            Step::Write(version, kind) => {
                self.model.files.entry(version).or_insert_with(|| File::new(kind));
                self.write(version);
            }
            Step::Edit(version, edit) => {
                self.model.edit(version, edit);
                self.write(version);
            }
            Step::Delete(version) => {
                self.model.files.remove(&version);
                self.write(version);
            }
            Step::WriteBack(version) => {
                let expected = self.model.write_back(version);
                let place = self.directory.path().to_str().unwrap().to_owned();
                self.says(&format!("show {version} --file {place}"), &expected).await?;
                self.is_written(version)?;
            }
            Step::Stranger => {
                if let Some(file) = self.file() {
                    fs::File::options().create(true).append(true).open(file).unwrap();
                }
                let create = self.placed("CREATE TABLE IF NOT EXISTS stranger (id integer)", "stranger");
                self.server.session(&self.database).await.query(&create).await;
                self.model.stranger = true;
            }
            Step::OwnSchema if self.server.engine == Engine::Postgres => {
                let session = self.server.session(&self.database).await;
                session
                    .query("CREATE SCHEMA IF NOT EXISTS AUTHORIZATION CURRENT_USER")
                    .await;
                self.model.own_schema = true;
            }
            Step::OwnSchema => {}
            Step::Up(reach, allow) => self.up(reach, allow).await?,
            Step::Down(reach, using) => self.down(reach, using).await?,
            Step::Redo(using) => {
                let expected = self.model.redo(using);
                self.says(&format!("redo --yes{}", used(using)), &expected).await?;
            }
            Step::Killed(way, moment) => self.killed(way, moment).await?,
            Step::TwoUps => self.two_ups().await?,
            Step::Accept(version) => {
                let expected = self.model.accept(version);
                self.repair("accept", version, &expected).await?;
            }
            Step::Forget(version) => {
                let expected = self.model.forget(version);
                self.repair("forget", version, &expected).await?;
            }
            Step::Resolve(version) => {
                let expected = self.model.resolve(version);
                self.repair("resolve --applied", version, &expected).await?;
            }
            Step::Baseline(version) => {
                let expected = self.model.baseline(version);
                let typed = version.map_or_else(|| "none".to_owned(), |version| version.to_string());
                self.says(&format!("baseline {typed}"), &expected).await?;
            }
        }
        if matches!(step, Step::New(_) | Step::Write(..) | Step::Edit(..) | Step::Delete(_)) {
            // What the program makes of it is seen after the next step.
            return Ok(());
        }
        let seen = self.see().await?;
        if seen != of(&self.model) {
            return Err(format!("there is {seen:?}, and not {:?}", of(&self.model)));
        }
        let expected = self.model.verify();
        self.says("verify", &expected).await
    }

    fn paths(&self, version: Version) -> [PathBuf; 2] {
        ["up", "down"].map(|way| self.directory.path().join(format!("{version}_m.{way}.sql")))
    }

    /// What the files of a version should be.
    fn texts(&self, version: Version) -> [Option<String>; 2] {
        let file = self.model.files.get(&version);
        let scripts = [file.map(|file| &file.up), file.and_then(|file| file.down.as_ref())];
        scripts.map(|script| Some(self.placed(&script?.text(version), &format!("t{version}"))))
    }

    /// The tables stay where they are, whichever schema is the current one.
    fn placed(&self, text: &str, table: &str) -> String {
        match self.server.engine {
            Engine::Postgres => text.replace(&format!(" {table}"), &format!(" public.{table}")),
            Engine::Sqlite | Engine::MariaDb => text.to_owned(),
        }
    }

    fn write(&self, version: Version) {
        for (path, text) in self.paths(version).into_iter().zip(self.texts(version)) {
            match text {
                Some(text) => fs::write(path, text).unwrap(),
                None => drop(fs::remove_file(path)),
            }
        }
    }

    fn is_written(&self, version: Version) -> Result<(), String> {
        let found = self.paths(version).map(|path| fs::read_to_string(path).ok());
        let expected = self.texts(version);
        match found == expected {
            true => Ok(()),
            false => Err(format!("the files are {found:?}, and not {expected:?}")),
        }
    }

    fn start(&self, url: &str, line: &str) -> Running {
        let place = self.directory.path().to_str().unwrap();
        let common = ["--dir", place, "--format", "json", "--lock-wait", "30s"];
        Running::syncline(url, &line.split(' ').chain(common).collect::<Vec<_>>())
    }

    async fn syncline(&self, line: &str) -> Result<Value, String> {
        let said = self.start(&self.server.url(&self.database), line).end().await;
        said.and_then(|said| said.json())
            .map_err(|error| format!("{line}: {error}"))
    }

    /// Runs a command, which has to say this.
    async fn says(&mut self, line: &str, expected: &Answer) -> Result<(), String> {
        let mut document = self.syncline(line).await?;
        let mut said = answer(&document);
        if said.code == "unknown-outcome" {
            self.somebody_looks(&document).await?;
            document = self.syncline(line).await?;
            said = answer(&document);
        }
        self.settled().await?;
        let command = line.split(' ').next().unwrap_or_default();
        *self.said.entry(format!("{command} {}", said.code)).or_default() += 1;
        match said == *expected {
            true => Ok(()),
            false => Err(format!("{line} says {said:?}, and not {expected:?}: {document}")),
        }
    }

    /// Where a program has come half-way, the question is there before anything else is done.
    async fn settled(&mut self) -> Result<(), String> {
        if self.server.engine != Engine::MariaDb {
            return Ok(());
        }
        let document = self.syncline("plan").await?;
        match answer(&document).code == "unknown-outcome" {
            true => self.somebody_looks(&document).await,
            false => Ok(()),
        }
    }

    /// Answers each question by what the model has seen.
    async fn somebody_looks(&mut self, document: &Value) -> Result<(), String> {
        for finding in document["findings"].as_array().into_iter().flatten() {
            if finding["code"] != "unknown-outcome" {
                continue;
            }
            let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
            let (version, message) = (text("version"), text("message"));
            let statement = message
                .split_once("statement ")
                .and_then(|(_, rest)| rest.split(' ').next());
            let statement: usize = statement
                .and_then(|number| number.parse().ok())
                .ok_or(message.clone())?;
            let number = version.parse::<Version>().map_err(|error| error.to_string())?;
            let entry = self.model.entries.get(&number);
            let is_done = entry.is_some_and(|entry| match entry.state {
                State::Partial { done, .. } => done >= statement,
                _ => true,
            });
            let word = if is_done { "--applied" } else { "--not-applied" };
            let said = self
                .syncline(&format!("repair resolve {word} {version} --reason looked"))
                .await?;
            *self.said.entry(format!("resolve {word}")).or_default() += 1;
            if said["ok"] != true {
                return Err(format!("{word} was not taken: {said}"));
            }
        }
        Ok(())
    }

    async fn up(&mut self, reach: Reach, allow: Allow) -> Result<(), String> {
        let allowed = match allow {
            Allow::Nothing => "",
            Allow::OutOfOrder => " --allow-out-of-order",
            Allow::Missing => " --allow-missing",
            Allow::Both => " --allow-out-of-order --allow-missing",
        };
        // Without any file, nothing would be applied because nobody has said that this is meant.
        let meant = if self.model.files.is_empty() {
            " --allow-empty"
        } else {
            ""
        };
        let expected = self.model.up(reach, allow);
        self.says(&format!("up{}{allowed}{meant}", reached(reach)), &expected)
            .await
    }

    async fn down(&mut self, reach: Reach, using: Use) -> Result<(), String> {
        let expected = self.model.down(reach, using);
        let line = format!("down --yes{}{}", reached(reach), used(using));
        self.says(&line, &expected).await
    }

    async fn repair(&mut self, what: &str, version: Version, expected: &Answer) -> Result<(), String> {
        self.says(&format!("repair {what} {version} --reason tested"), expected)
            .await
    }

    async fn two_ups(&mut self) -> Result<(), String> {
        let expected = self.model.up(Reach::All, Allow::Nothing);
        let url = self.server.url(&self.database);
        let mut runs = [self.start(&url, "up"), self.start(&url, "up")];
        let mut done = Vec::new();
        for run in &mut runs {
            let document = run.end().await.and_then(|said| said.json())?;
            let mut said = answer(&document);
            done.append(&mut said.done);
            // The second one is asked what became of the first.
            if said.code == "unknown-outcome" && expected.code == "partial" {
                continue;
            }
            if (&said.code, &said.refused) != (&expected.code, &expected.refused) {
                return Err(format!("one of them says {said:?}, and not {expected:?}: {document}"));
            }
        }
        done.sort();
        self.settled().await?;
        match done == expected.done {
            true => Ok(()),
            false => Err(format!("together they did {done:?}, and not {:?}", expected.done)),
        }
    }

    /// It has come some way, and nobody knows how far until one looks.
    async fn killed(&mut self, way: Way, moment: u16) -> Result<(), String> {
        let line = match way {
            Way::Up => "up",
            Way::Down => "down --yes",
        };
        let part = f64::from(moment) / 1000.0;
        if self.server.engine == Engine::Sqlite {
            let mut running = self.start(&self.server.url(&self.database), line);
            tokio::time::sleep(TAKES.mul_f64(part)).await;
            running.kill();
        } else {
            let stop = Stop {
                message: 1 + (part * MESSAGES as f64) as usize,
                moment: MOMENTS[usize::from(moment) % MOMENTS.len()],
                deed: Deed::Hold,
            };
            let mut proxy = Proxy::new(self.server.engine, self.server.port, Some(stop)).await;
            let mut running = self.start(&self.server.url_at(proxy.port, &self.database), line);
            tokio::select! {
                biased;
                () = proxy.reached() => running.kill(),
                said = running.end() => drop(said?),
            }
            drop(proxy);
            self.server.nobody_is_connected(&self.database).await?;
        }
        let seen = self.see().await?;
        let has_ledger = self.syncline("verify").await?["records"] != 0;
        let cut = |fuel| {
            let mut model = self.model.clone();
            model.fuel = Some(fuel);
            let answer = match way {
                Way::Up => model.up(Reach::All, Allow::Nothing),
                Way::Down => model.down(Reach::All, Use::Unsaid),
            };
            model.fuel = None;
            (model, answer.code != "killed")
        };
        let mut fuel = 0;
        let model = loop {
            let (model, ended) = cut(fuel);
            if of(&model) == seen && model.ledger == has_ledger {
                break model;
            }
            if ended {
                return Err(format!("after a kill there is {seen:?}"));
            }
            fuel += 1;
        };
        self.model = model;
        self.settled().await?;
        // How far it came is settled by the next run.
        let open = |entry: &Entry| matches!(entry.state, State::Partial { .. });
        match way {
            _ if !self.model.entries.values().any(open) => Ok(()),
            Way::Up => self.up(Reach::All, Allow::Nothing).await,
            Way::Down => self.down(Reach::All, Use::Unsaid).await,
        }
    }

    /// Where the database is, if in a file. `up` makes it.
    fn file(&self) -> Option<PathBuf> {
        let url = self.server.url(&self.database);
        url.strip_prefix("sqlite:").map(PathBuf::from)
    }

    async fn see(&mut self) -> Result<Seen, String> {
        let document = self.syncline("status").await?;
        let rows = document["migrations"].as_array().into_iter().flatten();
        let rows = rows.map(|row| {
            let word = match row["state"].as_str().unwrap_or_default() {
                "changed" => row["edit"].as_str().unwrap_or_default(),
                // What is not running any more has stopped, and what is asked about is answered at once.
                "running" | "unknown" => "partial",
                word => word,
            };
            format!("{} {word}", row["version"].as_str().unwrap_or_default())
        });
        let mut tables = BTreeMap::new();
        let status = rows.collect();
        if self.file().is_some_and(|file| !file.exists()) {
            return Ok(Seen { status, tables });
        }
        let engine = self.server.engine;
        let session = self.server.session(&self.database).await;
        for table in session.query(names_of_tables(engine)).await {
            if let Some(version) = table.strip_prefix('t').and_then(|version| version.parse().ok()) {
                let rows = session.query(&format!("SELECT amount FROM {table}")).await;
                tables.insert(version, rows.iter().map(|row| row.parse().unwrap()).collect());
            }
        }
        Ok(Seen { status, tables })
    }
}

/// Asks for the names of all tables.
fn names_of_tables(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SELECT name FROM sqlite_schema WHERE type = 'table'",
        Engine::Postgres => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'",
        Engine::MariaDb => "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()",
    }
}

fn of(model: &Model) -> Seen {
    Seen {
        status: model.status(),
        tables: model.tables.clone(),
    }
}

fn reached(reach: Reach) -> String {
    match reach {
        Reach::All => String::new(),
        Reach::Steps(steps) => format!(" --steps {steps}"),
        Reach::To(version) => format!(" --to {version}"),
        Reach::ToNone => " --to none".to_owned(),
    }
}

fn used(using: Use) -> &'static str {
    match using {
        Use::Unsaid => "",
        Use::File => " --use file",
        Use::Stored => " --use stored",
    }
}

/// What a document says.
fn answer(document: &Value) -> Answer {
    let list = |key: &str| document[key].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let done = ["applied", "reverted", "recorded"].map(list).concat();
    let mut done: Vec<String> = done
        .iter()
        .map(|done| format!("{} {}", text(&done["kind"]), text(&done["version"])))
        .collect();
    done.sort();
    let findings = list("findings");
    let refused = findings.iter().filter(|finding| finding["severity"] == "refused");
    let mut refused: Vec<String> = refused
        .map(|finding| format!("{} {}", text(&finding["code"]), text(&finding["version"])))
        .map(|refused| refused.trim_end().to_owned())
        .collect();
    refused.sort();
    Answer {
        code: text(&document["error"]["code"]),
        refused,
        done,
    }
}
