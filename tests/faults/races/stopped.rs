//! A run that stands still for a while, as a machine does that sleeps: others wait for it, or go on when its session has ended.

use std::time::{Duration, Instant};

use super::Races;
use super::field::{Field, deeds, word};
use crate::counted::is_long;
use crate::program::Running;
use crate::server::Engine;

/// What becomes of the one that stands still.
#[derive(Clone, Copy, Debug)]
enum Then {
    /// It goes on while others wait for it.
    GoesOn,
    /// The server ends its session meanwhile, and others do the work.
    Ended,
}

pub(super) async fn stopped(races: &mut Races) {
    let mut takes = Duration::ZERO;
    races
        .play("nobody stands still", async |field, _| {
            let begun = Instant::now();
            field.run("new", "up", 0).await?;
            takes = begun.elapsed();
            field.check(Some("new")).await
        })
        .await;
    for round in 0..if is_long() { 100 } else { 4 } {
        let then = match (races.server.engine, round % 2) {
            // There is no session that could be ended without the process.
            (Engine::Sqlite, _) | (_, 0) => Then::GoesOn,
            _ => Then::Ended,
        };
        races
            .play(&format!("round {round}, {then:?}"), async |field, dice| {
                let mut first = field.start("new", "up");
                tokio::time::sleep(dice.within(takes)).await;
                first.signal(libc::SIGSTOP);
                field.faults += usize::from(first.is_alive());
                let outcome = meanwhile(field, &mut first, then).await;
                // Where something is wrong it is not left behind: it is killed when it is dropped.
                outcome?;
                field.check(Some("new")).await
            })
            .await;
    }
}

async fn meanwhile(field: &mut Field<'_>, first: &mut Running, then: Then) -> Result<(), String> {
    let mut holders = field.server.sessions(&field.database).await;
    let said = field.start("new", "up --lock-wait 300ms").end().await?;
    // The server may not have read yet what the first had sent.
    holders.extend(field.server.sessions(&field.database).await);
    let document = field.hear(&said)?;
    let message = word(&document["error"]["message"]);
    let is_held = match said.exit {
        Some(0) => false,
        Some(4) if field.server.engine == Engine::Sqlite => true,
        Some(4) if holders.iter().any(|holder| message.contains(holder.as_str())) => true,
        _ => return Err(format!("the second ends with {document}, and there were {holders:?}")),
    };
    if is_held && !deeds(&document).is_empty() && field.server.engine != Engine::Sqlite {
        return Err(format!("it has done something without the lock: {document}"));
    }
    match then {
        Then::GoesOn => {
            let mut other = field.start("new", "up");
            first.signal(libc::SIGCONT);
            for run in [first, &mut other] {
                let said = run.end().await?;
                let document = field.hear(&said)?;
                if said.exit != Some(0) {
                    return Err(format!("one that waited ends with {document}"));
                }
            }
        }
        Then::Ended => {
            field.server.end_sessions(&field.database).await;
            field.run("new", "up", 0).await?;
            let before = field.records().await?.len();
            first.signal(libc::SIGCONT);
            let said = first.end().await?;
            let document = field.hear(&said)?;
            let after = field.records().await?.len();
            if before != after {
                return Err(format!("it did something after it had lost its lock: {document}"));
            }
        }
    }
    Ok(())
}

/// The session ends in the midst of a script, which others finish.
pub(super) async fn ended_in_the_midst(field: &mut Field<'_>) -> Result<(), String> {
    field.run("new", "up --steps 2", 0).await?;
    let mut first = field.held_at_the_third("up").await;
    first.signal(libc::SIGSTOP);
    field.let_go().await;
    field.server.end_sessions(&field.database).await;
    field.run("new", "up", 0).await?;
    first.signal(libc::SIGCONT);
    let said = first.end().await?;
    let document = field.hear(&said)?;
    if said.exit != Some(0) || !deeds(&document).is_empty() {
        return Err(format!("it says that it has done what others did: {document}"));
    }
    field.check(Some("new")).await
}
