//! One kill and what has to hold after it, on a database of its own.

use std::fs;
use std::time::Duration;

use tempfile::TempDir;

use crate::answer::answer;
use crate::checker::{Checker, Found, follows};
use crate::program::{Running, Said};
use crate::proxy::{Deed, Proxy, Stop};
use crate::scenario::Scenario;
use crate::server::{Server, ServerDeed};
use crate::shim::Shim;

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
            let said = trial.up(server, proxy.port, kind, &[], &[]).end().await.unwrap();
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

/// What happens to a run.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// The program is killed.
    Kill(Stop),
    /// Its connection is harmed.
    Connection(Stop),
    /// The same, and nobody tells the server: it keeps the session until somebody ends it.
    Silence(Stop),
    /// Its server is, so long after the proxy has stopped.
    Server(Stop, Duration, ServerDeed),
    /// There are only so many bytes left where its files are, from its beginning to its end.
    Disk(u64),
    /// It comes to a fault point, from 1, where this is done.
    Point(usize, &'static str),
    /// It comes to a fault point of that name.
    Named(&'static str, &'static str),
    /// It comes to a call that changes a file of SQLite's, from 1, where this is done.
    Write(usize, &'static str),
}

/// What came of a fault.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// The run ended before it came there.
    NotReached,
    /// It came there, and nothing could be done.
    Passed,
    Happened,
}

impl Fate {
    fn of(is_reached: bool) -> Self {
        if is_reached { Self::Happened } else { Self::NotReached }
    }
}

/// What a scenario has told.
#[derive(Default)]
pub(crate) struct Told {
    /// What each run said that was to suffer something, in short.
    pub(crate) said: Vec<String>,
    /// How many faults did happen: a run that goes on may be too short for its own.
    pub(crate) faults: usize,
    /// How often somebody was asked.
    pub(crate) questions: usize,
}

