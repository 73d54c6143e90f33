//! The server is killed, restarted or stands still: what the program says of it is true, and the next run goes on.

use std::time::Duration;

use crate::proxy::{Deed, MOMENTS, Moment, Stop};
use crate::scenario::{ATOMIC, MARIADB, POSTGRES, Scenario};
use crate::server::Server;
use crate::tally::{Dice, Tally, seed};
use crate::trial::{Fault, Files, ServerDeed, Talk, Trial};

#[tokio::test]
async fn mariadb_killed_at_any_message_of_a_migration_loses_nothing_and_does_nothing_twice() {
    assert_eq!(harm("killed", &MARIADB, &[ServerDeed::Kill]).await, 0);
}

#[tokio::test]
async fn postgres_killed_at_any_message_of_a_migration_loses_nothing_and_does_nothing_twice() {
    assert_eq!(harm("killed", &POSTGRES, &[ServerDeed::Kill]).await, 0);
}

#[tokio::test]
async fn mariadb_that_stands_still_or_is_restarted_within_a_migration_loses_nothing() {
    assert_eq!(
        harm("paused or restarted", &MARIADB, &[ServerDeed::Restart, PAUSE]).await,
        0
    );
}

#[tokio::test]
async fn postgres_that_stands_still_or_is_restarted_within_a_migration_loses_nothing() {
    assert_eq!(
        harm("paused or restarted", &ATOMIC, &[ServerDeed::Restart, PAUSE]).await,
        0
    );
}

const PAUSE: ServerDeed = ServerDeed::Pause(Duration::from_millis(300));

/// How many questions were asked.
async fn harm(what: &str, scenario: &'static Scenario, deeds: &[ServerDeed]) -> usize {
    let mut server = Server::start(scenario.engine).await;
    let files = Files::of(scenario);
    let talk = Talk::listen(&mut server, scenario, &files).await;
    let seed = seed();
    let mut tally = Tally::new(seed);
    for message in talk.second..=talk.messages.len() {
        for (index, moment) in MOMENTS.into_iter().enumerate() {
            let mut dice = Dice::new(seed, message * 3 + index);
            // The server starts anew each time, so only some of those that hold no statement.
            let turn = match moment {
                Moment::Sent => deeds.len() == 1 || dice.one_in(4),
                Moment::Before | Moment::Answered => dice.one_in(8),
            };
            if !turn {
                continue;
            }
            // A statement is under way for some milliseconds: not always at its beginning.
            let after = match moment {
                Moment::Sent => Duration::from_micros(dice.below(6) as u64 * 500),
                Moment::Before | Moment::Answered => Duration::ZERO,
            };
            let deed = deeds[dice.below(deeds.len())];
            let stop = Stop {
                message,
                moment,
                deed: Deed::Hold,
            };
            let fault = Fault::Server(stop, after, deed);
            let outcome = Trial::of(&mut server, scenario, &files, &[fault]).await;
            tally.add(&format!("{fault:?} {}", talk.messages[message - 1]), 1, outcome);
        }
    }
    tally.end(&format!("server {what}, {}", scenario.name))
}
