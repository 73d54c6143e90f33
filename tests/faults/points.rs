//! The program is killed, stopped, refused or cut off at every fault point, one after the other until a run comes to no more.

use crate::campaign::Campaign;
use crate::counted::is_long;
use crate::scenario::{ATOMIC, MARIADB, POSTGRES, PROGRAMS, SQLITE, SQLITE_OUTSIDE, Scenario};
use crate::server::{Engine, Server};
use crate::trial::Fault;

#[tokio::test]
async fn sqlite_finishes_after_a_fault_at_any_point() {
    assert_eq!(fail_at_every_point(&SQLITE).await, 0);
}

#[tokio::test]
async fn sqlite_finishes_a_journal_after_a_fault_at_any_point() {
    fail_at_every_point(&SQLITE_OUTSIDE).await;
}

#[tokio::test]
async fn mariadb_finishes_programs_that_commit_after_a_fault_at_any_point() {
    fail_at_every_point(&PROGRAMS).await;
}

#[tokio::test]
async fn postgres_finishes_after_a_fault_at_any_point() {
    assert_eq!(fail_at_every_point(&ATOMIC).await, 0);
}

#[tokio::test]
async fn postgres_finishes_a_journal_after_a_fault_at_any_point() {
    assert_eq!(fail_at_every_point(&POSTGRES).await, 0);
}

#[tokio::test]
async fn mariadb_finishes_after_a_fault_at_any_point() {
    assert_eq!(fail_at_every_point(&MARIADB).await, 0);
}

const KINDS: [&str; 3] = ["abort", "error", "drop"];

/// How many questions were asked.
async fn fail_at_every_point(scenario: &'static Scenario) -> usize {
    let mut campaign = Campaign::on(Server::shared(scenario.engine), scenario);
    // A file is never cut off.
    let kinds = match scenario.engine {
        Engine::Sqlite => &KINDS[..2],
        _ => &KINDS,
    };
    for point in 1.. {
        let mut dice = campaign.dice(point);
        let mut actions = match is_long() {
            true => kinds.to_vec(),
            false if dice.one_in(4) => vec![kinds[0], dice.pick(&kinds[1..])],
            false => vec![kinds[0]],
        };
        for (action, chance) in [("stop", 8), ("delay", 32)] {
            if dice.one_in(chance) {
                actions.push(action);
            }
        }
        for action in actions {
            let mut faults = vec![Fault::Point(point, action)];
            // The run that is to finish it fails as well, at some point.
            if dice.one_in(8) {
                faults.push(Fault::Point(1 + dice.below(point), dice.pick(kinds)));
            }
            if !campaign.reaches(&faults, |_| Ok(())).await {
                assert!(point > 20, "only {point} points");
                return campaign.end("fault at every point");
            }
        }
    }
    unreachable!("a run comes to so many points only")
}
