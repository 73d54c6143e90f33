//! The server is killed, restarted or stands still, or its disk is full, at any moment of a long run, not only at a message.

use std::time::{Duration, Instant};

use super::field::{Field, Releases};
use crate::counted::{is_long, tell};
use crate::disk::Disk;
use crate::server::{Engine, Server, ServerDeed};
use crate::tally::{Dice, Tally, seed};
use crate::trial::end_without_room;

#[tokio::test]
async fn postgres_killed_restarted_or_stopped_under_load_loses_nothing_and_does_nothing_twice() {
    harm(Engine::Postgres).await;
}

#[tokio::test]
async fn mariadb_killed_restarted_or_stopped_under_load_loses_nothing_and_does_nothing_twice() {
    harm(Engine::MariaDb).await;
}

async fn harm(engine: Engine) {
    let mut server = Server::start_on(engine, Disk::mount()).await;
    let releases = Releases::of(engine);
    let seed = seed();
    let mut tally = Tally::new(seed);
    let mut field = Field::new(&mut server, &releases).await;
    let begun = Instant::now();
    field.run("long", "up", 0).await.unwrap();
    let takes = begun.elapsed();
    field.end().await;
    let mut gone = 0;
    for round in 0..if is_long() { 100 } else { 4 } {
        let mut dice = Dice::new(seed, round);
        let pause = Duration::from_millis(300) + dice.within(Duration::from_millis(2700));
        let full = ServerDeed::Full(dice.below(64 << 10) as u64);
        // Each kind has its turn.
        let deed = [ServerDeed::Kill, ServerDeed::Restart, ServerDeed::Pause(pause), full][round % 4];
        // One that was quicker than the first is no test.
        for _ in 0..10 {
            let after = dice.within(takes);
            let mut field = Field::new(&mut server, &releases).await;
            let outcome = harm_once(&mut field, deed, after).await;
            if let Ok(Harmed::ServerGone) = outcome {
                gone += 1;
                server = Server::start_on(engine, Disk::mount()).await;
                break;
            }
            if outcome.is_ok() {
                field.end().await;
            }
            let outcome = match outcome {
                Ok(Harmed::Said(said)) => Ok(said),
                Err(wrong) => Err(wrong),
                Ok(Harmed::Before | Harmed::ServerGone) => continue,
            };
            tally.add(&format!("{deed:?} after {after:?}"), 1, outcome);
            break;
        }
    }
    if gone > 0 {
        tell(&format!(
            "server harmed under load, {}: {gone} times it could not recover its own data",
            engine.name()
        ));
    }
    assert!(tally.scenarios() > 3, "only {} runs were harmed", tally.scenarios());
    let questions = tally.end(&format!("server harmed under load, {}", engine.name()));
    assert_eq!(questions, 0);
}

/// What became of a run.
enum Harmed {
    /// It had ended before.
    Before,
    /// What it said, and how often somebody was asked.
    Said((Vec<String>, usize)),
    /// MariaDB may end on a full disk, or be killed, so that it does not find its own files again: nothing can be said of the run then.
    ServerGone,
}

async fn harm_once(field: &mut Field<'_>, deed: ServerDeed, after: Duration) -> Result<Harmed, String> {
    let mut running = field.start("long", "up");
    tokio::time::sleep(after).await;
    if !running.is_alive() {
        return Ok(Harmed::Before);
    }
    field.harmed();
    match deed {
        ServerDeed::Kill => field.server.kill(),
        ServerDeed::Restart => field.server.shut_down(),
        ServerDeed::Pause(time) => {
            field.server.process().pause();
            tokio::time::sleep(time).await;
            field.server.process().go_on();
        }
        ServerDeed::Full(left) => field.server.fill(left),
    }
    let said = match deed {
        ServerDeed::Full(_) => end_without_room(field.server, &mut running).await?,
        _ => running.end().await?,
    };
    if matches!(deed, ServerDeed::Kill | ServerDeed::Restart) {
        match field.server.try_restart().await {
            Err(log) if log.contains("InnoDB: Plugin initialization aborted") => return Ok(Harmed::ServerGone),
            other => other?,
        }
    }
    let document = field.hear(&said)?;
    field.run("long", "up --lock-wait 30s", 0).await?;
    field.check(Some("long")).await?;
    Ok(Harmed::Said((
        vec![format!(
            "exit {} {}",
            said.exit.unwrap_or_default(),
            document["error"]["code"]
        )],
        0,
    )))
}
