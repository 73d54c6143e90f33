//! The connection is cut, reset, halved, kept waiting or silenced at every message: what the program says of it is true, and the
//! next run goes on.

use crate::campaign::Campaign;
use crate::counted::is_long;
use crate::proxy::{Deed, MOMENTS, Moment, Stop};
use crate::scenario::{ATOMIC, MARIADB, POSTGRES, PROGRAMS, Scenario};
use crate::server::Server;
use crate::trial::Fault;

#[tokio::test]
async fn mariadb_finishes_after_its_connection_was_cut_at_any_message() {
    assert_eq!(cut_at_every_message(&MARIADB).await, 0);
}

#[tokio::test]
async fn mariadb_asks_about_programs_after_its_connection_was_cut_at_any_message_and_goes_on() {
    cut_at_every_message(&PROGRAMS).await;
}

#[tokio::test]
async fn postgres_finishes_after_its_connection_was_cut_at_any_message() {
    assert_eq!(cut_at_every_message(&ATOMIC).await, 0);
}

#[tokio::test]
async fn postgres_finishes_a_journal_after_its_connection_was_cut_at_any_message() {
    assert_eq!(cut_at_every_message(&POSTGRES).await, 0);
}

#[tokio::test]
async fn mariadb_is_given_up_when_it_waits_for_what_never_comes() {
    assert_eq!(silence(&MARIADB).await, 0);
}

#[tokio::test]
async fn postgres_is_given_up_when_it_waits_in_a_transaction_for_what_never_comes() {
    assert_eq!(silence(&ATOMIC).await, 0);
}

#[tokio::test]
async fn postgres_is_given_up_when_it_waits_for_what_never_comes() {
    assert_eq!(silence(&POSTGRES).await, 0);
}

#[tokio::test]
async fn the_lock_of_a_run_that_falls_silent_at_a_question_is_free_on_mariadb() {
    silent_with_the_lock(&MARIADB).await;
}

#[tokio::test]
async fn the_lock_of_a_run_that_falls_silent_at_a_question_is_free_on_postgres() {
    silent_with_the_lock(&ATOMIC).await;
}

/// A message about the lock is lost, its answer, or the next question. Where a script has changed its session, the next one has
/// another, which takes the lock over.
async fn silent_with_the_lock(scenario: &'static Scenario) {
    const ABOUT: [&str; 3] = ["SELECT GET_LOCK(", "SELECT RELEASE_ALL_LOCKS(", "pg_try_advisory_lock("];
    let mut campaign = Campaign::on(Server::shared(scenario.engine), scenario);
    let talk = campaign.listen().await;
    let mut silenced = 0;
    for (message, said) in (1..).zip(&talk.messages) {
        if message == talk.messages.len() || !ABOUT.iter().any(|about| said.contains(about)) {
            continue;
        }
        let places = [
            (message, Moment::Sent),
            (message + 1, Moment::Before),
            (message, Moment::Before),
        ];
        for &(message, moment) in &places[..if is_long() { 3 } else { 2 }] {
            let deed = Deed::Swallow;
            let fault = Fault::Silence(Stop { message, moment, deed });
            assert!(campaign.reaches(&[fault], |_| Ok(())).await, "{fault:?}");
            silenced += 1;
        }
    }
    assert!(silenced > 0);
    campaign.end("connection gone silent with the lock");
}

const DEEDS: [Deed; 3] = [Deed::Cut, Deed::Halve, Deed::Reset];

/// How many questions were asked.
async fn cut_at_every_message(scenario: &'static Scenario) -> usize {
    let mut campaign = Campaign::on(Server::shared(scenario.engine), scenario);
    let talk = campaign.listen().await;
    for (message, moment, mut dice) in campaign.moments(&talk, 1) {
        // Where there is little time, each message has two of its moments.
        if !is_long() && moment == campaign.dice(message).pick(&MOMENTS) {
            continue;
        }
        let mut deeds = match is_long() {
            true => DEEDS.to_vec(),
            false => vec![dice.pick(&DEEDS)],
        };
        if dice.one_in(24) {
            deeds.push(Deed::Delay);
        }
        for deed in deeds {
            let mut faults = vec![Fault::Connection(Stop { message, moment, deed })];
            // The run that is to finish it is cut, too.
            if dice.one_in(8) {
                let message = 1 + dice.below(talk.messages.len());
                faults.push(Fault::Connection(Stop { message, moment, deed }));
            }
            campaign.at(&talk, message, &faults).await;
        }
    }
    campaign.end("connection cut at every message")
}

/// Each takes some seconds, so only some are tried where there is little time.
async fn silence(scenario: &'static Scenario) -> usize {
    let mut campaign = Campaign::on(Server::shared(scenario.engine), scenario);
    let talk = campaign.listen().await;
    let step = if is_long() { 1 } else { talk.messages.len() / 5 };
    let first = 1 + campaign.dice(0).below(step);
    let mut silenced = 0;
    for message in (first..=talk.messages.len()).step_by(step) {
        let one = [campaign.dice(message).pick(&MOMENTS)];
        for moment in if is_long() { &MOMENTS[..] } else { &one } {
            let (moment, deed) = (*moment, Deed::Swallow);
            let stop = Stop { message, moment, deed };
            // A loaded machine may not let a run in within the time that it has here.
            silenced += usize::from(campaign.reaches(&[Fault::Silence(stop)], |_| Ok(())).await);
        }
    }
    assert!(silenced > 2, "{silenced} runs came to the silence");
    campaign.end("connection gone silent")
}
