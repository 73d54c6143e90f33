//! What has to hold after every scenario, seen from outside: in the database, in the ledger, and in what the program has said.
//!
//! Effects and ledger agree, each effect is there once and in order, nothing untrue was said, nothing is left behind, and no record
//! of the past has changed.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::scenario::{Scenario, see};
use crate::server::{Engine, Server};
use crate::session::Session;

/// A record of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    kind: String,
    version: String,
    state: String,
    started: usize,
    done: usize,
    total: usize,
    checksum: String,
    /// When and by whom.
    rest: String,
}

/// What there is in a database.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    /// The effects.
    seen: String,
    ledger: Vec<Entry>,
}

impl Found {
    /// The records of a migration.
    fn of<'a>(&'a self, version: &'a str) -> impl DoubleEndedIterator<Item = &'a Entry> {
        self.ledger.iter().filter(move |entry| entry.version == version)
    }
}

/// Looks at one database.
pub(crate) struct Checker<'a> {
    pub(crate) scenario: &'static Scenario,
    pub(crate) server: &'a mut Server,
    pub(crate) database: &'a str,
}

impl Checker<'_> {
    /// After a run that something has happened to: what it said, unless it was killed, and what it has left.
    /// A session that nobody has ended may still be there where the connection to it has gone silent.
    pub(crate) async fn after_fault(
        &mut self,
        said: Option<&Value>,
        before: &Found,
        is_silent: bool,
    ) -> Result<Found, String> {
        if !is_silent {
            self.is_left_alone().await?;
        }
        let found = self.look().await;
        let checked = self.agrees(&found).and_then(|()| match said {
            Some(document) if document["error"]["state"] == "nothing was changed" && found.seen != before.seen => Err(
                format!("the program said that nothing was changed, and before there was {before:?}"),
            ),
            Some(document) => self.is_true(document, &found.seen),
            None => Ok(()),
        });
        checked.map_err(|error| format!("{error}; there is {found:?}; it said {said:?}"))?;
        Ok(found)
    }

    /// After the run that has finished what another one had begun.
    pub(crate) async fn at_the_end(&mut self, before: &Found) -> Result<(), String> {
        self.is_left_alone().await?;
        let found = self.look().await;
        let checked = self.is_complete(&found).and_then(|()| follows(before, &found));
        checked.map_err(|error| format!("{error}; there was {before:?}; there is {found:?}"))
    }

    pub(crate) async fn see(&mut self) -> String {
        see(self.scenario.engine, self.server.session(self.database).await).await
    }

    async fn look(&mut self) -> Found {
        let session = self.server.session(self.database).await;
        let found = Found {
            seen: see(self.scenario.engine, session).await,
            ledger: ledger(self.scenario.engine, session).await,
        };
        self.server.look_away().await;
        found
    }

    /// What is recorded has happened, and nothing else.
    fn agrees(&self, found: &Found) -> Result<(), String> {
        // What became of a statement may be recorded in the midst of a script.
        let is_done = |entry: &Entry| {
            let total = found.of(&entry.version).map(|entry| entry.total).max();
            entry.state == "applied" && (entry.kind != "resolve" || Some(entry.done) == total)
        };
        let is_applied = |version| found.of(version).next_back().is_some_and(is_done);
        let done = self.scenario.done(&found.seen);
        // An index that is being made or dropped is between two statements.
        if done.is_empty() && !found.seen.contains('?') {
            return Err("a statement was done in part, or twice, or out of order".to_owned());
        }
        let least = match (is_applied("3"), is_applied("2"), is_applied("1")) {
            (true, ..) => self.scenario.all(),
            (_, true, _) => self.scenario.before_last(),
            (_, _, true) => 1,
            _ => 0,
        };
        // What is under way in a journal: so much is done, and perhaps what is named as started.
        let (least, most) = match found.ledger.last() {
            Some(entry) if !is_done(entry) => (least + entry.done, least + entry.started.max(entry.done)),
            _ => (least, least),
        };
        if most > least + 1 {
            return Err("more than one statement is called started".to_owned());
        }
        let fits = |done: &usize| (least..=most).contains(done);
        if !done.is_empty() && !done.iter().any(fits) {
            return Err(format!(
                "the ledger says {least} to {most} statements, and there are {done:?}"
            ));
        }
        Ok(())
    }

    /// Whether the program has said what is so.
    fn is_true(&self, document: &Value, seen: &str) -> Result<(), String> {
        let done = self.scenario.done(seen);
        let (all, before_last) = (self.scenario.all(), self.scenario.before_last());
        let (least, most) = match (done.first(), done.last()) {
            (Some(least), Some(most)) => (*least, *most),
            _ => (1, before_last - 1),
        };
        if document["ok"] == true && most < all {
            return Err("the program said that all was done".to_owned());
        }
        for done in document["applied"].as_array().into_iter().flatten() {
            let needed = match done["version"].as_str() {
                Some("1") => 1,
                Some("2") => before_last,
                _ => all,
            };
            if most < needed {
                return Err("the program said that a migration was done".to_owned());
            }
        }
        let failure = &document["failure"];
        let before = match failure["version"].as_str() {
            _ if failure.is_null() => return Ok(()),
            Some("1") => 0,
            Some("2") => 1,
            Some("3") => before_last,
            _ => return Err("the program did not say which migration was not done".to_owned()),
        };
        if failure["state"] == "unchanged" && least > before {
            return Err("the program said that nothing was kept".to_owned());
        }
        Ok(())
    }

    /// Everything is done once, and the ledger says so of the bytes that were run.
    fn is_complete(&self, found: &Found) -> Result<(), String> {
        if !self.scenario.done(&found.seen).contains(&self.scenario.all()) {
            return Err("the effects are not there once".to_owned());
        }
        for (version, (_, text)) in ["1", "2", "3"].into_iter().zip(self.scenario.files()) {
            let checksum: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
            let entries = || found.of(version);
            let ups = || entries().filter(|entry| entry.kind == "up");
            if ups().count() == 0 || ups().any(|entry| !entry.checksum.ends_with(&checksum)) {
                return Err(format!("{version} was recorded with another text"));
            }
            let applied = ups().filter(|entry| entry.state == "applied").count();
            let resolved = entries().any(|entry| entry.kind == "resolve");
            if applied > 1 || (applied == 0 && !resolved) {
                return Err(format!("{version} was recorded as applied {applied} times"));
            }
        }
        Ok(())
    }

    /// Nobody is connected any more, so there is no lock and no transaction; nor one that was prepared.
    pub(crate) async fn is_left_alone(&mut self) -> Result<(), String> {
        self.server.nobody_is_connected(self.database).await?;
        let prepared = match self.server.engine {
            Engine::MariaDb => return Ok(()),
            Engine::Sqlite => return self.is_whole().await,
            Engine::Postgres => "SELECT gid FROM pg_prepared_xacts WHERE database = current_database()",
        };
        let left = self.server.session(self.database).await.query(prepared).await;
        if left.is_empty() {
            return Ok(());
        }
        Err(format!("transactions are still prepared: {left:?}"))
    }

    /// The file can be had for oneself, and nothing in it is torn.
    async fn is_whole(&mut self) -> Result<(), String> {
        let session = self.server.session(self.database).await;
        session.query("BEGIN EXCLUSIVE").await;
        let check = session.query("PRAGMA integrity_check").await;
        session.query("ROLLBACK").await;
        if check == ["ok"] {
            return Ok(());
        }
        Err(format!("the file is torn: {check:?}"))
    }
}

