//! SQLite is killed, cut off or refused at every call that changes a file, one after the other until a run comes to no more.

use crate::campaign::Campaign;
use crate::counted::is_long;
use crate::scenario::{SQLITE, SQLITE_OUTSIDE, Scenario};
use crate::server::{Engine, Server};
use crate::trial::Fault;

#[tokio::test]
async fn sqlite_finishes_after_a_fault_at_any_write() {
    fail_at_every_write(&SQLITE, None).await;
}

#[tokio::test]
async fn sqlite_finishes_a_journal_after_a_fault_at_any_write() {
    fail_at_every_write(&SQLITE_OUTSIDE, None).await;
}

#[tokio::test]
async fn sqlite_with_a_write_ahead_log_finishes_after_a_fault_at_any_write() {
    fail_at_every_write(&SQLITE, Some("wal")).await;
}

#[tokio::test]
async fn sqlite_with_a_write_ahead_log_finishes_a_journal_after_a_fault_at_any_write() {
    fail_at_every_write(&SQLITE_OUTSIDE, Some("wal")).await;
}

/// A write of which half arrives, a disk that is full once, one that is full from there on, one that fails once.
const ACTIONS: [&str; 4] = ["half", "full", "full-on", "io"];

/// In a journal mode of the file's, where it is not the one that SQLite takes by itself.
async fn fail_at_every_write(scenario: &'static Scenario, mode: Option<&'static str>) {
    let mut campaign = Campaign::on(Server::shared(Engine::Sqlite), scenario);
    campaign.server.first = mode.map(|mode| format!("PRAGMA journal_mode = {mode}"));
    for write in 1.. {
        let mut dice = campaign.dice(write);
        let other = dice.pick(&ACTIONS);
        let actions = match is_long() {
            true => [&["kill"][..], &ACTIONS].concat(),
            // The calls of a log are much the same ones again and again.
            false if mode.is_some() && !dice.one_in(2) => Vec::new(),
            false => vec![dice.pick(&["kill", other])],
        };
        for action in actions {
            let mut faults = vec![Fault::Write(write, action)];
            // The run that is to finish it fails as well, at some write.
            if dice.one_in(8) {
                faults.push(Fault::Write(1 + dice.below(write), dice.pick(&ACTIONS)));
            }
            if !campaign.reaches(&faults, blames_no_script).await {
                assert!(write > 20, "only {write} writes");
                let mode = mode.map(|mode| format!(" with {mode}")).unwrap_or_default();
                assert_eq!(campaign.end(&format!("fault at every write{mode}")), 0);
                return;
            }
        }
    }
    unreachable!("a run makes so many writes only")
}

/// It is the disk that ends the transaction.
fn blames_no_script(said: &[String]) -> Result<(), String> {
    match said.iter().any(|said| said.contains("left-transaction")) {
        true => Err("the program said that the script had ended its transaction".to_owned()),
        false => Ok(()),
    }
}
