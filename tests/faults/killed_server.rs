//! The server is killed and started again: what the program says of it is true, and the next run goes on.

use std::time::Duration;

use crate::proxy::{MOMENTS, Moment, Stop};
use crate::scenario::{MARIADB, POSTGRES, Scenario};
use crate::server::Server;
use crate::tally::{Tally, is_long, seed};
use crate::trial::{Files, Talk, Trial};

#[tokio::test]
async fn mariadb_killed_at_any_message_of_a_migration_loses_nothing_and_does_nothing_twice() {
    kill_at_messages(&MARIADB).await;
}

#[tokio::test]
async fn postgres_killed_at_any_message_of_a_migration_loses_nothing_and_does_nothing_twice() {
    kill_at_messages(&POSTGRES).await;
}

async fn kill_at_messages(scenario: &'static Scenario) {
    let mut server = Server::start(scenario.engine).await;
    let files = Files::of(scenario);
    let talk = Talk::listen(&mut server, scenario, &files).await;
    let seed = seed();
    let mut tally = Tally::new(seed);
    for message in talk.second..=talk.messages.len() {
        for moment in MOMENTS {
            // The server starts anew each time, so only some of those that hold no statement.
            let turn = match moment {
                _ if is_long() => true,
                Moment::Sent => true,
                Moment::Before => message % 4 == 0,
                Moment::Answered => message % 4 == 2,
            };
            if !turn {
                continue;
            }
            let stop = Stop { message, moment };
            // A statement is under way for some milliseconds: not always at its beginning.
            let after = match stop.moment {
                Moment::Sent => Duration::from_micros(seed.wrapping_add(message as u64) % 6 * 500),
                Moment::Before | Moment::Answered => Duration::ZERO,
            };
            let outcome = kill(&mut server, scenario, &files, stop, after, &mut tally).await;
            tally.add(&format!("{stop:?} {}", talk.messages[message - 1]), outcome);
        }
    }
    assert_eq!(tally.end(&format!("server killed at messages, {}", scenario.name)), 0);
}

async fn kill(
    server: &mut Server,
    scenario: &'static Scenario,
    files: &Files,
    stop: Stop,
    after: Duration,
    tally: &mut Tally,
) -> Result<usize, String> {
    let trial = Trial::new(server, scenario, files).await;
    let (found, said) = trial.kill_server(server, stop, after).await?;
    tally.said(said);
    let questions = trial.finish(server, &found).await?;
    trial.end(server).await;
    Ok(questions)
}
