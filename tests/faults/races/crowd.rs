//! Everybody runs `up` at once; some are killed; others take back meanwhile.

use std::time::Duration;

use super::Races;
use super::field::{Runner, word};
use crate::counted::is_long;
use crate::server::Engine;

const JITTERS: [Duration; 4] = [
    Duration::ZERO,
    Duration::from_millis(1),
    Duration::from_millis(10),
    Duration::from_millis(50),
];

/// On a fresh database and on one where some are applied already.
pub(super) async fn up(races: &mut Races) {
    let crowds: &[usize] = if is_long() {
        &[2, 2, 2, 2, 5, 20, 50]
    } else {
        &[2, 2, 20]
    };
    for count in crowds {
        for begin in [None, Some("up --steps 3")] {
            let jitter = races.dice.pick(&JITTERS);
            let what = format!("{count} runners within {jitter:?} after {begin:?}");
            races
                .play(&what, async |field, dice| {
                    if let Some(begin) = begin {
                        field.run("new", begin, 0).await?;
                    }
                    let runners = (0..*count).map(|_| Runner::up(dice.within(jitter))).collect();
                    for (runner, document) in field.race(runners).await? {
                        if document["ok"] != true {
                            return Err(format!("{} ended with {document}", runner.command));
                        }
                    }
                    if field.server.engine != Engine::Sqlite {
                        field.runs_do_not_mix().await?;
                    }
                    field.check(Some("new")).await
                })
                .await;
        }
    }
}

/// Some of them do not wait, and say so.
pub(super) async fn impatient(races: &mut Races) {
    for round in 0..if is_long() { 50 } else { 3 } {
        races
            .play(&format!("round {round}"), async |field, dice| {
                let runner = |number: usize| Runner {
                    command: if number == 0 { "up" } else { "up --lock-wait 20ms" },
                    ..Runner::up(dice.within(Duration::from_millis(40)))
                };
                for (runner, document) in field.race((0..6).map(runner).collect()).await? {
                    let locked = document["error"]["code"] == "locked" && runner.command != "up";
                    if document["ok"] != true && !locked {
                        return Err(format!("{} ended with {document}", runner.command));
                    }
                }
                field.check(Some("new")).await
            })
            .await;
    }
}

/// With `kill -9`, at any moment; then somebody finishes it.
pub(super) async fn killed(races: &mut Races) {
    for round in 0..if is_long() { 200 } else { 3 } {
        races
            .play(&format!("round {round}"), async |field, dice| {
                let runners = (0..6).map(|number| Runner {
                    // One is sure to be under way.
                    killed: (number < 3 || dice.below(2) == 0).then(|| dice.within(Duration::from_millis(150))),
                    ..Runner::up(dice.within(Duration::from_millis(60)))
                });
                for (_, document) in field.race(runners.collect()).await? {
                    if document["ok"] != true {
                        return Err(format!("somebody ended with {document}"));
                    }
                }
                field.run("new", "up", 0).await?;
                field.check(Some("new")).await
            })
            .await;
    }
}

/// Some apply what others take back.
pub(super) async fn down(races: &mut Races) {
    const DOWNS: [&str; 3] = ["down --yes", "down --yes --steps 2", "down --yes --to 1"];
    for round in 0..if is_long() { 100 } else { 3 } {
        races
            .play(&format!("round {round}"), async |field, dice| {
                field.run("new", "up", 0).await?;
                let runners = (0..6).map(|number| Runner {
                    command: if number % 2 == 0 { "up" } else { dice.pick(&DOWNS) },
                    ..Runner::up(dice.within(Duration::from_millis(60)))
                });
                for (runner, document) in field.race(runners.collect()).await? {
                    // The plan has changed since it was confirmed, or only the first is left, which cannot be taken back.
                    let code = word(&document["error"]["code"]);
                    let refused = ["moved", "no-down-script"].contains(&&*code) && runner.command != "up";
                    if document["ok"] != true && !refused {
                        return Err(format!("{} ended with {document}", runner.command));
                    }
                }
                field.check(None).await?;
                field.run("new", "up", 0).await?;
                field.check(Some("new")).await
            })
            .await;
    }
}