/// Nothing that was recorded has changed, but what was under way.
pub(crate) fn follows(before: &Found, now: &Found) -> Result<(), String> {
    for (index, entry) in before.ledger.iter().enumerate() {
        let same = now.ledger.get(index) == Some(entry);
        if !same && entry.state != "running" {
            return Err(format!("a record of the past has changed: {entry:?}"));
        }
    }
    Ok(())
}

async fn ledger(engine: Engine, session: &mut Session) -> Vec<Entry> {
    let exists = match engine {
        Engine::MariaDb => {
            "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'syncline_history'"
        }
        Engine::Postgres => "SELECT '1' WHERE to_regclass('syncline_history') IS NOT NULL",
        Engine::Sqlite => "SELECT '1' FROM sqlite_schema WHERE name = 'syncline_history'",
    };
    if session.query(exists).await.is_empty() {
        return Vec::new();
    }
    let rows = session
        .query(
            "SELECT CONCAT_WS('|', kind, COALESCE(version, ''), state, statement_started, statements_done, statements_total, COALESCE(up_checksum, ''), \
             started_at, COALESCE(finished_at, ''), host, run_id, chain) FROM syncline_history ORDER BY seq",
        )
        .await;
    rows.iter().map(|row| entry(row)).collect()
}

fn entry(row: &str) -> Entry {
    let fields: Vec<&str> = row.splitn(8, '|').collect();
    let [kind, version, state, started, done, total, checksum, rest] = fields[..] else {
        panic!("{row}");
    };
    Entry {
        kind: kind.to_owned(),
        version: if kind == "init" {
            String::new()
        } else {
            version.to_owned()
        },
        state: state.to_owned(),
        started: started.parse().unwrap(),
        done: done.parse().unwrap(),
        total: total.parse().unwrap(),
        checksum: checksum.to_owned(),
        rest: rest.to_owned(),
    }
}
