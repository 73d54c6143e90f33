//! The server is killed, restarted or stands still: what the program says of it is true, and the next run goes on.

use std::time::Duration;

use crate::campaign::Campaign;
use crate::counted::is_long;
use crate::proxy::{Deed, Moment, Stop};
use crate::scenario::{ATOMIC, MARIADB, POSTGRES, Scenario};
use crate::server::{Server, ServerDeed};
use crate::trial::Fault;

#[tokio::test]
async fn mariadb_killed_at_any_message_of_a_migration_loses_nothing_and_does_nothing_twice() {
    assert_eq!(harm("killed", &MARIADB, &[ServerDeed::Kill]).await, 0);
}

#[tokio::test]
async fn postgres_killed_at_any_message_of_a_migration_loses_nothing_and_does_nothing_twice() {
    assert_eq!(harm("killed", &POSTGRES, &[ServerDeed::Kill]).await, 0);
}

#[tokio::test]
async fn postgres_killed_at_any_message_of_a_transaction_keeps_all_of_it_or_nothing() {
    assert_eq!(harm("killed", &ATOMIC, &[ServerDeed::Kill]).await, 0);
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
    let mut campaign = Campaign::on(Server::start(scenario.engine).await, scenario);
    let talk = campaign.listen().await;
    // What comes before the second migration is tried where there is time.
    let moments = campaign.moments(&talk, if is_long() { 1 } else { talk.second });
    let some = moments.len().div_ceil(12);
    for (message, moment, mut dice) in moments {
        // The server starts anew each time, so it is killed at some statements, and seldom at other moments.
        let at_some = deeds == [ServerDeed::Kill] && moment == Moment::Sent && dice.one_in(6);
        if !at_some && !dice.one_in(some) {
            continue;
        }
        // A statement is under way for some milliseconds: not always at its beginning.
        let after = match moment {
            Moment::Sent => Duration::from_micros(dice.below(6) as u64 * 500),
            Moment::Before | Moment::Answered => Duration::ZERO,
        };
        let stop = Stop {
            message,
            moment,
            deed: Deed::Hold,
        };
        let one = [dice.pick(deeds)];
        for deed in if is_long() { deeds } else { &one } {
            campaign.at(&talk, message, &[Fault::Server(stop, after, *deed)]).await;
        }
    }
    campaign.end(&format!("server {what}"))
}
