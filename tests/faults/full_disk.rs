//! The disk of the server, or of the file, is full: what the program says of it is true, and the next run goes on.

use crate::campaign::Campaign;
use crate::counted::{is_long, tell};
use crate::disk::Disk;
use crate::proxy::{Deed, Stop};
use crate::scenario::{ATOMIC, MARIADB_WITHOUT_ROOM, POSTGRES, SQLITE, SQLITE_OUTSIDE, Scenario};
use crate::server::{Server, ServerDeed};
use crate::trial::Fault;

#[tokio::test]
async fn postgres_on_a_full_disk_keeps_all_of_a_migration_or_nothing() {
    fill_disk(&ATOMIC).await;
}

#[tokio::test]
async fn postgres_on_a_full_disk_loses_nothing_and_does_nothing_twice() {
    fill_disk(&POSTGRES).await;
}

#[tokio::test]
async fn mariadb_on_a_full_disk_loses_nothing_and_does_nothing_twice() {
    fill_disk(&MARIADB_WITHOUT_ROOM).await;
}

#[tokio::test]
async fn postgres_whose_files_cannot_grow_loses_nothing_and_does_nothing_twice() {
    fill(&POSTGRES, None).await;
}

#[tokio::test]
async fn mariadb_whose_files_cannot_grow_loses_nothing_and_does_nothing_twice() {
    fill(&MARIADB_WITHOUT_ROOM, None).await;
}

#[tokio::test]
async fn sqlite_on_a_full_disk_keeps_all_of_a_migration_or_nothing() {
    fill_files(&SQLITE, None).await;
}

#[tokio::test]
async fn sqlite_on_a_full_disk_loses_nothing_and_does_nothing_twice() {
    fill_files(&SQLITE_OUTSIDE, None).await;
}

#[tokio::test]
async fn sqlite_with_a_write_ahead_log_on_a_full_disk_loses_nothing_and_does_nothing_twice() {
    fill_files(&SQLITE_OUTSIDE, Some("wal")).await;
}

/// What is left of the disk; without one, how large a file may be.
const LEFT: [u64; 5] = [0, 8 << 10, 64 << 10, 256 << 10, 1 << 20];

async fn fill_disk(scenario: &'static Scenario) {
    match Disk::mount() {
        Some(disk) => fill(scenario, Some(disk)).await,
        None => not_tried(scenario),
    }
}

/// There it is the limit of files alone that is tried, and the calls that `writes` refuses.
fn not_tried(scenario: &Scenario) {
    tell(&format!(
        "disk full, {}: NOT TRIED, since no disk can be mounted here",
        scenario.name
    ));
}

/// From some message on; the disk is free again when the run has ended.
async fn fill(scenario: &'static Scenario, disk: Option<Disk>) {
    let what = if disk.is_some() { "disk full" } else { "files limited" };
    let mut campaign = Campaign::on(Server::start_on(scenario.engine, disk).await, scenario);
    let talk = campaign.listen().await;
    let moments = campaign.moments(&talk, 1);
    let some = moments.len().div_ceil(8);
    for (message, moment, mut dice) in moments {
        if !dice.one_in(some) {
            continue;
        }
        let mut full = |message| {
            let deed = Deed::Hold;
            let stop = Stop { message, moment, deed };
            Fault::Server(stop, Default::default(), ServerDeed::Full(dice.pick(&LEFT)))
        };
        let mut faults = vec![full(message)];
        if message.is_multiple_of(4) {
            faults.push(full(1 + message / 2));
        }
        campaign.at(&talk, message, &faults).await;
    }
    let questions = campaign.end(what);
    assert!(questions == 0 || scenario.asks, "{questions} questions");
}

/// From the beginning of a run, with more left each time until it is enough.
async fn fill_files(scenario: &'static Scenario, mode: Option<&'static str>) {
    let Some(disk) = Disk::mount() else {
        return not_tried(scenario);
    };
    let mut campaign = Campaign::on(Server::files(Some(disk)), scenario);
    campaign.server.first = mode.map(|mode| format!("PRAGMA journal_mode = {mode}"));
    // Where there is little time, the many blocks of a log are left out but some.
    let step = if is_long() || mode.is_none() { 1 } else { 4 };
    for blocks in (0..).step_by(step) {
        let mut faults = vec![Fault::Disk(blocks * 4096)];
        if is_long() || blocks.is_multiple_of(4) {
            faults.push(Fault::Disk(blocks * 2048));
        }
        if !campaign.reaches(&faults, |_| Ok(())).await {
            assert!(blocks > 5, "{blocks} blocks were enough");
            let mode = mode.map(|mode| format!(" with {mode}")).unwrap_or_default();
            assert_eq!(campaign.end(&format!("disk full{mode}")), 0);
            return;
        }
    }
}
