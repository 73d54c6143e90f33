//! The program is killed: what its server still does counts, and the next run goes on behind it.

use crate::campaign::Campaign;
use crate::counted::is_long;
use crate::proxy::{Deed, MOMENTS, Stop};
use crate::scenario::{ATOMIC, BLOCK, MARIADB, MYISAM, POSTGRES, PROGRAMS, Scenario};
use crate::server::Server;
use crate::trial::Fault;

#[tokio::test]
async fn mariadb_finishes_after_a_kill_at_any_message_and_asks_nobody() {
    assert_eq!(kill_at_every_message(&MARIADB).await, 0);
}

#[tokio::test]
async fn postgres_keeps_all_of_a_migration_or_nothing_after_a_kill_at_any_message() {
    assert_eq!(kill_at_every_message(&ATOMIC).await, 0);
}

#[tokio::test]
async fn postgres_finishes_after_a_kill_at_any_message_and_asks_nobody() {
    assert_eq!(kill_at_every_message(&POSTGRES).await, 0);
}

#[tokio::test]
async fn mariadb_asks_about_rows_that_no_transaction_holds_and_goes_on_with_the_answer() {
    assert!(kill_at_every_message(&MYISAM).await > 0);
}

#[tokio::test]
async fn mariadb_asks_about_programs_that_commit_and_goes_on_with_the_answer() {
    assert!(kill_at_every_message(&PROGRAMS).await > 0);
}

#[tokio::test]
async fn postgres_asks_about_a_block_that_commits_and_goes_on_with_the_answer() {
    assert!(kill_at_every_message(&BLOCK).await > 0);
}

/// How many questions were asked.
async fn kill_at_every_message(scenario: &'static Scenario) -> usize {
    let mut campaign = Campaign::on(Server::shared(scenario.engine), scenario);
    let talk = campaign.listen().await;
    // What comes before is the same in all scenarios.
    let first = if scenario.asks { talk.second } else { 1 };
    for (message, moment, mut dice) in campaign.moments(&talk, first) {
        // Where there is little time, every second message has one of its moments. What is to ask has to come to its question.
        let mut of_message = campaign.dice(message);
        let is_picked = moment == of_message.pick(&MOMENTS);
        let is_left_out = match scenario.asks {
            true => is_picked,
            false => !is_picked || of_message.below(2) == 0,
        };
        if is_left_out && !is_long() {
            continue;
        }
        let deed = Deed::Hold;
        let mut faults = vec![Fault::Kill(Stop { message, moment, deed })];
        // The run that is to finish it is killed, too.
        if dice.one_in(8) {
            let message = 1 + dice.below(talk.messages.len());
            faults.push(Fault::Kill(Stop { message, moment, deed }));
        }
        campaign.at(&talk, message, &faults).await;
    }
    campaign.end("program killed at every message")
}
