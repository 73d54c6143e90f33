//! The program is killed, stopped, refused or cut off at every fault point, one after the other until a run comes to no more.

use crate::scenario::{ATOMIC, MARIADB, POSTGRES, SQLITE, SQLITE_OUTSIDE, Scenario};
use crate::server::{Engine, Server};
use crate::tally::{Dice, Tally, is_long, seed};
use crate::trial::{Fault, Files, Trial};

#[tokio::test]
async fn sqlite_finishes_after_a_fault_at_any_point() {
    assert_eq!(fail_at_every_point(&SQLITE).await, 0);
}

#[tokio::test]
async fn sqlite_finishes_a_journal_after_a_fault_at_any_point() {
    fail_at_every_point(&SQLITE_OUTSIDE).await;
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
    let mut server = Server::shared(scenario.engine);
    let files = Files::of(scenario);
    let seed = seed();
    let mut tally = Tally::new(seed);
    for point in 1.. {
        let mut dice = Dice::new(seed, point);
        // A file is never cut off.
        let kinds = if scenario.engine == Engine::Sqlite {
            &KINDS[..2]
        } else {
            &KINDS
        };
        let mut actions = match is_long() {
            true => kinds.to_vec(),
            false => vec!["abort", kinds[1 + dice.below(kinds.len() - 1)]],
        };
        for (action, chance) in [("stop", 8), ("delay", 32)] {
            if dice.one_in(chance) {
                actions.push(action);
            }
        }
        for action in actions {
            let mut faults = vec![Fault::Point(point, action)];
            // The run that is to finish it fails as well, at some point.
            if dice.one_in(4) {
                faults.push(Fault::Point(1 + dice.below(point), kinds[dice.below(kinds.len())]));
            }
            match Trial::until_none(&mut server, scenario, &files, &faults).await {
                Ok(None) => {
                    assert!(point > 20, "only {point} points");
                    return tally.end(&format!("fault at every point, {}", scenario.name));
                }
                Ok(Some(told)) => tally.add("", faults.len(), Ok(told)),
                Err(wrong) => tally.add(&format!("{faults:?}"), faults.len(), Err(wrong)),
            }
        }
    }
    unreachable!("a run comes to so many points only")
}