/// A database, empty at first.
pub(crate) struct Trial<'a> {
    pub(crate) scenario: &'static Scenario,
    files: &'a Files,
    pub(crate) database: String,
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

    /// `up`, through another port, with the settings of a fault.
    fn up(&self, server: &Server, port: u16, kind: &str, more: &[&str], settings: &[(&str, String)]) -> Running {
        let (url, place) = (server.url_at(port, &self.database), self.files.place(kind));
        let arguments = [&["up", "--dir", &place, "--format", "json"], more].concat();
        Running::with(&url, &arguments, settings)
    }

    pub(crate) async fn syncline(&self, server: &Server, arguments: &[&str]) -> Result<Said, String> {
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

    /// Runs `up` and lets this happen to it. What it says, where it lives to say something, has to be true. Returns that in short,
    /// with what there is then, what came of the fault, and the proxy where it is to stay.
    async fn suffer(
        &self,
        server: &mut Server,
        fault: Fault,
        before: &Found,
    ) -> Result<(Found, String, Fate, Option<Proxy>), String> {
        let mut fate = Fate::Happened;
        let mut silent = None;
        let said = match fault {
            Fault::Kill(stop) => match self.up_to_message(server, stop).await? {
                Reached::Stop(_proxy, mut running) => {
                    running.kill();
                    None
                }
                Reached::End(said) => {
                    fate = Fate::NotReached;
                    Some(said)
                }
            },
            Fault::Connection(stop) | Fault::Silence(stop) => {
                let proxy = Proxy::new(server.engine, server.port, Some(stop)).await;
                // A tenth of the time that a server may keep silent.
                let patience: &[&str] = match stop.deed {
                    Deed::Swallow => &["--connect-timeout", "300ms"],
                    _ => &[],
                };
                let said = self.up(server, proxy.port, "all", patience, &[]).end().await?;
                fate = Fate::of(proxy.seen().len() >= stop.message);
                silent = matches!(fault, Fault::Silence(_)).then_some(proxy);
                Some(said)
            }
            Fault::Server(stop, after, deed) => match self.up_to_message(server, stop).await? {
                Reached::Stop(proxy, running) => {
                    // The proxy has nothing to do meanwhile.
                    std::thread::sleep(after);
                    Some(harm_server(server, deed, proxy, running).await?)
                }
                Reached::End(said) => {
                    fate = Fate::NotReached;
                    Some(said)
                }
            },
            Fault::Disk(left) => {
                server.fill(left);
                let said = self.up(server, server.port, "all", &[], &[]).end().await?;
                server.clear().await;
                fate = Fate::of(said.exit != Some(0));
                Some(said)
            }
            Fault::Point(number, action) => {
                let point = number.to_string();
                let (said, points) = self.up_to_point(server, &point, action).await?;
                fate = match points.lines().nth(number - 1) {
                    None => Fate::NotReached,
                    // What was done has not failed.
                    Some(point) if action == "error" && point.contains(" after ") => Fate::Passed,
                    Some(_) => Fate::Happened,
                };
                Some(said)
            }
            Fault::Named(name, action) => {
                let (said, points) = self.up_to_point(server, name, action).await?;
                let is_named = |point: &str| point.split_once(' ').is_some_and(|(_, passed)| is_point(passed, name));
                fate = Fate::of(points.lines().any(is_named));
                Some(said)
            }
            Fault::Write(number, action) => {
                let shim = Shim::in_directory(self.files.0.path().to_owned());
                let settings = shim.settings(&server.url(&self.database), number, action);
                let said = self.up(server, server.port, "all", &[], &settings).end().await?;
                fate = Fate::of(shim.calls() >= number);
                Some(said)
            }
        };
        let said = said.filter(|said| said.exit.is_some());
        let document = said.as_ref().map(Said::json).transpose()?;
        let found = self
            .checker(server)
            .after_fault(document.as_ref(), before, silent.is_some())
            .await?;
        let in_short = match (said, document) {
            (Some(said), Some(document)) => {
                let (code, state) = (&document["error"]["code"], &document["failure"]["state"]);
                format!("exit {} {code} {state}", said.exit.unwrap_or_default())
            }
            _ => "killed".to_owned(),
        };
        Ok((found, in_short, fate, silent))
    }

    /// Runs `up` with a fault at a point. Returns what it said, and the points that it came to.
    async fn up_to_point(&self, server: &Server, point: &str, action: &str) -> Result<(Said, String), String> {
        let log = self.files.place("points");
        let _ = fs::remove_file(&log);
        let settings = [
            ("SYNCLINE_FAULT", format!("{point}:{action}")),
            ("SYNCLINE_FAULT_LOG", log.clone()),
        ];
        let mut running = self.up(server, server.port, "all", &[], &settings);
        if action == "stop" && running.stops().await {
            self.overtake(server).await?;
            running.signal(libc::SIGCONT);
        }
        let said = running.end().await?;
        Ok((said, fs::read_to_string(&log).unwrap_or_default()))
    }

    /// Another run, while one is stopped: it does the work, or says that it has to wait.
    async fn overtake(&self, server: &Server) -> Result<(), String> {
        let said = self.syncline(server, &["up", "--lock-wait", "0s"]).await?;
        match said.exit {
            Some(0 | 4) => said.json().map(drop),
            _ => Err(format!("a run beside one that is stopped: {said:?}")),
        }
    }

    /// Runs `up` until the proxy has stopped it at a message.
    async fn up_to_message(&self, server: &Server, stop: Stop) -> Result<Reached, String> {
        let mut proxy = Proxy::new(server.engine, server.port, Some(stop)).await;
        let mut running = self.up(server, proxy.port, "all", &[], &[]);
        let ended = tokio::select! {
            biased;
            () = proxy.reached() => None,
            said = running.end() => Some(said?),
        };
        Ok(match ended {
            Some(said) => Reached::End(said),
            None => Reached::Stop(proxy, running),
        })
    }

    /// Lets all this happen, one after the other, and then finishes. `None` where a run has ended before the first of it.
    pub(crate) async fn until_none(
        server: &mut Server,
        scenario: &'static Scenario,
        files: &Files,
        faults: &[Fault],
        verifies: bool,
    ) -> Result<Option<Told>, String> {
        let trial = Trial::new(server, scenario, files).await;
        let mut told = Told::default();
        let mut silent = None;
        let mut found = Found::default();
        for fault in faults {
            let (now, in_short, fate, now_silent) = trial.suffer(server, *fault, &found).await?;
            if fate == Fate::NotReached && told.said.is_empty() {
                trial.end(server).await;
                return Ok(None);
            }
            follows(&found, &now)?;
            found = now;
            silent = now_silent;
            told.said.push(in_short);
            told.faults += usize::from(fate == Fate::Happened);
        }
        told.questions = trial.finish(server, &found, silent, verifies).await?;
        trial.end(server).await;
        Ok(Some(told))
    }

    /// The same where the first fault happens to every run.
    pub(crate) async fn of(
        server: &mut Server,
        scenario: &'static Scenario,
        files: &Files,
        faults: &[Fault],
        verifies: bool,
    ) -> Result<Told, String> {
        let told = Trial::until_none(server, scenario, files, faults, verifies).await?;
        told.ok_or_else(|| "it did not come so far".to_owned())
    }

    /// Runs `up` until all is done, answers what it asks, and checks what is left. Returns how often it has asked.
    async fn finish(
        &self,
        server: &mut Server,
        before: &Found,
        silent: Option<Proxy>,
        verifies: bool,
    ) -> Result<usize, String> {
        // Nobody else ends a session that has gone silent: the program has to have done so, or it must not be in the way.
        let wait = if silent.is_some() { "3s" } else { "30s" };
        let mut questions = 0;
        loop {
            let said = self.syncline(server, &["up", "--lock-wait", wait]).await?;
            let document = said.json()?;
            if said.exit == Some(0) {
                break;
            }
            if !self.scenario.asks || questions == self.scenario.all() {
                return Err(format!("the next run did not finish it: {document}"));
            }
            answer(self, server, &document).await?;
            questions += 1;
        }
        if verifies {
            let verified = self.syncline(server, &["verify"]).await?;
            if verified.exit != Some(0) {
                return Err(format!("the history is not right: {verified:?}"));
            }
        }
        drop(silent);
        self.checker(server).at_the_end(before).await?;
        Ok(questions)
    }
}

