//! A new release comes while the old one still runs on other machines.

use std::time::Duration;

use serde_json::Value;

use super::Races;
use super::field::{Runner, word};
use crate::counted::is_long;

const OLD_UPS: [&str; 2] = ["up", "up --allow-missing"];

/// The old release finds that the database is ahead, and does nothing; it goes on where it may.
fn old_is_right(command: &str, document: &Value) -> Result<(), String> {
    let findings = document["findings"].as_array().into_iter().flatten();
    let ahead = |finding: &Value| finding["code"] == "missing" && ["6", "7"].contains(&&*word(&finding["version"]));
    let refused = document["exit_code"] == 3 && command == "up" && findings.into_iter().all(ahead);
    match document["ok"] == true || refused {
        true => Ok(()),
        false => Err(format!("the old release ends {command} with {document}")),
    }
}

pub(super) async fn rolling(races: &mut Races) {
    // What runs one after the other: every order of two machines of each release.
    for order in [
        ["old", "new", "old", "new"],
        ["new", "old", "new", "old"],
        ["old", "old", "new", "old"],
    ] {
        races
            .play(&format!("{order:?}"), async |field, _| {
                let mut is_ahead = false;
                for release in order {
                    is_ahead |= release == "new";
                    let exit = if release == "old" && is_ahead { 3 } else { 0 };
                    let document = field.run(release, "up", exit).await?;
                    if exit == 3 {
                        old_is_right("up", &document)?;
                    }
                }
                field.run("old", "up --allow-missing", 0).await?;
                field.check(Some("new")).await
            })
            .await;
    }
    for round in 0..if is_long() { 100 } else { 3 } {
        races
            .play(&format!("all at once, round {round}"), async |field, dice| {
                let runners = (0..6).map(|number| Runner {
                    release: if number % 2 == 0 { "new" } else { "old" },
                    command: if number % 2 == 0 { "up" } else { dice.pick(&OLD_UPS) },
                    ..Runner::up(dice.within(Duration::from_millis(60)))
                });
                for (runner, document) in field.race(runners.collect()).await? {
                    match runner.release {
                        "old" => old_is_right(runner.command, &document)?,
                        _ if document["ok"] == true => {}
                        _ => return Err(format!("the new release ends with {document}")),
                    }
                }
                field.check(Some("new")).await
            })
            .await;
    }
    for round in 0..if is_long() { 50 } else { 2 } {
        races
            .play(&format!("an edited file, round {round}"), async |field, dice| {
                field.run("old", "up", 0).await?;
                let runners = ["new", "edited", "new", "edited"].map(|release| Runner {
                    release,
                    ..Runner::up(dice.within(Duration::from_millis(60)))
                });
                for (runner, document) in field.race(runners.into()).await? {
                    let right = match runner.release {
                        "edited" => document["exit_code"] == 3 && document["error"]["code"] == "changed",
                        _ => document["ok"] == true,
                    };
                    if !right {
                        return Err(format!("the {} release ends with {document}", runner.release));
                    }
                }
                field.check(Some("new")).await
            })
            .await;
    }
}