/// How far a run came.
enum Reached {
    /// To the message, where the proxy holds it.
    Stop(Proxy, Running),
    /// To its end, and no message was the one: only the way back of a run may be so short.
    End(Said),
}

/// Whether a point that was passed is the one of this name: the first, unless the name says another.
fn is_point(passed: &str, name: &str) -> bool {
    passed == name || passed.strip_suffix("#1") == Some(name)
}

/// What a run says whose server is harmed while the proxy holds its message.
async fn harm_server(
    server: &mut Server,
    deed: ServerDeed,
    proxy: Proxy,
    mut running: Running,
) -> Result<Said, String> {
    match deed {
        ServerDeed::Kill => server.kill(),
        ServerDeed::Restart => server.shut_down(),
        ServerDeed::Pause(time) => {
            server.process().pause();
            proxy.go_on();
            tokio::time::sleep(time).await;
            server.process().go_on();
            return running.end().await;
        }
        ServerDeed::Full(left) => {
            server.fill(left);
            proxy.go_on();
            return end_without_room(server, &mut running).await;
        }
    }
    drop(proxy);
    let said = running.end().await;
    server.restart().await;
    said
}

/// What a run says whose server has a full disk until then.
pub(crate) async fn end_without_room(server: &mut Server, running: &mut Running) -> Result<Said, String> {
    // Some writes of MariaDB's wait until there is room.
    let ended = tokio::time::timeout(Duration::from_secs(3), running.end()).await;
    server.clear().await;
    match ended {
        Ok(said) => said,
        Err(_) => running.end().await,
    }
}
